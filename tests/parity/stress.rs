//! Kind `stress`: the sensitivity of a keyhole's parameters, and KC-2 on it.

use std::collections::BTreeMap;

use omega_lock::internals::gates::{Thresholds, judge_kc2};
use omega_lock::internals::objective::{Context, Phase, Role};
use omega_lock::internals::stats::gini;
use omega_lock::internals::stress::{Stress, StressOptions, measure_stress};
use serde_json::{Value as Json, json};

use crate::document::{field, float, names, number, params_over_neutral};
use crate::gates::report_json;
use crate::keyhole::{audited, target};

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let target = target(field(case, "target")?)?;
    let space = target.space();
    let base = match given(case, "base") {
        Some(base) => params_over_neutral(&space, base)?,
        None => space.neutral(),
    };
    let mut options = StressOptions::default();
    if given(case, "subset").is_some() {
        options.subset = Some(names(case, "subset")?);
    }
    if let Some(epsilons) = given(case, "epsilons") {
        options.epsilons = steps(epsilons)?;
    }
    let rows = audited(&*target, |evaluator| {
        let context = |phase| Context::new(Role::Train, phase);
        let baseline = evaluator
            .evaluate_batch(context(Phase::Baseline), std::slice::from_ref(&base), &mut |_, _| Ok(()))
            .map_err(|halt| halt.to_string())?;
        let baseline = baseline[0].evaluation().ok_or("the baseline failed")?;
        let baseline = (baseline.fitness, baseline.samples);
        let stress = context(Phase::Stress);
        measure_stress(evaluator, &mut (), stress, &space, &base, baseline, &options).map_err(|error| error.to_string())
    })?;
    let raw: Vec<f64> = rows.iter().map(|row| row.raw_stress).collect();
    Ok(json!({
        "stress": rows.iter().map(stress_json).collect::<Json>(),
        "gini": number(gini(&raw)),
        "kc2": report_json(&judge_kc2(&raw, &Thresholds::default())),
    }))
}

/// A key that may be missing or null.
fn given<'d>(case: &'d Json, key: &str) -> Option<&'d Json> {
    case.get(key).filter(|value| !value.is_null())
}

fn steps(document: &Json) -> Result<BTreeMap<String, f64>, String> {
    let steps = document.as_object().ok_or_else(|| format!("{document} are no steps"))?;
    steps.iter().map(|(name, step)| Ok((name.clone(), float(step)?))).collect()
}

/// One parameter's row; `ofi_biased` is the older name of `stress_suppressed`.
pub(crate) fn stress_json(stress: &Stress) -> Json {
    let side = |fitness: Option<f64>| fitness.map_or(Json::Null, number);
    json!({
        "name": stress.name,
        "baseline_fitness": number(stress.baseline_fitness),
        "plus_fitness": side(stress.plus_fitness),
        "minus_fitness": side(stress.minus_fitness),
        "epsilon": number(stress.epsilon),
        "raw_stress": number(stress.raw_stress),
        "normalized_stress": number(stress.normalized_stress),
        "is_boolean": stress.is_boolean,
        "stress_suppressed": stress.stress_suppressed,
        "clipped_plus": stress.clipped_plus,
        "clipped_minus": stress.clipped_minus,
        "plus_n_trials": stress.plus_samples,
        "minus_n_trials": stress.minus_samples,
        "ofi_biased": stress.stress_suppressed,
    })
}

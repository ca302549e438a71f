//! The measurements of a pass: baseline, stresses, candidates, walk-forward, judge, holdout, gates.

use super::super::audit_report::ReportError;
use super::super::fields::{Fields, Read, record};
use super::super::json::{Dict, Integer, Text};

record! {
    /// The evaluation of the baseline.
    struct Baseline {
        /// The fitness.
        fitness: f64,
        /// The size of the sample.
        n_trials: &'a Integer,
        /// What the target said beside it.
        metadata: &'a Dict,
    }

    /// The sensitivity of one parameter.
    struct Stress {
        /// The parameter.
        name: &'a Text,
        /// Fitness of the baseline.
        baseline_fitness: f64,
        /// Fitness one step up.
        plus_fitness: f64,
        /// Fitness one step down.
        minus_fitness: f64,
        /// The step that was asked for.
        epsilon: f64,
        /// Change of the fitness per unit, the larger side.
        raw_stress: f64,
        /// The same as a z-score.
        normalized_stress: f64,
        /// Whether it is a switch, which has one step.
        is_boolean: bool,
        /// Whether the space marks it as suppressed, under either of its names.
        suppressed as "ofi_biased": bool = suppressed,
        /// Whether the step up was cut at the bound.
        clipped_plus: bool,
        /// Whether the step down was cut at the bound.
        clipped_minus: bool,
        /// The size of the sample one step up.
        plus_n_trials: &'a Integer,
        /// The size of the sample one step down.
        minus_n_trials: &'a Integer,
    }
    checked by |fields: Fields<'a>, keys, _| fields.only(keys, &["stress_suppressed"]);

    /// One candidate of the search.
    struct Candidate {
        /// Its place in the search.
        idx: u64,
        /// The tuned parameters.
        unlocked: &'a Dict,
        /// The fitness.
        fitness: f64,
        /// The size of the sample.
        n_trials: &'a Integer,
        /// Seconds it took.
        wall_s: f64,
    }

    /// The best candidates on test.
    struct WalkForward {
        /// How many there were.
        top_n: u64,
        /// Their fitness on train, best first.
        train_fitnesses: Vec<f64>,
        /// Their fitness on test, in the same order.
        test_fitnesses: Vec<f64>,
        /// The sizes of their samples on test.
        test_n_trials: Vec<&'a Integer>,
        /// The correlation of the two; 0 where there is none.
        pearson: f64,
        /// The mean size of their samples on train.
        train_best_trades_mean: f64,
        /// The size of the sample of the best on train, on test.
        test_best_trades: &'a Integer,
        /// Its fitness on test.
        test_best_fitness: f64,
        /// Its parameters.
        test_best_params: &'a Dict,
        /// The one size over the other, scaled.
        trade_ratio_scaled: f64,
    }
    added {
        /// Why there is none; 0.1.7 does not say.
        pearson_status: Option<&'a Text> = Fields::absent,
        /// Whether there is one; 0.1.7 does not say.
        pearson_computable: Option<bool> = Fields::absent,
    }

    /// One candidate of the ranking by the judge.
    struct HybridRow {
        /// Its parameters.
        params: &'a Dict,
        /// Its fitness in the search.
        search_fitness: f64,
        /// The size of the sample there.
        search_n_trials: &'a Integer,
        /// What it was ranked by.
        final_fitness: f64,
        /// Fitness and size of the sample by the judge, if he saw it.
        validation as "validation_fitness": Option<(f64, &'a Integer)> = validation,
    }
    checked by |fields: Fields<'a>, keys, _| fields.only(&[keys, &["validation_n_trials"][..]].concat(), &[]);

    /// The shot at the holdout.
    struct Holdout {
        /// The fitness.
        fitness: f64,
        /// The size of the sample.
        n_trials: &'a Integer,
        /// The parameters.
        params: &'a Dict,
        /// Fitness less that on train.
        fitness_vs_train: f64,
        /// Fitness less that on test, if there is a test slice.
        fitness_vs_test: Option<f64>,
        /// The size of the sample over that on train, if there is one.
        trade_ratio_vs_train: Option<f64>,
        /// `gate` or `evidence_only`.
        mode: &'a Text,
        /// Why it failed.
        gate_failed_reasons: Vec<&'a Text> = Fields::or_default,
        /// `PASS`, `FAIL` or `EVIDENCE_ONLY`.
        gate_status: &'a Text,
    }
    added {
        /// Whether it decides, in words; from 0.3 on.
        status_gating: Option<&'a Text> = Fields::absent,
        /// What the reader should know; from 0.3 on.
        warning: Option<&'a Text> = Fields::absent,
    }

    /// What a gate said.
    struct KcReport {
        /// Its name, such as `KC-4`.
        name: &'a Text,
        /// `PASS`, `FAIL`, `SKIP` or `ADVISORY`.
        status: &'a Text,
        /// One line about it.
        message: &'a Text,
        /// The evidence.
        detail: &'a Dict,
    }
}

/// Whether a parameter is suppressed, which 0.3 says under a second name, too.
fn suppressed(fields: Fields<'_>, key: &str) -> Result<bool, ReportError> {
    let suppressed = bool::read(fields, key)?;
    if fields.absent("stress_suppressed")?.is_some_and(|again: bool| again != suppressed) {
        return Err(ReportError {
            path: fields.path("stress_suppressed"),
            found: (!suppressed).to_string(),
            expected: "the same as `ofi_biased`, its earlier name".to_owned(),
        });
    }
    Ok(suppressed)
}

/// What the judge said: both of it or nothing.
fn validation<'a>(fields: Fields<'a>, key: &str) -> Result<Option<(f64, &'a Integer)>, ReportError> {
    let judged = [key, "validation_n_trials"].iter().any(|key| fields.dict.get(key).is_some());
    judged.then(|| Ok((f64::read(fields, key)?, Read::read(fields, "validation_n_trials")?))).transpose()
}

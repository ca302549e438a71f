//! Kind `iterative`: a whole run of several rounds, and where the record says each evaluation belongs.

use omega_lock::internals::pipeline::{Pass, Rounds, RunOutcome, SearchMethod, StopReason};
use omega_lock::{Candidate, Phase, Role, Trail};
use serde_json::{Map, Value as Json, json};

use crate::declaration::Declaration;
use crate::document::{field, float, number, numbers, params_json};
use crate::p1::{VERSION, result_json, run, targets};

const RESULT_SCHEMA: &str = "omega-lock.iterative-result.v2";

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let (rounds, mut declaration) = declared(field(case, "config")?)?;
    declaration.config.rounds = Some(rounds);
    let targets = targets(case)?;
    let mut trail = Trail::new();
    let outcome = run(&declaration, &targets, &[], &mut trail)?;
    placed(&outcome, &trail)?;
    let tested = targets.iter().any(|(role, _)| *role == Role::Test);
    Ok(json!({ "result": iterative_json(&declaration, rounds, &outcome, tested) }))
}

/// Reads the keys of the Python package's `IterativeConfig`: its own, and those of the rounds.
fn declared(document: &Json) -> Result<(Rounds, Declaration), String> {
    let mut rounds = Rounds::default();
    let mut others = Map::new();
    for (key, value) in document.as_object().ok_or_else(|| format!("{document} is no configuration"))? {
        let wrong = || format!("`{key}` is {value}");
        match key.as_str() {
            "rounds" => rounds.max = value.as_u64().and_then(|max| usize::try_from(max).ok()).ok_or_else(wrong)?,
            "stop_on_kc_fail" => rounds.stop_on_kc_fail = value.as_bool().ok_or_else(wrong)?,
            "min_improvement" => rounds.min_improvement = float(value)?,
            "per_round_unlock_k" => drop(others.insert("unlock_k".to_owned(), value.clone())),
            "constraint_policy" | "holdout_mode" => return Err("no key of an iterative configuration".to_owned()),
            _ => drop(others.insert(key.clone(), value.clone())),
        }
    }
    Ok((rounds, Declaration::of(&Json::Object(others))?))
}

/// The Python package never says which round an evaluation belongs to, so no case does: every row is held here.
fn placed(outcome: &RunOutcome, trail: &Trail) -> Result<(), String> {
    let mut round = 0;
    for row in trail.rows() {
        let context = row.context;
        // A round begins with its baseline, and what belongs to none is the holdout's, at the end.
        match context.phase {
            Phase::Baseline => round += 1,
            Phase::Holdout => round = 0,
            _ => {}
        }
        if context.round != round || (context.role == Role::Holdout) != (context.phase == Phase::Holdout) {
            return Err(format!("{context:?} belongs to round {round}"));
        }
        let base = outcome.passes.iter().find(|pass| pass.number == round).map(|pass| &pass.base_params);
        if context.phase == Phase::Baseline && base != Some(&row.params) {
            return Err(format!("round {round} begins with {}", row.params));
        }
    }
    let shots = trail.rows().iter().filter(|row| row.context.role == Role::Holdout).count();
    if shots != usize::from(outcome.ending.holdout.is_some()) || trail.rows().len() as u64 != outcome.counts.total {
        return Err(format!("{shots} holdout shots, {} rows of {}", trail.rows().len(), outcome.counts.total));
    }
    Ok(())
}

fn iterative_json(declaration: &Declaration, rounds: Rounds, outcome: &RunOutcome, tested: bool) -> Json {
    let reused = if tested { outcome.passes.len() } else { 0 };
    let shot = outcome.ending.holdout.is_some();
    let best = |pass: &Pass| pass.selected.as_ref().and_then(Candidate::fitness).unwrap_or(f64::NEG_INFINITY);
    json!({
        "rounds": outcome.passes.iter().map(|round| result_json(declaration, round, None)).collect::<Json>(),
        "final_baseline": params_json(outcome.shipped.as_ref().unwrap_or(&outcome.base_params)),
        "locked_in_order": outcome.locked_in,
        "fitness_trajectory": numbers(&outcome.passes.iter().map(Pass::baseline_fitness).collect::<Vec<_>>()),
        "round_best_fitness": numbers(&outcome.passes.iter().map(best).collect::<Vec<_>>()),
        "final_status": outcome.verdict.to_string(),
        "stop_reason": outcome.stop_reason.map(theirs),
        "holdout_result": holdout_json(outcome),
        "selection_reused_test_target": reused > 0,
        "test_reuse_rounds": reused,
        "holdout_recommended": reused > 0 && !shot,
        "holdout_present": shot,
        "advisory_messages": outcome.warnings,
        "schema_version": RESULT_SCHEMA,
        "omega_lock_version": VERSION,
        "config": config_json(declaration, rounds),
        "config_full": full_json(declaration, rounds),
        "kc_thresholds": declaration.thresholds_json(),
        "search_settings": search_json(declaration, rounds),
        "random_seed": declaration.config.sc2.then_some(declaration.config.sc2_seed),
        "test_reuse_warning": (reused > 1).then_some("repeated test reuse weakens KC-4 evidence."),
        "warnings": outcome.warnings,
    })
}

/// The Python package's word for why there was no further round.
fn theirs(reason: StopReason) -> &'static str {
    match reason {
        StopReason::GateFailed => "kc_fail",
        StopReason::NothingSelected => "no_grid_best",
        reason => reason.name(),
    }
}

/// These keys of a round's configuration, under the names they have beside several rounds.
fn renamed(declaration: &Declaration, mut config: Json, rounds: Rounds, without: &[&str]) -> Json {
    config["rounds"] = json!(rounds.max);
    config["per_round_unlock_k"] = json!(declaration.config.unlock_k);
    if let Some(keys) = config.as_object_mut() {
        keys.retain(|key, _| key != "unlock_k" && !without.contains(&key.as_str()));
    }
    config
}

fn config_json(declaration: &Declaration, rounds: Rounds) -> Json {
    renamed(declaration, declaration.short_json(), rounds, &["exclude_suppressed_in_unlock", "exclude_ofi_in_unlock"])
}

fn full_json(declaration: &Declaration, rounds: Rounds) -> Json {
    let foreign = ["constraint_policy", "holdout_mode", "holdout_min_fitness", "holdout_min_trade_ratio"];
    with_stops(renamed(declaration, declaration.full_json(), rounds, &foreign), rounds)
}

fn search_json(declaration: &Declaration, rounds: Rounds) -> Json {
    let mut search = with_stops(renamed(declaration, declaration.search_json(), rounds, &[]), rounds);
    let zooms = matches!(declaration.config.search, SearchMethod::Zoom { .. });
    search["method"] = json!(if zooms { "iterative_zooming_grid" } else { "iterative_grid" });
    search
}

fn with_stops(mut config: Json, rounds: Rounds) -> Json {
    config["stop_on_kc_fail"] = json!(rounds.stop_on_kc_fail);
    config["min_improvement"] = number(rounds.min_improvement);
    config
}

fn holdout_json(outcome: &RunOutcome) -> Json {
    let Some(shot) = &outcome.ending.holdout else { return Json::Null };
    let optional = |value: Option<f64>| value.map_or(Json::Null, number);
    match &shot.result {
        Err(failure) => json!({ "failed": failure.to_string() }),
        Ok(evaluation) => json!({
            "fitness": number(evaluation.fitness),
            "n_trials": evaluation.samples,
            "params": params_json(&shot.params),
            "fitness_vs_last_round_train": optional(shot.fitness_vs_train),
            "fitness_vs_last_round_test": optional(shot.fitness_vs_test),
        }),
    }
}

//! Kind `iterative`: a whole run of several rounds, and where the record says each evaluation belongs.

use omega_lock::audit::Trail;
use omega_lock::objective::{Phase, Role};
use omega_lock::pipeline::{IterativeConfig, IterativeOutcome, Rounds, SearchMethod, run_iterative};
use serde_json::{Map, Value as Json, json};

use crate::declaration::Declaration;
use crate::document::{field, float, number, numbers, params_json};
use crate::keyhole::Ticking;
use crate::p1::{VERSION, evaluator, result_json, targets};

const RESULT_SCHEMA: &str = "omega-lock.iterative-result.v2";

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let (rounds, declaration) = declared(field(case, "config")?)?;
    let config = IterativeConfig { rounds, round: declaration.config.clone() };
    let targets = targets(case)?;
    let mut trail = Trail::new();
    let mut evaluator = evaluator(&targets, &[], &mut trail)?;
    let space = evaluator.space().clone();
    let outcome = run_iterative(&config, &space, &[], &mut evaluator, &mut (), &Ticking::default())
        .map_err(|error| error.to_string())?;
    placed(&outcome, &trail)?;
    Ok(json!({ "result": iterative_json(&declaration, &outcome) }))
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
fn placed(outcome: &IterativeOutcome, trail: &Trail) -> Result<(), String> {
    let mut rounds = outcome.rounds.iter().enumerate().flat_map(|(index, round)| {
        std::iter::repeat_n(index as u32 + 1, usize::try_from(round.counts.total).unwrap_or(usize::MAX))
    });
    for row in trail.rows() {
        let expected = rounds.next().unwrap_or(0);
        let context = row.context;
        if context.round != expected {
            return Err(format!("{context:?} belongs to round {expected}"));
        }
        let holdout = (context.role == Role::Holdout, context.phase == Phase::Holdout);
        if holdout != (expected == 0, expected == 0) {
            return Err(format!("{context:?}: the holdout belongs to no round, and nothing else does not"));
        }
    }
    let shots = trail.rows().iter().filter(|row| row.context.role == Role::Holdout).count();
    if shots != usize::from(outcome.holdout.is_some()) || trail.rows().len() as u64 != outcome.counts.total {
        return Err(format!("{shots} holdout shots, {} rows of {}", trail.rows().len(), outcome.counts.total));
    }
    Ok(())
}

fn iterative_json(declaration: &Declaration, outcome: &IterativeOutcome) -> Json {
    let config = config_json(declaration, outcome);
    json!({
        "rounds": outcome.rounds.iter().map(|round| result_json(declaration, round, None)).collect::<Json>(),
        "final_baseline": params_json(&outcome.final_baseline),
        "locked_in_order": outcome.locked_in_order,
        "fitness_trajectory": numbers(&outcome.fitness_trajectory()),
        "round_best_fitness": numbers(&outcome.round_best_fitness()),
        "final_status": outcome.verdict().to_string(),
        "stop_reason": outcome.stop_reason.name(),
        "holdout_result": holdout_json(outcome),
        "selection_reused_test_target": outcome.test_reuse_rounds > 0,
        "test_reuse_rounds": outcome.test_reuse_rounds,
        "holdout_recommended": outcome.holdout_recommended(),
        "holdout_present": outcome.holdout.is_some(),
        "advisory_messages": outcome.advisories,
        "schema_version": RESULT_SCHEMA,
        "omega_lock_version": VERSION,
        "config": config,
        "config_full": full_json(declaration, outcome),
        "kc_thresholds": declaration.thresholds_json(),
        "search_settings": search_json(declaration, outcome),
        "random_seed": declaration.config.sc2.then_some(declaration.config.sc2_seed),
        "test_reuse_warning": outcome.test_reuse_warning(),
        "warnings": outcome.advisories,
    })
}

/// These keys of a round's configuration, under the names they have beside several rounds.
fn renamed(mut config: Json, outcome: &IterativeOutcome, without: &[&str]) -> Json {
    config["rounds"] = json!(outcome.config.rounds.max);
    config["per_round_unlock_k"] = json!(outcome.config.round.unlock_k);
    if let Some(keys) = config.as_object_mut() {
        keys.retain(|key, _| key != "unlock_k" && !without.contains(&key.as_str()));
    }
    config
}

fn config_json(declaration: &Declaration, outcome: &IterativeOutcome) -> Json {
    renamed(declaration.short_json(), outcome, &["exclude_suppressed_in_unlock", "exclude_ofi_in_unlock"])
}

fn full_json(declaration: &Declaration, outcome: &IterativeOutcome) -> Json {
    let foreign = ["constraint_policy", "holdout_mode", "holdout_min_fitness", "holdout_min_trade_ratio"];
    with_stops(renamed(declaration.full_json(), outcome, &foreign), outcome)
}

fn search_json(declaration: &Declaration, outcome: &IterativeOutcome) -> Json {
    let mut search = with_stops(renamed(declaration.search_json(), outcome, &[]), outcome);
    let zooms = matches!(outcome.config.round.search, SearchMethod::Zoom { .. });
    search["method"] = json!(if zooms { "iterative_zooming_grid" } else { "iterative_grid" });
    search
}

fn with_stops(mut config: Json, outcome: &IterativeOutcome) -> Json {
    config["stop_on_kc_fail"] = json!(outcome.config.rounds.stop_on_kc_fail);
    config["min_improvement"] = number(outcome.config.rounds.min_improvement);
    config
}

fn holdout_json(outcome: &IterativeOutcome) -> Json {
    let Some(shot) = &outcome.holdout else { return Json::Null };
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

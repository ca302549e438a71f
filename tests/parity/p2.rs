//! Kind `p2`: a whole run that searches with TPE.

use omega_lock::{Candidate, RunOutcome, SearchMethod, Trail};
use serde_json::{Value as Json, json};

use crate::declaration::Declaration;
use crate::document::{count, field};
use crate::keyhole::evaluation_json;
use crate::p1::{VERSION, peer_reports, run, targets, timeless_json, walk_forward_json};
use crate::random_search::point_json;
use crate::stress::stress_json;

const RESULT_SCHEMA: &str = "omega-lock.p2-result.v2";
/// The keys of the Python package's `P2Config` that its `RunConfig` does not have.
const OWN_KEYS: [&str; 4] = ["n_trials", "seed", "multivariate", "trial_verbose"];

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let given = field(case, "config")?.as_object().ok_or("`config` is no configuration")?;
    let (own, shared) = given.clone().into_iter().partition(|(key, _)| OWN_KEYS.contains(&key.as_str()));
    let (own, shared) = (Json::Object(own), Json::Object(shared));
    if own.get("multivariate") == Some(&Json::Bool(false)) {
        return Err("only the multivariate sampler is here".to_owned());
    }
    let number = |key: &str, default: u64| own.get(key).map_or(Ok(default), |_| count(&own, key));
    let (trials, seed) = (number("n_trials", 125)?, number("seed", 42)?);
    let mut declaration = Declaration::of(&shared)?;
    declaration.config.search = SearchMethod::tpe(trials, seed);
    let outcome = run(&declaration, &targets(case)?, &[], &mut Trail::new())?;
    result_json(&declaration, &outcome, trials, seed).map(|result| json!({ "result": result }))
}

fn result_json(declaration: &Declaration, outcome: &RunOutcome, trials: u64, seed: u64) -> Result<Json, String> {
    let pass = outcome.last().ok_or("no pass")?;
    let mut config = declaration.short_json();
    if let Some(keys) = config.as_object_mut() {
        keys.remove("grid_points_per_axis");
        keys.insert("n_trials".to_owned(), json!(trials));
        keys.insert("seed".to_owned(), json!(seed));
        keys.insert("multivariate".to_owned(), json!(true));
    }
    let mut full = config.clone();
    full["stress_verbose"] = json!(false);
    full["trial_verbose"] = json!(false);
    let mut search = config.clone();
    search["method"] = json!(outcome.config.search.name());
    if let Some(keys) = search.as_object_mut() {
        keys.remove("kc_thresholds");
    }
    Ok(json!({
        "status": outcome.verdict.to_string(),
        "config": config,
        "baseline_result": pass.baseline.evaluation().map_or(Json::Null, evaluation_json),
        "stress_results": pass.stresses.iter().map(stress_json).collect::<Json>(),
        "top_k": pass.unlocked,
        "top_k_ex_ofi": pass.unlocked_without_suppressed,
        "top_k_excl_suppressed": pass.unlocked_without_suppressed,
        "trials": pass.candidates.iter().map(|trial| trial_json(trial, &pass.unlocked)).collect::<Json>(),
        "tpe_best": pass.selected.as_ref().map(|best| point_json(best, &pass.unlocked)),
        "walk_forward": pass.walk_forward.as_ref().map(|walked| walk_forward_json(walked, pass)),
        "kc_reports": peer_reports(pass).map(timeless_json).collect::<Json>(),
        "schema_version": RESULT_SCHEMA,
        "omega_lock_version": VERSION,
        "config_full": full,
        "kc_thresholds": declaration.thresholds_json(),
        "search_settings": search,
        "seed": seed,
        "warnings": outcome.warnings,
    }))
}

/// A candidate under the names that p2 has for it.
fn trial_json(candidate: &Candidate, unlocked: &[String]) -> Json {
    let point = point_json(candidate, unlocked);
    json!({
        "trial_idx": point["idx"],
        "params_unlocked": point["unlocked"],
        "fitness": point["fitness"],
        "n_trials": point["n_trials"],
    })
}

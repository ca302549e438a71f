//! Kind `benchmark`: two methods on one keyhole, row by row, and the scorecard.

use omega_lock::internals::artifacts::BenchmarkReport;
use omega_lock::internals::benchmark::{Benchmark, InRounds, Keyhole, OnePass, Reported};
use omega_lock::keyholes::{PhantomKeyhole, PhantomKeyholeDeep};
use omega_lock::{Rounds, RunConfig, SearchMethod, Thresholds};
use serde_json::{Value as Json, json};

use crate::document::{count, list, size, text};

/// Keys that the Python package does not write.
const OURS: [&str; 3] = ["generalization_gap_status", "n_crashes", "generalization_gap_doubtful"];

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let points_per_axis = size(case, "grid")?;
    let config = RunConfig {
        unlock_k: size(case, "unlock_k")?,
        search: SearchMethod::Grid { points_per_axis },
        thresholds: Thresholds { samples_min: Some(count(case, "floor")?), ..Thresholds::default() },
        ..RunConfig::reference()
    };
    let vise = RunConfig {
        rounds: Some(Rounds { max: 2, min_improvement: 0.5, ..Rounds::default() }),
        search: SearchMethod::Zoom { points_per_axis, rounds: 3, factor: 0.5 },
        ..config.clone()
    };
    let seeds: Option<Vec<u64>> = list(case, "seeds")?.iter().map(Json::as_u64).collect();
    let rows = Benchmark::new(seeds.ok_or("`seeds` holds what is no seed")?)
        .test_distance(1000)
        .keyhole(keyhole(text(case, "keyhole")?)?)
        .method(OnePass::new("plain_grid", Reported::Whole, move |_| config.clone()))
        .method(InRounds::new("fractal_vise", move |_| vise.clone()))
        .run(None, &mut |_| ())
        .map_err(|error| error.to_string())?;
    let report = serde_json::to_value(BenchmarkReport::new(&rows)).map_err(|error| error.to_string())?;
    let theirs = |entries: &Json| entries.as_array().into_iter().flatten().map(without_ours).collect::<Json>();
    Ok(json!({ "rows": theirs(&report["rows"]), "scorecard": theirs(&report["scorecard"]) }))
}

fn keyhole(name: &str) -> Result<Keyhole, String> {
    match name {
        "phantom" => Ok(Keyhole::new(name, |seed| Ok(PhantomKeyhole::new(seed)))),
        "phantom_deep" => Ok(Keyhole::new(name, |seed| Ok(PhantomKeyholeDeep::new(seed)))),
        other => Err(format!("no benchmark knows the answer of `{other}`")),
    }
}

fn without_ours(entry: &Json) -> Json {
    let keys = entry.as_object().into_iter().flatten();
    keys.filter(|(key, _)| !OURS.contains(&key.as_str())).map(|(key, value)| (key.clone(), value.clone())).collect()
}

//! Kind `random_search`: uniform draws, and SC-2 against a grid of five points.

use omega_lock::internals::gates::SearchComparison;
use omega_lock::internals::objective::{Context, Phase, Role};
use omega_lock::internals::search::{Candidate, GridSearch, RandomSearch, explore};
use serde_json::{Value as Json, json};

use crate::document::{count, field, names, number, params_json};
use crate::gates::comparison_json;
use crate::keyhole::{audited, target};

const GRID_POINTS: usize = 5;

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let target = target(field(case, "target")?)?;
    let space = target.space();
    let base = space.neutral();
    let unlocked = names(case, "unlocked")?;
    let (samples, seed) = (count(case, "n_samples")?, count(case, "seed")?);
    let (drawn, grid) = audited(&*target, |evaluator| {
        let mut random =
            RandomSearch::new(&space, &base, &unlocked, samples, seed).map_err(|error| error.to_string())?;
        let mut grid = GridSearch::new(&space, &base, &unlocked, GRID_POINTS).map_err(|error| error.to_string())?;
        let context = |phase| Context::new(Role::Train, phase);
        let drawn = explore(&mut random, evaluator, &mut (), context(Phase::RandomDraws), None);
        let drawn: Vec<Candidate> = drawn.map_err(|halt| halt.to_string())?;
        let grid = explore(&mut grid, evaluator, &mut (), context(Phase::Search), None);
        let grid: Vec<Candidate> = grid.map_err(|halt| halt.to_string())?;
        Ok((drawn, grid))
    })?;
    let fitness = |candidates: &[Candidate]| -> Vec<f64> { candidates.iter().filter_map(Candidate::fitness).collect() };
    let comparison = SearchComparison::of(&fitness(&grid), &fitness(&drawn));
    Ok(json!({
        "points": drawn.iter().map(|point| point_json(point, &unlocked)).collect::<Json>(),
        "sc2": comparison.as_ref().map_or(Json::Null, comparison_json),
    }))
}

/// A candidate with the parameters that were searched.
pub(crate) fn point_json(candidate: &Candidate, unlocked: &[String]) -> Json {
    json!({
        "idx": candidate.index,
        "unlocked": params_json(&candidate.params.subset(unlocked.iter().map(String::as_str))),
        "fitness": candidate.fitness().map_or(Json::Null, number),
        "n_trials": candidate.samples(),
    })
}

//! What the windows of a run say together.

use super::{Ending, Pass, Recipe};
use crate::gates::{OnWindow, WindowFigures, WindowSample, judge_slices_of_windows, judge_windows};
use crate::objective::{Evaluation, Outcome, Role};
use crate::stats::exact_mean;

/// Judges the slices of all windows, and what the winners gain on them.
pub(super) fn judge_together(recipe: Recipe<'_>, passes: &[Pass], ending: &mut Ending) {
    let config = recipe.config;
    let others: Vec<_> =
        recipe.identities.iter().filter(|(role, _)| !matches!(role, Role::Train | Role::Test)).cloned().collect();
    let figures: Vec<WindowFigures> = passes.iter().map(figures).collect();
    ending.reports.push(judge_slices_of_windows(recipe.windows, &others, &figures));
    let samples: Vec<WindowSample> =
        passes.iter().map(|pass| sample(pass, config.strict.transfer.lead_draws)).collect();
    ending.reports.push(judge_windows(&samples, config.declared_blocks(), &config.strict.windows));
}

/// Mean raw test fitness of what the windows selected; absent if one of them has none.
pub(super) fn mean_on_test(passes: &[Pass]) -> Option<f64> {
    let fitness = |pass: &Pass| Some(pass.selected_on_test()?.evaluation()?.fitness);
    exact_mean(&passes.iter().map(fitness).collect::<Option<Vec<f64>>>()?)
}

fn sample(pass: &Pass, wanted: usize) -> WindowSample {
    WindowSample {
        winner: pass.selected_on_test().and_then(Outcome::evaluation).map(seen),
        baseline: pass.baseline_on_test.as_ref().and_then(Outcome::evaluation).map(seen),
        draws: pass.draws_on_test.iter().map(|draw| seen(draw)).collect(),
        wanted,
    }
}

fn seen(evaluation: &Evaluation) -> OnWindow {
    OnWindow { fitness: evaluation.fitness, blocks: evaluation.blocks.clone() }
}

fn figures(pass: &Pass) -> WindowFigures {
    let all = |outcome: &Outcome| {
        let seen = outcome.evaluation()?;
        Some(std::iter::once(seen.fitness).chain(seen.blocks.iter().copied()).collect::<Vec<f64>>())
    };
    let walked = pass.walk_forward.iter().flat_map(|walked| walked.candidates.iter().zip(&walked.outcomes));
    let walked = walked.filter_map(|(index, outcome)| {
        let candidate = pass.candidates.iter().find(|candidate| candidate.index == *index)?;
        Some((candidate.params.clone(), all(outcome)?))
    });
    let baseline = pass.baseline_on_test.as_ref().and_then(|outcome| Some((pass.base_params.clone(), all(outcome)?)));
    WindowFigures { on_both: pass.on_both.clone(), on_test: walked.chain(baseline).collect() }
}

//! What comes after the last pass: the gain over the blocks of test, null runs of the whole course, then the holdout.

use super::constraints::{judge_on, slices};
use super::course::Plan;
use super::gain::gains;
use super::measure::{Ground, Means};
use super::null_run::null_runs;
use super::transfer_sample::fresh_draws;
use super::walked_windows::{judge_together, mean_on_test};
use super::{Ending, Pass, Profile, Recipe, RunError};
use crate::gates::{
    GateId, GateStatus, HoldoutMode, HoldoutShown, MarginSample, judge_holdout, judge_holdout_strict, judge_margin,
    judge_null,
};
use crate::holdout::{HoldoutShot, shoot};
use crate::objective::{Context, Outcome, Params, Phase, Role};
use crate::search::Candidate;
use crate::walk_forward::WalkForward;

/// Ends a run that would ship these parameters. What was judged is in `ending`, also when the time box ends it here.
pub(super) fn end(
    recipe: Recipe<'_>,
    means: &mut Means<'_>,
    passes: &[Pass],
    shipped: Option<&Params>,
    ending: &mut Ending,
) -> Result<(), RunError> {
    let Some(last) = passes.last() else { return Ok(()) };
    match recipe.config.profile {
        Profile::Strict => end_strictly(recipe, means, passes, last, shipped, ending),
        // The reference implementation looks at the holdout whatever failed before.
        Profile::Reference => match shipped.filter(|_| means.evaluator.serves(Role::Holdout)) {
            Some(shipped) => {
                let shot = shot(recipe, means, passes, shipped)?;
                let (fitness, ratio, failure) = seen(&shot);
                ending.reports.push(judge_holdout(fitness, ratio, failure.as_deref(), &recipe.config.holdout));
                ending.holdout = Some(shot);
                Ok(())
            }
            None => Ok(()),
        },
    }
}

/// Null runs and holdout come last and only if everything passed: null runs are the whole calibration over again, and a
/// holdout is new only once.
fn end_strictly(
    recipe: Recipe<'_>,
    means: &mut Means<'_>,
    passes: &[Pass],
    last: &Pass,
    shipped: Option<&Params>,
    ending: &mut Ending,
) -> Result<(), RunError> {
    let config = recipe.config;
    ending.reports.extend(last.deferred.iter().cloned());
    match config.windows {
        Some(windows) if u64::from(last.number) == windows => judge_together(recipe, passes, ending),
        // The time box ended it in an earlier one.
        Some(_) => {}
        None if config.declared_blocks().is_some() => judge_gain(recipe, means, passes, ending)?,
        None => {}
    }
    let mut failed = first_failure(passes, ending);
    if let (true, None, Some(walked)) = (config.judges_null(), &failed, &last.walk_forward) {
        let observed = match config.windows {
            Some(_) => mean_on_test(passes),
            None => walked.outcomes.first().and_then(Outcome::evaluation).map(|winner| winner.fitness),
        };
        let evidence = null_runs(recipe, means, observed)?;
        ending.reports.push(judge_null(evidence, &config.strict.null));
        ending.judge_time(means.clock.elapsed(), &config.thresholds);
        failed = first_failure(passes, ending);
    }
    let shown = match (means.evaluator.serves(Role::Holdout), &failed, config.holdout.mode) {
        (false, _, HoldoutMode::Gate) => HoldoutShown::Absent,
        (true, Some(failed), HoldoutMode::EvidenceOnly) => HoldoutShown::Closed(failed),
        (true, None, _) => return open_holdout(recipe, means, passes, shipped, ending),
        // Nothing to say of a holdout that is not declared; as a gate, a closed one counts as blocked by what failed.
        (false, _, HoldoutMode::EvidenceOnly) | (true, Some(_), HoldoutMode::Gate) => return Ok(()),
    };
    ending.reports.push(judge_holdout_strict(shown, &config.holdout));
    Ok(())
}

/// `margin`: what would ship against the baseline of the first pass, and against draws over every parameter that a pass
/// unlocked. A single pass has made all of these evaluations; of rounds, the draws are made now, if nothing failed.
fn judge_gain(recipe: Recipe<'_>, means: &mut Means<'_>, passes: &[Pass], ending: &mut Ending) -> Result<(), RunError> {
    let (Some(first), Some(last)) = (passes.first(), passes.last()) else { return Ok(()) };
    let Some(baseline) = &first.baseline_on_test else { return Ok(()) };
    let draws = match last.number {
        0 => last.draws_on_test.clone(),
        _ if first_failure(passes, ending).is_some() => return Ok(()),
        _ => {
            let plan = Plan { number: 0, base: recipe.base(), stress: recipe.config.stress.clone() };
            let unlocked: Vec<String> = passes.iter().flat_map(|pass| pass.unlocked.clone()).collect();
            let draws = fresh_draws(Ground { recipe, plan: &plan }, means, &unlocked)?;
            ending.judge_time(means.clock.elapsed(), &recipe.config.thresholds);
            draws
        }
    };
    let blocks = |outcome: &Outcome| outcome.evaluation().map(|found| found.blocks.clone()).unwrap_or_default();
    let on_train = gains(passes, false).into_iter().find(|gain| gain.role == Role::Train).map(|gain| gain.blocks);
    let sample = MarginSample {
        winner: last.selected_on_test().map(blocks).unwrap_or_default(),
        baseline: blocks(baseline),
        draws: draws.iter().map(|draw| draw.blocks.clone()).collect(),
        wanted: recipe.config.strict.transfer.lead_draws,
        on_train,
    };
    ending.reports.push(judge_margin(&sample, recipe.config.strict.margin_alpha));
    Ok(())
}

fn open_holdout(
    recipe: Recipe<'_>,
    means: &mut Means<'_>,
    passes: &[Pass],
    shipped: Option<&Params>,
    ending: &mut Ending,
) -> Result<(), RunError> {
    let Some((last, shipped)) = passes.last().zip(shipped) else { return Ok(()) };
    let Some(selected) = &last.selected else { return Ok(()) };
    let shot = shot(recipe, means, passes, shipped)?;
    // A constraint that the holdout violates is violated by what would ship, so every constraint is judged once more.
    let mut slices = slices(last, selected);
    let on_holdout = Outcome { call_index: 0, result: shot.result.clone(), feasibility: shot.feasibility.clone() };
    slices.push((Role::Holdout, on_holdout));
    ending.reports.extend(judge_on(recipe, shipped, &slices));
    ending.judge_time(means.clock.elapsed(), &recipe.config.thresholds);
    let (fitness, ratio, failure) = seen(&shot);
    let shown = HoldoutShown::Evaluated(fitness, ratio, failure.as_deref());
    ending.reports.push(judge_holdout_strict(shown, &recipe.config.holdout));
    ending.holdout = Some(shot);
    Ok(())
}

/// The first gate that failed so far.
fn first_failure(passes: &[Pass], ending: &Ending) -> Option<GateId> {
    let ended = ending.reports.iter().find(|report| report.status == GateStatus::Fail).map(|report| &report.gate);
    passes.iter().flat_map(|pass| pass.verdict.failed_gates()).chain(ended).next().cloned()
}

/// The one shot at the holdout, which belongs to no pass.
fn shot(recipe: Recipe<'_>, means: &mut Means<'_>, passes: &[Pass], shipped: &Params) -> Result<HoldoutShot, RunError> {
    let context = Context::new(Role::Holdout, Phase::Holdout);
    let last = passes.last();
    let train = last.and_then(|last| last.selected.as_ref()).and_then(Candidate::level);
    let test = last.and_then(|last| last.walk_forward.as_ref()).and_then(WalkForward::lead).map(|(fitness, _)| fitness);
    if let Some(opening) = recipe.opening {
        opening(passes)?;
    }
    Ok(shoot(means.evaluator, means.observer, context, shipped, train, test)?)
}

/// Fitness and ratio of a shot, or why it has none.
fn seen(shot: &HoldoutShot) -> (Option<f64>, Option<f64>, Option<String>) {
    (shot.fitness(), shot.trade_ratio_vs_train, shot.result.as_ref().err().map(ToString::to_string))
}

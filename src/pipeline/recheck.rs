//! A recheck: what was accepted, the baseline and fresh draws are evaluated again, on train and on test. Nothing is searched,
//! and the holdout stays closed.

use super::constraints::{judge_on, violated};
use super::counts::Counting;
use super::course::Plan;
use super::measure::{Ground, Means, baseline, stresses, unlocked};
use super::repeated::repeated;
use super::transfer_sample::fresh_draws;
use super::{EvaluationCounts, Gain, Profile, Proposer, Recipe, RunError, SearchMethod};
use crate::gates::{
    GateReport, GateStatus, MarginSample, RepeatEvidence, SelectedEvidence, judge_deterministic, judge_margin,
    judge_selected,
};
use crate::objective::{EvaluationRules, Evaluator, Outcome, Params, Phase, Role};
use crate::progress::{Clock, Observer};

/// What came of a recheck.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rechecked {
    /// The baseline on train.
    pub baseline: Outcome,
    /// What was accepted, on train.
    pub accepted: Outcome,
    /// The same on test; absent without a test slice.
    pub accepted_on_test: Option<Outcome>,
    /// The baseline on test; absent without a test slice, and under the reference profile, which never asks.
    pub baseline_on_test: Option<Outcome>,
    /// What is gained over the baseline, slice by slice; absent where evaluations have no blocks.
    pub gains: Vec<Gain>,
    /// Whether what was accepted keeps each constraint, `selected`, `margin` where blocks are declared, `deterministic`.
    pub reports: Vec<GateReport>,
    /// Evaluations made.
    pub counts: EvaluationCounts,
}

/// Evaluates again what was accepted, and judges it by the gates that need no search.
///
/// `margin` compares it with draws over the parameters that a run unlocks: those with the largest stress, measured again, or
/// those that a study varied. Which ones an iterative run unlocked, only its rounds know; the draws are then over what was accepted
/// otherwise than the baseline. With windows the last one is looked at, whose winner ships, and `margin` is none of its gates.
///
/// # Errors
/// If the question cannot be answered: see [`RunError`].
pub fn recheck(
    recipe: Recipe<'_>,
    accepted: &Params,
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    clock: &dyn Clock,
) -> Result<Rechecked, RunError> {
    let config = recipe.config;
    recipe.check(evaluator)?;
    let strict = config.profile == Profile::Strict;
    evaluator.obey(EvaluationRules {
        finite_only: strict,
        allowed_failures: config.max_failed_evaluations,
        keep_attachments: false,
        blocks: config.declared_blocks(),
    });
    let number = config.windows.map_or(0, |windows| u32::try_from(windows).unwrap_or(u32::MAX));
    let plan = Plan { number, base: recipe.base(), stress: config.stress.clone() };
    let ground = Ground { recipe, plan: &plan };
    let mut observer = Counting { counts: EvaluationCounts::default(), inner: observer };
    let mut means = Means { evaluator, observer: &mut observer, clock };

    let first = baseline(ground, &mut means)?;
    let on_train = means.evaluate_one(ground.context(Role::Train, Phase::Search), accepted)?;
    let tested = means.evaluator.serves(Role::Test);
    let mut on_test = |phase, params: &Params| means.evaluate_one(ground.context(Role::Test, phase), params);
    let accepted_on_test = tested.then(|| on_test(Phase::WalkForward, accepted)).transpose()?;
    let baseline_on_test = (tested && strict).then(|| on_test(Phase::Baseline, &plan.base)).transpose()?;
    let train = Gain::of(Role::Train, &on_train, &first);
    let both = accepted_on_test.as_ref().zip(baseline_on_test.as_ref());
    let test = both.and_then(|(accepted, baseline)| Gain::of(Role::Test, accepted, baseline));

    let slices = std::iter::once((Role::Train, on_train.clone()));
    let slices: Vec<_> = slices.chain(accepted_on_test.clone().map(|outcome| (Role::Test, outcome))).collect();
    let mut reports = judge_on(recipe, accepted, &slices);
    if let Some((winner, base)) = both {
        let evidence = SelectedEvidence {
            train: fitness(&on_train).unwrap_or(f64::NAN),
            test: fitness(winner),
            violated: violated(recipe, &winner.feasibility),
            baseline_test: fitness(base),
        };
        reports.push(judge_selected(evidence, config.strict.max_drop));
        if config.declared_blocks().is_some() && config.windows.is_none() {
            let over = drawn_over(ground, &mut means, &first, accepted)?;
            let draws = fresh_draws(ground, &mut means, &over)?;
            let blocks = |outcome: &Outcome| outcome.evaluation().map(|found| found.blocks.clone()).unwrap_or_default();
            let sample = MarginSample {
                winner: blocks(winner),
                baseline: blocks(base),
                draws: draws.iter().map(|draw| draw.blocks.clone()).collect(),
                wanted: config.strict.transfer.lead_draws,
                on_train: train.as_ref().map(|gain| gain.blocks),
            };
            reports.push(judge_margin(&sample, config.strict.margin_alpha));
        }
    }
    reports.push(deterministic(ground, &mut means, [(&plan.base, &first), (accepted, &on_train)])?);
    Ok(Rechecked {
        baseline: first,
        accepted: on_train,
        accepted_on_test,
        baseline_on_test,
        gains: train.into_iter().chain(test).collect(),
        reports,
        counts: observer.counts,
    })
}

/// The parameters that draws vary.
fn drawn_over(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    first: &Outcome,
    accepted: &Params,
) -> Result<Vec<String>, RunError> {
    if ground.config().rounds.is_some() {
        let base = &ground.plan.base;
        let moved = accepted.iter().filter(|(name, value)| base.get(name) != Some(value));
        let moved: Vec<String> = moved.map(|(name, _)| name.to_owned()).collect();
        let every = ground.recipe.space.specs().iter().map(|spec| spec.name.clone());
        return Ok(if moved.is_empty() { every.collect() } else { moved });
    }
    let known = matches!(
        (ground.recipe.proposer, &ground.config().search),
        (Proposer::Study(_), SearchMethod::Study { .. }) | (Proposer::Loop(_), SearchMethod::Own { .. })
    );
    let stresses = if known { Vec::new() } else { stresses(ground, means, first)? };
    Ok(unlocked(ground, &stresses))
}

/// Both again; the first that does not say the same is told.
fn deterministic(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    twice: [(&Params, &Outcome); 2],
) -> Result<GateReport, RunError> {
    let level = |outcome: &Outcome| outcome.evaluation().map(|seen| (seen.fitness, seen.samples));
    let mut judged = |(params, first): (&Params, &Outcome)| -> Result<GateReport, RunError> {
        let again = means.evaluate_one(ground.context(Role::Train, Phase::Repeat), params)?;
        let evidence =
            RepeatEvidence::new(level(first).unwrap_or((f64::NAN, 0)), level(&again), repeated(ground, first, &again));
        Ok(judge_deterministic(evidence, ground.config().strict.noise))
    };
    let [baseline, accepted] = twice;
    let (baseline, accepted) = (judged(baseline)?, judged(accepted)?);
    Ok(if accepted.status == GateStatus::Fail && baseline.status != GateStatus::Fail { accepted } else { baseline })
}

fn fitness(outcome: &Outcome) -> Option<f64> {
    outcome.evaluation().map(|evaluation| evaluation.fitness)
}

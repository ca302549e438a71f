//! How the reference profile judges a pass once its search is over, in the order of the reference implementation.

use super::constraints::evidence;
use super::measure::{Ground, Means, random_draws};
use super::{ConstraintPolicy, Pass, RunError, select};
use crate::gates::{GateReport, judge_constraint, judge_constraints, judge_kc1, judge_kc3, judge_kc4};
use crate::hybrid::{HybridEntry, most_ranked, rerank};
use crate::objective::{Phase, Role};
use crate::search::{Candidate, Candidates};
use crate::walk_forward::{WalkForward, walk_forward};

/// Selects, measures and judges.
pub(super) fn judge(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    candidates: &Candidates,
    pass: &mut Pass,
) -> Result<(), RunError> {
    let config = ground.config();
    let selected = selection(ground, means, candidates, &mut pass.reports)?;
    pass.walk_forward = walked(ground, means, candidates)?;
    if let Some(walked) = &pass.walk_forward {
        let (train, test) = (&walked.train_fitness, &walked.test_fitness);
        pass.reports.push(judge_kc4(train, test, walked.trade_ratio, &config.thresholds));
    }
    pass.hybrid = ranked_by_judge(ground, means, candidates)?;
    pass.reports.extend(random_draws(ground, means, &pass.unlocked, candidates)?);
    pass.reports.push(judge_kc1(means.clock.elapsed(), &config.thresholds));
    pass.reports.push(judge_kc3(pass.sample_counts(&selected), &config.thresholds));
    pass.selected = Some(selected);
    Ok(())
}

fn selection(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    candidates: &Candidates,
    reports: &mut Vec<GateReport>,
) -> Result<Candidate, RunError> {
    let policy = ground.config().constraint_policy;
    let (place, feasible) = select(candidates, policy);
    let place = place.ok_or(RunError::NoCandidate(candidates.len() as u64))?;
    let selected = candidates.recall(place, means.evaluator)?;
    let hard = policy == ConstraintPolicy::HardFail;
    if hard {
        reports.push(judge_constraints(feasible, candidates.applicable()));
    }
    for (constraint, status) in ground.recipe.constraints.iter().zip(selected.outcome.feasibility.statuses()) {
        let evidence = evidence(constraint, Role::Train, &selected.params, &selected.outcome, status);
        reports.push(judge_constraint(&evidence, hard));
    }
    Ok(selected)
}

fn walked(ground: Ground<'_>, means: &mut Means<'_>, candidates: &Candidates) -> Result<Option<WalkForward>, RunError> {
    if !means.evaluator.serves(Role::Test) {
        return Ok(None);
    }
    let context = ground.context(Role::Test, Phase::WalkForward);
    let (top_n, scale) = (ground.config().walk_forward_top_n, ground.config().sample_ratio_scale);
    let best = candidates.recall_each(&candidates.best(top_n), means.evaluator)?;
    Ok(Some(walk_forward(means.evaluator, means.observer, context, &best, top_n, scale)?))
}

fn ranked_by_judge(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    candidates: &Candidates,
) -> Result<Option<Vec<HybridEntry>>, RunError> {
    if !means.evaluator.serves(Role::Validation) {
        return Ok(None);
    }
    let context = ground.context(Role::Validation, Phase::Hybrid);
    let top_n = ground.config().walk_forward_top_n;
    let best = candidates.recall_each(&candidates.best(most_ranked(top_n)), means.evaluator)?;
    Ok(Some(rerank(means.evaluator, means.observer, context, &best, top_n)?))
}

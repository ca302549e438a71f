//! What the strict profile judges after the last round: null runs of the whole descent, then the holdout.

use super::iterative::{Descent, Ending, shoot_at_holdout};
use super::null_run::null_runs;
use super::p1::{Recipe, evidence};
use super::strict::{failure, replace, seen_on_holdout, shown};
use super::{ConstraintPolicy, IterativeConfig, P1Outcome, Proposer, RunConfig, RunError};
use crate::audit::Constraint;
use crate::gates::{
    GateId, GateReport, GateStatus, HoldoutMode, HoldoutShown, Verdict, judge_constraint_everywhere,
    judge_holdout_strict, judge_null,
};
use crate::holdout::HoldoutShot;
use crate::objective::{Evaluator, Outcome, ParamSpace, Params, Role};
use crate::progress::Observer;

/// An iterative run as declared.
#[derive(Clone, Copy)]
pub(super) struct Course<'c> {
    pub(super) proposer: Proposer<'c>,
    pub(super) config: &'c IterativeConfig,
    pub(super) space: &'c ParamSpace,
    pub(super) constraints: &'c [Constraint],
    pub(super) base_params: &'c Params,
}

impl Course<'_> {
    /// Judges what would ship once more, where that is allowed: nothing is opened after a failure. What was judged is in
    /// `ending`, also when the run must end here.
    pub(super) fn end_strictly(
        self,
        rounds: &mut [P1Outcome],
        shipped: &Params,
        evaluator: &mut dyn Evaluator,
        observer: &mut dyn Observer,
        ending: &mut Ending,
    ) -> Result<(), RunError> {
        let round = &self.config.round;
        let mut failed = rounds.iter().flat_map(|round| round.verdict.failed()).next().cloned();
        let Some(last) = rounds.last_mut() else { return Ok(()) };
        if round.null_declared && failed.is_none() {
            let observed = last.walk_forward.as_ref().and_then(|walked| walked.lead()).map(|(fitness, _)| fitness);
            let mut pass =
                |evaluator: &mut dyn Evaluator, observer: &mut dyn Observer| self.descend(evaluator, observer);
            let evidence = null_runs(round.strict.null.runs, observed, evaluator, observer, &mut pass)?;
            let report = judge_null(evidence, &round.strict.null);
            failed = (report.status == GateStatus::Fail).then(|| report.gate.clone());
            ending.null_report = Some(report);
        }
        match (evaluator.serves(Role::Holdout), &failed, round.holdout.mode) {
            (false, _, HoldoutMode::Gate) => {
                ending.holdout_report = Some(judge_holdout_strict(HoldoutShown::Absent, &round.holdout));
            }
            (true, Some(failed), HoldoutMode::EvidenceOnly) => {
                ending.holdout_report = Some(judge_holdout_strict(HoldoutShown::Closed(failed), &round.holdout));
            }
            (true, None, _) => {
                let shot = shoot_at_holdout(last, shipped, evaluator, observer)?;
                let report = judge_holdout_strict(shown(&shot, &failure(&shot)), &round.holdout);
                self.judge_constraints_on_holdout(last, &shot);
                ending.holdout_report = Some(report);
                ending.holdout = Some(shot);
            }
            (false, _, HoldoutMode::EvidenceOnly) | (true, Some(_), HoldoutMode::Gate) => {}
        }
        Ok(())
    }

    /// A constraint that the holdout violates is violated by what would ship: the last round says so.
    fn judge_constraints_on_holdout(self, last: &mut P1Outcome, shot: &HoldoutShot) {
        let decides = self.config.round.constraint_policy != ConstraintPolicy::Record;
        let outcome: Outcome = seen_on_holdout(shot);
        for (constraint, status) in self.constraints.iter().zip(outcome.feasibility.statuses()) {
            let on_holdout = [(Role::Holdout, evidence(constraint, &shot.params, &outcome, status))];
            let Some(report) = judge_constraint_everywhere(&on_holdout, decides) else { continue };
            let kept = |earlier: &GateReport| earlier.gate == report.gate && earlier.status == GateStatus::Fail;
            if report.status == GateStatus::Fail && !last.reports.iter().any(kept) {
                replace(&mut last.reports, report);
            }
        }
        last.verdict = Verdict::of(&last.reports);
    }

    /// The whole descent without its gates.
    fn descend(self, evaluator: &mut dyn Evaluator, observer: &mut dyn Observer) -> Result<Option<Params>, RunError> {
        let Self { proposer, config, space, constraints, base_params } = self;
        let mut descent = Descent { locked_in_order: Vec::new(), base: base_params.clone() };
        for _ in 0..config.rounds.max {
            let remaining = descent.remaining(space, &config.round);
            if remaining.len() < config.round.unlock_k {
                break;
            }
            let mut round = RunConfig { base_params: Some(descent.base.clone()), ..config.round.clone() };
            round.stress.subset = Some(remaining);
            let recipe = Recipe { proposer, config: &round, space, constraints, round: None };
            let Some((best, baseline, unlocked)) = recipe.search_only(evaluator, observer)? else { return Ok(None) };
            if descent.lock_in(&unlocked, &best, baseline, config.rounds)?.is_some() {
                break;
            }
        }
        Ok(Some(descent.base))
    }
}

/// Whether a gate is judged after the rounds, and belongs to none of them.
pub(super) fn after_the_rounds(gate: &GateId) -> bool {
    matches!(gate, GateId::Holdout | GateId::Null)
}

//! Everything a finished p1 run knows.

use std::time::Duration;

use super::strict::replace;
use super::{DeclaredGate, EvaluationCounts, GateResult, LeftOut, RunConfig};
use crate::gates::{Detail, GateId, GateReport, GateStatus, Verdict, judge_kc1};
use crate::holdout::HoldoutShot;
use crate::hybrid::HybridEntry;
use crate::objective::{Outcome, ParamSpace, Params};
use crate::search::Candidate;
use crate::stress::Stress;
use crate::walk_forward::WalkForward;

/// A finished p1 run: measurements, selection, gates and verdict.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct P1Outcome {
    /// What decided the numbers.
    pub config: RunConfig,
    /// The parameter space.
    pub space: ParamSpace,
    /// The baseline parameters.
    pub base_params: Params,
    /// Their evaluation.
    pub baseline: Outcome,
    /// Sensitivities, in the order measured.
    pub stresses: Vec<Stress>,
    /// The unlocked parameters, largest stress first; empty if KC-2 failed.
    pub top_k: Vec<String>,
    /// The same without suppressed parameters.
    pub top_k_without_suppressed: Vec<String>,
    /// The candidates of the search, in order: every one up to [`MOST_LISTED`](super::MOST_LISTED), above it the best,
    /// the selected one and the best feasible one in any case.
    pub candidates: Vec<Candidate>,
    /// The others.
    pub left_out: LeftOut,
    /// The candidate that would ship; absent if KC-2 failed.
    pub selected: Option<Candidate>,
    /// The best candidates on test, if there is a test slice.
    pub walk_forward: Option<WalkForward>,
    /// The ranking by the judge, if there is a validation slice.
    pub hybrid: Option<Vec<HybridEntry>>,
    /// The shot at the holdout, if there is one and it was reached.
    pub holdout: Option<HoldoutShot>,
    /// Every gate that was judged, in the order judged.
    pub reports: Vec<GateReport>,
    /// What they say together.
    pub verdict: Verdict,
    /// What a reader of the verdict should know beside it.
    pub warnings: Vec<String>,
    /// How many evaluations were made.
    pub counts: EvaluationCounts,
}

impl P1Outcome {
    /// The report of a gate, if it was judged.
    pub fn report(&self, gate: &GateId) -> Option<&GateReport> {
        self.reports.iter().find(|report| report.gate == *gate)
    }

    /// The seconds that KC-1 was told; absent if it was not reached.
    pub fn judged_seconds(&self) -> Option<f64> {
        match self.report(&GateId::Kc1)?.detail {
            Detail::TimeBox { elapsed, .. } => Some(elapsed),
            _ => None,
        }
    }

    /// Holds a later reading of the clock against the time box, which may be over by now.
    pub(super) fn judge_time_later(&mut self, elapsed: Duration) {
        let report = judge_kc1(elapsed, &self.config.thresholds);
        if report.status == GateStatus::Fail {
            replace(&mut self.reports, report);
            self.verdict = Verdict::of(&self.reports);
        }
    }

    /// What became of a declared gate.
    ///
    /// A gate that applies but was not judged is blocked by the first one that failed, or by KC-1 if the time was over; if
    /// none did, it is missing, which counts as failed too.
    pub fn result_of(&self, declared: &DeclaredGate) -> GateResult<'_> {
        if let Some(reason) = declared.skip {
            return GateResult::Skipped(reason);
        }
        match self.report(&declared.gate) {
            Some(report) => GateResult::Judged(report),
            None => match first_blocking(self.verdict.failed().iter()) {
                Some(first) => GateResult::Blocked(first.clone()),
                None => GateResult::Unreached("nothing asked for it, which is a defect of omega-lock"),
            },
        }
    }

    /// The gates that the Python package reports too, as it orders them.
    pub fn peer_reports(&self) -> impl Iterator<Item = &GateReport> {
        self.reports.iter().filter(|report| match report.gate {
            GateId::Constraints => report.status == GateStatus::Fail,
            GateId::Holdout | GateId::Constraint(_) => false,
            _ => true,
        })
    }
}

/// The failure that kept other gates from being judged: a run goes on after many, but not after its time box.
pub(super) fn first_blocking<'v>(mut failed: impl Iterator<Item = &'v GateId> + Clone) -> Option<&'v GateId> {
    failed.clone().find(|gate| **gate == GateId::Kc1).or(failed.next())
}

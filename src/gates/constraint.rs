//! One constraint, judged on the selected candidate.

use super::{Detail, GateId, GateReport, GateStatus, Measure, UNMEASURED};
use crate::interop::number::general;
use crate::target::ConstraintStatus;

/// What is known of one constraint on the selected candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct ConstraintEvidence {
    /// The constraint's name.
    pub name: String,
    /// What it measures: a metric, or `closure`.
    pub metric: String,
    /// The measured value; absent for a closure, or if there is none.
    pub measured: Option<f64>,
    /// The requirement as shown.
    pub required: String,
    /// What it said.
    pub status: ConstraintStatus,
}

/// Judges one constraint; `decides` says whether a violation fails or is only shown.
pub fn judge_constraint(evidence: &ConstraintEvidence, decides: bool) -> GateReport {
    let ok = evidence.status == ConstraintStatus::Satisfied;
    let status = match (ok, decides) {
        (_, false) => GateStatus::Advisory,
        (true, true) => GateStatus::Pass,
        (false, true) => GateStatus::Fail,
    };
    let word = if ok { "satisfied" } else { "violated" };
    let message = match &evidence.status {
        ConstraintStatus::Unanswered(reason) => {
            format!("{word} by the selected candidate: {reason}")
        }
        _ => format!("{word} by the selected candidate"),
    };
    let measured = match (&evidence.measured, &evidence.status) {
        (Some(value), _) => general(*value, 6),
        (None, ConstraintStatus::Unanswered(_)) => UNMEASURED.to_owned(),
        (None, _) => word.to_owned(),
    };
    GateReport {
        gate: GateId::Constraint(evidence.name.clone()),
        status,
        message,
        measures: vec![Measure::new(&evidence.metric, measured, evidence.required.clone(), ok)],
        detail: Detail::Nothing,
    }
}

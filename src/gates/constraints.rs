//! CONSTRAINTS: under `hard_fail`, a search without a single feasible candidate fails.

use super::{Detail, GateId, GateReport, GateStatus, Measure};

/// Judges whether any of the search's candidates keeps every constraint.
///
/// The reference implementation reports only the failure; a pass carries no message of its own there.
pub fn judge_constraints(feasible: u64, candidates: u64) -> GateReport {
    let status = GateStatus::of(feasible > 0);
    let message = match status {
        GateStatus::Pass => format!("PASS: {feasible} of {candidates} candidates keep every constraint"),
        _ => "every grid candidate violated at least one declared constraint; selection fell back to raw fitness-max \
              only because constraint_policy='hard_fail' is set — pipeline status will be FAIL"
            .to_owned(),
    };
    GateReport {
        gate: GateId::Constraints,
        status,
        message,
        measures: vec![Measure::new(
            &format!("feasible of {candidates} candidates"),
            feasible.to_string(),
            ">= 1",
            status == GateStatus::Pass,
        )],
        detail: Detail::Candidates(candidates),
    }
}

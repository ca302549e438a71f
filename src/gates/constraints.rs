//! CONSTRAINTS: under `hard_fail`, a search without a single feasible candidate fails.

use super::{Applies, Gate, GateId, GateReport, GateStatus, Measure};
use crate::number::Op;

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "constraints",
    peer_name: "CONSTRAINTS",
    asks: "Is there any candidate that keeps every constraint?",
    fails: "no candidate keeps every constraint, under the policy `hard_fail`",
    advice: "The scorecard counts violations by constraint. Widen the space, start from a feasible baseline, or \
             state the constraint that was meant.",
    causes: &[("", "No candidate of the search keeps every constraint.")],
    keys: &["constraint_policy"],
    at_the_end: false,
    applies: |asked| if asked.hard_fail { Applies::Yes } else { Applies::No },
};

/// How many candidates were judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Searched(pub u64);

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
    let measure = Measure::count(&format!("feasible of {candidates} candidates"), feasible, Op::AtLeast, 1);
    GateReport::new(GateId::Constraints, status, message, vec![measure]).on(Searched(candidates))
}

//! `searched`: a search that tried next to nothing has found nothing.

use super::{Gate, GateId, GateReport, GateStatus, Measure};
use crate::number::Op;

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "searched",
    peer_name: "SEARCHED",
    asks: "Was there something to search, and was it searched?",
    fails: "no parameter was unlocked, or there are too few distinct eligible candidates",
    advice: "Unlock more parameters or take more points. If most candidates violate a constraint, few are \
             eligible: see the table of constraints in the scorecard.",
    causes: &[
        ("unlocked", "No parameter was unlocked, so nothing was searched: see the stress ranking of the scorecard."),
        ("", "Next to nothing was tried, so nothing was found: unlock parameters, or search more."),
    ],
    keys: &["gates.searched.min_distinct", "search.unlock_k", "search.points_per_axis", "constraint_policy"],
    at_the_end: false,
    applies: |asked| asked.strictly(),
};

/// How many distinct candidates may be selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eligible(pub u64);

/// Judges how many parameters were unlocked and how many distinct eligible candidates were evaluated.
pub fn judge_searched(unlocked: usize, distinct: u64, min_distinct: u64) -> GateReport {
    // Whatever is declared, nothing is not enough.
    let min_distinct = min_distinct.max(1);
    let (axes_ok, distinct_ok) = (unlocked > 0, distinct >= min_distinct);
    let mut failures = Vec::new();
    if !axes_ok {
        failures.push("no parameter was unlocked".to_owned());
    }
    if !distinct_ok {
        failures.push(format!("{distinct} distinct eligible candidates, at least {min_distinct} are required"));
    }
    let status = GateStatus::of(failures.is_empty());
    let message = match status {
        GateStatus::Pass => format!("PASS: {distinct} distinct eligible candidates over {unlocked} parameters"),
        _ => format!("FAIL: {}", failures.join("; ")),
    };
    let measures = vec![
        Measure::count("unlocked parameters", unlocked as u64, Op::AtLeast, 1),
        Measure::count("distinct eligible candidates", distinct, Op::AtLeast, min_distinct),
    ];
    GateReport::new(GateId::Searched, status, message, measures).on(Eligible(distinct))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_axis_or_too_few_candidates_fail() {
        assert_eq!(judge_searched(1, 10, 10).status, GateStatus::Pass);
        assert_eq!(judge_searched(0, 10, 10).message, "FAIL: no parameter was unlocked");
        let few = judge_searched(2, 9, 10);
        assert_eq!(judge_searched(1, 0, 0).status, GateStatus::Fail);
        assert_eq!(few.message, "FAIL: 9 distinct eligible candidates, at least 10 are required");
    }
}

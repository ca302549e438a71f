//! `improvement`: what does not beat the baseline on train need not be shipped.

use super::{Digits, Gate, GateId, GateReport, GateStatus, Measure};
use crate::number::{Op, general};

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "improvement",
    peer_name: "IMPROVEMENT",
    asks: "Does the winner beat what is there already, on the data it was searched on?",
    fails: "the selected candidate does not beat the baseline on train",
    advice: "Keep the baseline. If something better is known to exist, the search does not reach it: unlock other \
             parameters or take a finer one.",
    causes: &[("", "The selected candidate is no better than the baseline it would replace.")],
    keys: &["gates.improvement.min", "base"],
    at_the_end: false,
    applies: |asked| asked.strictly(),
};

/// Judges the selected candidate's train fitness less the baseline's: strictly above `min`.
pub fn judge_improvement(baseline: f64, selected: f64, min: f64) -> GateReport {
    let gained = selected - baseline;
    // Written so that NaN fails.
    let status = GateStatus::of(gained > min);
    let message =
        format!("{status}: train fitness {} over the baseline's {}", general(selected, 6), general(baseline, 6));
    let ok = status == GateStatus::Pass;
    let measure = Measure::new("improvement", Some(gained), Op::Above, min, Digits::General(6), ok);
    GateReport::new(GateId::Improvement, status, message, vec![measure])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_more_than_the_minimum_is_an_improvement() {
        let status = |selected| judge_improvement(1.0, selected, 0.5).status;
        assert_eq!(status(1.75), GateStatus::Pass);
        assert_eq!(status(1.5), GateStatus::Fail, "strictly above");
        assert_eq!(status(f64::NAN), GateStatus::Fail);
        assert_eq!(judge_improvement(0.0, -132.0, 0.0).message, "FAIL: train fitness -132 over the baseline's 0");
    }
}

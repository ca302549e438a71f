//! `improvement`: what does not beat the baseline on train need not be shipped.

use super::{Detail, GateId, GateReport, GateStatus, Measure};
use crate::number::general;

/// Judges the selected candidate's train fitness less the baseline's: strictly above `min`.
pub fn judge_improvement(baseline: f64, selected: f64, min: f64) -> GateReport {
    let gained = selected - baseline;
    // Written so that NaN fails.
    let status = GateStatus::of(gained > min);
    let (shown, required) = (general(gained, 6), format!("> {}", general(min, 6)));
    GateReport {
        gate: GateId::Improvement,
        status,
        message: format!(
            "{status}: train fitness {} over the baseline's {}",
            general(selected, 6),
            general(baseline, 6)
        ),
        measures: vec![Measure::new("improvement", shown, required, status == GateStatus::Pass)],
        detail: Detail::Nothing,
    }
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

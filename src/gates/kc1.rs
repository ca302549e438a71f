//! KC-1: a run that took longer than its time box is killed, however good its numbers.

use std::time::Duration;

use super::{Detail, GateId, GateReport, GateStatus, Measure, Thresholds};
use crate::number::fixed;

/// Judges the time a run took against its box, the end included.
pub fn judge_kc1(elapsed: Duration, thresholds: &Thresholds) -> GateReport {
    let (elapsed, budget) = (elapsed.as_secs_f64(), thresholds.time_box_seconds);
    let status = GateStatus::of(elapsed <= budget);
    GateReport {
        gate: GateId::Kc1,
        status,
        message: format!("{status}: elapsed={}s (budget={}s)", fixed(elapsed, 0), fixed(budget, 0)),
        measures: vec![Measure::new(
            "elapsed",
            format!("{} s", fixed(elapsed, 1)),
            format!("<= {} s", fixed(budget, 1)),
            status == GateStatus::Pass,
        )],
        detail: Detail::TimeBox { elapsed, budget },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_time_box_belongs_to_it() {
        let thresholds = Thresholds { time_box_seconds: 60.0, ..Thresholds::default() };
        let on_time = judge_kc1(Duration::from_secs(60), &thresholds);
        assert_eq!((on_time.status, on_time.message.as_str()), (GateStatus::Pass, "PASS: elapsed=60s (budget=60s)"));
        assert_eq!(judge_kc1(Duration::from_millis(60_001), &thresholds).status, GateStatus::Fail);
    }
}

//! KC-1: a run that took longer than its time box is killed, however good its numbers.

use std::time::Duration;

use super::{Detail, GateId, GateReport, GateStatus, Measure, Thresholds};
use crate::number::{fixed, repr};

/// Judges the time a run took against its box, the end included.
pub fn judge_kc1(elapsed: Duration, thresholds: &Thresholds) -> GateReport {
    let (elapsed, budget) = (elapsed.as_secs_f64(), thresholds.time_box_seconds);
    let status = GateStatus::of(elapsed <= budget);
    // As many digits as it takes to see by how much the box was missed.
    let shows = |digits: &usize| status == GateStatus::Pass || fixed(elapsed, *digits) != fixed(budget, *digits);
    let digits = (1..9).find(shows).unwrap_or(9);
    GateReport {
        gate: GateId::Kc1,
        status,
        message: format!("{status}: elapsed={}s (budget={}s)", fixed(elapsed, 0), fixed(budget, 0)),
        measures: vec![Measure::new(
            "elapsed",
            format!("{} s", fixed(elapsed, digits)),
            format!("<= {} s", repr(budget)),
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
        let late = judge_kc1(Duration::from_millis(60_001), &thresholds);
        assert_eq!(late.status, GateStatus::Fail);
        let Measure { measured, required, .. } = &late.measures[0];
        assert_eq!((measured.as_str(), required.as_str()), ("60.001 s", "<= 60.0 s"));
    }
}

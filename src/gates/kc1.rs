//! KC-1: a run that took longer than its time box is killed, however good its numbers.

use std::time::Duration;

use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, Thresholds};
use crate::number::{Op, fixed};

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "kc1",
    peer_name: "KC-1",
    asks: "Did the run keep to the time it was given?",
    fails: "the run took longer than its time box. Under `strict` one box covers everything, null runs and holdout too, and \
            ends the run; under `reference` each round has its own, which is looked at when everything is evaluated",
    advice: "Search less (fewer points, trials or parameters), make the target faster, or declare a longer box. \
             The seconds are in timings.json, phase by phase.",
    causes: &[("", "The run took longer than its time box: search less, or declare more time.")],
    keys: &["gates.time_box_seconds"],
    at_the_end: false,
    applies: |_| Applies::Yes,
};

/// The time that a run took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeBox {
    /// Seconds since the run began.
    pub elapsed: f64,
    /// Seconds allowed.
    pub budget: f64,
}

/// Judges the time a run took against its box, the end included.
pub fn judge_kc1(elapsed: Duration, thresholds: &Thresholds) -> GateReport {
    let (elapsed, budget) = (elapsed.as_secs_f64(), thresholds.time_box_seconds);
    let status = GateStatus::of(elapsed <= budget);
    let message = format!("{status}: elapsed={}s (budget={}s)", fixed(elapsed, 0), fixed(budget, 0));
    let (ok, digits) = (status == GateStatus::Pass, Digits::telling(elapsed, budget));
    let seconds = Measure::new("elapsed", Some(elapsed), Op::AtMost, budget, digits, ok);
    let measures = vec![Measure { unit: "s".to_owned(), ..seconds }];
    GateReport::new(GateId::Kc1, status, message, measures).on(TimeBox { elapsed, budget })
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
        assert_eq!(late.measures[0].digits, Digits::Fixed(3), "60.001 s beside 60.000 s");
    }
}

//! `reproduces`: what a study recorded has to be what its trials give now.

use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, Reading, Required};
use crate::number::{Op, general};
use crate::stats;

/// The figure of a study whose every score has the other sign.
const SIGN: &str = "sign";

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "reproduces",
    peer_name: "REPRODUCES",
    asks: "Do trials of the study give now what the study recorded of them?",
    fails: "a trial that is evaluated again on train differs from its record",
    advice: "The records are not of this target on this data: look at the trials that the case names. Give the calibration the \
             data and the score that the study was optimised on; import the study again if its file was changed; declare \
             `gates.reproduces.tolerance` if evaluations of the same differ by chance.",
    causes: &[
        (
            SIGN,
            "Every score has the other sign: say the study's direction as it was, and let the target give a fitness of which \
             larger is better.",
        ),
        ("", "The study was made with other data, another score or another program, or its file was edited."),
    ],
    keys: &["gates.reproduces.trials", "gates.reproduces.tolerance"],
    at_the_end: false,
    applies: |asked| if asked.study { asked.strictly() } else { Applies::No },
};

/// The trials of a study that were evaluated again.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReproducesEvidence {
    /// Whether the study's scores were turned, because the smaller of them are the better.
    pub turned: bool,
    /// Each trial, the best record first.
    pub again: Vec<Reevaluated>,
}

/// A trial of a study, as recorded and as measured now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reevaluated {
    /// The number that its tool gave it.
    pub trial: u64,
    /// What was recorded, turned so that larger is better.
    pub record: f64,
    /// Its fitness on train now; absent if that was not evaluated.
    pub measured: Option<f64>,
}

impl Reevaluated {
    /// How far the two are apart, in parts of `size` or of the larger of them.
    fn difference(&self, size: f64) -> f64 {
        let Some(measured) = self.measured else { return f64::INFINITY };
        let difference = (measured - self.record).abs();
        let size = size.max(self.record.abs()).max(measured.abs());
        match difference {
            0.0 => 0.0,
            // Written so that what is not finite differs.
            _ if !difference.is_finite() || size <= 0.0 => f64::INFINITY,
            _ => difference / size,
        }
    }
}

impl ReproducesEvidence {
    /// How large a record is: the middle one of their sizes, so that a score near 0 is not held to its own last digits.
    fn size(&self) -> f64 {
        let mut sizes: Vec<f64> = self.again.iter().map(|one| one.record.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        sizes.get(sizes.len() / 2).copied().unwrap_or(0.0)
    }

    /// The trials that differ by more than `tolerance`, relative.
    pub fn differing(&self, tolerance: f64) -> Vec<Reevaluated> {
        let size = self.size();
        self.again.iter().filter(|one| one.difference(size) > tolerance).copied().collect()
    }

    /// Whether every one is the record with the other sign.
    fn is_mirrored(&self, tolerance: f64) -> bool {
        let mirrored = self.again.iter().map(|one| Reevaluated { record: -one.record, ..*one });
        let mirrored = Self { turned: self.turned, again: mirrored.collect() };
        !self.again.is_empty() && mirrored.differing(tolerance).is_empty()
    }
}

/// Judges whether every trial that was evaluated again gave its record, up to `tolerance`, relative.
pub fn judge_reproduces(evidence: ReproducesEvidence, tolerance: f64) -> GateReport {
    let (count, differing) = (evidence.again.len(), evidence.differing(tolerance));
    let status = GateStatus::of(count > 0 && differing.is_empty());
    let turned = if evidence.turned { ", turned because smaller is better there" } else { "" };
    let size = evidence.size();
    let largest = evidence.again.iter().map(|one| one.difference(size)).min_by(|a, b| stats::descending(*a, *b));
    let first = |one: &Reevaluated| {
        let measured = one.measured.map_or_else(|| "nothing".to_owned(), |measured| general(measured, 9));
        format!("trial {} recorded {}, now {measured}", one.trial, general(one.record, 9))
    };
    let message = match (status, count) {
        (GateStatus::Pass, _) => format!("PASS: {count} trials of the study give what it recorded{turned}"),
        (_, 0) => "FAIL: no trial of the study was evaluated again".to_owned(),
        _ => format!(
            "FAIL: {} of {count} trials differ from their record{turned}: {}",
            differing.len(),
            differing.iter().map(first).collect::<Vec<_>>().join("; ")
        ),
    };
    let ok = status == GateStatus::Pass;
    let mut measures = vec![
        Measure::new("largest difference", largest, Op::AtMost, tolerance, Digits::General(3), ok)
            .noted(format!("relative, n = {count}")),
    ];
    if !differing.is_empty() && evidence.is_mirrored(tolerance) {
        let said = Some(Reading::Word("turned".to_owned()));
        let required = Some(Required { op: Op::Equal, bound: None, of: "the record's".to_owned() });
        measures.push(Measure {
            measured: said,
            required,
            ok: false,
            ..Measure::shown(SIGN, None, Digits::General(9))
        });
    }
    measures.extend(differing.iter().map(|one| {
        let required = Some(Required { op: Op::Equal, bound: Some(one.record), of: String::new() });
        let shown = Measure::shown(&format!("trial {}", one.trial), one.measured, Digits::General(9));
        Measure { required, ok: false, ..shown }
    }));
    GateReport::new(GateId::Reproduces, status, message, measures).on(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(again: &[(u64, f64, Option<f64>)], tolerance: f64) -> GateReport {
        let again = again.iter().map(|&(trial, record, measured)| Reevaluated { trial, record, measured });
        judge_reproduces(ReproducesEvidence { turned: false, again: again.collect() }, tolerance)
    }

    fn cause(report: &GateReport) -> Option<&'static str> {
        let failing = report.measures.iter().filter(|measure| !measure.ok).map(|measure| measure.metric.as_str());
        GATE.cause(failing)
    }

    #[test]
    fn every_trial_that_differs_is_named_with_its_record_and_what_it_gives_now() {
        let report = judge(&[(41, 2.0, Some(2.0)), (7, 1.5, Some(1.25)), (9, 1.0, None)], 1e-6);
        assert_eq!(report.status, GateStatus::Fail);
        assert_eq!(
            report.message,
            "FAIL: 2 of 3 trials differ from their record: trial 7 recorded 1.5, now 1.25; trial 9 recorded 1, now nothing"
        );
        assert!(cause(&report).is_some_and(|cause| cause.contains("other data")), "{report:?}");
    }

    #[test]
    fn the_tolerance_is_relative_to_the_records_and_what_is_not_finite_differs() {
        let status = |record, measured, tolerance| {
            judge(&[(1, record, Some(measured)), (2, 10.0, Some(10.0)), (3, 8.0, Some(8.0))], tolerance).status
        };
        assert_eq!(status(10.0, 10.0 + 9e-6, 1e-6), GateStatus::Pass);
        assert_eq!(status(10.0, 10.0 + 2e-5, 1e-6), GateStatus::Fail);
        assert_eq!(status(0.0, 1e-17, 1e-6), GateStatus::Pass, "rounding around 0");
        assert_eq!(status(0.0, 1e-3, 1e-6), GateStatus::Fail);
        for measured in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(status(10.0, measured, 1.0), GateStatus::Fail, "{measured}");
        }
        assert_eq!(judge(&[], 1.0).status, GateStatus::Fail, "nothing shows nothing");
        assert_eq!(judge(&[(1, 0.0, Some(0.0))], 0.0).status, GateStatus::Pass);
    }

    #[test]
    fn a_study_whose_every_score_has_the_other_sign_is_told_so() {
        let report = judge(&[(1, 3.0, Some(-3.0)), (2, 2.0, Some(-2.0))], 1e-6);
        assert!(cause(&report).is_some_and(|cause| cause.contains("other sign")), "{report:?}");
        let report = judge(&[(1, 3.0, Some(-3.0)), (2, 2.0, Some(-1.0))], 1e-6);
        assert!(cause(&report).is_some_and(|cause| cause.contains("edited")), "{report:?}");
    }
}

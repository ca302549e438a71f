//! `reproduces`: what a study recorded has to be what its trials give now.

use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, Reading, Required};
use crate::number::{Op, general};
use crate::stats;

/// The figure of a study whose every score has the other sign.
const SIGN: &str = "sign";

/// The figure of a study whose every trial that differs lacks a parameter.
const UNSAID: &str = "unsaid";

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
        (
            UNSAID,
            "Every trial that differs lacks a parameter that others have, and got the baseline's here: a table cannot tell an empty \
             cell from the choice `None`. Import the database or the journal in its place.",
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
    /// The trials that lack a parameter which others have, where the file cannot say that it was not asked for.
    pub unsaid: Vec<u64>,
}

/// A trial of a study, as recorded and as measured now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reevaluated {
    /// The number of the candidate that it is here.
    pub candidate: u64,
    /// The number that its tool gave it.
    pub trial: u64,
    /// What was recorded, turned so that larger is better.
    pub record: f64,
    /// Its fitness on train now; absent if that was not evaluated.
    pub measured: Option<f64>,
}

impl Reevaluated {
    /// How far the two are apart, in parts of what tells trials of this study apart.
    fn difference(&self, scale: Scale) -> f64 {
        let Some(measured) = self.measured else { return f64::INFINITY };
        let difference = (measured - self.record).abs();
        let size = self.record.abs().max(measured.abs());
        // A record far from all others is not held to the distances among those.
        let scale = scale.apart.max(size.min((self.record - scale.middle).abs()));
        match difference {
            // What is not finite differs from everything.
            _ if !difference.is_finite() => f64::INFINITY,
            _ if difference <= ROUNDING * size => 0.0,
            _ if scale.is_nan() || scale <= 0.0 => f64::INFINITY,
            _ => difference / scale,
        }
    }
}

/// What two sums of the same numbers in another order may differ by, relative.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// What a difference is held against.
#[derive(Debug, Clone, Copy)]
struct Scale {
    /// The middle one of the records.
    middle: f64,
    /// What tells records apart.
    apart: f64,
}

impl ReproducesEvidence {
    /// How large a record is, by the middle one of their sizes, or how far the middle half of them spreads if that is less: a
    /// score near 0 is not held to its own last digits, and one with a large offset not to the size of the offset.
    fn scale(&self) -> Scale {
        let sorted = |of: &dyn Fn(f64) -> f64| {
            let mut all: Vec<f64> = self.again.iter().map(|one| of(one.record)).collect();
            all.sort_by(f64::total_cmp);
            all
        };
        let (records, sizes) = (sorted(&|record| record), sorted(&f64::abs));
        let at = |all: &[f64], place: usize| all.get(place).copied().unwrap_or(0.0);
        let count = records.len();
        let size = at(&sizes, count / 2);
        let middle_half = at(&records, count * 3 / 4) - at(&records, count / 4);
        let whole = at(&records, count.saturating_sub(1)) - at(&records, 0);
        let spread = [middle_half, whole].into_iter().find(|spread| *spread > 0.0).unwrap_or(size);
        Scale { middle: at(&records, count / 2), apart: size.min(spread) }
    }

    /// The trials that differ by more than `tolerance`, relative.
    pub fn differing(&self, tolerance: f64) -> Vec<Reevaluated> {
        let scale = self.scale();
        self.again.iter().filter(|one| one.difference(scale) > tolerance).copied().collect()
    }

    /// Whether every one is the record with the other sign.
    fn is_mirrored(&self, tolerance: f64) -> bool {
        let mirrored = self.again.iter().map(|one| Reevaluated { record: -one.record, ..*one });
        let mirrored = Self { again: mirrored.collect(), ..self.clone() };
        !self.again.is_empty() && mirrored.differing(tolerance).is_empty()
    }
}

/// Judges whether every trial that was evaluated again gave its record, up to `tolerance`, relative.
pub fn judge_reproduces(evidence: ReproducesEvidence, tolerance: f64) -> GateReport {
    let (count, differing) = (evidence.again.len(), evidence.differing(tolerance));
    let status = GateStatus::of(count > 0 && differing.is_empty());
    let turned = if evidence.turned { ", turned because smaller is better there" } else { "" };
    let scale = evidence.scale();
    let largest = evidence.again.iter().map(|one| one.difference(scale)).min_by(|a, b| stats::descending(*a, *b));
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
            .noted(format!("of what tells trials apart, n = {count}")),
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
    if !differing.is_empty() && differing.iter().all(|one| evidence.unsaid.contains(&one.trial)) {
        let said = Some(Reading::Word(format!("{} trials", differing.len())));
        let required = Some(Required { op: Op::Equal, bound: None, of: "every parameter that others have".to_owned() });
        measures.push(Measure {
            measured: said,
            required,
            ok: false,
            ..Measure::shown(UNSAID, None, Digits::General(9))
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
        let again =
            again.iter().map(|&(trial, record, measured)| Reevaluated { candidate: 0, trial, record, measured });
        judge_reproduces(ReproducesEvidence { again: again.collect(), ..ReproducesEvidence::default() }, tolerance)
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
        assert_eq!(status(10.0, 10.0 + 1e-6, 1e-6), GateStatus::Pass);
        assert_eq!(status(10.0, 10.0 + 4e-6, 1e-6), GateStatus::Fail);
        assert_eq!(status(0.0, 1e-17, 1e-6), GateStatus::Pass, "rounding around 0");
        assert_eq!(status(0.0, 1e-3, 1e-6), GateStatus::Fail);
        for measured in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(status(10.0, measured, 1.0), GateStatus::Fail, "{measured}");
        }
        assert_eq!(judge(&[], 1.0).status, GateStatus::Fail, "nothing shows nothing");
        assert_eq!(judge(&[(1, 0.0, Some(0.0))], 0.0).status, GateStatus::Pass);
    }

    #[test]
    fn an_offset_of_all_scores_hides_no_edit_and_a_far_record_is_held_to_its_own_size() {
        let study = |at: usize, by: f64| {
            let one = |place: usize| (place as u64, 1e6 + place as f64 / 40.0);
            let measured = |place: usize, record: f64| Some(if place == at { record - by } else { record });
            let all: Vec<_> =
                (0..40).map(one).map(|(at, record)| (at, record, measured(at as usize, record))).collect();
            judge(&all, 1e-6).status
        };
        assert_eq!(study(7, 0.5), GateStatus::Fail);
        assert_eq!(study(7, 1e-5), GateStatus::Fail);
        assert_eq!(study(7, 2e-10), GateStatus::Pass, "rounding");
        let far = |measured| {
            judge(&[(1, 1e9, Some(measured)), (2, 1.0, Some(1.0)), (3, 0.5, Some(0.5)), (4, 0.0, Some(0.0))], 1e-6)
        };
        assert_eq!(far(1e9 + 100.0).status, GateStatus::Pass);
        assert_eq!(far(1e9 + 1e5).status, GateStatus::Fail);
    }

    #[test]
    fn a_study_whose_every_score_has_the_other_sign_is_told_so() {
        let report = judge(&[(1, 3.0, Some(-3.0)), (2, 2.0, Some(-2.0))], 1e-6);
        assert!(cause(&report).is_some_and(|cause| cause.contains("other sign")), "{report:?}");
        let report = judge(&[(1, 3.0, Some(-3.0)), (2, 2.0, Some(-1.0))], 1e-6);
        assert!(cause(&report).is_some_and(|cause| cause.contains("edited")), "{report:?}");
    }
}

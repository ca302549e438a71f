//! HOLDOUT: the selected candidate, on data that nothing in the run has seen.

use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, Required};
use crate::number::{Op, general};
use crate::objective::Role;

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "holdout",
    peer_name: "HOLDOUT",
    asks: "Does the selected candidate hold up on data that nothing in the run has seen?",
    fails: "in mode `gate` the selected candidate stays below its thresholds on data seen once; under `strict` also if there is \
            no threshold, no target or no finite value. In the other modes it is shown",
    advice: "Do not tune until it passes: each look makes the data less unseen. Take fresh data for the next try, \
             and declare `holdout.looks` so that the looks are counted.",
    causes: &[
        ("fitness", "The selected candidate does not hold up on data that nothing in the run had seen."),
        ("", "The selected candidate has too few samples on data that nothing in the run had seen."),
    ],
    keys: &["holdout"],
    at_the_end: true,
    applies: |asked| {
        // A declared gate without a target fails; it is never silently absent.
        let judged = (asked.serves)(Role::Holdout) || (asked.strict && asked.holdout.mode == HoldoutMode::Gate);
        Applies::unless(judged, "no holdout target is declared")
    },
};

words! {
    /// Whether the holdout decides.
    #[derive(Default)]
    pub enum HoldoutMode {
        /// Shown, never decides.
        #[default]
        EvidenceOnly = "evidence_only",
        /// Fails below the declared thresholds.
        Gate = "gate",
    }
}

/// What is required of the holdout.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HoldoutRule {
    /// Whether it decides.
    pub mode: HoldoutMode,
    /// Smallest fitness.
    pub min_fitness: Option<f64>,
    /// Smallest ratio of holdout to train sample counts; not judged if the train count is 0.
    pub min_sample_ratio: Option<f64>,
}

/// What the holdout said.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HoldoutEvidence {
    /// Fitness of the selected candidate; absent if its evaluation failed.
    pub fitness: Option<f64>,
    /// Its sample count over the train sample count; absent if that is 0.
    pub trade_ratio: Option<f64>,
    /// Why it failed, worded; empty if it did not.
    pub reasons: Vec<String>,
}

/// Judges the holdout. `failure` is the reason why its evaluation has no answer, if it has none.
pub fn judge_holdout(
    fitness: Option<f64>,
    trade_ratio: Option<f64>,
    failure: Option<&str>,
    rule: &HoldoutRule,
) -> GateReport {
    let mut reasons = Vec::new();
    if let Some(failure) = failure {
        reasons.push(format!("the evaluation failed: {failure}"));
    }
    let mut measures = Vec::new();
    let mut compare = |metric: &str, label: &str, measured: Option<f64>, min: Option<f64>| {
        // Written as the reference implementation compares, which lets NaN pass; the strict profile closes that.
        let below = matches!((measured, min), (Some(value), Some(min)) if value < min);
        if let (true, Some(value), Some(min)) = (below, measured, min) {
            reasons.push(format!("{metric} {} < min {}", general(value, 6), general(min, 6)));
        }
        let required = min.map(|min| Required { op: Op::AtLeast, bound: Some(min), of: String::new() });
        measures.push(Measure { required, ok: !below, ..Measure::shown(label, measured, Digits::General(6)) });
    };
    compare("fitness", "fitness", fitness, rule.min_fitness);
    if rule.min_sample_ratio.is_some() {
        compare("trade_ratio_vs_train", "trade_ratio", trade_ratio, rule.min_sample_ratio);
    }
    let status = match rule.mode {
        HoldoutMode::EvidenceOnly => GateStatus::Advisory,
        HoldoutMode::Gate => GateStatus::of(reasons.is_empty()),
    };
    let message = match (rule.mode, reasons.is_empty()) {
        (HoldoutMode::EvidenceOnly, _) => "evidence only: shown, does not decide".to_owned(),
        (HoldoutMode::Gate, true) => "PASS: the selected candidate holds up".to_owned(),
        (HoldoutMode::Gate, false) => format!("FAIL: {}", reasons.join("; ")),
    };
    GateReport::new(GateId::Holdout, status, message, measures).on(HoldoutEvidence { fitness, trade_ratio, reasons })
}

/// What there is of a holdout when the strict profile judges it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HoldoutShown<'s> {
    /// It was evaluated: fitness and ratio, or why there is none.
    Evaluated(Option<f64>, Option<f64>, Option<&'s str>),
    /// It was not opened, because this gate failed before.
    Closed(&'s GateId),
    /// No target is declared.
    Absent,
}

/// Judges as the strict profile does: a gate without a threshold, without a target, or on a value that is not finite
/// fails. In mode `evidence_only` everything is shown and nothing decides.
pub fn judge_holdout_strict(shown: HoldoutShown<'_>, rule: &HoldoutRule) -> GateReport {
    let (mut report, reason) = match shown {
        HoldoutShown::Evaluated(fitness, ratio, failure) => {
            let reason = match fitness {
                _ if rule.min_fitness.is_none() && rule.min_sample_ratio.is_none() => {
                    Some("no threshold is declared, so nothing could fail".to_owned())
                }
                Some(fitness) if !fitness.is_finite() => Some(format!("fitness is {}", general(fitness, 6))),
                _ if rule.min_sample_ratio.is_some() && ratio.is_none() => {
                    Some("there is no ratio of sample counts: the train count is 0".to_owned())
                }
                _ => None,
            };
            (judge_holdout(fitness, ratio, failure, rule), reason)
        }
        HoldoutShown::Closed(gate) => {
            (judge_holdout(None, None, None, rule), Some(format!("not opened: {gate} failed before")))
        }
        HoldoutShown::Absent => {
            (judge_holdout(None, None, None, rule), Some("no holdout target is declared".to_owned()))
        }
    };
    let Some(reason) = reason else { return report };
    if !matches!(shown, HoldoutShown::Evaluated(..)) {
        report.measures.clear();
        report.message.clone_from(&reason);
    }
    if rule.mode == HoldoutMode::Gate {
        report.status = GateStatus::Fail;
        report.measures.iter_mut().for_each(|measure| measure.ok = false);
        if let Some(mut evidence) = report.evidence::<HoldoutEvidence>().cloned() {
            evidence.reasons.push(reason);
            report.message = format!("FAIL: {}", evidence.reasons.join("; "));
            report = report.on(evidence);
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(min_fitness: f64) -> HoldoutRule {
        HoldoutRule { mode: HoldoutMode::Gate, min_fitness: Some(min_fitness), min_sample_ratio: Some(0.6) }
    }

    #[test]
    fn a_holdout_below_its_thresholds_fails_with_both_reasons() {
        let report = judge_holdout(Some(4.997), Some(0.25), None, &gate(5.0));
        assert_eq!(report.status, GateStatus::Fail);
        assert_eq!(report.message, "FAIL: fitness 4.997 < min 5; trade_ratio_vs_train 0.25 < min 0.6");
    }

    #[test]
    fn the_threshold_itself_passes_and_a_failed_evaluation_does_not() {
        assert_eq!(judge_holdout(Some(5.0), Some(0.6), None, &gate(5.0)).status, GateStatus::Pass);
        let failed = judge_holdout(None, None, Some("error: no data"), &gate(5.0));
        assert_eq!(failed.message, "FAIL: the evaluation failed: error: no data");
    }

    /// D02 and D03 of the Python package.
    #[test]
    fn under_strict_nan_a_missing_threshold_a_missing_ratio_and_a_missing_target_fail() {
        let evaluated = |fitness, ratio| HoldoutShown::Evaluated(fitness, ratio, None);
        let vacuous = HoldoutRule { mode: HoldoutMode::Gate, ..HoldoutRule::default() };
        for (shown, rule, reason) in [
            (evaluated(Some(f64::NAN), Some(1.0)), gate(50.0), "FAIL: fitness is nan"),
            (
                evaluated(Some(-1e9), Some(1.0)),
                vacuous.clone(),
                "FAIL: no threshold is declared, so nothing could fail",
            ),
            (evaluated(Some(9.0), None), gate(5.0), "FAIL: there is no ratio of sample counts: the train count is 0"),
            (HoldoutShown::Absent, gate(1e9), "FAIL: no holdout target is declared"),
            (HoldoutShown::Closed(&GateId::Kc4), gate(1.0), "FAIL: not opened: kc4 failed before"),
        ] {
            let report = judge_holdout_strict(shown, &rule);
            assert_eq!((report.status, report.message.as_str()), (GateStatus::Fail, reason));
        }
        assert_eq!(judge_holdout_strict(evaluated(Some(5.0), Some(0.6)), &gate(5.0)).status, GateStatus::Pass);
        let shown = judge_holdout_strict(HoldoutShown::Closed(&GateId::Null), &HoldoutRule::default());
        assert_eq!((shown.status, shown.message.as_str()), (GateStatus::Advisory, "not opened: null failed before"));
    }
}

//! `selected`: the very candidate that would ship, on the test slice.
//!
//! A correlation over many candidates says nothing of the one that was chosen: here its own level counts.

use super::measure::shown;
use super::{Digits, Gate, GateId, GateReport, GateStatus, Measure, Required};
use crate::number::{Op, general};

const DIGITS: Digits = Digits::General(6);

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "selected",
    peer_name: "SELECTED",
    asks: "Does the candidate that would ship hold up on test?",
    fails: "the selected candidate itself, on test: violates a constraint, is below the baseline, or drops too far",
    advice: "A winner that loses to the baseline on unseen data is not one. Search less finely, or on more data.",
    causes: &[
        ("violated", "The very candidate that would ship violates a constraint on the test slice."),
        ("", "The very candidate that would ship does not hold up on the test slice."),
    ],
    keys: &["gates.selected.max_drop"],
    at_the_end: false,
    applies: |asked| asked.strictly_tested(),
};

/// The selected candidate on train and test, beside the baseline on test.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SelectedEvidence {
    /// Its fitness on train.
    pub train: f64,
    /// Its fitness on test; absent if that was not evaluated.
    pub test: Option<f64>,
    /// The constraints it violates on test.
    pub violated: Vec<String>,
    /// The baseline's fitness on test; absent if that was not evaluated.
    pub baseline_test: Option<f64>,
}

/// Judges the selected candidate on test: evaluated, feasible, not below the baseline there, and not more than
/// `max_drop` below its own train fitness.
pub fn judge_selected(evidence: SelectedEvidence, max_drop: Option<f64>) -> GateReport {
    let mut failures = Vec::new();
    let drop = evidence.test.map(|test| evidence.train - test);
    // All comparisons are written so that NaN fails.
    let level_ok = matches!((evidence.test, evidence.baseline_test), (Some(test), Some(base)) if test >= base);
    match (evidence.test, evidence.baseline_test) {
        (None, _) => failures.push("it has no test fitness".to_owned()),
        (_, None) => failures.push("the baseline has no test fitness to compare with".to_owned()),
        (Some(test), Some(base)) if !level_ok => {
            failures.push(format!("test fitness {} is below the baseline's {}", general(test, 6), general(base, 6)));
        }
        _ => {}
    }
    let required = Required { op: Op::AtLeast, bound: evidence.baseline_test, of: "the baseline's".to_owned() };
    let level = Measure::shown("test fitness", evidence.test, DIGITS);
    let mut measures = vec![Measure { required: Some(required), ok: level_ok, ..level }];
    if let Some(max) = max_drop {
        let drop_ok = drop.is_some_and(|drop| drop <= max);
        if let (Some(drop), false) = (drop, drop_ok) {
            let (drop, max) = (general(drop, 6), general(max, 6));
            failures.push(format!("it drops by {drop} from train to test, at most {max} is allowed"));
        }
        measures.push(Measure::new("drop", drop, Op::AtMost, max, DIGITS, drop_ok));
    }
    if !evidence.violated.is_empty() {
        failures.push(format!("it violates {} on test", evidence.violated.join(", ")));
        let violated = Measure::count("violated on test", evidence.violated.len() as u64, Op::Equal, 0);
        measures.push(violated.noted(evidence.violated.join(", ")));
    }
    let status = GateStatus::of(failures.is_empty());
    let message = match status {
        GateStatus::Pass => {
            let [train, test, base] =
                [Some(evidence.train), evidence.test, evidence.baseline_test].map(|value| shown(value, DIGITS));
            format!("PASS: train fitness {train}, test {test}, baseline on test {base}")
        }
        _ => format!("FAIL: the selected candidate: {}", failures.join("; ")),
    };
    GateReport::new(GateId::Selected, status, message, measures).on(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(test: Option<f64>, violated: &[&str], max_drop: Option<f64>) -> GateReport {
        let violated = violated.iter().map(ToString::to_string).collect();
        judge_selected(SelectedEvidence { train: 10.0, test, violated, baseline_test: Some(2.0) }, max_drop)
    }

    #[test]
    fn every_way_to_disappoint_on_test_fails_with_its_reason() {
        assert_eq!(judge(Some(2.0), &[], None).status, GateStatus::Pass, "the baseline's level itself is enough");
        for (report, reason) in [
            (judge(None, &[], None), "it has no test fitness"),
            (judge(Some(1.5), &[], None), "test fitness 1.5 is below the baseline's 2"),
            (judge(Some(f64::NAN), &[], None), "test fitness nan is below the baseline's 2"),
            (judge(Some(5.0), &[], Some(4.0)), "it drops by 5 from train to test, at most 4 is allowed"),
            (judge(Some(5.0), &["leakage"], None), "it violates leakage on test"),
        ] {
            assert_eq!(report.status, GateStatus::Fail);
            assert_eq!(report.message, format!("FAIL: the selected candidate: {reason}"));
        }
        assert_eq!(judge(Some(6.0), &[], Some(4.0)).status, GateStatus::Pass, "the largest drop allowed is allowed");
    }
}

//! `finite`: a number that a verdict rests on has to be one.
//!
//! Closes what lets NaN win or infinity pass: a comparison with NaN is false, and a gate that asks "is it below?" would
//! let it through.

use super::{Digits, Gate, GateId, GateReport, GateStatus, Measure};
use crate::number::{Op, general};

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "finite",
    peer_name: "FINITE",
    asks: "Is every number that the verdict rests on finite?",
    fails: "a number that the verdict rests on is NaN, infinite or missing",
    advice: "The message names the number. Mend the target there; let it return an error where it has no answer.",
    causes: &[(
        "",
        "A number that the verdict rests on is missing or not finite: mend the target, or declare what may fail.",
    )],
    keys: &[],
    at_the_end: false,
    applies: |asked| asked.strictly(),
};

/// Judges the values a verdict rests on, each with what it is; absent where the evaluation has no answer.
pub fn judge_finite(values: &[(String, Option<f64>)]) -> GateReport {
    let broken: Vec<&(String, Option<f64>)> =
        values.iter().filter(|(_, value)| !value.is_some_and(f64::is_finite)).collect();
    let status = GateStatus::of(broken.is_empty());
    let message = match broken.as_slice() {
        [] => format!("PASS: all {} values are finite", values.len()),
        [(label, value), rest @ ..] => {
            let others = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
            let problem = match value {
                Some(value) => format!("{label} is {}", general(*value, 6)),
                None => format!("{label} has no value: its evaluation failed"),
            };
            format!("FAIL: {problem}{others}")
        }
    };
    let finite = values.len() - broken.len();
    let mut measures = vec![Measure::count("finite values", finite as u64, Op::Equal, values.len() as u64)];
    let missed = |(label, value): &(String, Option<f64>)| Measure {
        ok: false,
        ..Measure::shown(label, *value, Digits::General(6))
    };
    measures.extend(broken.into_iter().map(missed));
    GateReport::new(GateId::Finite, status, message, measures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_infinity_and_a_missing_value_fail_and_are_named() {
        let judge = |value: Option<f64>| judge_finite(&[("train".to_owned(), Some(1.0)), ("test".to_owned(), value)]);
        assert_eq!(judge(Some(-1e300)).status, GateStatus::Pass);
        for (value, message) in [
            (Some(f64::NAN), "FAIL: test is nan"),
            (Some(f64::INFINITY), "FAIL: test is inf"),
            (None, "FAIL: test has no value: its evaluation failed"),
        ] {
            let report = judge(value);
            assert_eq!((report.status, report.message.as_str()), (GateStatus::Fail, message));
        }
    }
}

//! KC-3: a number with too few samples behind it is no evidence.

use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, Thresholds};
use crate::number::Op;

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "kc3",
    peer_name: "KC-3",
    asks: "Do enough samples stand behind the numbers?",
    fails: "too few samples stand behind a number the verdict rests on",
    advice: "Give the target more data, or report samples with `Evaluation::samples`: without it there are none. A \
             target that counts nothing declares `gates.preset = \"pure_objective\"`.",
    causes: &[("", "Too few samples stand behind these numbers for them to mean anything.")],
    keys: &["gates.trade_count_min", "gates.trade_count_min_test", "gates.preset"],
    at_the_end: false,
    applies: |asked| {
        Applies::unless(asked.thresholds.samples_min.is_some(), "declared off: `trade_count_min = \"off\"`")
    },
};

/// Sample counts by the evaluation they stand behind.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActionCounts {
    /// Label and count, in order.
    pub counts: Vec<(&'static str, u64)>,
    /// The smallest count allowed, if any is.
    pub floor: Option<u64>,
    /// The same of a count on test, if it is another.
    pub test_floor: Option<u64>,
}

impl ActionCounts {
    /// The counts below the floor.
    pub fn failures(&self) -> Vec<(&'static str, u64)> {
        let below = |count: &(&'static str, u64)| self.floor_of(count.0).is_some_and(|floor| count.1 < floor);
        self.counts.iter().copied().filter(below).collect()
    }

    /// The smallest count allowed for what has this label.
    fn floor_of(&self, label: &str) -> Option<u64> {
        let floor = self.floor?;
        Some(self.test_floor.filter(|_| label.starts_with("test")).unwrap_or(floor))
    }
}

/// Judges the sample counts of the evaluations a verdict rests on, labelled.
pub fn judge_kc3(counts: Vec<(&'static str, u64)>, thresholds: &Thresholds) -> GateReport {
    let empty = counts.is_empty();
    let Thresholds { samples_min, samples_min_test, .. } = *thresholds;
    let test_floor = samples_min_test.filter(|_| samples_min.is_some());
    let evidence = ActionCounts { counts, floor: samples_min, test_floor };
    let on_test = test_floor.map_or_else(String::new, |floor| format!(", {floor} on test"));
    let failures = evidence.failures();
    let (status, message) = match evidence.floor {
        None => (GateStatus::Skip, "SKIP: action-count floor disabled (pure-objective mode)".to_owned()),
        Some(_) if empty => (GateStatus::Fail, "FAIL: no trade counts".to_owned()),
        Some(floor) if failures.is_empty() => {
            let counts: Vec<String> = evidence.counts.iter().map(|(label, n)| format!("'{label}': {n}")).collect();
            (GateStatus::Pass, format!("PASS: all counts >= {floor}{on_test} ({{{}}})", counts.join(", ")))
        }
        Some(floor) => {
            let below: Vec<String> = failures.iter().map(|(label, n)| format!("{label}={n}")).collect();
            (GateStatus::Fail, format!("FAIL: below floor {floor}{on_test}: {}", below.join(", ")))
        }
    };
    let measures = evidence.counts.iter().map(|&(label, n)| match evidence.floor_of(label) {
        Some(floor) => Measure::count(label, n, Op::AtLeast, floor),
        None => Measure::shown(label, Some(n as f64), Digits::Fixed(0)),
    });
    let report = GateReport::new(GateId::Kc3, status, message, measures.collect());
    // The reference implementation leaves no evidence where nothing was counted.
    if status == GateStatus::Fail && empty { report } else { report.on(evidence) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_on_test_may_have_a_minimum_of_its_own() {
        let thresholds = Thresholds { samples_min_test: Some(20), ..Thresholds::default() };
        let judge = |test: u64, thresholds: &Thresholds| {
            let report = judge_kc3(vec![("baseline", 60), ("train_best", 55), ("test_best", test)], thresholds);
            (report.status, report.message)
        };
        assert_eq!(judge(30, &thresholds).0, GateStatus::Pass);
        assert_eq!(
            judge(19, &thresholds),
            (GateStatus::Fail, "FAIL: below floor 50, 20 on test: test_best=19".to_owned())
        );
        assert_eq!(judge(30, &Thresholds::default()).1, "FAIL: below floor 50: test_best=30");
        assert_eq!(judge(0, &Thresholds { samples_min: None, ..thresholds }).0, GateStatus::Skip);
    }
}

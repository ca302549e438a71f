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
    keys: &["gates.trade_count_min", "gates.preset"],
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
}

impl ActionCounts {
    /// The counts below the floor.
    pub fn failures(&self) -> Vec<(&'static str, u64)> {
        let below = |count: &(&'static str, u64)| self.floor.is_some_and(|floor| count.1 < floor);
        self.counts.iter().copied().filter(below).collect()
    }
}

/// Judges the sample counts of the evaluations a verdict rests on, labelled.
pub fn judge_kc3(counts: Vec<(&'static str, u64)>, thresholds: &Thresholds) -> GateReport {
    let empty = counts.is_empty();
    let evidence = ActionCounts { counts, floor: thresholds.samples_min };
    let failures = evidence.failures();
    let (status, message) = match evidence.floor {
        None => (GateStatus::Skip, "SKIP: action-count floor disabled (pure-objective mode)".to_owned()),
        Some(_) if empty => (GateStatus::Fail, "FAIL: no trade counts".to_owned()),
        Some(floor) if failures.is_empty() => {
            let counts: Vec<String> = evidence.counts.iter().map(|(label, n)| format!("'{label}': {n}")).collect();
            (GateStatus::Pass, format!("PASS: all counts >= {floor} ({{{}}})", counts.join(", ")))
        }
        Some(floor) => {
            let below: Vec<String> = failures.iter().map(|(label, n)| format!("{label}={n}")).collect();
            (GateStatus::Fail, format!("FAIL: below floor {floor}: {}", below.join(", ")))
        }
    };
    let measures = evidence.counts.iter().map(|&(label, n)| match evidence.floor {
        Some(floor) => Measure::count(label, n, Op::AtLeast, floor),
        None => Measure::shown(label, Some(n as f64), Digits::Fixed(0)),
    });
    let report = GateReport::new(GateId::Kc3, status, message, measures.collect());
    // The reference implementation leaves no evidence where nothing was counted.
    if status == GateStatus::Fail && empty { report } else { report.on(evidence) }
}

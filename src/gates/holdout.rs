//! HOLDOUT: the selected candidate, on data that nothing in the run has seen.

use super::{Detail, GateId, GateReport, GateStatus, Measure, UNMEASURED};
use crate::interop::number::general;

/// Whether the holdout decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HoldoutMode {
    /// Shown, never decides.
    #[default]
    EvidenceOnly,
    /// Fails below the declared thresholds.
    Gate,
}

impl HoldoutMode {
    /// Every mode.
    pub const ALL: [Self; 2] = [Self::EvidenceOnly, Self::Gate];

    /// The spelling in omega.toml and artifacts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EvidenceOnly => "evidence_only",
            Self::Gate => "gate",
        }
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
    pub min_trade_ratio: Option<f64>,
}

/// What the holdout said.
#[derive(Debug, Clone, PartialEq)]
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
        let shown = measured.map_or_else(|| UNMEASURED.to_owned(), |value| general(value, 6));
        // Written as the reference implementation compares, which lets NaN pass; the strict profile closes that.
        let below = matches!((measured, min), (Some(value), Some(min)) if value < min);
        if let (true, Some(value), Some(min)) = (below, measured, min) {
            reasons.push(format!("{metric} {} < min {}", general(value, 6), general(min, 6)));
        }
        let required = min.map_or_else(String::new, |min| format!(">= {}", general(min, 6)));
        measures.push(Measure::new(label, shown, required, !below));
    };
    compare("fitness", "fitness", fitness, rule.min_fitness);
    if rule.min_trade_ratio.is_some() {
        compare("trade_ratio_vs_train", "trade_ratio", trade_ratio, rule.min_trade_ratio);
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
    let detail = Detail::Holdout(HoldoutEvidence { fitness, trade_ratio, reasons });
    GateReport { gate: GateId::Holdout, status, message, measures, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(min_fitness: f64) -> HoldoutRule {
        HoldoutRule { mode: HoldoutMode::Gate, min_fitness: Some(min_fitness), min_trade_ratio: Some(0.6) }
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
}

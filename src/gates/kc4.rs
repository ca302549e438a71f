//! KC-4: what ranks high on train must rank high on test, and act about as often.

use super::{Detail, GateId, GateReport, GateStatus, Measure, Thresholds};
use crate::interop::number::{fixed, repr};
use crate::stats::{Correlation, pearson};

/// How well the best candidates on train do on test.
#[derive(Debug, Clone, PartialEq)]
pub struct Transfer {
    /// Correlation of train and test fitness.
    pub correlation: Correlation,
    /// Whether it suffices.
    pub correlation_ok: bool,
    /// Ratio of test to train sample counts, scaled.
    pub trade_ratio: f64,
    /// Whether it suffices, or is not asked for.
    pub trade_ratio_ok: bool,
    /// How many candidates were compared.
    pub n_points: usize,
}

impl Transfer {
    /// The correlation as a number: 0 if it could not be computed, NaN if it is not finite.
    pub fn pearson(&self) -> f64 {
        number(&self.correlation)
    }
}

/// Judges train against test fitness, candidate by candidate, and the ratio of their sample counts.
pub fn judge_kc4(train: &[f64], test: &[f64], trade_ratio: f64, thresholds: &Thresholds) -> GateReport {
    judge_transfer(pearson(train, test), train.len(), trade_ratio, thresholds)
}

/// The same with a correlation computed elsewhere, over `n_points` candidates.
pub(crate) fn judge_transfer(
    correlation: Correlation,
    n_points: usize,
    trade_ratio: f64,
    thresholds: &Thresholds,
) -> GateReport {
    let value = number(&correlation);
    let transfer = Transfer {
        correlation_ok: computable(&correlation) && value >= thresholds.pearson_min,
        correlation,
        trade_ratio,
        trade_ratio_ok: thresholds.trade_ratio_min.is_none_or(|min| trade_ratio >= min),
        n_points,
    };
    let status = GateStatus::of(transfer.correlation_ok && transfer.trade_ratio_ok);
    GateReport {
        gate: GateId::Kc4,
        status,
        message: message(&transfer, status, thresholds),
        measures: measures(&transfer, thresholds),
        detail: Detail::Transfer(transfer),
    }
}

/// The reference implementation counts a correlation that came out as NaN as computed.
pub(crate) fn computable(correlation: &Correlation) -> bool {
    matches!(correlation, Correlation::Computed(_) | Correlation::NonFinite)
}

pub(crate) fn number(correlation: &Correlation) -> f64 {
    match correlation {
        Correlation::Computed(value) => *value,
        Correlation::NonFinite => f64::NAN,
        _ => 0.0,
    }
}

fn message(transfer: &Transfer, status: GateStatus, thresholds: &Thresholds) -> String {
    let (correlation, ratio) = (fixed(transfer.pearson(), 3), fixed(transfer.trade_ratio, 3));
    if status == GateStatus::Pass {
        let ratio = if thresholds.trade_ratio_min.is_none() { "skipped".to_owned() } else { ratio };
        return format!("PASS: pearson={correlation}, trade_ratio={ratio}");
    }
    let mut failures = Vec::new();
    if !computable(&transfer.correlation) {
        failures.push(format!("pearson uncomputable: {}", transfer.correlation.status()));
    } else if !transfer.correlation_ok {
        failures.push(format!("pearson={correlation}<{}", repr(thresholds.pearson_min)));
    }
    if let (false, Some(min)) = (transfer.trade_ratio_ok, thresholds.trade_ratio_min) {
        failures.push(format!("trade_ratio={ratio}<{}", repr(min)));
    }
    format!("FAIL: {}", failures.join(", "))
}

fn measures(transfer: &Transfer, thresholds: &Thresholds) -> Vec<Measure> {
    let at_least = |value: f64| format!(">= {}", fixed(value, 3));
    let correlation = match transfer.correlation {
        Correlation::Computed(value) => format!("{} (n = {})", fixed(value, 3), transfer.n_points),
        ref other => format!("{} (n = {})", other.status(), transfer.n_points),
    };
    let mut measures =
        vec![Measure::new("pearson", correlation, at_least(thresholds.pearson_min), transfer.correlation_ok)];
    if let Some(min) = thresholds.trade_ratio_min {
        let ratio = fixed(transfer.trade_ratio, 3);
        measures.push(Measure::new("trade_ratio", ratio, at_least(min), transfer.trade_ratio_ok));
    }
    measures
}

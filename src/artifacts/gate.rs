//! What the gates said, in our form and in the Python package's.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::Number;
use crate::gates::{Detail, GateId, GateReport, GateStatus, Measure, StressSpread, Transfer, UNMEASURED};
use crate::pipeline::{DeclaredGate, GateResult};
use crate::stats::Correlation;

/// One declared gate of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateEntry {
    /// Its id, such as `kc4` or `constraint::leakage`.
    pub gate: String,
    /// The round of an iterative run that is shown, from 1; absent elsewhere, and for what belongs to no round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<usize>,
    /// `PASS`, `FAIL`, `SKIP` or `ADVISORY`.
    pub status: String,
    /// One line about it.
    pub message: String,
    /// The gate that failed before this one could be judged.
    pub blocked_by: Option<String>,
    /// The figures.
    pub measures: Vec<MeasureEntry>,
}

/// One figure of a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureEntry {
    /// Name of the figure.
    pub metric: String,
    /// Its value as shown.
    pub measured: String,
    /// The requirement as shown.
    pub required: String,
    /// Whether it holds.
    pub ok: bool,
}

impl MeasureEntry {
    /// Whether there is a figure.
    pub fn is_measured(&self) -> bool {
        self.measured != UNMEASURED
    }
}

/// A gate as the Python package writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KcReport {
    /// `KC-4`.
    pub name: String,
    /// `PASS`, `FAIL`, `SKIP` or `ADVISORY`.
    pub status: String,
    /// One line about it.
    pub message: String,
    /// The evidence.
    pub detail: Map<String, Json>,
}

impl GateEntry {
    pub(super) fn new(declared: &DeclaredGate, result: &GateResult<'_>) -> Self {
        let entry = |status: GateStatus, message: String| Self {
            gate: declared.gate.id(),
            round: None,
            status: status.name().to_owned(),
            message,
            blocked_by: None,
            measures: Vec::new(),
        };
        match result {
            GateResult::Skipped(reason) => entry(GateStatus::Skip, (*reason).to_owned()),
            GateResult::Unreached(reason) => entry(GateStatus::Fail, format!("not evaluated: {reason}")),
            GateResult::Blocked(by) => Self {
                blocked_by: Some(by.id()),
                ..entry(GateStatus::Fail, format!("not evaluated: {by} failed before"))
            },
            GateResult::Judged(report) => {
                Self { measures: measures(report), ..entry(report.status, without_clock(report)) }
            }
        }
    }
}

impl From<&GateReport> for KcReport {
    fn from(report: &GateReport) -> Self {
        let detail = match detail(report) {
            Json::Object(detail) => detail,
            _ => Map::new(),
        };
        Self {
            name: report.gate.peer_name(),
            status: report.status.name().to_owned(),
            message: without_clock(report),
            detail,
        }
    }
}

/// The message, less the clock reading that would make two runs differ.
fn without_clock(report: &GateReport) -> String {
    match (&report.gate, &report.detail) {
        (GateId::Kc1, Detail::TimeBox { budget, .. }) => {
            let word = if report.status == GateStatus::Pass { "within" } else { "over" };
            format!("{}: {word} budget={budget:.0}s", report.status)
        }
        _ => report.message.clone(),
    }
}

fn measures(report: &GateReport) -> Vec<MeasureEntry> {
    let entry = |measure: &Measure| MeasureEntry {
        metric: measure.metric.clone(),
        measured: measure.measured.clone(),
        required: measure.required.clone(),
        ok: measure.ok,
    };
    let mut entries: Vec<MeasureEntry> = report.measures.iter().map(entry).collect();
    if report.gate == GateId::Kc1 {
        for entry in &mut entries {
            entry.measured = if entry.ok { "within" } else { "over" }.to_owned();
        }
    }
    entries
}

fn number(value: f64) -> Json {
    serde_json::to_value(Number(value)).unwrap_or(Json::Null)
}

fn detail(report: &GateReport) -> Json {
    match &report.detail {
        Detail::Nothing | Detail::Holdout(_) => json!({}),
        // The gates of the strict profile leave their evidence under keys of their own.
        Detail::Selected(_) | Detail::TransferTest(_) | Detail::Null(_) | Detail::Repeat(_) => json!({}),
        Detail::TimeBox { budget, .. } => json!({ "budget_s": number(*budget) }),
        Detail::Candidates(count) => json!({ "n_candidates": count }),
        Detail::Stress(spread) => stress(spread),
        Detail::Transfer(transfer) => walk_forward(transfer),
        Detail::Actions(actions) => {
            let pairs =
                |counts: &[(&str, u64)]| counts.iter().map(|&(label, n)| (label.to_owned(), json!(n))).collect();
            let mut detail = json!({ "counts": Json::Object(pairs(&actions.counts)), "floor": actions.floor });
            if actions.floor.is_some() {
                detail["failures"] = Json::Object(pairs(&actions.failures()));
            }
            detail
        }
        Detail::Search(comparison) => {
            let mut detail = json!({
                "grid_top_quartile": number(comparison.search_top_quartile),
                "random_top_quartile": number(comparison.random_top_quartile),
                "ratio": number(comparison.ratio),
                "sc2_pass": if comparison.better { 1.0 } else { 0.0 },
                "sc2_assumption": "fitness_nonnegative_required_for_ratio_interpretation",
            });
            if comparison.is_unstable() {
                detail["sc2_warning"] = json!("negative_top_quartile_ratio_unstable");
            }
            detail
        }
    }
}

fn stress(spread: &StressSpread) -> Json {
    json!({
        "gini": number(spread.gini),
        "gini_ok": spread.gini_ok,
        "top_k_mean": number(spread.top_mean),
        "bot_k_mean": number(spread.bottom_mean),
        "ratio": number(spread.ratio),
        "ratio_ok": spread.ratio_ok,
        "k": spread.k,
        "nonzero_stress_count": spread.nonzero_count,
        "nonzero_ok": spread.nonzero_ok,
        "min_nonzero_stress_count": spread.nonzero_min,
    })
}

fn walk_forward(transfer: &Transfer) -> Json {
    json!({
        "pearson": number(transfer.pearson()),
        "pearson_ok": transfer.correlation_ok,
        "pearson_status": correlation_status(transfer.correlation),
        "pearson_computable": is_computable(transfer.correlation),
        "trade_ratio": number(transfer.trade_ratio),
        "trade_ratio_ok": transfer.trade_ratio_ok,
        "n_points": transfer.n_points,
    })
}

/// The Python package calls a correlation that came out as NaN `OK`.
pub(super) fn correlation_status(correlation: Correlation) -> &'static str {
    if is_computable(correlation) { "OK" } else { correlation.status() }
}

pub(super) fn is_computable(correlation: Correlation) -> bool {
    matches!(correlation, Correlation::Computed(_) | Correlation::NonFinite)
}

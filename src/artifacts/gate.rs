//! What the gates said.

use serde::{Deserialize, Serialize};

use super::Spelled;
use crate::gates::{Detail, GateId, GateReport, GateStatus, Measure, UNMEASURED};
use crate::pipeline::{DeclaredGate, GateResult};

/// One declared gate of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct GateEntry {
    /// Its id, such as `kc4` or `constraint::leakage`.
    pub gate: Spelled<GateId>,
    /// The round of an iterative run that is shown, from 1; absent elsewhere, and for what belongs to no round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// How it ended.
    pub status: Spelled<GateStatus>,
    /// One line about it.
    pub message: String,
    /// The gate that failed before this one could be judged.
    pub blocked_by: Option<Spelled<GateId>>,
    /// The figures.
    pub measures: Vec<MeasureEntry>,
}

/// One figure of a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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

impl GateEntry {
    /// The name of the constraint that it judges, if it judges one.
    pub fn constraint(&self) -> Option<&str> {
        match &self.gate.0 {
            GateId::Constraint(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn new(declared: &DeclaredGate, result: &GateResult<'_>) -> Self {
        let entry = |status: GateStatus, message: String| Self {
            gate: declared.gate.clone().into(),
            round: None,
            status: status.into(),
            message,
            blocked_by: None,
            measures: Vec::new(),
        };
        match result {
            GateResult::Skipped(reason) => entry(GateStatus::Skip, (*reason).to_owned()),
            GateResult::Unreached(reason) => entry(GateStatus::Fail, format!("not evaluated: {reason}")),
            GateResult::Blocked(by) => Self {
                blocked_by: Some(by.clone().into()),
                ..entry(GateStatus::Fail, format!("not evaluated: {by} failed before"))
            },
            GateResult::Judged(report) => {
                Self { measures: measures(report), ..entry(report.status, without_clock(report)) }
            }
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

//! What the gates said.

use serde::{Deserialize, Serialize};

use super::{Number, Spelled};
use crate::gates::{Digits, GateId, GateReport, GateStatus, Measure, Reading, Required, TimeBox};
use crate::number::Op;
use crate::pipeline::{DeclaredGate, GateResult};

/// One declared gate of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct GateEntry {
    /// Its id, such as `kc4` or `constraint::leakage`.
    pub gate: Spelled<GateId>,
    /// The round of an iterative run, or the window, that is shown, from 1; absent elsewhere, and for what belongs to none.
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

/// One figure of a gate, in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MeasureEntry {
    /// Name of the figure.
    pub metric: String,
    /// What was measured; absent if there is no figure.
    pub measured: Option<ReadingEntry>,
    /// What stands behind it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What is required; absent if nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<RequiredEntry>,
    /// How its numbers are rounded where they are shown.
    pub digits: Spelled<Digits>,
    /// The unit of its numbers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Whether it holds.
    pub ok: bool,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ReadingEntry {
    /// A number.
    Number(Number),
    /// What has no number.
    Word(String),
}

/// What is required of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredEntry {
    /// How it is compared.
    pub op: Spelled<Op>,
    /// With what; absent if that could not be measured.
    pub value: Option<Number>,
    /// What the value is; a declared number if nothing is said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
}

impl RequiredEntry {
    /// `>=`, where at least the value is required.
    pub fn symbol(&self) -> &'static str {
        self.op.name()
    }

    /// `<`, where at least the value is required.
    pub fn opposite(&self) -> &'static str {
        self.op.opposite()
    }
}

impl MeasureEntry {
    /// Whether the figure is no number that anything could be compared with.
    pub fn is_nan(&self) -> bool {
        matches!(self.measured, Some(ReadingEntry::Number(number)) if number.0.is_nan())
    }
}

impl From<&Measure> for MeasureEntry {
    fn from(measure: &Measure) -> Self {
        let required = |required: &Required| RequiredEntry {
            op: required.op.into(),
            value: required.bound.map(Number),
            of: required.of.clone(),
        };
        Self {
            metric: measure.metric.clone(),
            measured: measure.measured.clone().map(|reading| match reading {
                Reading::Number(number) => ReadingEntry::Number(Number(number)),
                Reading::Word(word) => ReadingEntry::Word(word),
            }),
            note: measure.note.clone(),
            required: measure.required.as_ref().map(required),
            digits: measure.digits.into(),
            unit: measure.unit.clone(),
            ok: measure.ok,
        }
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

    pub(crate) fn new(declared: &DeclaredGate, result: &GateResult<'_>) -> Self {
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
    match report.evidence::<TimeBox>() {
        Some(TimeBox { budget, .. }) => {
            let word = if report.status == GateStatus::Pass { "within" } else { "over" };
            format!("{}: {word} budget={budget:.0}s", report.status)
        }
        None => report.message.clone(),
    }
}

fn measures(report: &GateReport) -> Vec<MeasureEntry> {
    let mut entries: Vec<MeasureEntry> = report.measures.iter().map(MeasureEntry::from).collect();
    if report.evidence::<TimeBox>().is_some() {
        for entry in &mut entries {
            let word = if entry.ok { "within" } else { "over" };
            entry.measured = Some(ReadingEntry::Word(word.to_owned()));
            entry.digits = Digits::Fixed(1).into();
        }
    }
    entries
}

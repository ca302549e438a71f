//! The row of one evaluation, written and read.

use std::borrow::Cow;
use std::sync::Arc;

use serde::ser::Error;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::Legend;
use super::body::Kind;
use crate::artifacts::{Number, Ordered, Spelled};
use crate::audit::Row;
use crate::number::word_value;
use crate::objective::{
    Attachment, ConstraintStatus, Content, Context, Evaluation, Failure, FailureKind, Feasibility, Outcome, Params,
    Phase, Role, Value,
};

/// A row as it stands in the file, read. It is written by [`write_row`], field by field: there may be millions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvalBody<'r> {
    #[serde(rename = "kind")]
    _kind: Spelled<Kind>,
    call: u64,
    role: Spelled<Role>,
    phase: Spelled<Phase>,
    #[serde(default)]
    round: u32,
    /// All of them in the first evaluation, later those that differ from it: what holds still costs nothing.
    #[serde(default)]
    params: Named<'r>,
    fitness: Option<Number>,
    samples: Option<u64>,
    #[serde(default)]
    blocks: Vec<Number>,
    #[serde(default)]
    metadata: Map<String, Json>,
    /// `true` for a constraint that is kept, `false` for one that is not, and the reason of one that could not be answered.
    #[serde(default)]
    constraints: Named<'r>,
    #[serde(default)]
    attachments: Vec<AttachmentEntry>,
    failure: Option<FailureEntry>,
}

type Named<'r> = Ordered<Json, Cow<'r, str>>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachmentEntry {
    name: String,
    sha256: String,
    size: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FailureEntry {
    kind: Spelled<FailureKind>,
    reason: String,
}

/// Appends the body of a row to `bytes`. Attachments are written as kept.
pub(in crate::internals::artifacts) fn write_row(
    row: &Row,
    legend: &Legend,
    bytes: &mut Vec<u8>,
) -> Result<(), serde_json::Error> {
    let Outcome { call_index, result, feasibility } = &row.outcome;
    let mut pen = Pen { bytes, open: false };
    pen.text("{\"kind\":\"eval\",\"call\":");
    pen.json(call_index)?;
    pen.text(",\"role\":\"");
    pen.text(row.context.role.name());
    pen.text("\",\"phase\":\"");
    pen.text(row.context.phase.name());
    pen.text("\"");
    if row.context.round > 0 {
        pen.text(",\"round\":");
        pen.json(&row.context.round)?;
    }
    pen.params(row, legend.before(*call_index))?;
    if let Ok(evaluation) = result {
        pen.text(",\"fitness\":");
        pen.json(&Number(evaluation.fitness))?;
        pen.text(",\"samples\":");
        pen.json(&evaluation.samples)?;
        pen.list("blocks", evaluation.blocks.iter().map(|block| Number(*block)))?;
        if !evaluation.metadata.is_empty() {
            pen.text(",\"metadata\":");
            pen.json(&evaluation.metadata)?;
        }
    }
    for (name, status) in legend.constraints.iter().zip(feasibility.statuses()) {
        pen.entry("constraints", name)?;
        match status {
            ConstraintStatus::Satisfied => pen.text("true"),
            ConstraintStatus::Violated => pen.text("false"),
            ConstraintStatus::Unanswered(reason) => pen.json(&**reason)?,
        }
    }
    pen.close();
    pen.list("attachments", row.attachments.iter().filter_map(AttachmentEntry::of))?;
    if let Err(Failure { kind, reason }) = result {
        pen.text(",\"failure\":{\"kind\":\"");
        pen.text(kind.name());
        pen.text("\",\"reason\":");
        pen.json(reason)?;
        pen.text("}");
    }
    pen.text("}");
    Ok(())
}

/// Writes one row.
struct Pen<'b> {
    bytes: &'b mut Vec<u8>,
    /// Whether an object of names has begun.
    open: bool,
}

impl Pen<'_> {
    fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn json(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), serde_json::Error> {
        serde_json::to_writer(&mut *self.bytes, value)
    }

    /// Writes what stands before a value of the object `key`, which begins with its first one.
    fn entry(&mut self, key: &str, name: &str) -> Result<(), serde_json::Error> {
        if std::mem::replace(&mut self.open, true) {
            self.text(",");
        } else {
            self.text(",\"");
            self.text(key);
            self.text("\":{");
        }
        self.json(name)?;
        self.text(":");
        Ok(())
    }

    /// Ends an object that has begun.
    fn close(&mut self) {
        if std::mem::take(&mut self.open) {
            self.text("}");
        }
    }

    /// A list that is not empty.
    fn list(&mut self, key: &str, items: impl Iterator<Item = impl Serialize>) -> Result<(), serde_json::Error> {
        let mut items = items.peekable();
        if items.peek().is_none() {
            return Ok(());
        }
        self.text(",\"");
        self.text(key);
        self.text("\":[");
        for (place, item) in items.enumerate() {
            self.text(if place == 0 { "" } else { "," });
            self.json(&item)?;
        }
        self.text("]");
        Ok(())
    }

    /// Every parameter, or those with another value than in the first evaluation.
    fn params(&mut self, row: &Row, first: Option<&Params>) -> Result<(), serde_json::Error> {
        let mut written = Ok(());
        let mut one = |name: &str, value: &Value| {
            if written.is_ok() {
                written = self.entry("params", name).and_then(|()| self.value(value));
            }
        };
        let told = match first {
            Some(first) => row.params.moved_from(first, one),
            None => {
                row.params.iter().for_each(|(name, value)| one(name, value));
                Some(())
            }
        };
        written?;
        self.close();
        told.ok_or_else(|| {
            serde_json::Error::custom("its parameters are not those of the first evaluation, in the same order")
        })
    }

    /// Strict JSON: a number that is not finite is a word, and a real number has a point or an exponent.
    fn value(&mut self, value: &Value) -> Result<(), serde_json::Error> {
        match value {
            Value::Float(value) => self.json(&Number(*value)),
            Value::Int(value) => self.json(value),
            Value::Bool(value) => self.json(value),
            Value::Choice(value) => self.json(&**value),
        }
    }
}

impl EvalBody<'_> {
    /// The row, whether or not it is spelled as it should be.
    pub(super) fn into_row(self, legend: &Legend) -> Result<Row, String> {
        let names = self.constraints.0.iter().map(|(name, _)| &**name);
        if !self.constraints.0.is_empty() && !names.eq(legend.constraints.iter().map(String::as_str)) {
            return Err("its constraints are not those of the header".to_owned());
        }
        let result = match (self.fitness, self.samples, self.failure) {
            (Some(Number(fitness)), Some(samples), None) => {
                let mut evaluation = Evaluation::new(fitness).samples(samples);
                evaluation.blocks = self.blocks.into_iter().map(|Number(block)| block).collect();
                evaluation.metadata = self.metadata;
                Ok(Arc::new(evaluation))
            }
            (None, None, Some(FailureEntry { kind, reason })) => Err(Failure { kind: kind.0, reason }),
            _ => return Err("it has neither fitness and samples nor a failure".to_owned()),
        };
        let statuses = self.constraints.0.into_iter().map(|(_, status)| read_status(status));
        let feasibility = Feasibility::new(statuses.collect::<Result<Vec<_>, _>>()?);
        Ok(Row {
            context: Context { role: self.role.0, phase: self.phase.0, round: self.round },
            params: read_params(self.params, legend.before(self.call))?,
            outcome: Outcome { call_index: self.call, result, feasibility },
            attachments: self.attachments.into_iter().map(AttachmentEntry::into_attachment).collect(),
        })
    }
}

impl AttachmentEntry {
    fn of(attachment: &Attachment) -> Option<Self> {
        let Content::Kept { sha256, size } = &attachment.content else { return None };
        Some(Self { name: attachment.name.clone(), sha256: sha256.clone(), size: *size })
    }

    fn into_attachment(self) -> Attachment {
        Attachment { name: self.name, content: Content::Kept { sha256: self.sha256, size: self.size } }
    }
}

fn read_status(status: Json) -> Result<ConstraintStatus, String> {
    match status {
        Json::Bool(true) => Ok(ConstraintStatus::Satisfied),
        Json::Bool(false) => Ok(ConstraintStatus::Violated),
        Json::String(reason) => Ok(ConstraintStatus::Unanswered(reason.into())),
        other => Err(format!("a constraint is {other}, expected true, false or a reason")),
    }
}

fn read_params(told: Named<'_>, first: Option<&Params>) -> Result<Params, String> {
    let Some(first) = first else {
        let pairs = told.0.into_iter().map(|(name, value)| Ok((name, read_param(value, None)?)));
        return Ok(Params::new(pairs.collect::<Result<Vec<(Cow<'_, str>, Value)>, String>>()?));
    };
    let mut moved = Vec::with_capacity(told.0.len());
    for (name, value) in told.0 {
        let place = first.place(&name).map_err(|_| format!("the first evaluation has no `{}`", name.escape_debug()))?;
        moved.push((place, read_param(value, first.get(&name))?));
    }
    Ok(first.with_at(moved))
}

/// A number is told by its spelling; a text is a choice, unless it is the word for a number and a number was there before.
fn read_param(value: Json, before: Option<&Value>) -> Result<Value, String> {
    match value {
        Json::Bool(value) => Ok(Value::Bool(value)),
        Json::String(text) => Ok(match (before, word_value(&text)) {
            (Some(Value::Float(_) | Value::Int(_)), Some(number)) => Value::Float(number),
            _ => Value::Choice(text.into()),
        }),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => Ok(Value::Int(value)),
            (None, Some(value)) => Ok(Value::Float(value)),
            (None, None) => Err(format!("a parameter is {number}, which no parameter can be")),
        },
        other => Err(format!("a parameter is {other}, expected a number, true, false or a text")),
    }
}

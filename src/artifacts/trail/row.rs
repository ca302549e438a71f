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
use crate::number::{strict_json, word_value};
use crate::objective::{
    Attachment, ConstraintStatus, Content, Context, Evaluation, Failure, FailureKind, Feasibility, Outcome, Params,
    Phase, Role, Value,
};

/// A row as it stands in the file. Written, it borrows: there may be millions.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvalBody<'r> {
    kind: Spelled<Kind>,
    call: u64,
    role: Spelled<Role>,
    phase: Spelled<Phase>,
    #[serde(default, skip_serializing_if = "is_default")]
    round: u32,
    /// All of them in the first evaluation, later those that differ from it: what holds still costs nothing.
    #[serde(default, skip_serializing_if = "is_default")]
    params: Named<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fitness: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    samples: Option<u64>,
    #[serde(default, skip_serializing_if = "is_default")]
    blocks: Vec<Number>,
    #[serde(default, skip_serializing_if = "is_default")]
    metadata: Cow<'r, Map<String, Json>>,
    /// `true` for a constraint that is kept, `false` for one that is not, and the reason of one that could not be answered.
    #[serde(default, skip_serializing_if = "is_default")]
    constraints: Named<'r>,
    #[serde(default, skip_serializing_if = "is_default")]
    attachments: Vec<AttachmentEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureEntry>,
}

type Named<'r> = Ordered<Json, Cow<'r, str>>;

#[derive(PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachmentEntry {
    name: String,
    sha256: String,
    size: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FailureEntry {
    kind: Spelled<FailureKind>,
    reason: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Appends the body of a row to `bytes`. Attachments are written as kept.
pub(in crate::internals::artifacts) fn write_row(
    row: &Row,
    legend: &Legend,
    bytes: &mut Vec<u8>,
) -> Result<(), serde_json::Error> {
    let body = EvalBody::of(row, legend).ok_or_else(|| {
        serde_json::Error::custom("its parameters are not those of the first evaluation, in the same order")
    })?;
    serde_json::to_writer(bytes, &body)
}

impl<'r> EvalBody<'r> {
    /// None if the first evaluation was of other parameters.
    fn of(row: &'r Row, legend: &'r Legend) -> Option<Self> {
        let Outcome { call_index, result, feasibility } = &row.outcome;
        let params = match legend.before(*call_index) {
            Some(first) => row.params.moved_from(first)?,
            None => row.params.iter().collect(),
        };
        let evaluation = row.outcome.evaluation();
        let statuses = legend.constraints.iter().zip(feasibility.statuses());
        Some(Self {
            kind: Spelled(Kind::Evaluation),
            call: *call_index,
            role: Spelled(row.context.role),
            phase: Spelled(row.context.phase),
            round: row.context.round,
            params: Ordered(params.into_iter().map(|(name, value)| (name.into(), param_json(value))).collect()),
            fitness: evaluation.map(|evaluation| Number(evaluation.fitness)),
            samples: evaluation.map(|evaluation| evaluation.samples),
            blocks: evaluation.map_or_else(Vec::new, |told| told.blocks.iter().map(|block| Number(*block)).collect()),
            metadata: evaluation.map_or_else(Cow::default, |evaluation| Cow::Borrowed(&evaluation.metadata)),
            constraints: Ordered(statuses.map(|(name, status)| (name.into(), status_json(status))).collect()),
            attachments: row.attachments.iter().filter_map(AttachmentEntry::of).collect(),
            failure: result
                .as_ref()
                .err()
                .map(|Failure { kind, reason }| FailureEntry { kind: Spelled(*kind), reason: reason.clone() }),
        })
    }

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
                evaluation.metadata = self.metadata.into_owned();
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

fn status_json(status: &ConstraintStatus) -> Json {
    match status {
        ConstraintStatus::Satisfied => Json::Bool(true),
        ConstraintStatus::Violated => Json::Bool(false),
        ConstraintStatus::Unanswered(reason) => Json::from(&**reason),
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

/// Strict JSON: a number that is not finite is a word, and a real number has a point or an exponent.
fn param_json(value: &Value) -> Json {
    match value {
        Value::Float(value) => strict_json(*value),
        Value::Int(value) => Json::from(*value),
        Value::Bool(value) => Json::from(*value),
        Value::Choice(value) => Json::from(&**value),
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

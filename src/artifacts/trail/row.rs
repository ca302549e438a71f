//! The row of one evaluation, written and read.

use std::sync::Arc;

use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::artifacts::{Number, Ordered};
use crate::audit::Row;
use crate::objective::{
    Attachment, ConstraintStatus, Content, Context, Evaluation, Failure, FailureKind, Feasibility, Outcome, Params,
    Phase, Role, Value,
};

/// Appends the body of a row to `bytes`; `constraints` are the names in order of declaration. The attachments are written
/// as kept: see [`keep`](super::keep).
pub(in crate::artifacts) fn write_row(
    row: &Row,
    constraints: &[String],
    bytes: &mut Vec<u8>,
) -> Result<(), serde_json::Error> {
    let evaluation = row.outcome.evaluation();
    let body = Written {
        kind: "eval",
        call: row.outcome.call_index,
        role: row.context.role.name(),
        phase: row.context.phase.name(),
        round: row.context.round,
        params: &row.params,
        fitness: evaluation.map(|evaluation| Number(evaluation.fitness)),
        samples: evaluation.map(|evaluation| evaluation.samples),
        metadata: evaluation.map(|evaluation| &evaluation.metadata).filter(|metadata| !metadata.is_empty()),
        constraints: Statuses { names: constraints, statuses: row.outcome.feasibility.statuses() },
        attachments: row.attachments.iter().filter_map(AttachmentEntry::of).collect(),
        failure: row.outcome.result.as_ref().err().map(FailureEntry::of),
    };
    serde_json::to_writer(bytes, &body)
}

/// The bytes of a row that was read, to be compared with those it was read from.
pub(super) fn check_row(row: &Row, constraints: &[String]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    write_row(row, constraints, &mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// A row as it is written: everything borrowed, because there may be millions.
#[derive(Serialize)]
struct Written<'r> {
    kind: &'static str,
    call: u64,
    role: &'static str,
    phase: &'static str,
    #[serde(skip_serializing_if = "is_zero")]
    round: u32,
    #[serde(serialize_with = "params")]
    params: &'r Params,
    #[serde(skip_serializing_if = "Option::is_none")]
    fitness: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    samples: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'r Map<String, Json>>,
    #[serde(skip_serializing_if = "Statuses::is_empty")]
    constraints: Statuses<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureEntry>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(round: &u32) -> bool {
    *round == 0
}

fn params<S: Serializer>(params: &&Params, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(params.len()))?;
    for (name, value) in params.iter() {
        match value {
            Value::Float(value) => map.serialize_entry(name, &Number(*value))?,
            Value::Int(value) => map.serialize_entry(name, value)?,
            Value::Bool(value) => map.serialize_entry(name, value)?,
            Value::Choice(value) => map.serialize_entry(name, &**value)?,
        }
    }
    map.end()
}

/// `true` for a constraint that is kept, `false` for one that is not, and the reason of one that could not be answered.
struct Statuses<'r> {
    names: &'r [String],
    statuses: &'r [ConstraintStatus],
}

impl Statuses<'_> {
    fn is_empty(&self) -> bool {
        self.statuses.is_empty()
    }
}

impl Serialize for Statuses<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.statuses.len()))?;
        for (name, status) in self.names.iter().zip(self.statuses) {
            match status {
                ConstraintStatus::Satisfied => map.serialize_entry(name, &true)?,
                ConstraintStatus::Violated => map.serialize_entry(name, &false)?,
                ConstraintStatus::Unanswered(reason) => map.serialize_entry(name, &**reason)?,
            }
        }
        map.end()
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachmentEntry {
    name: String,
    sha256: String,
    size: u64,
}

impl AttachmentEntry {
    fn of(attachment: &Attachment) -> Option<Self> {
        match &attachment.content {
            Content::Kept { sha256, size } => {
                Some(Self { name: attachment.name.clone(), sha256: sha256.clone(), size: *size })
            }
            Content::Bytes(_) | Content::File(_) => None,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FailureEntry {
    kind: String,
    reason: String,
}

impl FailureEntry {
    fn of(failure: &Failure) -> Self {
        Self { kind: failure.kind.name().to_owned(), reason: failure.reason.clone() }
    }
}

/// A row as it is read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvalBody {
    #[expect(dead_code, reason = "looked at before")]
    kind: String,
    call: u64,
    role: String,
    phase: String,
    #[serde(default)]
    round: u32,
    params: Ordered<Json>,
    fitness: Option<Number>,
    samples: Option<u64>,
    #[serde(default)]
    metadata: Map<String, Json>,
    #[serde(default)]
    constraints: Ordered<Json>,
    #[serde(default)]
    attachments: Vec<AttachmentEntry>,
    failure: Option<FailureEntry>,
}

impl EvalBody {
    pub(super) fn into_row(self, constraints: &[String]) -> Result<Row, String> {
        let role = Role::ALL.into_iter().find(|role| role.name() == self.role);
        let role = role.ok_or_else(|| format!("role `{}` is none", self.role.escape_debug()))?;
        let phase = Phase::ALL.into_iter().find(|phase| phase.name() == self.phase);
        let phase = phase.ok_or_else(|| format!("phase `{}` is none", self.phase.escape_debug()))?;
        let names = self.constraints.0.iter().map(|(name, _)| name);
        if !self.constraints.0.is_empty() && !names.eq(constraints) {
            return Err("its constraints are not those of the header".to_owned());
        }
        let result = match (self.fitness, self.samples, self.failure) {
            (Some(Number(fitness)), Some(samples), None) => {
                let mut evaluation = Evaluation::new(fitness).samples(samples);
                evaluation.metadata = self.metadata;
                Ok(Arc::new(evaluation))
            }
            (None, None, Some(FailureEntry { kind, reason })) => {
                let known = FailureKind::ALL.into_iter().find(|known| known.name() == kind);
                let kind = known.ok_or_else(|| format!("failure kind `{}` is none", kind.escape_debug()))?;
                Err(Failure { kind, reason })
            }
            _ => return Err("it has neither fitness and samples nor a failure".to_owned()),
        };
        let statuses = self.constraints.0.into_iter().map(|(_, status)| match status {
            Json::Bool(true) => Ok(ConstraintStatus::Satisfied),
            Json::Bool(false) => Ok(ConstraintStatus::Violated),
            Json::String(reason) => Ok(ConstraintStatus::Unanswered(reason.into())),
            other => Err(format!("a constraint is {other}, expected true, false or a reason")),
        });
        let feasibility = Feasibility::new(statuses.collect::<Result<Vec<_>, _>>()?);
        let params = self.params.0.into_iter().map(|(name, value)| Ok((name, param(value)?)));
        let attachments = self.attachments.into_iter().map(|entry| Attachment {
            name: entry.name,
            content: Content::Kept { sha256: entry.sha256, size: entry.size },
        });
        Ok(Row {
            context: Context { role, phase, round: self.round },
            params: Params::new(params.collect::<Result<Vec<(String, Value)>, String>>()?),
            outcome: Outcome { call_index: self.call, result, feasibility },
            attachments: attachments.collect(),
        })
    }
}

/// A parameter is told by its spelling: a real number has a point or an exponent, a whole one has neither.
fn param(value: Json) -> Result<Value, String> {
    match value {
        Json::Bool(value) => Ok(Value::Bool(value)),
        Json::String(text) => Ok(Value::Choice(text.into())),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => Ok(Value::Int(value)),
            (None, Some(value)) => Ok(Value::Float(value)),
            (None, None) => Err(format!("a parameter is {number}, which no parameter can be")),
        },
        other => Err(format!("a parameter is {other}, expected a number, true, false or a text")),
    }
}

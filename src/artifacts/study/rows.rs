//! The rows of a study's file.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::{Ordered, Spelled};
use super::{Direction, Distribution, LeftOut, Objective, StudyHead, StudySource, StudyTrial};

/// The `schema_version` of the format: what this version writes, and all it reads.
pub(super) const SCHEMA: &str = "omega-lock.study.v1";

/// A row's body. Written, it borrows: there may be millions.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum StudyRow<'r> {
    /// The first row.
    Study(Head<'r>),
    /// A trial.
    Trial(Cow<'r, StudyTrial>),
    /// The last row.
    End(End<'r>),
}

/// What is known before the first trial.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head<'r> {
    pub(super) schema_version: Cow<'r, str>,
    pub(super) source: Cow<'r, StudySource>,
    pub(super) objectives: Cow<'r, [Objective]>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) told: Cow<'r, StudyTold>,
}

impl Head<'_> {
    /// The head as everybody else knows it.
    pub(super) fn known(self) -> (StudyHead, StudyTold) {
        let head = StudyHead { source: self.source.into_owned(), objectives: self.objectives.into_owned() };
        (head, self.told.into_owned())
    }
}

/// What a person said about the trials when they were imported, because their own file does not say it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyTold {
    /// Which score the search optimised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// Which scores are better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Spelled<Direction>>,
    /// Patterns of the columns that are parameters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<String>,
}

/// What is known after the last trial.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End<'r> {
    /// Number of rows, this one included.
    pub(super) rows: u64,
    /// Number of trials in each state that there is.
    pub(super) states: Ordered<u64>,
    pub(super) parameters: Cow<'r, Ordered<Vec<Distribution>>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    pub(super) left_out: Cow<'r, [LeftOut]>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn is_empty(list: &[LeftOut]) -> bool {
    list.is_empty()
}

/// Any row that says which format it is of.
#[derive(Deserialize)]
pub(super) struct Any {
    pub(super) study: Version,
}

/// Of a head in any version this much is there.
#[derive(Deserialize)]
pub(super) struct Version {
    pub(super) schema_version: String,
}

/// Appends the body of a row to `bytes`.
pub(super) fn write_row(row: &StudyRow<'_>, bytes: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    serde_json::to_writer(bytes, row)
}

/// The attributes with the keys of every object sorted. Whether maps keep an order of their own depends on what else is
/// compiled into a program, and the bytes must not.
pub(super) fn sorted(attributes: Map<String, Value>) -> Map<String, Value> {
    let mut pairs: Vec<(String, Value)> = attributes.into_iter().collect();
    pairs.sort_by(|one, other| one.0.cmp(&other.0));
    pairs.into_iter().map(|(key, value)| (key, sorted_value(value))).collect()
}

fn sorted_value(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(sorted(map)),
        Value::Array(list) => Value::Array(list.into_iter().map(sorted_value).collect()),
        other => other,
    }
}

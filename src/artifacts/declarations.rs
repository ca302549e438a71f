//! What the mode `declare` emits: the resolved declarations of one suite.

use serde::{Deserialize, Serialize};

use super::Echo;
use crate::declaration::{Declaration, Field};

/// The resolved declarations of one suite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Declarations {
    /// [`Declarations::SCHEMA`]; a reader refuses another.
    pub schema_version: String,
    /// Name of the package.
    pub package: String,
    /// Name of the harness target.
    pub suite: String,
    /// What the process was told.
    #[serde(default)]
    pub echo: Echo,
    /// One entry per calibration, in order.
    pub declarations: Vec<DeclarationEntry>,
}

/// One resolved declaration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DeclarationEntry {
    /// Name of the calibration.
    pub calibration: String,
    /// Digest over name and fields, hex.
    pub digest: String,
    /// Every field, sorted by key.
    pub fields: Vec<FieldEntry>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FieldEntry {
    /// Dotted key.
    pub key: String,
    /// Value in TOML's spelling.
    pub value: String,
    /// Where it came from: `default`, `code`, or the table of omega.toml; empty where nobody asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

impl Declarations {
    /// The `schema_version` this version writes and reads.
    pub const SCHEMA: &str = "omega-lock.declarations.v1";

    /// The document of a suite.
    pub fn new(package: &str, suite: &str, echo: Echo, declarations: Vec<DeclarationEntry>) -> Self {
        let (package, suite) = (package.to_owned(), suite.to_owned());
        Self { schema_version: Self::SCHEMA.to_owned(), package, suite, echo, declarations }
    }
}

/// Fields as data; where each value came from is said by `source`.
pub fn field_entries(fields: Vec<Field>, source: impl Fn(&Field) -> String) -> Vec<FieldEntry> {
    let entry = |field: Field| FieldEntry { source: source(&field), key: field.key, value: field.value };
    fields.into_iter().map(entry).collect()
}

impl DeclarationEntry {
    /// A declaration, where the value of each field came from said by `source`.
    pub fn new(declaration: &Declaration, source: impl Fn(&Field) -> String) -> Self {
        Self {
            calibration: declaration.name.clone(),
            digest: declaration.digest(),
            fields: field_entries(declaration.fields(), source),
        }
    }
}

impl From<&FieldEntry> for Field {
    fn from(entry: &FieldEntry) -> Self {
        Self { key: entry.key.clone(), value: entry.value.clone() }
    }
}

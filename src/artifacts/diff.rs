//! What two artifacts of one kind differ in, as data.

use serde::{Deserialize, Serialize};

use super::Number;

/// `cargo omega diff --format json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DiffDocument {
    /// [`DiffDocument::SCHEMA`]; a reader refuses another.
    pub schema_version: String,
    /// What was compared: `result`, `gold`, `lock`, `trail`, or an artifact of the Python package, such as
    /// `p1 result for Python`.
    pub kind: String,
    /// Name of the calibration; absent for a lock, which has several, and for the Python package's, which name none.
    pub calibration: Option<String>,
    /// How many rows say that something is worse, looser or gone.
    pub regressed: usize,
    /// Everything that differs, section by section.
    pub rows: Vec<DiffRow>,
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DiffRow {
    /// `verdict`, `gates`, `candidate`, `metrics`, `declared`, `feasible` or `trail`.
    pub section: String,
    /// What it is.
    pub name: String,
    /// As it was; absent if it was not there.
    pub before: Option<String>,
    /// As it is; absent if it is gone.
    pub after: Option<String>,
    /// How far it moved, where both are numbers.
    pub delta: Option<Number>,
    /// `worse`, `better`, `changed`, `added`, `removed`, `LOOSER`, `moved`, `tighter` or `other`.
    pub word: String,
    /// Whether that is a step back.
    pub regressed: bool,
}

impl DiffDocument {
    /// The `schema_version` this version writes and reads.
    pub const SCHEMA: &str = "omega-lock.diff.v1";
}

//! What a row says.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::row::{EvalBody, write_row};
use super::{DamageKind, Legend, plain};
use crate::artifacts::{Ordered, Spelled};
use crate::audit::Row;
use crate::declaration::Declaration;
use crate::gates::Verdict;
use crate::words::Word;

/// The `schema_version` of the format: what this version writes, and all it reads.
pub(super) const SCHEMA: &str = "omega-lock.trail.v2";

/// A row's body, read.
#[derive(Debug, Clone, PartialEq)]
pub enum TrailBody {
    /// The first row.
    Header(TrailHeader),
    /// An evaluation.
    Evaluation(Row),
    /// The last row.
    End(TrailEnd),
}

/// What is known before the first evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TrailHeader {
    kind: Spelled<Kind>,
    /// `omega-lock.trail.v2`.
    pub schema_version: String,
    /// Name of the calibration.
    pub calibration: String,
    /// Digest of the declaration, hex.
    pub digest: String,
    /// Every field of the resolved declaration, sorted by key, its value in TOML's spelling. What each target says of
    /// itself is in `roles`.
    pub declaration: Ordered<String>,
    /// The constraints in order of declaration; rows name them.
    pub constraints: Vec<String>,
}

#[derive(Deserialize)]
struct Version {
    schema_version: String,
}

/// How the run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TrailEnd {
    kind: Spelled<Kind>,
    /// Number of rows, header and this one included.
    pub rows: u64,
    /// The verdict; absent if the run ended without one.
    pub verdict: Option<Spelled<Verdict>>,
    /// Why it ended without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

words! {
    /// What a row is.
    pub(super) enum Kind {
        /// The first row.
        Header = "header",
        /// An evaluation.
        Evaluation = "eval",
        /// The last row.
        End = "end",
    }
}

impl TrailHeader {
    /// The header of a run under this declaration.
    pub fn new(declaration: &Declaration) -> Self {
        let fields = declaration.fields().into_iter().map(|field| (field.key, field.value));
        Self {
            kind: Spelled(Kind::Header),
            schema_version: SCHEMA.to_owned(),
            calibration: declaration.name.clone(),
            digest: declaration.digest(),
            declaration: Ordered(fields.collect()),
            constraints: declaration.constraints.iter().map(|constraint| constraint.name.clone()).collect(),
        }
    }

    /// The first difference from another header in words, `found` being this one's; absent if there is none.
    pub fn difference(&self, expected: &Self) -> Option<String> {
        if self == expected {
            return None;
        }
        if self.calibration != expected.calibration {
            return Some(format!("calibration `{}` instead of `{}`", self.calibration, expected.calibration));
        }
        let fields = |header: &'_ Self| header.declaration.0.iter().cloned().collect::<HashMap<_, _>>();
        let (found, wanted) = (fields(self), fields(expected));
        let mut keys = self.declaration.0.iter().chain(&expected.declaration.0).map(|(key, _)| key);
        let Some(key) = keys.find(|key| found.get(*key) != wanted.get(*key)) else {
            return Some("the header is of another version of the format".to_owned());
        };
        Some(match (found.get(key), wanted.get(key)) {
            (Some(was), Some(is)) => format!("the declaration had `{key} = {was}` and has `{key} = {is}`"),
            (Some(was), None) => format!("the declaration had `{key} = {was}`"),
            (None, Some(is)) => format!("the declaration has `{key} = {is}`, which it had not"),
            (None, None) => format!("the declaration had `{key}`"),
        })
    }

    /// The value of a field of the declaration, in TOML's spelling.
    pub fn field(&self, key: &str) -> Option<&str> {
        self.declaration.field(key)
    }
}

impl TrailEnd {
    /// The end of a trail of `rows` rows, this one included.
    pub(in crate::internals::artifacts) fn new(rows: u64, ending: Result<&Verdict, &str>) -> Self {
        Self {
            kind: Spelled(Kind::End),
            rows,
            verdict: ending.ok().cloned().map(Spelled),
            problem: ending.err().map(str::to_owned),
        }
    }
}

impl TrailBody {
    /// Reads a body behind the rows that `legend` was taken from.
    ///
    /// Strict: the body has to be exactly what the row it is read as would be written as, so that no key is unknown, none
    /// occurs twice, no number has two spellings, and no parameter is told that is as in the first evaluation. `expected` is
    /// room for that.
    pub(super) fn read(bytes: &[u8], legend: &Legend, expected: &mut Vec<u8>) -> Result<Self, DamageKind> {
        expected.clear();
        if let Some(row) = plain::read(bytes, legend) {
            if write_row(&row, legend, expected).is_ok() && expected == bytes {
                return Ok(Self::Evaluation(row));
            }
            // What is wrong with it, the other way tells.
            expected.clear();
        }
        let wrong = |reason: String| DamageKind::Body(reason);
        let parsed = |error: serde_json::Error| wrong(error.to_string());
        let kind = bytes.strip_prefix(b"{\"kind\":\"").and_then(|rest| rest.split(|byte| *byte == b'"').next());
        let kind = kind.and_then(|word| Kind::of_word(std::str::from_utf8(word).ok()?));
        let read = match kind {
            Some(Kind::Header) => {
                // Asked first: what else a header of another version has is that version's affair.
                let Version { schema_version } = serde_json::from_slice(bytes).map_err(parsed)?;
                if schema_version != SCHEMA {
                    return Err(DamageKind::Version(schema_version));
                }
                let header: TrailHeader = serde_json::from_slice(bytes).map_err(parsed)?;
                serde_json::to_writer(&mut *expected, &header).map_err(parsed)?;
                Self::Header(header)
            }
            Some(Kind::Evaluation) => {
                let body: EvalBody<'_> = serde_json::from_slice(bytes).map_err(parsed)?;
                let row = body.into_row(legend).map_err(wrong)?;
                write_row(&row, legend, expected).map_err(parsed)?;
                Self::Evaluation(row)
            }
            Some(Kind::End) => {
                let end: TrailEnd = serde_json::from_slice(bytes).map_err(parsed)?;
                serde_json::to_writer(&mut *expected, &end).map_err(parsed)?;
                Self::End(end)
            }
            None => return Err(wrong("its kind is none of `header`, `eval` and `end`".to_owned())),
        };
        same_bytes(bytes, expected)?;
        Ok(read)
    }
}

fn same_bytes(found: &[u8], expected: &[u8]) -> Result<(), DamageKind> {
    if found == expected {
        return Ok(());
    }
    let place = found.iter().zip(expected).take_while(|(found, expected)| found == expected).count();
    Err(DamageKind::Body(format!("it is spelt as no version of this tool writes it, from byte {place} of the body on")))
}

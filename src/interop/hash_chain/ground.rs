//! Why a report is not accepted.

use std::fmt;

use super::super::audit_report::ReportError;
use super::super::json::{RepeatedKey, Text};
use super::verification::Anchor;

/// A reason not to accept a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// It is not a report: a key is missing or of another type.
    NotAReport(ReportError),
    /// It has no chain.
    NoChain,
    /// The chain differs from the runs, here first; everything after it differs with it.
    Chain {
        /// The row, from 0.
        row: usize,
        /// What differs.
        fault: LinkFault,
        /// Keys that look like numbers and sort otherwise as texts. Where a run had numbers for keys, the Python package
        /// itself cannot verify what it wrote, and nobody can tell that from an edit.
        number_like_keys: Vec<Text>,
    },
    /// An object has a key twice: two tools would read two values.
    RepeatedKey(RepeatedKey),
    /// A key that the Python package never writes there; in a run it is in no digest.
    UnknownKey {
        /// Its place: `runs[3].approved_by`.
        path: String,
        /// The key it may have been meant to be.
        nearest: Option<&'static str>,
    },
    /// A key that the Python package always writes, and reads as a default without a word where it is absent.
    AbsentKey {
        /// Its place.
        path: String,
    },
    /// A time that is none.
    NotATime {
        /// Its place.
        path: String,
    },
    /// The summary does not follow from the runs.
    Summary {
        /// Its key.
        key: String,
        /// What stands there.
        found: String,
        /// What follows from the runs.
        follows: String,
    },
    /// A run, the first one, was judged by other constraints than those before it in the same role, or no role by exactly
    /// the declared ones.
    Constraints {
        /// The row, from 0.
        row: usize,
    },
    /// The call index of a run, the first one, is not above that of the run before it in the same role.
    CallIndex {
        /// The row, from 0.
        row: usize,
    },
    /// Rows or last digest are not the ones that were kept elsewhere.
    Anchor {
        /// What the report gives.
        found: Anchor,
        /// What was kept.
        expected: Anchor,
    },
}

/// What differs between an entry of the chain and its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFault {
    /// The digest of the run.
    RunHash,
    /// The digest of the run before it.
    PreviousHash,
    /// The call index.
    CallIndex,
    /// The run has no entry.
    NoLink,
    /// The entry has no run.
    NoRun,
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAReport(error) => error.fmt(f),
            Self::NoChain => write!(f, "no `hash_chain`: written without it, or removed"),
            Self::Chain { row, fault, number_like_keys } => {
                match fault {
                    LinkFault::RunHash => write!(f, "row {row}: digest differs from `run_hash`"),
                    LinkFault::PreviousHash => write!(f, "row {row}: `previous_hash` is not the digest before it"),
                    LinkFault::CallIndex => write!(f, "row {row}: `call_index` differs from the run's"),
                    LinkFault::NoLink => write!(f, "row {row}: a run without an entry in `hash_chain`"),
                    LinkFault::NoRun => write!(f, "row {row}: an entry in `hash_chain` without a run"),
                }?;
                if number_like_keys.is_empty() {
                    return Ok(());
                }
                let keys: Vec<_> = number_like_keys.iter().take(3).map(|key| format!("`{key}`")).collect();
                write!(f, "; its keys {} look like numbers, which ", keys.join(", "))?;
                f.write_str("the Python package cannot verify after a reload either")
            }
            Self::RepeatedKey(RepeatedKey { key, at }) => {
                write!(f, "{at}: the key `{key}` again; one tool reads the first value, another the last")
            }
            Self::UnknownKey { path, nearest } => {
                write!(f, "`{path}`: unknown key")?;
                nearest.map_or(Ok(()), |nearest| write!(f, "; did you mean `{nearest}`?"))
            }
            Self::AbsentKey { path } => write!(f, "`{path}`: found nothing, expected what is always written"),
            Self::NotATime { path } => write!(f, "`{path}`: expected a time such as 2026-01-01T00:00:00+00:00"),
            Self::Summary { key, found, follows } => {
                write!(f, "`summary.{key}`: found {found}, the runs give {follows}")
            }
            Self::Constraints { row } => {
                write!(
                    f,
                    "row {row}: judged by other constraints than its role before, or than those under `constraints`"
                )
            }
            Self::CallIndex { row } => write!(f, "row {row}: `call_index` does not rise within its role"),
            Self::Anchor { found, expected } => write!(f, "anchor: found {found}, expected {expected}"),
        }
    }
}

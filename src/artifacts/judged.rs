//! `judged.json`: what the cases beside a run found, which hold it against the committed files.
//!
//! A result is made from its trail alone, and can say nothing of omega.lock, the ledger or gold. Whoever shows a run reads
//! here whether it was accepted.

#[cfg(feature = "subcommand")]
use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use super::{Anchor, Spelled, TrialStatus};
#[cfg(feature = "subcommand")]
use super::{RunResult, read_json};
use crate::gates::CommittedCase;
#[cfg(feature = "subcommand")]
use crate::gates::{Failed, Verdict};

/// Everything that was found of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// [`Judged::SCHEMA`]; what has another is not read.
    pub schema_version: String,
    /// The trail of the run, by its last row.
    pub trail: Anchor,
    /// Each case that was asked.
    pub cases: Vec<JudgedCase>,
    /// The committed files that they looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<JudgedFile>,
}

/// A committed file as it was when the cases looked at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgedFile {
    /// Below the root of the workspace, with `/`.
    pub path: String,
    /// The case that holds the run against it; absent where it decides what is declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Spelled<CommittedCase>>,
    /// SHA-256 of it, hex.
    pub sha256: String,
}

impl JudgedFile {
    /// Whether it is about the result, and not about how that is judged.
    pub fn is_subject(&self) -> bool {
        self.case.is_some_and(|case| matches!(case.0, CommittedCase::Gold | CommittedCase::Shipped))
    }
}

/// What one of the cases found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgedCase {
    /// Which one.
    pub case: Spelled<CommittedCase>,
    /// How it ended.
    pub status: TrialStatus,
    /// Why, on one line.
    pub reason: String,
}

impl Judged {
    /// The `schema_version` this version writes and reads.
    pub const SCHEMA: &str = "omega-lock.judged.v1";
    /// Its name in the folder of a run.
    pub const FILE: &str = "judged.json";
}

impl JudgedCase {
    /// Whether the run is not accepted because of it.
    pub fn refuses(&self) -> bool {
        matches!(self.status, TrialStatus::Fail | TrialStatus::Error)
    }
}

/// The cases that refused the run whose folder this is. None are known where the file is missing, or of another run.
#[cfg(feature = "subcommand")]
pub fn refusals(folder: &Utf8Path, result: &RunResult) -> Vec<JudgedCase> {
    let judged = read_json::<Judged>(&folder.join(Judged::FILE)).ok();
    let of_this_run =
        judged.filter(|judged| judged.schema_version == Judged::SCHEMA && result.trail.as_ref() == Some(&judged.trail));
    of_this_run.into_iter().flat_map(|judged| judged.cases).filter(JudgedCase::refuses).collect()
}

/// A verdict with what refused its run behind it.
#[cfg(feature = "subcommand")]
pub fn refused(mut verdict: Verdict, refusals: &[JudgedCase]) -> Verdict {
    refusals.iter().for_each(|refusal| verdict.fail(Failed::Case(refusal.case.0)));
    verdict
}

//! Which artifact a document is: told by the document itself.

use super::super::audit_report::{AuditReport, Format, ReportError};
use super::super::fields::Fields;
use super::super::json::{Text, Value};
use super::{Additions, Benchmark, IterativeResult, P1Result, P2Result};

words! {
    /// The kinds of artifact that the Python package writes and this library reads.
    pub enum Kind {
        /// The result of one pass.
        P1 = "p1 result",
        /// The result of several rounds.
        Iterative = "iterative result",
        /// The result of a search by Optuna.
        P2 = "p2 result",
        /// The record of every evaluation.
        AuditReport = "audit report",
        /// Methods held against targets with a known answer.
        Benchmark = "benchmark",
    }
}

/// An artifact of the Python package; borrows from the document it was read from.
#[derive(Debug, Clone, PartialEq)]
pub enum Artifact<'a> {
    /// The result of one pass.
    P1(P1Result<'a>),
    /// The result of several rounds.
    Iterative(IterativeResult<'a>),
    /// The result of a search by Optuna.
    P2(P2Result<'a>),
    /// The record of every evaluation.
    AuditReport(AuditReport<'a>),
    /// Methods held against targets with a known answer.
    Benchmark(Benchmark<'a>),
}

impl Kind {
    /// What `schema_version` says from 0.2 on; a benchmark has none.
    pub const fn schema(self) -> Option<&'static str> {
        match self {
            Self::P1 => Some("omega-lock.p1-result.v2"),
            Self::Iterative => Some("omega-lock.iterative-result.v2"),
            Self::P2 => Some("omega-lock.p2-result.v2"),
            Self::AuditReport => Some(Format::V2_VERSION),
            Self::Benchmark => None,
        }
    }

    /// Keys that a document of this kind has, and one of no other kind has all of.
    const fn marks(self) -> [&'static str; 2] {
        match self {
            Self::P1 => ["grid_results", "kc_reports"],
            Self::Iterative => ["rounds", "final_status"],
            Self::P2 => ["trials", "kc_reports"],
            Self::AuditReport => ["runs", "omega_lock_version"],
            Self::Benchmark => ["rows", "scorecard"],
        }
    }

    /// The kind of a document: by its `schema_version` where it has one, else by the keys that only this kind has.
    pub fn of(document: &Value) -> Option<Self> {
        let Value::Dict(document) = document else { return None };
        match document.get("schema_version") {
            Some(version) => Self::ALL.into_iter().find(|kind| {
                let Value::Text(version) = version else { return false };
                kind.schema().is_some_and(|schema| *version == *schema)
            }),
            None => Self::ALL.into_iter().find(|kind| kind.marks().iter().all(|mark| document.get(mark).is_some())),
        }
    }

    /// The result in the format that it says, if all its keys are among these and those of every result.
    pub(super) fn check<'a>(self, fields: Fields<'a>, keys: [&[&'static str]; 3]) -> Result<Fields<'a>, ReportError> {
        let fields = self.schema().map_or(Ok(fields), |schema| fields.in_format(schema))?;
        let [keys, added, unread] = keys;
        fields.only(keys, &[added, Additions::KEYS, unread].concat())
    }
}

impl<'a> Artifact<'a> {
    /// The artifact in a document's value.
    ///
    /// # Errors
    /// If it is not of this kind: the first key that is missing, mistyped or unknown.
    pub fn of(kind: Kind, document: &'a Value) -> Result<Self, ReportError> {
        Ok(match kind {
            Kind::P1 => Self::P1(P1Result::of(document)?),
            Kind::Iterative => Self::Iterative(IterativeResult::of(document)?),
            Kind::P2 => Self::P2(P2Result::of(document)?),
            Kind::AuditReport => Self::AuditReport(AuditReport::of(document)?),
            Kind::Benchmark => Self::Benchmark(Benchmark::of(document)?),
        })
    }

    /// Which format it is in; a benchmark has only ever had one.
    pub fn format(&self) -> Option<Format> {
        match self {
            Self::P1(result) => Some(result.format),
            Self::Iterative(result) => Some(result.format),
            Self::P2(result) => Some(result.format),
            Self::AuditReport(report) => Some(report.format),
            Self::Benchmark(_) => None,
        }
    }

    /// The version of the Python package that wrote it, where it says so.
    pub fn writer(&self) -> Option<&'a Text> {
        let additions = match self {
            Self::P1(result) => &result.additions,
            Self::Iterative(result) => &result.additions,
            Self::P2(result) => &result.additions,
            Self::AuditReport(report) => return Some(report.omega_lock_version),
            Self::Benchmark(_) => return None,
        };
        additions.as_ref().map(|additions| additions.omega_lock_version)
    }
}

//! A file of unknown kind, read as what it says it is.

use serde::Deserialize;

#[cfg(feature = "python")]
use super::peer::PeerArtifact;
use super::problem::ArtifactProblem;
use crate::artifacts::{GoldDocument, RunResult};
use crate::declaration::{Lock, digest};
#[cfg(feature = "python")]
use crate::interop::artifact::Kind;

/// An artifact that can be compared with another one of its kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Artifact {
    /// `result.json`.
    Result(RunResult),
    /// A gold file, or a result that waits to become one.
    Gold(GoldDocument),
    /// omega.lock.
    Lock(Lock),
    /// A result or an audit report of the Python package.
    #[cfg(feature = "python")]
    Peer(PeerArtifact),
}

impl Artifact {
    /// Reads a text as what it says it is.
    ///
    /// # Errors
    /// If it says nothing that is known here, or is not what it says.
    pub fn parse(text: &str) -> Result<Self, ArtifactProblem> {
        if !text.trim_start().starts_with('{') {
            // Only a lock is no JSON; any other text is nothing of ours.
            let is_lock = text.lines().any(|line| line.starts_with("version = "));
            return match Lock::parse(text) {
                Ok(lock) => Ok(Self::Lock(lock)),
                Err(error) if is_lock => Err(ArtifactProblem::Damaged(error.to_string())),
                Err(_) => Err(ArtifactProblem::Incomparable("it is neither JSON nor an omega.lock".to_owned())),
            };
        }
        let damaged = |error: serde_json::Error| ArtifactProblem::Damaged(error.to_string());
        // The rows of a large result are read once, as what they are, not first as anything.
        let schema = serde_json::from_str(text).map(|Head { schema_version }| schema_version);
        #[cfg(feature = "python")]
        let own = [RunResult::SCHEMA, GoldDocument::SCHEMA];
        #[cfg(feature = "python")]
        if !matches!(&schema, Ok(Some(schema)) if own.contains(&schema.as_str()))
            && let Some(peer) = PeerArtifact::parse(text)?
        {
            return Ok(Self::Peer(peer));
        }
        match schema.map_err(damaged)?.as_deref() {
            Some(RunResult::SCHEMA) => {
                let result: RunResult = serde_json::from_str(text).map_err(damaged)?;
                // Also where the fields are out of order: what is compared is searched.
                if digest(&result.calibration, &result.declaration.fields()) != result.declaration_digest {
                    let problem = "`declaration_digest` is not that of `declaration`: one of them was changed";
                    return Err(ArtifactProblem::Damaged(problem.to_owned()));
                }
                Ok(Self::Result(result))
            }
            Some(GoldDocument::SCHEMA) => GoldDocument::parse(text).map(Self::Gold).map_err(ArtifactProblem::Damaged),
            Some(other) => {
                let other = other.escape_debug();
                Err(ArtifactProblem::Incomparable(format!("its schema is `{other}`, which cannot be compared")))
            }
            None => Err(ArtifactProblem::Incomparable("it has no `schema_version`".to_owned())),
        }
    }

    /// The kind, as shown.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Result(_) => "result",
            Self::Gold(_) => "gold",
            Self::Lock(_) => "lock",
            #[cfg(feature = "python")]
            Self::Peer(peer) => match peer.kind {
                Kind::P1 => "p1 result for Python",
                Kind::P2 => "p2 result for Python",
                Kind::Iterative => "iterative result for Python",
                Kind::AuditReport => "audit report for Python",
                Kind::Benchmark => "benchmark for Python",
            },
        }
    }
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    schema_version: Option<String>,
}

//! `result.json` of a run, whichever pipeline made it.

use serde::{Deserialize, Serialize};

use super::{Anchor, Evaluations, GateEntry, IterativeResult, P1Result};
use crate::gates::GateStatus;

/// The result of a run; a file holds the one or the other as it is, told apart by their `schema_version`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "there is one per run")]
pub enum RunResult {
    /// One pass.
    P1(P1Result),
    /// Several rounds.
    Iterative(IterativeResult),
}

impl RunResult {
    /// The verdict: `PASS`, or `FAIL:` and what failed.
    pub fn verdict(&self) -> &str {
        match self {
            Self::P1(result) => &result.status,
            Self::Iterative(result) => &result.final_status,
        }
    }

    /// Digest of the resolved declaration, hex.
    pub fn declaration_digest(&self) -> &str {
        match self {
            Self::P1(result) => &result.declaration_digest,
            Self::Iterative(result) => &result.declaration_digest,
        }
    }

    /// Evaluations made.
    pub fn evaluations(&self) -> &Evaluations {
        match self {
            Self::P1(result) => &result.evaluations,
            Self::Iterative(result) => &result.evaluations,
        }
    }

    /// Every declared gate, in the order shown.
    pub fn gates(&self) -> &[GateEntry] {
        match self {
            Self::P1(result) => &result.gates,
            Self::Iterative(result) => &result.gates,
        }
    }

    /// The trail that the result was made from; absent if it was kept in memory.
    pub fn trail(&self) -> Option<&Anchor> {
        match self {
            Self::P1(result) => result.trail.as_ref(),
            Self::Iterative(result) => result.trail.as_ref(),
        }
    }

    /// Ties the result to its finished trail.
    pub fn anchor(&mut self, trail: Anchor) {
        match self {
            Self::P1(result) => result.trail = Some(trail),
            Self::Iterative(result) => result.trail = Some(trail),
        }
    }

    /// Whether the holdout was looked at.
    pub fn opened_holdout(&self) -> bool {
        match self {
            Self::P1(result) => result.holdout_result.is_some(),
            Self::Iterative(result) => result.holdout_result.is_some(),
        }
    }

    /// The entry of a gate.
    pub fn gate(&self, id: &str) -> Option<&GateEntry> {
        self.gates().iter().find(|entry| entry.gate == id)
    }

    /// The gates that do not apply, in the order shown.
    pub fn skipped(&self) -> Vec<String> {
        skipped(self.gates())
    }

    /// The passes of the search, in order: one, or a round each.
    pub fn passes(&self) -> &[P1Result] {
        match self {
            Self::P1(result) => std::slice::from_ref(result),
            Self::Iterative(result) => &result.rounds,
        }
    }
}

/// The ids of the gates that do not apply.
pub(crate) fn skipped(gates: &[GateEntry]) -> Vec<String> {
    let skipped = gates.iter().filter(|entry| entry.status == GateStatus::Skip.name());
    skipped.map(|entry| entry.gate.clone()).collect()
}

impl From<P1Result> for RunResult {
    fn from(result: P1Result) -> Self {
        Self::P1(result)
    }
}

impl From<IterativeResult> for RunResult {
    fn from(result: IterativeResult) -> Self {
        Self::Iterative(result)
    }
}

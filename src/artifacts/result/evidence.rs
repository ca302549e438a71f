//! What the gates of the strict profile saw in one pass.

use serde::{Deserialize, Serialize};

use crate::artifacts::Number;
use crate::gates::{SelectedEvidence, TransferEvidence};
use crate::stats::Significance;

/// The selected candidate and the baseline, on test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OnTestEntry {
    /// Fitness of the selected candidate; `null` if its evaluation failed.
    pub fitness: Option<Number>,
    /// Fitness of the baseline; `null` if its evaluation failed.
    pub baseline_fitness: Option<Number>,
    /// The constraints that the selected candidate violates on test.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints_failed: Vec<String>,
}

/// Both halves of `transfer`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TransferEntry {
    /// The p-value that both had to reach.
    pub alpha: Number,
    /// Train fitness of candidates spread over the ranks, best first.
    pub rank_train: Vec<Number>,
    /// Test fitness of the same; `null` where there is none.
    pub rank_test: Vec<Option<Number>>,
    /// Spearman's correlation of the two; absent if it could not be computed.
    pub rho: Option<Number>,
    /// Significance of the rank half.
    pub rank: Option<SignificanceEntry>,
    /// Test fitness of the best on train, best first.
    pub lead_test: Vec<Option<Number>>,
    /// Test fitness of the fresh draws, in the order drawn.
    pub draw_test: Vec<Number>,
    /// Significance of the lead half.
    pub lead: Option<SignificanceEntry>,
}

/// The result of a permutation test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `stats::Significance`")]
#[non_exhaustive]
pub struct SignificanceEntry {
    pub p: Number,
    pub smallest_p: Number,
}

impl From<&SelectedEvidence> for OnTestEntry {
    fn from(evidence: &SelectedEvidence) -> Self {
        Self {
            fitness: evidence.test.map(Number),
            baseline_fitness: evidence.baseline_test.map(Number),
            constraints_failed: evidence.violated.clone(),
        }
    }
}

impl From<&TransferEvidence> for TransferEntry {
    fn from(evidence: &TransferEvidence) -> Self {
        let sample = &evidence.sample;
        Self {
            alpha: evidence.alpha.into(),
            rank_train: sample.ranked.iter().map(|&(train, _)| Number(train)).collect(),
            rank_test: sample.ranked.iter().map(|(_, test)| test.map(Number)).collect(),
            rho: evidence.correlation.value().map(Number),
            rank: evidence.rank.map(SignificanceEntry::from),
            lead_test: sample.lead.iter().map(|test| test.map(Number)).collect(),
            draw_test: sample.draws.iter().copied().map(Number).collect(),
            lead: evidence.lead.map(SignificanceEntry::from),
        }
    }
}

impl From<Significance> for SignificanceEntry {
    fn from(found: Significance) -> Self {
        Self { p: found.p.into(), smallest_p: found.smallest.into() }
    }
}

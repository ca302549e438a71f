//! What a study recorded of the candidates beside what they gave now.

use serde::{Deserialize, Serialize};

use crate::artifacts::Number;
use crate::gates::{Reevaluated, ReproducesEvidence};

/// A trial of a study that was evaluated again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ReevaluatedEntry {
    /// The number of the candidate that it is here.
    pub index: u64,
    /// The number that its tool gave it.
    pub trial: u64,
    /// Its recorded score, turned so that larger is better.
    pub record: Number,
    /// Its fitness on train now; `null` if that could not be evaluated.
    pub fitness: Option<Number>,
}

impl ReevaluatedEntry {
    pub(super) fn all(evidence: &ReproducesEvidence) -> Vec<Self> {
        let entry = |one: &Reevaluated| Self {
            index: one.candidate,
            trial: one.trial,
            record: Number(one.record),
            fitness: one.measured.map(Number),
        };
        evidence.again.iter().map(entry).collect()
    }
}

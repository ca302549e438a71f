//! How many evaluations a run made, and of what.

use serde::{Deserialize, Serialize};

use crate::artifacts::Spelled;
use crate::objective::{Phase, Role};
use crate::pipeline::EvaluationCounts;

/// How many evaluations were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Evaluations {
    /// All of them.
    pub total: u64,
    /// Those that failed.
    pub failed: u64,
    /// By slice and phase, in the order of the run.
    pub by_phase: Vec<EvaluationEntry>,
}

/// Evaluations of one slice in one phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EvaluationEntry {
    /// The slice.
    pub role: Spelled<Role>,
    /// The phase.
    pub phase: Spelled<Phase>,
    /// How many.
    pub count: u64,
}

impl From<&EvaluationCounts> for Evaluations {
    fn from(counts: &EvaluationCounts) -> Self {
        let entry = |(&(role, phase), &count): (&(Role, Phase), &u64)| EvaluationEntry {
            role: role.into(),
            phase: phase.into(),
            count,
        };
        Self { total: counts.total, failed: counts.failed, by_phase: counts.by_phase.iter().map(entry).collect() }
    }
}

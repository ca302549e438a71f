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
    /// Those whose parameters do not go together.
    pub not_applicable: u64,
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
        let &EvaluationCounts { total, failed, not_applicable, ref by_phase } = counts;
        Self { total, failed, not_applicable, by_phase: by_phase.iter().map(entry).collect() }
    }
}

impl Evaluations {
    /// What came of those that have no fitness, in words: `2 failed, 5 not applicable`; absent if each has one.
    pub fn without_fitness(&self) -> Option<String> {
        let counts = [(self.failed, "failed"), (self.not_applicable, "not applicable")];
        let told: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}

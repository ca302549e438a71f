//! How many evaluations a run made, where.

use std::collections::BTreeMap;

use crate::objective::{Phase, Role};
use crate::progress::{Event, Observer};

/// Evaluations by slice and phase.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct EvaluationCounts {
    /// All of them.
    pub total: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those whose parameters do not go together.
    pub not_applicable: u64,
    /// All of them, by slice and phase.
    pub by_phase: BTreeMap<(Role, Phase), u64>,
}

/// Counts what passes by on its way to another observer.
pub(super) struct Counting<'o> {
    pub(super) counts: EvaluationCounts,
    pub(super) inner: &'o mut dyn Observer,
}

impl Observer for Counting<'_> {
    fn observe(&mut self, event: Event<'_>) {
        if let Event::Evaluated { context, outcome } = event {
            self.counts.total += 1;
            match &outcome.result {
                Err(failure) if failure.is_not_applicable() => self.counts.not_applicable += 1,
                Err(_) => self.counts.failed += 1,
                Ok(_) => {}
            }
            *self.counts.by_phase.entry((context.role, context.phase)).or_default() += 1;
        }
        self.inner.observe(event);
    }
}

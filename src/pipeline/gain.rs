//! How much better the selected candidate is than the baseline, slice by slice.

use super::Pass;
use crate::objective::{Evaluation, Outcome, Role};
use crate::stats::{Paired, paired};

/// What the selected candidate gains over the baseline on one slice.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Gain {
    /// The slice.
    pub role: Role,
    /// Difference of the two fitnesses of the whole slice.
    pub whole: f64,
    /// Mean of the differences block by block, which need not be the difference of the whole: a ratio of sums is none of
    /// its parts' mean.
    pub blocks: Paired,
}

impl Gain {
    /// Absent where the two have no blocks that could be compared.
    pub(super) fn of(role: Role, winner: &Outcome, baseline: &Outcome) -> Option<Self> {
        let (winner, baseline): (&Evaluation, &Evaluation) = (winner.evaluation()?, baseline.evaluation()?);
        let blocks = paired(&winner.blocks, &baseline.blocks)?;
        Some(Self { role, whole: winner.fitness - baseline.fitness, blocks })
    }
}

/// The gains of what the last pass selected over the baseline of the first, as far as both were evaluated. Windows have data of
/// their own, so there the last is held against its own baseline.
pub(super) fn gains(passes: &[Pass], windows: bool) -> Vec<Gain> {
    let (Some(first), Some(last)) = (passes.first(), passes.last()) else { return Vec::new() };
    let first = if windows { last } else { first };
    let train = last.selected.as_ref().and_then(|best| Gain::of(Role::Train, &best.outcome, &first.baseline));
    let on_test = last.selected_on_test().zip(first.baseline_on_test.as_ref());
    train.into_iter().chain(on_test.and_then(|(best, base)| Gain::of(Role::Test, best, base))).collect()
}

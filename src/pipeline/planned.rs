//! What a run over windows is going to cost, before it begins.

use super::{RunConfig, SearchMethod};
use crate::objective::{ParamSpace, Params};

/// Evaluations that a run over windows makes at most, unless draws are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Planned {
    /// Of the windows themselves.
    pub windows: u64,
    /// Of all null runs.
    pub nulls: u64,
}

impl Planned {
    /// What is planned for windows with null runs; absent where there are none, and where only the code's own optimizer knows.
    pub fn of(config: &RunConfig, space: &ParamSpace, base: &Params) -> Option<Self> {
        let count = config.windows.filter(|_| config.null_declared)?;
        let (alone, judged) = Self::of_one(config, space, base)?;
        let nulls = config.strict.null.runs.saturating_mul(count).saturating_mul(alone + 1);
        Some(Self { windows: count.saturating_mul(alone + judged), nulls })
    }

    /// About how many evaluations a whole run makes at most; absent where only the code's own optimizer knows.
    pub fn at_most(config: &RunConfig, space: &ParamSpace, base: &Params) -> Option<u64> {
        let (alone, judged) = Self::of_one(config, space, base)?;
        let passes = config.windows.or(config.rounds.as_ref().map(|rounds| rounds.max as u64)).unwrap_or(1);
        let nulls = if config.null_declared { config.strict.null.runs } else { 0 };
        let nulls = nulls.saturating_mul(passes).saturating_mul(alone + 1);
        // The baseline once more, and the holdout.
        Some(passes.saturating_mul(alone + judged).saturating_add(nulls).saturating_add(2))
    }

    /// What one pass searches, and what it judges by.
    fn of_one(config: &RunConfig, space: &ParamSpace, base: &Params) -> Option<(u64, u64)> {
        let size = |number: usize| number as u64;
        let stress = 2 * size(config.stress.subset.as_ref().map_or(space.specs().len(), Vec::len));
        // Which ones are unlocked, nobody knows before; the first are as good as any.
        let unlocked: Vec<String> = space.specs().iter().take(config.unlock_k).map(|spec| spec.name.clone()).collect();
        let searched = match &config.search {
            SearchMethod::Zoom { points_per_axis, rounds, .. } => {
                let axes = u32::try_from(unlocked.len()).unwrap_or(u32::MAX);
                size(*rounds).saturating_mul(size(*points_per_axis).saturating_pow(axes))
            }
            declared => declared.build(space, base, &unlocked, &[]).ok()?.1?,
        };
        let alone = 1 + stress + searched;
        let judged = size(config.walk_forward_top_n) + 2 * size(config.strict.transfer.lead_draws) + 1;
        Some((alone, judged))
    }
}

//! What a run is going to cost, before it begins.

use super::{Profile, RunConfig, SearchMethod};
use crate::objective::{ParamSpace, Params};

/// Evaluations that a run makes at most, or thereabouts: draws that are refused are drawn again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Planned {
    /// What they are for, in the order of the run; none is 0.
    pub phases: Vec<(&'static str, u64)>,
}

impl Planned {
    /// What is planned; absent where only the code's own optimizer knows.
    pub fn of(config: &RunConfig, space: &ParamSpace, base: &Params) -> Option<Self> {
        let size = |number: usize| number as u64;
        let passes = config.windows.or(config.rounds.as_ref().map(|rounds| size(rounds.max))).unwrap_or(1);
        let stress = 2 * size(config.stress.subset.as_ref().map_or(space.specs().len(), Vec::len));
        let search = Self::searched(config, space, base)?;
        let nulls = if config.judges_null() { config.strict.null.runs } else { 0 };
        let each = |count: u64| passes.saturating_mul(count);
        let transfer = &config.strict.transfer;
        let (baselines, ranks, draws) = match config.profile {
            // On train and on test, and once more at the end.
            Profile::Strict => {
                (each(2).saturating_add(1), size(transfer.rank_points).min(search), 2 * size(transfer.lead_draws))
            }
            Profile::Reference => (each(1), 0, 0),
        };
        let phases = [
            ("baseline", baselines),
            ("stress", each(stress)),
            ("search", each(search)),
            ("best on test", each(size(config.walk_forward_top_n).min(search))),
            ("ranks on test", each(ranks)),
            ("fresh draws", each(draws)),
            // Each searches as a pass does, and walks all windows.
            ("null runs", nulls.saturating_mul(each(search.saturating_add(stress + 2)))),
            ("holdout", 1),
        ];
        Some(Self { phases: phases.into_iter().filter(|(_, count)| *count > 0).collect() })
    }

    /// About how many evaluations a run makes that is given a study, of which so many trials are evaluated again.
    pub fn of_study(config: &RunConfig, picked: usize) -> u64 {
        let transfer = &config.strict.transfer;
        let judged = config.walk_forward_top_n.min(picked) + transfer.rank_points.min(picked) + 2 * transfer.lead_draws;
        // The baseline on train, on test and at the end; the holdout.
        4 + picked as u64 + judged as u64
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.phases.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }

    /// What the search of one pass proposes.
    fn searched(config: &RunConfig, space: &ParamSpace, base: &Params) -> Option<u64> {
        // Which ones are unlocked, nobody knows before; the first are as good as any.
        let unlocked: Vec<String> = space.specs().iter().take(config.unlock_k).map(|spec| spec.name.clone()).collect();
        match &config.search {
            SearchMethod::Zoom { points_per_axis, rounds, .. } => {
                let axes = u32::try_from(unlocked.len()).unwrap_or(u32::MAX);
                Some((*rounds as u64).saturating_mul((*points_per_axis as u64).saturating_pow(axes)))
            }
            declared => declared.build(space, base, &unlocked, &[]).ok()?.1,
        }
    }
}

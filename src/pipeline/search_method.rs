//! How candidates are proposed.

use std::sync::Arc;

use super::{ConfigError, RunError};
use crate::audit::Constraint;
use crate::objective::{ParamSpace, Params, Role};
use crate::search::tpe::{TpeSampler, Violation};
use crate::search::{Candidate, GridSearch, RandomSearch, Search, TpeSearch, ZoomingGridSearch};

/// How candidates are proposed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SearchMethod {
    /// Every combination of evenly spaced values.
    Grid {
        /// Values per parameter.
        points_per_axis: usize,
    },
    /// Several grids, each narrowed around the best point of the one before.
    Zoom {
        /// Values per parameter and round.
        points_per_axis: usize,
        /// Number of grids.
        rounds: usize,
        /// Fraction of the range that is kept from round to round.
        factor: f64,
    },
    /// Uniform draws.
    Random {
        /// Number of draws.
        samples: u64,
        /// Seed of the draws.
        seed: u64,
    },
    /// The sampler [`tpe`](crate::search::tpe); [`SearchMethod::tpe`] is one trial after the other.
    Tpe {
        /// Number of trials.
        trials: u64,
        /// Seed of the sampler, of at most 32 bits.
        seed: u64,
        /// How many trials are proposed before any of them is answered.
        batch: u64,
        /// Whose sequence it is.
        sampler: TpeSampler,
    },
    /// No search: the trials of a finished study are the candidates. The strict profile alone knows how to judge one.
    Study {
        /// The file that `cargo omega import` wrote, relative to the root of the workspace.
        file: String,
        /// The head of the chain of that file, hex; empty until somebody has read it.
        digest: String,
    },
    /// Somebody else's optimizer, which the code brings along; locked by its name only.
    Own {
        /// What it is called, with its settings: the declaration knows no more of it.
        name: String,
    },
}

impl SearchMethod {
    /// So many trials of TPE, one after the other, as Optuna 4.9 proposes them.
    pub const fn tpe(trials: u64, seed: u64) -> Self {
        Self::Tpe { trials, seed, batch: 1, sampler: TpeSampler::Optuna49 }
    }

    /// The trials of a finished study, in a file that `cargo omega import` wrote: relative to the root of the workspace.
    pub fn study(file: impl Into<String>) -> Self {
        Self::Study { file: file.into(), digest: String::new() }
    }

    /// The spelling in omega.toml.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Grid { .. } => "grid",
            Self::Zoom { .. } => "zoom",
            Self::Random { .. } => "random",
            Self::Tpe { .. } => "tpe",
            Self::Study { .. } => "study",
            Self::Own { .. } => "own",
        }
    }

    /// The seed of its draws, if it draws.
    pub const fn seed(&self) -> Option<u64> {
        match self {
            Self::Random { seed, .. } | Self::Tpe { seed, .. } => Some(*seed),
            Self::Grid { .. } | Self::Zoom { .. } | Self::Study { .. } | Self::Own { .. } => None,
        }
    }

    /// How many parameter sets that go together it tries, if it draws as many as are declared.
    pub(super) const fn trials(&self) -> Option<u64> {
        match self {
            Self::Random { samples, .. } => Some(*samples),
            Self::Tpe { trials, .. } => Some(*trials),
            Self::Grid { .. } | Self::Zoom { .. } | Self::Study { .. } | Self::Own { .. } => None,
        }
    }

    /// The search over these unlocked parameters, and how many candidates it will have, if it knows. A search that learns is told
    /// which of its trials break these constraints.
    pub(super) fn build(
        &self,
        space: &ParamSpace,
        base: &Params,
        unlocked: &[String],
        constraints: &[Constraint],
    ) -> Result<(Box<dyn Search>, Option<u64>), RunError> {
        Ok(match *self {
            Self::Grid { points_per_axis } => {
                let grid = GridSearch::new(space, base, unlocked, points_per_axis)?;
                let size = countable("search.points_per_axis", grid.size())?;
                (Box::new(grid), Some(size))
            }
            Self::Zoom { points_per_axis, rounds, factor } => {
                let zoom = ZoomingGridSearch::new(space, base, unlocked, points_per_axis, rounds, factor)?;
                let rounds = u64::try_from(rounds).unwrap_or(u64::MAX);
                countable("search.points_per_axis", zoom.round_size().and_then(|size| size.checked_mul(rounds)))?;
                (Box::new(zoom), None)
            }
            Self::Random { samples, seed } => {
                countable("search.samples", Some(samples))?;
                (Box::new(RandomSearch::new(space, base, unlocked, samples, seed)?), Some(samples))
            }
            Self::Tpe { trials, seed, batch, sampler } => {
                let search = TpeSearch::new(space, base, unlocked, trials, tpe_seed(seed)?)?;
                let search = search.sampler(sampler).batch(usize::try_from(batch).unwrap_or(usize::MAX));
                let search = if constraints.is_empty() { search } else { search.constraints(violation(constraints)) };
                (Box::new(search), Some(trials))
            }
            Self::Study { .. } => {
                let expected = "a run that is given the study: `Run::study`";
                return Err(ConfigError::new("search.method", "\"study\"", expected).into());
            }
            Self::Own { .. } => {
                let expected = "a declared search: the code brings none along";
                return Err(ConfigError::new("search.method", "\"own\"", expected).into());
            }
        })
    }
}

/// By how much a trial breaks these constraints on train, for a search that learns.
fn violation(constraints: &[Constraint]) -> Violation {
    let constraints = constraints.to_vec();
    Arc::new(move |trial: &Candidate| {
        let Some(evaluation) = trial.outcome.evaluation() else { return f64::INFINITY };
        let statuses = trial.outcome.feasibility.statuses();
        let of = |(constraint, status): (&Constraint, _)| {
            constraint.violation(Role::Train, status, &trial.params, evaluation)
        };
        constraints.iter().zip(statuses).map(of).sum()
    })
}

/// The seed of the TPE search, which numpy's older generator takes with at most 32 bits.
fn tpe_seed(seed: u64) -> Result<u32, ConfigError> {
    u32::try_from(seed)
        .map_err(|_| ConfigError::new("search.seed", seed, "a whole number of at most 4294967295 for method \"tpe\""))
}

/// The most candidates that a run holds the figures of.
const MOST_CANDIDATES: u64 = 10_000_000;

/// The number of candidates, if there are not too many.
fn countable(key: &str, size: Option<u64>) -> Result<u64, ConfigError> {
    match size {
        Some(size) if size <= MOST_CANDIDATES => Ok(size),
        found => {
            let found =
                found.map_or_else(|| "more candidates than can be counted".to_owned(), |n| format!("{n} candidates"));
            let expected = format!("at most {MOST_CANDIDATES}: fewer values per axis, or a smaller `search.unlock_k`");
            Err(ConfigError::new(key, found, &expected))
        }
    }
}

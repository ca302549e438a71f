//! How candidates are proposed.

use super::{ConfigError, RunError};
use crate::objective::{ParamSpace, Params};
use crate::search::{GridSearch, RandomSearch, Search, TpeSearch, ZoomingGridSearch};

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
    /// The sampler [`tpe`](crate::search::tpe), one trial after the other.
    Tpe {
        /// Number of trials.
        trials: u64,
        /// Seed of the sampler, of at most 32 bits.
        seed: u64,
    },
    /// Somebody else's optimizer, which the code brings along; locked by its name only.
    Own {
        /// What it is called, with its settings: the declaration knows no more of it.
        name: String,
    },
}

impl SearchMethod {
    /// The spelling in omega.toml.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Grid { .. } => "grid",
            Self::Zoom { .. } => "zoom",
            Self::Random { .. } => "random",
            Self::Tpe { .. } => "tpe",
            Self::Own { .. } => "own",
        }
    }

    /// The seed of its draws, if it draws.
    pub const fn seed(&self) -> Option<u64> {
        match self {
            Self::Random { seed, .. } | Self::Tpe { seed, .. } => Some(*seed),
            Self::Grid { .. } | Self::Zoom { .. } | Self::Own { .. } => None,
        }
    }

    /// How many parameter sets that go together it tries, if it draws as many as are declared.
    pub(super) const fn trials(&self) -> Option<u64> {
        match self {
            Self::Random { samples, .. } => Some(*samples),
            Self::Tpe { trials, .. } => Some(*trials),
            Self::Grid { .. } | Self::Zoom { .. } | Self::Own { .. } => None,
        }
    }

    /// The search over these unlocked parameters, and how many candidates it will have, if it knows.
    pub(super) fn build(
        &self,
        space: &ParamSpace,
        base: &Params,
        unlocked: &[String],
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
            Self::Tpe { trials, seed } => {
                (Box::new(TpeSearch::new(space, base, unlocked, trials, tpe_seed(seed)?)?), Some(trials))
            }
            Self::Own { .. } => {
                let expected = "a declared search: the code brings none along";
                return Err(ConfigError::new("search.method", "\"own\"", expected).into());
            }
        })
    }
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

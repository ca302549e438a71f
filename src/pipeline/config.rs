//! What decides the numbers of a p1 run.

use super::Rounds;
use crate::gates::{HoldoutRule, StrictRules, Thresholds};
use crate::objective::Params;
use crate::stress::StressOptions;

words! {
    /// Which rules judge a run.
    #[non_exhaustive]
    #[derive(Default)]
    pub enum Profile {
        /// The kill criteria over eligible candidates, and the gates that close what they let through.
        #[default]
        Strict = "strict",
        /// Exactly the gates, the selection and the order of omega-lock for Python, so that its numbers can be compared.
        Reference = "reference",
    }
}

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
}

words! {
    /// What violating a constraint means for the selection.
    #[derive(Default)]
    pub enum ConstraintPolicy {
        /// Nothing: violations are recorded.
        #[default]
        Record = "record",
        /// A candidate that keeps every constraint is preferred, if there is one.
        PreferFeasible = "prefer_feasible",
        /// The same, and the run fails if there is none.
        HardFail = "hard_fail",
    }
}

/// Everything that decides the numbers of a p1 run. The default is the strict profile; [`RunConfig::reference`] is the
/// other one. What both have has the reference implementation's default, but for the constraint policy.
#[derive(Debug, Clone, PartialEq)]
pub struct RunConfig {
    /// Which rules judge.
    pub profile: Profile,
    /// How many parameters are searched: those with the largest stress.
    pub unlock_k: usize,
    /// Never search a parameter that the space marks as suppressed.
    pub leave_out_suppressed: bool,
    /// How candidates are proposed.
    pub search: SearchMethod,
    /// How many of the best candidates are evaluated on test, and by the judge.
    pub walk_forward_top_n: usize,
    /// Length of test over length of train, for the ratio of sample counts.
    pub trade_ratio_scale: f64,
    /// Thresholds of the kill criteria.
    pub thresholds: Thresholds,
    /// Compare the search with as many random draws (SC-2).
    pub sc2: bool,
    /// Seed of these draws.
    pub sc2_seed: u64,
    /// What violating a constraint means.
    pub constraint_policy: ConstraintPolicy,
    /// What is required of the holdout.
    pub holdout: HoldoutRule,
    /// What the gates of the strict profile require; means nothing under another.
    pub strict: StrictRules,
    /// Whether a null version of the targets is declared, which the strict profile then judges by.
    pub null_declared: bool,
    /// How a run goes on from round to round; `None` is one pass.
    pub rounds: Option<Rounds>,
    /// Which parameters are perturbed, and by how much.
    pub stress: StressOptions,
    /// The baseline; `None` is every parameter at its neutral value.
    pub base_params: Option<Params>,
    /// How many evaluations may fail before the run ends without a verdict. Parameters that do not go together
    /// ([`TargetError::not_applicable`](crate::objective::TargetError::not_applicable)) are no failure.
    pub max_failed_evaluations: u64,
    /// Whether what evaluations attach is kept beside the record.
    pub keep_attachments: bool,
}

impl Default for RunConfig {
    fn default() -> Self {
        Self { profile: Profile::Strict, constraint_policy: ConstraintPolicy::PreferFeasible, ..Self::reference() }
    }
}

impl RunConfig {
    /// The reference implementation's configuration.
    pub fn reference() -> Self {
        Self {
            profile: Profile::Reference,
            unlock_k: 3,
            leave_out_suppressed: false,
            search: SearchMethod::Grid { points_per_axis: 5 },
            walk_forward_top_n: 10,
            trade_ratio_scale: 1.0,
            thresholds: Thresholds::default(),
            sc2: false,
            sc2_seed: 42,
            constraint_policy: ConstraintPolicy::default(),
            holdout: HoldoutRule::default(),
            strict: StrictRules::default(),
            null_declared: false,
            rounds: None,
            stress: StressOptions::default(),
            base_params: None,
            max_failed_evaluations: 0,
            keep_attachments: false,
        }
    }

    /// The configuration of a profile with nothing declared.
    pub fn of(profile: Profile) -> Self {
        match profile {
            Profile::Strict => Self::default(),
            Profile::Reference => Self::reference(),
        }
    }

    /// Whether a run with this configuration makes sense.
    ///
    /// # Errors
    /// Names the first key whose value is out of its domain; NaN and infinity are out of every domain.
    pub fn check(&self) -> Result<(), ConfigError> {
        at_least("search.unlock_k", self.unlock_k, 1)?;
        at_least("walk_forward.top_n", self.walk_forward_top_n, 2)?;
        match &self.search {
            &SearchMethod::Grid { points_per_axis } => axis(points_per_axis)?,
            &SearchMethod::Zoom { points_per_axis, rounds, factor } => {
                axis(points_per_axis)?;
                at_least("search.zoom_rounds", rounds, 1)?;
                if !(factor > 0.0 && factor < 1.0) {
                    return Err(ConfigError::new("search.zoom_factor", factor, "a number above 0 and below 1"));
                }
            }
            &SearchMethod::Random { samples, .. } => {
                at_least("search.samples", usize::try_from(samples).unwrap_or(usize::MAX), 1)?;
            }
            &SearchMethod::Tpe { trials, seed } => {
                at_least("search.trials", usize::try_from(trials).unwrap_or(usize::MAX), 1)?;
                tpe_seed(seed)?;
            }
            SearchMethod::Own { name } if name.is_empty() => {
                return Err(ConfigError::new("search.name", "empty", "the name of the optimizer and its settings"));
            }
            SearchMethod::Own { .. } => {}
        }
        let scale = self.trade_ratio_scale;
        if !(scale > 0.0 && scale.is_finite()) {
            return Err(ConfigError::new("walk_forward.trade_ratio_scale", scale, "a positive number"));
        }
        if let Some((key, value)) = self.numbers().into_iter().find(|(_, value)| !value.is_finite()) {
            return Err(ConfigError::new(key, value, "a finite number"));
        }
        let thresholds = &self.thresholds;
        within("gates.pearson_min", thresholds.pearson_min, -1.0..=1.0, "a correlation from -1 to 1")?;
        // Equal stresses have a coefficient that rounding puts below 0, so a minimum of 0 does not switch the rule off.
        within("gates.gini_min", thresholds.gini_min, f64::MIN..=1.0, "a Gini coefficient of at most 1")?;
        within("gates.time_box_seconds", thresholds.time_box_seconds, 0.0..=f64::MAX, "a number from 0")?;
        within("gates.top_bot_ratio_min", thresholds.top_bot_ratio_min, 0.0..=f64::MAX, "a number from 0")?;
        let ratio = thresholds.trade_ratio_min.unwrap_or_default();
        within("gates.trade_ratio_min", ratio, 0.0..=f64::MAX, "a number from 0")?;
        self.rounds.map_or(Ok(()), Rounds::check)?;
        self.strict.check()
    }

    /// Every threshold that has a value, with its key.
    fn numbers(&self) -> Vec<(&'static str, f64)> {
        let thresholds = &self.thresholds;
        let mut numbers = vec![
            ("gates.time_box_seconds", thresholds.time_box_seconds),
            ("gates.gini_min", thresholds.gini_min),
            ("gates.top_bot_ratio_min", thresholds.top_bot_ratio_min),
            ("gates.pearson_min", thresholds.pearson_min),
        ];
        let optional = [
            ("gates.trade_ratio_min", thresholds.trade_ratio_min),
            ("holdout.min_fitness", self.holdout.min_fitness),
            ("holdout.min_trade_ratio", self.holdout.min_trade_ratio),
        ];
        numbers.extend(optional.into_iter().filter_map(|(key, value)| Some((key, value?))));
        numbers.extend(self.stress.epsilons.values().map(|epsilon| ("stress.epsilons", *epsilon)));
        numbers
    }
}

/// More than anybody evaluates; an axis is held in memory.
const LONGEST_AXIS: usize = 100_000;

fn axis(points: usize) -> Result<(), ConfigError> {
    at_least("search.points_per_axis", points, 2)?;
    if points > LONGEST_AXIS {
        let expected = format!("at most {LONGEST_AXIS} values per axis");
        return Err(ConfigError::new("search.points_per_axis", points, &expected));
    }
    Ok(())
}

pub(super) fn within(
    key: &str,
    found: f64,
    domain: std::ops::RangeInclusive<f64>,
    expected: &str,
) -> Result<(), ConfigError> {
    if domain.contains(&found) { Ok(()) } else { Err(ConfigError::new(key, found, expected)) }
}

pub(super) fn at_least(key: &str, found: usize, least: usize) -> Result<(), ConfigError> {
    if found >= least {
        return Ok(());
    }
    Err(ConfigError::new(key, found, &format!("a whole number of at least {least}")))
}

/// The seed of the TPE search, which numpy's older generator takes with at most 32 bits.
pub(super) fn tpe_seed(seed: u64) -> Result<u32, ConfigError> {
    u32::try_from(seed)
        .map_err(|_| ConfigError::new("search.seed", seed, "a whole number of at most 4294967295 for method \"tpe\""))
}

/// A value out of its domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` is {found}, expected {expected}")]
pub struct ConfigError {
    /// The key as omega.toml spells it, below the calibration's table.
    pub key: String,
    /// What it is.
    pub found: String,
    /// What it may be.
    pub expected: String,
}

impl ConfigError {
    pub(super) fn new(key: &str, found: impl std::fmt::Display, expected: &str) -> Self {
        Self { key: key.to_owned(), found: found.to_string(), expected: expected.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut RunConfig)) -> String {
        let mut config = RunConfig::default();
        change(&mut config);
        config.check().map_or_else(|error| error.to_string(), |()| "accepted".to_owned())
    }

    #[test]
    fn every_value_out_of_its_domain_is_refused_by_key() {
        assert_eq!(refused(|_| ()), "accepted");
        assert_eq!(
            refused(|config| config.unlock_k = 0),
            "`search.unlock_k` is 0, expected a whole number of at least 1"
        );
        assert_eq!(
            refused(|config| config.search = SearchMethod::Zoom { points_per_axis: 5, rounds: 2, factor: 1.0 }),
            "`search.zoom_factor` is 1, expected a number above 0 and below 1"
        );
        assert_eq!(
            refused(|config| config.search = SearchMethod::Tpe { trials: 0, seed: 7 }),
            "`search.trials` is 0, expected a whole number of at least 1"
        );
        assert_eq!(
            refused(|config| config.search = SearchMethod::Tpe { trials: 9, seed: 1 << 32 }),
            "`search.seed` is 4294967296, expected a whole number of at most 4294967295 for method \"tpe\""
        );
        assert_eq!(
            refused(|config| config.trade_ratio_scale = f64::NAN),
            "`walk_forward.trade_ratio_scale` is NaN, expected a positive number"
        );
        assert_eq!(
            refused(|config| config.thresholds.pearson_min = 3.0),
            "`gates.pearson_min` is 3, expected a correlation from -1 to 1"
        );
        assert_eq!(
            refused(|config| config.thresholds.gini_min = 20.0),
            "`gates.gini_min` is 20, expected a Gini coefficient of at most 1"
        );
        assert_eq!(refused(|config| config.thresholds.gini_min = -1.0), "accepted");
        assert_eq!(
            refused(|config| config.search = SearchMethod::Grid { points_per_axis: usize::MAX }),
            format!("`search.points_per_axis` is {}, expected at most 100000 values per axis", usize::MAX)
        );
        assert_eq!(
            refused(|config| config.thresholds.pearson_min = f64::NEG_INFINITY),
            "`gates.pearson_min` is -inf, expected a finite number"
        );
    }
}

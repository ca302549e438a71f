//! The configuration of a p1 run as the Python package writes it.

use serde::{Deserialize, Serialize};

use super::Number;
use crate::gates::Thresholds;
use crate::pipeline::{RunConfig, SearchMethod};
use crate::search::tpe;

/// Thresholds of the kill criteria; `null` switches one off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys are the Python package's, documented at `gates::Thresholds`")]
pub struct ThresholdEntry {
    pub time_box_seconds: Number,
    pub gini_min: Number,
    pub top_bot_ratio_min: Number,
    pub min_nonzero_stress_count: Option<u64>,
    pub trade_count_min: Option<u64>,
    pub pearson_min: Number,
    pub trade_ratio_min: Option<Number>,
}

impl From<&Thresholds> for ThresholdEntry {
    fn from(thresholds: &Thresholds) -> Self {
        Self {
            time_box_seconds: thresholds.time_box_seconds.into(),
            gini_min: thresholds.gini_min.into(),
            top_bot_ratio_min: thresholds.top_bot_ratio_min.into(),
            min_nonzero_stress_count: thresholds.min_nonzero_stress_count,
            trade_count_min: thresholds.trade_count_min,
            pearson_min: thresholds.pearson_min.into(),
            trade_ratio_min: thresholds.trade_ratio_min.map(Number),
        }
    }
}

/// The short configuration that the Python package has carried since its first version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys are the Python package's, documented at `pipeline::RunConfig`")]
pub struct LegacyConfigEntry {
    pub unlock_k: usize,
    pub grid_points_per_axis: Option<usize>,
    pub walk_forward_top_n: usize,
    pub trade_ratio_scale: Number,
    pub exclude_suppressed_in_unlock: bool,
    pub exclude_ofi_in_unlock: bool,
    pub kc_thresholds: ThresholdEntry,
}

/// How candidates were proposed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys are the Python package's, documented at `pipeline::RunConfig`")]
pub struct SearchSettings {
    pub method: String,
    pub unlock_k: usize,
    pub grid_points_per_axis: Option<usize>,
    pub zoom_rounds: usize,
    pub zoom_factor: Number,
    pub walk_forward_top_n: usize,
    pub trade_ratio_scale: Number,
    pub exclude_suppressed_in_unlock: bool,
    pub exclude_ofi_in_unlock: bool,
    pub run_sc2_baseline: bool,
    pub sc2_random_seed: u64,
    /// Draws of a random search; the Python package has none.
    pub samples: Option<u64>,
    /// Seed of a search that draws; the Python package has one in p2 only.
    pub seed: Option<u64>,
    /// Trials of a TPE search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_trials: Option<u64>,
    /// Whether TPE models all parameters at once, which it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multivariate: Option<bool>,
    /// Whose sequence of trials a TPE search follows; the Python package leaves the version of Optuna out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampler: Option<String>,
}

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys are the Python package's, documented at `pipeline::RunConfig`")]
pub struct ConfigEntry {
    pub unlock_k: usize,
    pub grid_points_per_axis: Option<usize>,
    pub kc_thresholds: ThresholdEntry,
    pub walk_forward_top_n: usize,
    pub trade_ratio_scale: Number,
    pub exclude_suppressed_in_unlock: bool,
    pub exclude_ofi_in_unlock: bool,
    pub zoom_rounds: usize,
    pub zoom_factor: Number,
    pub run_sc2_baseline: bool,
    pub sc2_random_seed: u64,
    pub constraint_policy: String,
    pub holdout_mode: String,
    pub holdout_min_fitness: Option<Number>,
    pub holdout_min_trade_ratio: Option<Number>,
    /// Evaluations that may fail; the Python package has no such count.
    pub max_failed_evaluations: u64,
}

/// Points per axis, zoom rounds and zoom factor, as the Python package would name them.
fn grid(search: &SearchMethod) -> (Option<usize>, usize, f64) {
    match *search {
        SearchMethod::Grid { points_per_axis } => (Some(points_per_axis), 1, 0.5),
        SearchMethod::Zoom { points_per_axis, rounds, factor } => (Some(points_per_axis), rounds, factor),
        SearchMethod::Random { .. } | SearchMethod::Tpe { .. } | SearchMethod::Own { .. } => (None, 1, 0.5),
    }
}

impl From<&RunConfig> for LegacyConfigEntry {
    fn from(config: &RunConfig) -> Self {
        Self {
            unlock_k: config.unlock_k,
            grid_points_per_axis: grid(&config.search).0,
            walk_forward_top_n: config.walk_forward_top_n,
            trade_ratio_scale: config.trade_ratio_scale.into(),
            exclude_suppressed_in_unlock: config.leave_out_suppressed,
            exclude_ofi_in_unlock: config.leave_out_suppressed,
            kc_thresholds: (&config.thresholds).into(),
        }
    }
}

impl From<&RunConfig> for SearchSettings {
    fn from(config: &RunConfig) -> Self {
        let (points, rounds, factor) = grid(&config.search);
        let (samples, n_trials, seed) = match config.search {
            SearchMethod::Random { samples, seed } => (Some(samples), None, Some(seed)),
            SearchMethod::Tpe { trials, seed } => (None, Some(trials), Some(seed)),
            _ => (None, None, None),
        };
        let method = match &config.search {
            SearchMethod::Random { .. } | SearchMethod::Tpe { .. } => config.search.name(),
            SearchMethod::Own { name } => name,
            // The Python package names the method after the number of rounds.
            _ if rounds > 1 => "zooming_grid",
            _ => "grid",
        };
        Self {
            method: method.to_owned(),
            unlock_k: config.unlock_k,
            grid_points_per_axis: points,
            zoom_rounds: rounds,
            zoom_factor: factor.into(),
            walk_forward_top_n: config.walk_forward_top_n,
            trade_ratio_scale: config.trade_ratio_scale.into(),
            exclude_suppressed_in_unlock: config.leave_out_suppressed,
            exclude_ofi_in_unlock: config.leave_out_suppressed,
            run_sc2_baseline: config.sc2,
            sc2_random_seed: config.sc2_seed,
            samples,
            seed,
            n_trials,
            multivariate: n_trials.map(|_| true),
            sampler: n_trials.map(|_| tpe::PROFILE.to_owned()),
        }
    }
}

impl From<&RunConfig> for ConfigEntry {
    fn from(config: &RunConfig) -> Self {
        let (points, rounds, factor) = grid(&config.search);
        Self {
            unlock_k: config.unlock_k,
            grid_points_per_axis: points,
            kc_thresholds: (&config.thresholds).into(),
            walk_forward_top_n: config.walk_forward_top_n,
            trade_ratio_scale: config.trade_ratio_scale.into(),
            exclude_suppressed_in_unlock: config.leave_out_suppressed,
            exclude_ofi_in_unlock: config.leave_out_suppressed,
            zoom_rounds: rounds,
            zoom_factor: factor.into(),
            run_sc2_baseline: config.sc2,
            sc2_random_seed: config.sc2_seed,
            constraint_policy: config.constraint_policy.name().to_owned(),
            holdout_mode: config.holdout.mode.name().to_owned(),
            holdout_min_fitness: config.holdout.min_fitness.map(Number),
            holdout_min_trade_ratio: config.holdout.min_trade_ratio.map(Number),
            max_failed_evaluations: config.max_failed_evaluations,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(search: SearchMethod) -> serde_json::Value {
        serde_json::to_value(SearchSettings::from(&RunConfig { search, ..RunConfig::default() })).unwrap()
    }

    #[test]
    fn a_tpe_search_names_its_sampler_and_other_searches_have_none_of_its_keys() {
        let tpe = written(SearchMethod::Tpe { trials: 60, seed: 7 });
        assert_eq!(tpe["method"], "tpe");
        assert_eq!(tpe["sampler"], "tpe/optuna-4.9");
        assert_eq!((&tpe["n_trials"], &tpe["seed"], &tpe["multivariate"]), (&60.into(), &7.into(), &true.into()));
        let grid = written(SearchMethod::Grid { points_per_axis: 5 });
        assert!(["sampler", "n_trials", "multivariate"].iter().all(|key| grid.get(key).is_none()), "{grid}");
    }
}

//! The configuration of an iterative run as the Python package writes it.

use serde::{Deserialize, Serialize};

use super::{ConfigEntry, Number, SearchSettings, ThresholdEntry};
use crate::pipeline::IterativeConfig;

/// The short configuration that the Python package has carried since its first version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys are the Python package's, documented at `pipeline::IterativeConfig`")]
pub struct IterativeLegacyEntry {
    pub rounds: usize,
    pub per_round_unlock_k: usize,
    pub grid_points_per_axis: Option<usize>,
    pub walk_forward_top_n: usize,
    pub trade_ratio_scale: Number,
    pub kc_thresholds: ThresholdEntry,
}

/// How candidates were proposed, round by round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys are the Python package's, documented at `pipeline::IterativeConfig`")]
pub struct IterativeSearchSettings {
    pub method: String,
    pub rounds: usize,
    pub per_round_unlock_k: usize,
    pub grid_points_per_axis: Option<usize>,
    pub zoom_rounds: usize,
    pub zoom_factor: Number,
    pub walk_forward_top_n: usize,
    pub trade_ratio_scale: Number,
    pub exclude_suppressed_in_unlock: bool,
    pub exclude_ofi_in_unlock: bool,
    pub run_sc2_baseline: bool,
    pub sc2_random_seed: u64,
    pub stop_on_kc_fail: bool,
    pub min_improvement: Number,
    /// The search of one round, as a p1 run writes it.
    pub round: SearchSettings,
}

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys are the Python package's, documented at `pipeline::IterativeConfig`")]
pub struct IterativeConfigEntry {
    pub rounds: usize,
    pub per_round_unlock_k: usize,
    pub grid_points_per_axis: Option<usize>,
    pub walk_forward_top_n: usize,
    pub trade_ratio_scale: Number,
    pub kc_thresholds: ThresholdEntry,
    pub stop_on_kc_fail: bool,
    pub min_improvement: Number,
    pub exclude_suppressed_in_unlock: bool,
    pub exclude_ofi_in_unlock: bool,
    pub zoom_rounds: usize,
    pub zoom_factor: Number,
    pub run_sc2_baseline: bool,
    pub sc2_random_seed: u64,
    /// The Python package has no constraints in iterative runs.
    pub constraint_policy: String,
    /// The Python package's holdout never decides in iterative runs.
    pub holdout_mode: String,
    pub holdout_min_fitness: Option<Number>,
    pub holdout_min_trade_ratio: Option<Number>,
    /// Evaluations that may fail; the Python package has no such count.
    pub max_failed_evaluations: u64,
}

impl From<&IterativeConfig> for IterativeLegacyEntry {
    fn from(config: &IterativeConfig) -> Self {
        let round = ConfigEntry::from(&config.round);
        Self {
            rounds: config.rounds.max,
            per_round_unlock_k: round.unlock_k,
            grid_points_per_axis: round.grid_points_per_axis,
            walk_forward_top_n: round.walk_forward_top_n,
            trade_ratio_scale: round.trade_ratio_scale,
            kc_thresholds: round.kc_thresholds,
        }
    }
}

impl From<&IterativeConfig> for IterativeSearchSettings {
    fn from(config: &IterativeConfig) -> Self {
        let round = SearchSettings::from(&config.round);
        Self {
            method: format!("iterative_{}", round.method),
            rounds: config.rounds.max,
            per_round_unlock_k: round.unlock_k,
            grid_points_per_axis: round.grid_points_per_axis,
            zoom_rounds: round.zoom_rounds,
            zoom_factor: round.zoom_factor,
            walk_forward_top_n: round.walk_forward_top_n,
            trade_ratio_scale: round.trade_ratio_scale,
            exclude_suppressed_in_unlock: round.exclude_suppressed_in_unlock,
            exclude_ofi_in_unlock: round.exclude_ofi_in_unlock,
            run_sc2_baseline: round.run_sc2_baseline,
            sc2_random_seed: round.sc2_random_seed,
            stop_on_kc_fail: config.rounds.stop_on_kc_fail,
            min_improvement: config.rounds.min_improvement.into(),
            round,
        }
    }
}

impl From<&IterativeConfig> for IterativeConfigEntry {
    fn from(config: &IterativeConfig) -> Self {
        let round = ConfigEntry::from(&config.round);
        Self {
            rounds: config.rounds.max,
            per_round_unlock_k: round.unlock_k,
            grid_points_per_axis: round.grid_points_per_axis,
            walk_forward_top_n: round.walk_forward_top_n,
            trade_ratio_scale: round.trade_ratio_scale,
            kc_thresholds: round.kc_thresholds,
            stop_on_kc_fail: config.rounds.stop_on_kc_fail,
            min_improvement: config.rounds.min_improvement.into(),
            exclude_suppressed_in_unlock: round.exclude_suppressed_in_unlock,
            exclude_ofi_in_unlock: round.exclude_ofi_in_unlock,
            zoom_rounds: round.zoom_rounds,
            zoom_factor: round.zoom_factor,
            run_sc2_baseline: round.run_sc2_baseline,
            sc2_random_seed: round.sc2_random_seed,
            constraint_policy: round.constraint_policy,
            holdout_mode: round.holdout_mode,
            holdout_min_fitness: round.holdout_min_fitness,
            holdout_min_trade_ratio: round.holdout_min_trade_ratio,
            max_failed_evaluations: round.max_failed_evaluations,
        }
    }
}

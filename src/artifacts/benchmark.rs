//! What a benchmark leaves behind: every row, and the scorecard.

use serde::{Deserialize, Serialize};

use super::{Number, ParamMap};
use crate::benchmark::{BenchmarkRow, Measured, MethodSummary, scorecard};

/// A finished benchmark: the Python package's keys, and what became of the gap and of crashes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BenchmarkReport {
    /// [`BenchmarkReport::SCHEMA`]; a reader refuses another.
    pub schema_version: String,
    /// Version of the library that wrote it.
    pub omega_lock_version: String,
    /// Every run, in order.
    pub rows: Vec<RowEntry>,
    /// Every method over all its runs.
    pub scorecard: Vec<SummaryEntry>,
    /// The same for each keyhole by itself.
    pub by_keyhole: Vec<KeyholeEntry>,
}

/// One run. Metrics of a run that crashed are null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(non_snake_case, reason = "a key of the Python package")]
#[non_exhaustive]
pub struct RowEntry {
    /// The keyhole.
    pub keyhole: String,
    /// The method.
    pub method: String,
    /// The seed.
    pub seed: u64,
    /// Share of what matters that was searched.
    pub effective_recall: Option<Number>,
    /// Share of what was searched that matters.
    pub effective_precision: Option<Number>,
    /// Distance from the optimum in ranges.
    pub param_L2_error: Option<Number>,
    /// Fitness missing to the optimum's, in percent.
    pub fitness_gap_pct: Option<Number>,
    /// Relative change of the fitness from train to test.
    pub generalization_gap: Option<Number>,
    /// `OK`, `TRAIN_NEAR_ZERO` or `NO_TEST`.
    pub generalization_gap_status: Option<String>,
    /// Fitness found per evaluation on train.
    pub sample_efficiency: Option<Number>,
    /// Seconds; only if they were measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub walltime_s: Option<Number>,
    /// Rank correlation of measured and true importance.
    pub stress_rank_spearman: Option<Number>,
    /// 1 if the status is `PASS`.
    pub status_pass: u8,
    /// The status, or `CRASH:` and why.
    pub status_raw: String,
    /// Recorded evaluations on train.
    pub n_evaluations: Option<u64>,
    /// Fitness found.
    pub found_fitness: Option<Number>,
    /// Parameters found.
    pub found_params: Option<ParamMap>,
}

/// One method over its runs. Means are over the runs that finished, and null if none did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(non_snake_case, reason = "keys of the Python package")]
#[non_exhaustive]
pub struct SummaryEntry {
    /// The method.
    pub method: String,
    /// Its runs, crashed ones included.
    pub n_runs: usize,
    /// How many crashed.
    pub n_crashes: usize,
    /// Mean share of what matters that was searched.
    pub effective_recall_mean: Option<Number>,
    /// Its sample standard deviation.
    pub effective_recall_std: Number,
    /// Mean share of what was searched that matters.
    pub effective_precision_mean: Option<Number>,
    /// Mean distance from the optimum in ranges.
    pub param_L2_error_mean: Option<Number>,
    /// Its sample standard deviation.
    pub param_L2_error_std: Number,
    /// Mean fitness missing to the optimum's, in percent.
    pub fitness_gap_pct_mean: Option<Number>,
    /// Its sample standard deviation.
    pub fitness_gap_pct_std: Number,
    /// Mean relative change of the fitness from train to test.
    pub generalization_gap_mean: Option<Number>,
    /// How many of these changes cannot be compared.
    pub generalization_gap_doubtful: usize,
    /// Mean fitness found per evaluation on train.
    pub sample_efficiency_mean: Option<Number>,
    /// Mean seconds; only if they were measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub walltime_s_mean: Option<Number>,
    /// Mean rank correlation over the runs that have one.
    pub stress_rank_spearman_mean: Option<Number>,
    /// Share of all runs that passed.
    pub pass_rate: Number,
}

/// The methods on one keyhole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct KeyholeEntry {
    /// The keyhole.
    pub keyhole: String,
    /// Every method over its runs there.
    pub scorecard: Vec<SummaryEntry>,
}

impl BenchmarkReport {
    /// The `schema_version` this version writes and reads.
    ///
    /// v1: first version. The Python package's file has none and other nulls, hence a name of its own.
    pub const SCHEMA: &str = "omega-lock.rust.benchmark.v1";

    /// The artifact of these rows.
    pub fn new(rows: &[BenchmarkRow]) -> Self {
        let mut keyholes: Vec<&str> = Vec::new();
        for row in rows {
            if !keyholes.contains(&row.name.keyhole.as_str()) {
                keyholes.push(&row.name.keyhole);
            }
        }
        let on = |keyhole: &str| KeyholeEntry {
            keyhole: keyhole.to_owned(),
            scorecard: entries(scorecard(rows.iter().filter(|row| row.name.keyhole == keyhole))),
        };
        Self {
            schema_version: Self::SCHEMA.to_owned(),
            omega_lock_version: env!("CARGO_PKG_VERSION").to_owned(),
            rows: rows.iter().map(RowEntry::from).collect(),
            scorecard: entries(scorecard(rows)),
            by_keyhole: keyholes.into_iter().map(on).collect(),
        }
    }
}

fn entries(summaries: Vec<MethodSummary>) -> Vec<SummaryEntry> {
    summaries.iter().map(SummaryEntry::from).collect()
}

impl From<&BenchmarkRow> for RowEntry {
    fn from(row: &BenchmarkRow) -> Self {
        let measured = row.measured.as_ref().ok();
        let number = |metric: fn(&Measured) -> f64| measured.map(|measured| Number(metric(measured)));
        Self {
            keyhole: row.name.keyhole.clone(),
            method: row.name.method.clone(),
            seed: row.name.seed,
            effective_recall: number(|measured| measured.effective_recall),
            effective_precision: number(|measured| measured.effective_precision),
            param_L2_error: number(|measured| measured.param_l2_error),
            fitness_gap_pct: number(|measured| measured.fitness_gap_pct),
            generalization_gap: number(|measured| measured.generalization_gap.value),
            generalization_gap_status: measured.map(|measured| measured.generalization_gap.status.name().to_owned()),
            sample_efficiency: number(|measured| measured.sample_efficiency),
            walltime_s: row.walltime.map(|walltime| Number(walltime.as_secs_f64())),
            stress_rank_spearman: measured.and_then(|measured| measured.stress_rank_spearman).map(Number),
            status_pass: u8::from(measured.is_some_and(|measured| measured.passed)),
            status_raw: match &row.measured {
                Ok(measured) => measured.status.clone(),
                Err(crash) => crash.to_string(),
            },
            n_evaluations: measured.map(|measured| measured.evaluations),
            found_fitness: number(|measured| measured.found_fitness),
            found_params: measured.map(|measured| ParamMap::from(&measured.found_params)),
        }
    }
}

impl From<&MethodSummary> for SummaryEntry {
    fn from(summary: &MethodSummary) -> Self {
        Self {
            method: summary.method.clone(),
            n_runs: summary.runs,
            n_crashes: summary.crashes,
            effective_recall_mean: summary.effective_recall.mean.map(Number),
            effective_recall_std: Number(summary.effective_recall.sd),
            effective_precision_mean: summary.effective_precision.mean.map(Number),
            param_L2_error_mean: summary.param_l2_error.mean.map(Number),
            param_L2_error_std: Number(summary.param_l2_error.sd),
            fitness_gap_pct_mean: summary.fitness_gap_pct.mean.map(Number),
            fitness_gap_pct_std: Number(summary.fitness_gap_pct.sd),
            generalization_gap_mean: summary.generalization_gap.mean.map(Number),
            generalization_gap_doubtful: summary.generalization_gap_doubtful,
            sample_efficiency_mean: summary.sample_efficiency.mean.map(Number),
            walltime_s_mean: summary.walltime_s.mean.map(Number),
            stress_rank_spearman_mean: summary.stress_rank_spearman.mean.map(Number),
            pass_rate: Number(summary.pass_rate),
        }
    }
}

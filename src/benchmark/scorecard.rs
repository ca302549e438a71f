//! What the runs of a method say together.

use super::{BenchmarkRow, GapStatus, Measured};
use crate::stats::{exact_mean, sample_sd};

/// A method over all its runs. Means and spreads are those of the runs that finished; a crash is counted, and is a run
/// that did not pass.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodSummary {
    /// The method.
    pub method: String,
    /// Its runs, crashed ones included.
    pub runs: usize,
    /// How many of them crashed.
    pub crashes: usize,
    /// Of [`Measured::effective_recall`].
    pub effective_recall: Spread,
    /// Of [`Measured::effective_precision`].
    pub effective_precision: Spread,
    /// Of [`Measured::param_l2_error`].
    pub param_l2_error: Spread,
    /// Of [`Measured::fitness_gap_pct`].
    pub fitness_gap_pct: Spread,
    /// Of [`Measured::generalization_gap`], whatever it is worth.
    pub generalization_gap: Spread,
    /// How many of these gaps cannot be compared: there was no test fitness, or next to none on train.
    pub generalization_gap_doubtful: usize,
    /// Of [`Measured::sample_efficiency`].
    pub sample_efficiency: Spread,
    /// Of [`Measured::stress_rank_spearman`] where there is one.
    pub stress_rank_spearman: Spread,
    /// Seconds, over the runs that finished and were timed.
    pub walltime_s: Spread,
    /// Share of all runs that passed, crashed ones included.
    pub pass_rate: f64,
}

/// Mean and sample standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The mean, from the exactly rounded sum; `None` without a value.
    pub mean: Option<f64>,
    /// The standard deviation, divided by n - 1; 0 with fewer than two values.
    pub sd: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.collect();
        Self { mean: exact_mean(&values), sd: sample_sd(&values).unwrap_or(0.0) }
    }
}

/// One summary per method, in the order in which they are first seen.
pub fn scorecard<'r>(rows: impl IntoIterator<Item = &'r BenchmarkRow>) -> Vec<MethodSummary> {
    let mut methods: Vec<(&str, Vec<&BenchmarkRow>)> = Vec::new();
    for row in rows {
        match methods.iter_mut().find(|(method, _)| *method == row.name.method) {
            Some((_, rows)) => rows.push(row),
            None => methods.push((&row.name.method, vec![row])),
        }
    }
    methods.into_iter().map(|(method, rows)| summary(method, &rows)).collect()
}

fn summary(method: &str, rows: &[&BenchmarkRow]) -> MethodSummary {
    let finished: Vec<&Measured> = rows.iter().filter_map(|row| row.measured.as_ref().ok()).collect();
    let over = |metric: fn(&Measured) -> f64| Spread::of(finished.iter().map(|measured| metric(measured)));
    let timed = rows.iter().filter(|row| row.measured.is_ok()).filter_map(|row| row.walltime);
    let passed = finished.iter().filter(|measured| measured.passed).count();
    let doubtful = finished.iter().filter(|measured| measured.generalization_gap.status != GapStatus::Ok);
    MethodSummary {
        method: method.to_owned(),
        runs: rows.len(),
        crashes: rows.len() - finished.len(),
        effective_recall: over(|measured| measured.effective_recall),
        effective_precision: over(|measured| measured.effective_precision),
        param_l2_error: over(|measured| measured.param_l2_error),
        fitness_gap_pct: over(|measured| measured.fitness_gap_pct),
        generalization_gap: over(|measured| measured.generalization_gap.value),
        generalization_gap_doubtful: doubtful.count(),
        sample_efficiency: over(|measured| measured.sample_efficiency),
        stress_rank_spearman: Spread::of(finished.iter().filter_map(|measured| measured.stress_rank_spearman)),
        walltime_s: Spread::of(timed.map(|walltime| walltime.as_secs_f64())),
        pass_rate: passed as f64 / rows.len() as f64,
    }
}

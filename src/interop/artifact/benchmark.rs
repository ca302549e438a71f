//! Methods held against targets with a known answer.

use super::super::audit_report::ReportError;
use super::super::fields::{Fields, Read, record};
use super::super::json::{Dict, Integer, Text, Value};

record! {
    /// A benchmark of the Python package. The file has never had a version.
    struct Benchmark {
        /// Every run, in order.
        rows: Vec<BenchmarkRow<'a>>,
        /// Every method over all its runs.
        scorecard: Vec<MethodSummary<'a>>,
    }

    /// One run. A run that crashed has infinities where there are no numbers.
    #[expect(missing_docs, non_snake_case, reason = "the keys of `artifacts::RowEntry`, documented there")]
    struct BenchmarkRow {
        keyhole: &'a Text,
        method: &'a Text,
        seed: &'a Integer,
        effective_recall: f64,
        effective_precision: f64,
        param_L2_error: f64,
        fitness_gap_pct: f64,
        generalization_gap: f64,
        sample_efficiency: f64,
        walltime_s: f64,
        stress_rank_spearman: Option<f64>,
        status_pass: u64,
        status_raw: &'a Text,
        n_evaluations: u64,
        found_fitness: f64,
        found_params: &'a Dict,
    }

    /// One method over its runs, crashed ones included.
    #[expect(missing_docs, non_snake_case, reason = "the keys of `artifacts::SummaryEntry`, documented there")]
    struct MethodSummary {
        method: &'a Text,
        n_runs: u64,
        effective_recall_mean: f64,
        effective_recall_std: f64,
        effective_precision_mean: f64,
        param_L2_error_mean: f64,
        param_L2_error_std: f64,
        fitness_gap_pct_mean: f64,
        fitness_gap_pct_std: f64,
        generalization_gap_mean: f64,
        sample_efficiency_mean: f64,
        walltime_s_mean: f64,
        stress_rank_spearman_mean: Option<f64>,
        pass_rate: f64,
    }
}

impl<'a> Benchmark<'a> {
    /// The benchmark in a document's value.
    ///
    /// # Errors
    /// If it is none: the first key that is missing, mistyped or unknown.
    pub fn of(document: &'a Value) -> Result<Self, ReportError> {
        Self::of_fields(Fields::of_document(document)?)
    }
}

impl BenchmarkRow<'_> {
    /// Whether it ended without a result.
    pub fn crashed(&self) -> bool {
        self.status_raw.as_str().is_some_and(|status| status.starts_with("CRASH:"))
    }
}

//! Methods held against targets with a known answer.

use super::super::audit_report::ReportError;
use super::super::fields::Fields;
use super::super::json::{Dict, Integer, Text, Value};

/// A benchmark of the Python package. The file has never had a version.
#[derive(Debug, Clone, PartialEq)]
pub struct Benchmark<'a> {
    /// Every run, in order.
    pub rows: Vec<BenchmarkRow<'a>>,
    /// Every method over all its runs.
    pub scorecard: Vec<MethodSummary<'a>>,
}

/// One run. A run that crashed has infinities where there are no numbers.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the keys of `artifacts::RowEntry`, documented there")]
pub struct BenchmarkRow<'a> {
    pub keyhole: &'a Text,
    pub method: &'a Text,
    pub seed: &'a Integer,
    pub effective_recall: f64,
    pub effective_precision: f64,
    pub param_l2_error: f64,
    pub fitness_gap_pct: f64,
    pub generalization_gap: f64,
    pub sample_efficiency: f64,
    pub walltime_s: f64,
    pub stress_rank_spearman: Option<f64>,
    pub status_pass: u64,
    pub status_raw: &'a Text,
    pub n_evaluations: u64,
    pub found_fitness: f64,
    pub found_params: &'a Dict,
}

/// One method over its runs, crashed ones included.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the keys of `artifacts::SummaryEntry`, documented there")]
pub struct MethodSummary<'a> {
    pub method: &'a Text,
    pub n_runs: u64,
    pub effective_recall_mean: f64,
    pub effective_recall_std: f64,
    pub effective_precision_mean: f64,
    pub param_l2_error_mean: f64,
    pub param_l2_error_std: f64,
    pub fitness_gap_pct_mean: f64,
    pub fitness_gap_pct_std: f64,
    pub generalization_gap_mean: f64,
    pub sample_efficiency_mean: f64,
    pub walltime_s_mean: f64,
    pub stress_rank_spearman_mean: Option<f64>,
    pub pass_rate: f64,
}

impl<'a> Benchmark<'a> {
    /// The benchmark in a document's value.
    ///
    /// # Errors
    /// If it is none: the first key that is missing, mistyped or unknown.
    pub fn of(document: &'a Value) -> Result<Self, ReportError> {
        let fields = Fields::of_document(document)?;
        fields.only(&[&["rows", "scorecard"]])?;
        Ok(Self {
            rows: fields.each("rows", BenchmarkRow::of)?,
            scorecard: fields.each("scorecard", MethodSummary::of)?,
        })
    }
}

impl<'a> BenchmarkRow<'a> {
    const KEYS: [&'static str; 16] = [
        "keyhole",
        "method",
        "seed",
        "effective_recall",
        "effective_precision",
        "param_L2_error",
        "fitness_gap_pct",
        "generalization_gap",
        "sample_efficiency",
        "walltime_s",
        "stress_rank_spearman",
        "status_pass",
        "status_raw",
        "n_evaluations",
        "found_fitness",
        "found_params",
    ];

    fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        fields.only(&[&Self::KEYS])?;
        Ok(Self {
            keyhole: fields.text("keyhole")?,
            method: fields.text("method")?,
            seed: fields.integer("seed")?,
            effective_recall: fields.number("effective_recall")?,
            effective_precision: fields.number("effective_precision")?,
            param_l2_error: fields.number("param_L2_error")?,
            fitness_gap_pct: fields.number("fitness_gap_pct")?,
            generalization_gap: fields.number("generalization_gap")?,
            sample_efficiency: fields.number("sample_efficiency")?,
            walltime_s: fields.number("walltime_s")?,
            stress_rank_spearman: fields.number_or_null("stress_rank_spearman")?,
            status_pass: fields.count("status_pass")?,
            status_raw: fields.text("status_raw")?,
            n_evaluations: fields.count("n_evaluations")?,
            found_fitness: fields.number("found_fitness")?,
            found_params: fields.object("found_params")?,
        })
    }

    /// Whether it ended without a result.
    pub fn crashed(&self) -> bool {
        self.status_raw.as_str().is_some_and(|status| status.starts_with("CRASH:"))
    }
}

impl<'a> MethodSummary<'a> {
    const KEYS: [&'static str; 14] = [
        "method",
        "n_runs",
        "effective_recall_mean",
        "effective_recall_std",
        "effective_precision_mean",
        "param_L2_error_mean",
        "param_L2_error_std",
        "fitness_gap_pct_mean",
        "fitness_gap_pct_std",
        "generalization_gap_mean",
        "sample_efficiency_mean",
        "walltime_s_mean",
        "stress_rank_spearman_mean",
        "pass_rate",
    ];

    fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        fields.only(&[&Self::KEYS])?;
        Ok(Self {
            method: fields.text("method")?,
            n_runs: fields.count("n_runs")?,
            effective_recall_mean: fields.number("effective_recall_mean")?,
            effective_recall_std: fields.number("effective_recall_std")?,
            effective_precision_mean: fields.number("effective_precision_mean")?,
            param_l2_error_mean: fields.number("param_L2_error_mean")?,
            param_l2_error_std: fields.number("param_L2_error_std")?,
            fitness_gap_pct_mean: fields.number("fitness_gap_pct_mean")?,
            fitness_gap_pct_std: fields.number("fitness_gap_pct_std")?,
            generalization_gap_mean: fields.number("generalization_gap_mean")?,
            sample_efficiency_mean: fields.number("sample_efficiency_mean")?,
            walltime_s_mean: fields.number("walltime_s_mean")?,
            stress_rank_spearman_mean: fields.number_or_null("stress_rank_spearman_mean")?,
            pass_rate: fields.number("pass_rate")?,
        })
    }
}

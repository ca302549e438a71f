//! The result of a search by Optuna.

use super::super::audit_report::{Format, ReportError};
use super::super::fields::Fields;
use super::super::json::{Dict, Integer, Text, Value};
use super::{Additions, Baseline, Candidate, KcReport, Kind, Stress, WalkForward};

/// The result of a search by Optuna of the Python package.
#[derive(Debug, Clone, PartialEq)]
pub struct P2Result<'a> {
    /// Which format it is in.
    pub format: Format,
    /// The verdict: `PASS`, or `FAIL:` and the failed gates.
    pub status: &'a Text,
    /// Seconds it took.
    pub elapsed_seconds: f64,
    /// The configuration, short.
    pub config: &'a Dict,
    /// The baseline.
    pub baseline_result: Baseline<'a>,
    /// The sensitivities, in the order of the space.
    pub stress_results: Vec<Stress<'a>>,
    /// The unlocked parameters, largest stress first.
    pub top_k: Vec<&'a Text>,
    /// The same without suppressed ones.
    pub top_k_ex_ofi: Vec<&'a Text>,
    /// Every trial, in order.
    pub trials: Vec<Trial<'a>>,
    /// The trial that would ship.
    pub tpe_best: Option<Candidate<'a>>,
    /// The best trials on test.
    pub walk_forward: Option<WalkForward<'a>>,
    /// The gates, in order.
    pub kc_reports: Vec<KcReport<'a>>,
    /// What the second format adds.
    pub additions: Option<Additions<'a>>,
}

/// One trial of the search.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial<'a> {
    /// Its number.
    pub trial_idx: u64,
    /// The tuned parameters.
    pub params_unlocked: &'a Dict,
    /// The fitness.
    pub fitness: f64,
    /// The size of the sample.
    pub n_trials: &'a Integer,
    /// Seconds it took.
    pub wall_s: f64,
}

impl<'a> P2Result<'a> {
    const KEYS: [&'static str; 11] = [
        "status",
        "elapsed_seconds",
        "config",
        "baseline_result",
        "stress_results",
        "top_k",
        "top_k_ex_ofi",
        "trials",
        "tpe_best",
        "walk_forward",
        "kc_reports",
    ];

    /// The result in a document's value.
    ///
    /// # Errors
    /// If it is none: the first key that is missing, mistyped or unknown.
    pub fn of(document: &'a Value) -> Result<Self, ReportError> {
        let fields = Fields::of_document(document)?;
        let format = Kind::P2.format(fields)?;
        let second = format == Format::V2;
        let (added, additions): (&[_], &[_]) =
            if second { (&["top_k_excl_suppressed", "seed"], &Additions::KEYS) } else { (&[], &[]) };
        fields.only(&[&Self::KEYS, added, additions])?;
        Ok(Self {
            format,
            status: fields.text("status")?,
            elapsed_seconds: fields.number("elapsed_seconds")?,
            config: fields.object("config")?,
            baseline_result: fields.nested("baseline_result", Baseline::of)?,
            stress_results: fields.each("stress_results", |stress| Stress::of(format, stress))?,
            top_k: fields.names("top_k")?,
            top_k_ex_ofi: fields.names("top_k_ex_ofi")?,
            trials: fields.each("trials", Trial::of)?,
            tpe_best: fields.nested_or_null("tpe_best", Candidate::of)?,
            walk_forward: fields.nested_or_null("walk_forward", |walked| WalkForward::of(format, walked))?,
            kc_reports: fields.each("kc_reports", KcReport::of)?,
            additions: second.then(|| Additions::of(fields, "seed")).transpose()?,
        })
    }
}

impl<'a> Trial<'a> {
    fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        fields.only(&[&["trial_idx", "params_unlocked", "fitness", "n_trials", "wall_s"]])?;
        Ok(Self {
            trial_idx: fields.count("trial_idx")?,
            params_unlocked: fields.object("params_unlocked")?,
            fitness: fields.number("fitness")?,
            n_trials: fields.integer("n_trials")?,
            wall_s: fields.number("wall_s")?,
        })
    }
}

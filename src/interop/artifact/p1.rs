//! The result of one pass.

use super::super::audit_report::{Format, ReportError};
use super::super::fields::Fields;
use super::super::json::{Dict, Integer, Text, Value};
use super::{Baseline, Candidate, Holdout, HybridRow, KcReport, Kind, Stress, WalkForward};

/// The result of one pass of the Python package.
#[derive(Debug, Clone, PartialEq)]
pub struct P1Result<'a> {
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
    /// Every candidate, in order.
    pub grid_results: Vec<Candidate<'a>>,
    /// The candidate that would ship.
    pub grid_best: Option<Candidate<'a>>,
    /// The best candidates on test.
    pub walk_forward: Option<WalkForward<'a>>,
    /// The ranking by the judge.
    pub hybrid_top: Option<Vec<HybridRow<'a>>>,
    /// The shot at the holdout.
    pub holdout_result: Option<Holdout<'a>>,
    /// The gates, in order.
    pub kc_reports: Vec<KcReport<'a>>,
    /// What the second format adds.
    pub additions: Option<Additions<'a>>,
    /// What violating a constraint means; from 0.3 on.
    pub constraint_policy: Option<&'a Text>,
    /// Whether the holdout decides; from 0.3 on.
    pub holdout_mode: Option<&'a Text>,
}

/// What the second format adds to the result of every pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Additions<'a> {
    /// The version of the Python package that wrote it.
    pub omega_lock_version: &'a Text,
    /// The configuration, whole.
    pub config_full: &'a Dict,
    /// The thresholds.
    pub kc_thresholds: &'a Dict,
    /// How candidates were proposed.
    pub search_settings: &'a Dict,
    /// The seed, if anything was drawn.
    pub seed: Option<&'a Integer>,
    /// What a reader of the verdict should know beside it.
    pub warnings: Vec<&'a Text>,
}

impl<'a> P1Result<'a> {
    const KEYS: [&'static str; 13] = [
        "status",
        "elapsed_seconds",
        "config",
        "baseline_result",
        "stress_results",
        "top_k",
        "top_k_ex_ofi",
        "grid_results",
        "grid_best",
        "walk_forward",
        "hybrid_top",
        "holdout_result",
        "kc_reports",
    ];
    const ADDED: [&'static str; 4] = ["top_k_excl_suppressed", "constraint_policy", "holdout_mode", "random_seed"];

    /// The result in a document's value.
    ///
    /// # Errors
    /// If it is none: the first key that is missing, mistyped or unknown.
    pub fn of(document: &'a Value) -> Result<Self, ReportError> {
        Self::of_fields(Fields::of_document(document)?)
    }

    pub(super) fn of_fields(fields: Fields<'a>) -> Result<Self, ReportError> {
        let format = Kind::P1.format(fields)?;
        let second = format == Format::V2;
        let (added, additions): (&[_], &[_]) = if second { (&Self::ADDED, &Additions::KEYS) } else { (&[], &[]) };
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
            grid_results: fields.each("grid_results", Candidate::of)?,
            grid_best: fields.nested_or_null("grid_best", Candidate::of)?,
            walk_forward: fields.nested_or_null("walk_forward", |walked| WalkForward::of(format, walked))?,
            hybrid_top: match fields.any("hybrid_top")? {
                Value::Null => None,
                _ => Some(fields.each("hybrid_top", HybridRow::of)?),
            },
            holdout_result: fields.nested_or_null("holdout_result", |shot| Holdout::of(format, shot))?,
            kc_reports: fields.each("kc_reports", KcReport::of)?,
            additions: second.then(|| Additions::of(fields, "random_seed")).transpose()?,
            constraint_policy: second.then(|| fields.text("constraint_policy")).transpose()?,
            holdout_mode: second.then(|| fields.text("holdout_mode")).transpose()?,
        })
    }
}

impl<'a> Additions<'a> {
    pub(super) const KEYS: [&'static str; 6] =
        ["schema_version", "omega_lock_version", "config_full", "kc_thresholds", "search_settings", "warnings"];

    /// The additions beside which the seed stands under `seed`.
    pub(super) fn of(fields: Fields<'a>, seed: &str) -> Result<Self, ReportError> {
        Ok(Self {
            omega_lock_version: fields.text("omega_lock_version")?,
            config_full: fields.object("config_full")?,
            kc_thresholds: fields.object("kc_thresholds")?,
            search_settings: fields.object("search_settings")?,
            seed: match fields.any(seed)? {
                Value::Null => None,
                _ => Some(fields.integer(seed)?),
            },
            warnings: fields.names("warnings")?,
        })
    }
}

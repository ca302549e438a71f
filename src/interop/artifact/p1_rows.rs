//! The measurements of a pass: baseline, stresses, candidates, walk-forward, judge, holdout, gates.

use super::super::audit_report::{Format, ReportError};
use super::super::fields::Fields;
use super::super::json::{Dict, Integer, Text};

/// The evaluation of the baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline<'a> {
    /// The fitness.
    pub fitness: f64,
    /// The size of the sample.
    pub n_trials: &'a Integer,
    /// What the target said beside it.
    pub metadata: &'a Dict,
}

/// The sensitivity of one parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Stress<'a> {
    /// The parameter.
    pub name: &'a Text,
    /// Fitness of the baseline.
    pub baseline_fitness: f64,
    /// Fitness one step up.
    pub plus_fitness: f64,
    /// Fitness one step down.
    pub minus_fitness: f64,
    /// The step that was asked for.
    pub epsilon: f64,
    /// Change of the fitness per unit, the larger side.
    pub raw_stress: f64,
    /// The same as a z-score.
    pub normalized_stress: f64,
    /// Whether it is a switch, which has one step.
    pub is_boolean: bool,
    /// Whether the space marks it as suppressed, under either of its names.
    pub suppressed: bool,
    /// Whether the step up was cut at the bound.
    pub clipped_plus: bool,
    /// Whether the step down was cut at the bound.
    pub clipped_minus: bool,
    /// The size of the sample one step up.
    pub plus_n_trials: &'a Integer,
    /// The size of the sample one step down.
    pub minus_n_trials: &'a Integer,
}

/// One candidate of the search.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'a> {
    /// Its place in the search.
    pub idx: u64,
    /// The tuned parameters.
    pub unlocked: &'a Dict,
    /// The fitness.
    pub fitness: f64,
    /// The size of the sample.
    pub n_trials: &'a Integer,
    /// Seconds it took.
    pub wall_s: f64,
}

/// The best candidates on test.
#[derive(Debug, Clone, PartialEq)]
pub struct WalkForward<'a> {
    /// How many there were.
    pub top_n: u64,
    /// Their fitness on train, best first.
    pub train_fitnesses: Vec<f64>,
    /// Their fitness on test, in the same order.
    pub test_fitnesses: Vec<f64>,
    /// The sizes of their samples on test.
    pub test_n_trials: Vec<&'a Integer>,
    /// The correlation of the two; 0 where there is none.
    pub pearson: f64,
    /// Why there is none; 0.1.7 does not say.
    pub pearson_status: Option<&'a Text>,
    /// Whether there is one; 0.1.7 does not say.
    pub pearson_computable: Option<bool>,
    /// The mean size of their samples on train.
    pub train_best_trades_mean: f64,
    /// The size of the sample of the best on train, on test.
    pub test_best_trades: &'a Integer,
    /// Its fitness on test.
    pub test_best_fitness: f64,
    /// Its parameters.
    pub test_best_params: &'a Dict,
    /// The one size over the other, scaled.
    pub trade_ratio_scaled: f64,
}

/// One candidate of the ranking by the judge.
#[derive(Debug, Clone, PartialEq)]
pub struct HybridRow<'a> {
    /// Its parameters.
    pub params: &'a Dict,
    /// Its fitness in the search.
    pub search_fitness: f64,
    /// The size of the sample there.
    pub search_n_trials: &'a Integer,
    /// What it was ranked by.
    pub final_fitness: f64,
    /// Fitness and size of the sample by the judge, if he saw it.
    pub validation: Option<(f64, &'a Integer)>,
}

/// The shot at the holdout.
#[derive(Debug, Clone, PartialEq)]
pub struct Holdout<'a> {
    /// The fitness.
    pub fitness: f64,
    /// The size of the sample.
    pub n_trials: &'a Integer,
    /// The parameters.
    pub params: &'a Dict,
    /// Fitness less that on train.
    pub fitness_vs_train: f64,
    /// Fitness less that on test, if there is a test slice.
    pub fitness_vs_test: Option<f64>,
    /// The size of the sample over that on train, if there is one.
    pub trade_ratio_vs_train: Option<f64>,
    /// `gate` or `evidence_only`.
    pub mode: &'a Text,
    /// Whether it decides, in words; from 0.3 on.
    pub status_gating: Option<&'a Text>,
    /// Why it failed.
    pub gate_failed_reasons: Vec<&'a Text>,
    /// What the reader should know; from 0.3 on.
    pub warning: Option<&'a Text>,
    /// `PASS`, `FAIL` or `EVIDENCE_ONLY`.
    pub gate_status: &'a Text,
}

/// What a gate said.
#[derive(Debug, Clone, PartialEq)]
pub struct KcReport<'a> {
    /// Its name, such as `KC-4`.
    pub name: &'a Text,
    /// `PASS`, `FAIL`, `SKIP` or `ADVISORY`.
    pub status: &'a Text,
    /// One line about it.
    pub message: &'a Text,
    /// The evidence.
    pub detail: &'a Dict,
}

impl<'a> Baseline<'a> {
    pub(super) fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        fields.only(&[&["fitness", "n_trials", "metadata"]])?;
        Ok(Self {
            fitness: fields.number("fitness")?,
            n_trials: fields.integer("n_trials")?,
            metadata: fields.object("metadata")?,
        })
    }
}

impl<'a> Stress<'a> {
    const KEYS: [&'static str; 13] = [
        "name",
        "baseline_fitness",
        "plus_fitness",
        "minus_fitness",
        "epsilon",
        "raw_stress",
        "normalized_stress",
        "is_boolean",
        "ofi_biased",
        "clipped_plus",
        "clipped_minus",
        "plus_n_trials",
        "minus_n_trials",
    ];

    pub(super) fn of(format: Format, fields: Fields<'a>) -> Result<Self, ReportError> {
        let added: &[_] = if format == Format::V2 { &["stress_suppressed"] } else { &[] };
        fields.only(&[&Self::KEYS, added])?;
        let suppressed = fields.flag("ofi_biased")?;
        if fields.dict.get("stress_suppressed").is_some() && fields.flag("stress_suppressed")? != suppressed {
            let expected = "the same as `ofi_biased`, its earlier name".to_owned();
            return Err(ReportError {
                path: fields.path("stress_suppressed"),
                found: (!suppressed).to_string(),
                expected,
            });
        }
        Ok(Self {
            name: fields.text("name")?,
            baseline_fitness: fields.number("baseline_fitness")?,
            plus_fitness: fields.number("plus_fitness")?,
            minus_fitness: fields.number("minus_fitness")?,
            epsilon: fields.number("epsilon")?,
            raw_stress: fields.number("raw_stress")?,
            normalized_stress: fields.number("normalized_stress")?,
            is_boolean: fields.flag("is_boolean")?,
            suppressed,
            clipped_plus: fields.flag("clipped_plus")?,
            clipped_minus: fields.flag("clipped_minus")?,
            plus_n_trials: fields.integer("plus_n_trials")?,
            minus_n_trials: fields.integer("minus_n_trials")?,
        })
    }
}

impl<'a> Candidate<'a> {
    pub(super) fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        fields.only(&[&["idx", "unlocked", "fitness", "n_trials", "wall_s"]])?;
        Ok(Self {
            idx: fields.count("idx")?,
            unlocked: fields.object("unlocked")?,
            fitness: fields.number("fitness")?,
            n_trials: fields.integer("n_trials")?,
            wall_s: fields.number("wall_s")?,
        })
    }
}

impl<'a> WalkForward<'a> {
    const KEYS: [&'static str; 10] = [
        "top_n",
        "train_fitnesses",
        "test_fitnesses",
        "test_n_trials",
        "pearson",
        "train_best_trades_mean",
        "test_best_trades",
        "test_best_fitness",
        "test_best_params",
        "trade_ratio_scaled",
    ];

    pub(super) fn of(format: Format, fields: Fields<'a>) -> Result<Self, ReportError> {
        let added: &[_] = if format == Format::V2 { &["pearson_status", "pearson_computable"] } else { &[] };
        fields.only(&[&Self::KEYS, added])?;
        let said = |key: &str| fields.dict.get(key).is_some();
        Ok(Self {
            top_n: fields.count("top_n")?,
            train_fitnesses: fields.numbers("train_fitnesses")?,
            test_fitnesses: fields.numbers("test_fitnesses")?,
            test_n_trials: fields.integers("test_n_trials")?,
            pearson: fields.number("pearson")?,
            pearson_status: said("pearson_status").then(|| fields.text("pearson_status")).transpose()?,
            pearson_computable: said("pearson_computable").then(|| fields.flag("pearson_computable")).transpose()?,
            train_best_trades_mean: fields.number("train_best_trades_mean")?,
            test_best_trades: fields.integer("test_best_trades")?,
            test_best_fitness: fields.number("test_best_fitness")?,
            test_best_params: fields.object("test_best_params")?,
            trade_ratio_scaled: fields.number("trade_ratio_scaled")?,
        })
    }
}

impl<'a> HybridRow<'a> {
    pub(super) fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        let always = ["params", "search_fitness", "search_n_trials", "final_fitness"];
        fields.only(&[&always, &["validation_fitness", "validation_n_trials"]])?;
        let judged = ["validation_fitness", "validation_n_trials"].iter().any(|key| fields.dict.get(key).is_some());
        Ok(Self {
            params: fields.object("params")?,
            search_fitness: fields.number("search_fitness")?,
            search_n_trials: fields.integer("search_n_trials")?,
            final_fitness: fields.number("final_fitness")?,
            validation: judged
                .then(|| Ok((fields.number("validation_fitness")?, fields.integer("validation_n_trials")?)))
                .transpose()?,
        })
    }
}

impl<'a> Holdout<'a> {
    const KEYS: [&'static str; 9] = [
        "fitness",
        "n_trials",
        "params",
        "fitness_vs_train",
        "fitness_vs_test",
        "trade_ratio_vs_train",
        "mode",
        "gate_failed_reasons",
        "gate_status",
    ];

    pub(super) fn of(format: Format, fields: Fields<'a>) -> Result<Self, ReportError> {
        let added: &[_] = if format == Format::V2 { &["status_gating", "warning"] } else { &[] };
        fields.only(&[&Self::KEYS, added])?;
        let text = |key: &str| fields.dict.get(key).map(|_| fields.text(key)).transpose();
        Ok(Self {
            fitness: fields.number("fitness")?,
            n_trials: fields.integer("n_trials")?,
            params: fields.object("params")?,
            fitness_vs_train: fields.number("fitness_vs_train")?,
            fitness_vs_test: fields.number_or_null("fitness_vs_test")?,
            trade_ratio_vs_train: fields.number_or_null("trade_ratio_vs_train")?,
            mode: fields.text("mode")?,
            status_gating: text("status_gating")?,
            gate_failed_reasons: fields.texts("gate_failed_reasons")?,
            warning: text("warning")?,
            gate_status: fields.text("gate_status")?,
        })
    }
}

impl<'a> KcReport<'a> {
    pub(super) fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        fields.only(&[&["name", "status", "message", "detail"]])?;
        Ok(Self {
            name: fields.text("name")?,
            status: fields.text("status")?,
            message: fields.text("message")?,
            detail: fields.object("detail")?,
        })
    }
}

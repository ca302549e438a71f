//! The result of several rounds.

use super::super::audit_report::{Format, ReportError};
use super::super::fields::{Fields, list_of_texts};
use super::super::json::{Dict, Integer, Text, Value};
use super::{Additions, Kind, P1Result};

/// The result of several rounds of the Python package.
#[derive(Debug, Clone, PartialEq)]
pub struct IterativeResult<'a> {
    /// Which format it is in.
    pub format: Format,
    /// The verdict: `PASS`, or `FAIL:` and `round` with the number of rounds run.
    pub final_status: &'a Text,
    /// Why there was no further round.
    pub stop_reason: &'a Text,
    /// Seconds it took.
    pub total_elapsed_seconds: f64,
    /// The configuration, short; from 0.3 on.
    pub config: Option<&'a Dict>,
    /// The parameters that each round locked in.
    pub locked_in_order: Vec<Vec<&'a Text>>,
    /// The fitness of each round's baseline.
    pub fitness_trajectory: Vec<f64>,
    /// The fitness of each round's best candidate.
    pub round_best_fitness: Vec<f64>,
    /// Every parameter, as it would ship.
    pub final_baseline: &'a Dict,
    /// The rounds.
    pub rounds: Vec<P1Result<'a>>,
    /// The shot at the holdout.
    pub holdout_result: Option<IterativeHoldout<'a>>,
    /// Whether the test slice had a say in what was locked in.
    pub selection_reused_test_target: bool,
    /// In how many rounds it had.
    pub test_reuse_rounds: u64,
    /// Whether a holdout would say what the test slice no longer can.
    pub holdout_recommended: bool,
    /// Whether a holdout was evaluated.
    pub holdout_present: bool,
    /// What a reader of the verdict should know beside it.
    pub advisory_messages: Vec<&'a Text>,
    /// The warning about a test slice that several rounds asked; from 0.3 on.
    pub test_reuse_warning: Option<&'a Text>,
    /// What the second format adds.
    pub additions: Option<Additions<'a>>,
}

/// The shot at the holdout after the last round, which never decides.
#[derive(Debug, Clone, PartialEq)]
pub struct IterativeHoldout<'a> {
    /// The fitness.
    pub fitness: f64,
    /// The size of the sample.
    pub n_trials: &'a Integer,
    /// The parameters.
    pub params: &'a Dict,
    /// Fitness less that of the last round on train, if it had a best candidate.
    pub fitness_vs_last_round_train: Option<f64>,
    /// Fitness less that of the last round on test, if there is a test slice.
    pub fitness_vs_last_round_test: Option<f64>,
}

impl<'a> IterativeResult<'a> {
    const KEYS: [&'static str; 14] = [
        "final_status",
        "stop_reason",
        "total_elapsed_seconds",
        "locked_in_order",
        "fitness_trajectory",
        "round_best_fitness",
        "final_baseline",
        "rounds",
        "holdout_result",
        "selection_reused_test_target",
        "test_reuse_rounds",
        "holdout_recommended",
        "holdout_present",
        "advisory_messages",
    ];
    const ADDED: [&'static str; 3] = ["config", "random_seed", "test_reuse_warning"];

    /// The result in a document's value.
    ///
    /// # Errors
    /// If it is none: the first key that is missing, mistyped or unknown.
    pub fn of(document: &'a Value) -> Result<Self, ReportError> {
        let fields = Fields::of_document(document)?;
        let format = Kind::Iterative.format(fields)?;
        let second = format == Format::V2;
        let (added, additions): (&[_], &[_]) = if second { (&Self::ADDED, &Additions::KEYS) } else { (&[], &[]) };
        fields.only(&[&Self::KEYS, added, additions])?;
        Ok(Self {
            format,
            final_status: fields.text("final_status")?,
            stop_reason: fields.text("stop_reason")?,
            total_elapsed_seconds: fields.number("total_elapsed_seconds")?,
            config: second.then(|| fields.object("config")).transpose()?,
            locked_in_order: fields.pick("locked_in_order", "a list of lists of texts", |value| match value {
                Value::List(rounds) => rounds.iter().map(list_of_texts).collect(),
                _ => None,
            })?,
            fitness_trajectory: fields.numbers("fitness_trajectory")?,
            round_best_fitness: fields.numbers("round_best_fitness")?,
            final_baseline: fields.object("final_baseline")?,
            rounds: fields.each("rounds", P1Result::of_fields)?,
            holdout_result: fields.nested_or_null("holdout_result", IterativeHoldout::of)?,
            selection_reused_test_target: fields.flag("selection_reused_test_target")?,
            test_reuse_rounds: fields.count("test_reuse_rounds")?,
            holdout_recommended: fields.flag("holdout_recommended")?,
            holdout_present: fields.flag("holdout_present")?,
            advisory_messages: fields.names("advisory_messages")?,
            test_reuse_warning: match fields.dict.get("test_reuse_warning") {
                None | Some(Value::Null) => None,
                Some(_) => Some(fields.text("test_reuse_warning")?),
            },
            additions: second.then(|| Additions::of(fields, "random_seed")).transpose()?,
        })
    }
}

impl<'a> IterativeHoldout<'a> {
    fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        let keys = ["fitness", "n_trials", "params", "fitness_vs_last_round_train", "fitness_vs_last_round_test"];
        fields.only(&[&keys])?;
        Ok(Self {
            fitness: fields.number("fitness")?,
            n_trials: fields.integer("n_trials")?,
            params: fields.object("params")?,
            fitness_vs_last_round_train: fields.number_or_null("fitness_vs_last_round_train")?,
            fitness_vs_last_round_test: fields.number_or_null("fitness_vs_last_round_test")?,
        })
    }
}

//! The result of several rounds.

use super::super::audit_report::{Format, ReportError};
use super::super::fields::{Fields, Read, record, texts};
use super::super::json::{Dict, Integer, Text, Value};
use super::{Additions, Kind, P1Result};

record! {
    /// The result of several rounds of the Python package.
    struct IterativeResult {
        /// Which format it is in.
        format as "schema_version": Format,
        /// The verdict: `PASS`, or `FAIL:` and `round` with the number of rounds run.
        final_status: &'a Text,
        /// Why there was no further round.
        stop_reason: &'a Text,
        /// Seconds it took.
        total_elapsed_seconds: f64,
        /// The parameters that each round locked in.
        locked_in_order: Vec<Vec<&'a Text>> = lists_of_texts,
        /// The fitness of each round's baseline.
        fitness_trajectory: Vec<f64>,
        /// The fitness of each round's best candidate.
        round_best_fitness: Vec<f64>,
        /// Every parameter, as it would ship.
        final_baseline: &'a Dict,
        /// The rounds.
        rounds: Vec<P1Result<'a>>,
        /// The shot at the holdout.
        holdout_result: Option<IterativeHoldout<'a>>,
        /// Whether the test slice had a say in what was locked in.
        selection_reused_test_target: bool,
        /// In how many rounds it had.
        test_reuse_rounds: u64,
        /// Whether a holdout would say what the test slice no longer can.
        holdout_recommended: bool,
        /// Whether a holdout was evaluated.
        holdout_present: bool,
        /// What a reader of the verdict should know beside it.
        advisory_messages: Vec<&'a Text>,
    }
    added {
        /// What the second format adds.
        additions as "schema_version": Option<Additions<'a>> = Additions::second,
        /// The seed, if anything was drawn; from 0.3 on.
        random_seed: Option<&'a Integer> = Fields::second_or_null,
        /// The configuration, short; from 0.3 on.
        config: Option<&'a Dict> = Fields::second,
        /// The warning about a test slice that several rounds asked; from 0.3 on.
        test_reuse_warning: Option<&'a Text> = Fields::absent_or_null,
    }
    checked by |fields, keys, added| Kind::Iterative.check(fields, [keys, added, &[]]);

    /// The shot at the holdout after the last round, which never decides.
    struct IterativeHoldout {
        /// The fitness.
        fitness: f64,
        /// The size of the sample.
        n_trials: &'a Integer,
        /// The parameters.
        params: &'a Dict,
        /// Fitness less that of the last round on train, if it had a best candidate.
        fitness_vs_last_round_train: Option<f64>,
        /// Fitness less that of the last round on test, if there is a test slice.
        fitness_vs_last_round_test: Option<f64>,
    }
}

impl<'a> IterativeResult<'a> {
    /// The result in a document's value.
    ///
    /// # Errors
    /// If it is none: the first key that is missing, mistyped or unknown.
    pub fn of(document: &'a Value) -> Result<Self, ReportError> {
        Self::of_fields(Fields::of_document(document)?)
    }
}

fn lists_of_texts<'a>(fields: Fields<'a>, key: &str) -> Result<Vec<Vec<&'a Text>>, ReportError> {
    fields.pick(key, "a list of lists of texts", |value| match value {
        Value::List(lists) => lists.iter().map(texts).collect(),
        _ => None,
    })
}

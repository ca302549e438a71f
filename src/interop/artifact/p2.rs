//! The result of a search by Optuna.

use super::super::audit_report::{Format, ReportError};
use super::super::fields::{Fields, Read, record};
use super::super::json::{Dict, Integer, Text, Value};
use super::{Additions, Baseline, Candidate, KcReport, Kind, Stress, WalkForward};

record! {
    /// The result of a search by Optuna of the Python package.
    struct P2Result {
        /// Which format it is in.
        format as "schema_version": Format,
        /// The verdict: `PASS`, or `FAIL:` and the failed gates.
        status: &'a Text,
        /// Seconds it took.
        elapsed_seconds: f64,
        /// The configuration, short.
        config: &'a Dict,
        /// The baseline.
        baseline_result: Baseline<'a>,
        /// The sensitivities, in the order of the space.
        stress_results: Vec<Stress<'a>>,
        /// The unlocked parameters, largest stress first.
        top_k: Vec<&'a Text>,
        /// The same without suppressed ones.
        top_k_ex_ofi: Vec<&'a Text>,
        /// Every trial, in order.
        trials: Vec<Trial<'a>>,
        /// The trial that would ship.
        tpe_best: Option<Candidate<'a>>,
        /// The best trials on test.
        walk_forward: Option<WalkForward<'a>>,
        /// The gates, in order.
        kc_reports: Vec<KcReport<'a>>,
    }
    added {
        /// What the second format adds.
        additions as "schema_version": Option<Additions<'a>> = Additions::second,
        /// The seed, if anything was drawn; from 0.3 on.
        seed: Option<&'a Integer> = Fields::second_or_null,
    }
    checked by |fields, keys, added| Kind::P2.check(fields, [keys, added, &["top_k_excl_suppressed"]]);

    /// One trial of the search.
    struct Trial {
        /// Its number.
        trial_idx: u64,
        /// The tuned parameters.
        params_unlocked: &'a Dict,
        /// The fitness.
        fitness: f64,
        /// The size of the sample.
        n_trials: &'a Integer,
        /// Seconds it took.
        wall_s: f64,
    }
}

impl<'a> P2Result<'a> {
    /// The result in a document's value.
    ///
    /// # Errors
    /// If it is none: the first key that is missing, mistyped or unknown.
    pub fn of(document: &'a Value) -> Result<Self, ReportError> {
        Self::of_fields(Fields::of_document(document)?)
    }
}

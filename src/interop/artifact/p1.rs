//! The result of one pass.

use super::super::audit_report::{Format, ReportError};
use super::super::fields::{Fields, Read, record};
use super::super::json::{Dict, Integer, Text, Value};
use super::{Baseline, Candidate, Holdout, HybridRow, KcReport, Kind, Stress, WalkForward};

record! {
    /// The result of one pass of the Python package.
    struct P1Result {
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
        /// Every candidate, in order.
        grid_results: Vec<Candidate<'a>>,
        /// The candidate that would ship.
        grid_best: Option<Candidate<'a>>,
        /// The best candidates on test.
        walk_forward: Option<WalkForward<'a>>,
        /// The ranking by the judge.
        hybrid_top: Option<Vec<HybridRow<'a>>>,
        /// The shot at the holdout.
        holdout_result: Option<Holdout<'a>>,
        /// The gates, in order.
        kc_reports: Vec<KcReport<'a>>,
    }
    added {
        /// What the second format adds.
        additions as "schema_version": Option<Additions<'a>> = Additions::second,
        /// The seed, if anything was drawn; from 0.3 on.
        random_seed: Option<&'a Integer> = Fields::second_or_null,
        /// What violating a constraint means; from 0.3 on.
        constraint_policy: Option<&'a Text> = Fields::second,
        /// Whether the holdout decides; from 0.3 on.
        holdout_mode: Option<&'a Text> = Fields::second,
    }
    checked by |fields, keys, added| Kind::P1.check(fields, [keys, added, &["top_k_excl_suppressed"]]);

    /// What the second format adds to the result of every pipeline.
    struct Additions {
        /// The version of the Python package that wrote it.
        omega_lock_version: &'a Text,
        /// The configuration, whole.
        config_full: &'a Dict,
        /// The thresholds.
        kc_thresholds: &'a Dict,
        /// How candidates were proposed.
        search_settings: &'a Dict,
        /// What a reader of the verdict should know beside it.
        warnings: Vec<&'a Text>,
    }
    checked by |fields, _, _| Ok(fields);
}

impl<'a> P1Result<'a> {
    /// The result in a document's value.
    ///
    /// # Errors
    /// If it is none: the first key that is missing, mistyped or unknown.
    pub fn of(document: &'a Value) -> Result<Self, ReportError> {
        Self::of_fields(Fields::of_document(document)?)
    }
}

impl<'a> Additions<'a> {
    pub(super) fn second(fields: Fields<'a>, _: &str) -> Result<Option<Self>, ReportError> {
        (fields.format == Format::V2).then(|| Self::of_fields(fields)).transpose()
    }
}

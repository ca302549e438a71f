//! The report, key by key.

use super::super::fields::{Fields, Read, count, record};
use super::super::json::{Dict, Integer, Text, Value};
use super::error::ReportError;

record! {
    /// An audit report of the Python package; borrows from the document it was read from.
    ///
    /// A key that the Python package itself can do without is read as it reads it (absent `seed` as none, absent lists as
    /// empty), unknown keys are passed over: [`verify`](crate::interop::hash_chain::verify) names both.
    struct AuditReport {
        /// How the parameters were searched, as the caller named it.
        method: &'a Text,
        /// The version of the Python package that wrote it.
        omega_lock_version: &'a Text,
        /// The seed, where there was one.
        seed: Option<&'a Integer> = Fields::absent_or_null,
        /// When it began.
        started_iso: &'a Text,
        /// When it ended.
        ended_iso: &'a Text,
        /// The constraints every run was judged by.
        constraints: Vec<DeclaredConstraint<'a>> = Fields::or_default,
        /// The recorded evaluations, in order.
        runs: Vec<Run<'a>> = Fields::or_default,
        /// Parameters and their stress, where it was measured.
        stress_ranking: Option<Vec<(&'a Text, f64)>> = Fields::ranking,
        /// What it says of its own runs.
        summary: Option<Summary<'a>> = Fields::absent,
    }
    added {
        /// Which format it is in.
        format as "schema_version": Format = Read::read,
        /// The chain over the runs, where it was asked for.
        hash_chain: Option<Vec<Link<'a>>> = Fields::absent,
    }
    checked by |fields, _, _| Ok(fields);

    /// A constraint by name; its rule is not in the report.
    struct DeclaredConstraint {
        /// Its name.
        name: &'a Text,
        /// What it says of itself.
        description: Option<&'a Text> = Fields::absent,
    }
    checked by |fields, _, _| Ok(fields);

    /// One recorded evaluation.
    struct Run {
        /// The parameters.
        params: &'a Dict,
        /// The fitness.
        fitness: f64,
        /// The size of the sample.
        n_trials: &'a Integer,
        /// What the target said beside it.
        metadata: Option<&'a Dict> = Fields::absent,
        /// When it was evaluated.
        timestamp_iso: &'a Text,
        /// The constraints it keeps.
        constraints_passed: Vec<&'a Text> = Fields::or_default,
        /// The constraints it breaks.
        constraints_failed: Vec<&'a Text> = Fields::or_default,
        /// The phase of the search.
        phase: &'a Text,
        /// Its place in the order of calls.
        call_index: u64,
        /// Which slice of the data it was evaluated on.
        target_role: &'a Text,
        /// The round of an iterative search.
        round_index: u64 = Fields::or_default,
    }
    checked by |fields, _, _| Ok(fields);

    /// What a report says of its own runs.
    struct Summary {
        /// How many there are.
        n_total: u64,
        /// How many break no constraint.
        n_feasible: u64,
        /// The share of those, 0 where there are none.
        feasibility_rate: f64,
        /// How many keep each constraint, by name.
        constraint_pass_counts: Vec<(&'a Text, u64)> = counts,
    }
    checked by |fields, _, _| Ok(fields);

    /// An entry of the chain.
    struct Link {
        /// The call index of its run.
        call_index: u64,
        /// The digest of the run before; none for the first.
        previous_hash: Option<&'a Text> = Fields::absent_or_null,
        /// The digest of its run.
        run_hash: &'a Text,
    }
    checked by |fields, _, _| Ok(fields);
}

/// The formats of an audit report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Without `schema_version`, as of 0.1.7.
    V1,
    /// `omega-lock.audit-report.v2`.
    V2,
}

impl<'a> AuditReport<'a> {
    /// The report in a document's value.
    pub fn of(value: &'a Value) -> Result<Self, ReportError> {
        Self::of_fields(Fields::of_document(value)?.in_format(Format::V2_VERSION)?)
    }
}

impl Format {
    /// What `schema_version` says in the second format.
    pub const V2_VERSION: &'static str = "omega-lock.audit-report.v2";
}

fn counts<'a>(fields: Fields<'a>, key: &str) -> Result<Vec<(&'a Text, u64)>, ReportError> {
    fields.pick(key, "an object of counts", |value| match value {
        Value::Dict(counts) => counts.sorted().into_iter().map(|(name, value)| Some((name, count(value)?))).collect(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::json::{Rules, read};
    use super::*;

    const REPORT: &str = r#"{"method": "grid", "omega_lock_version": "0.1.7", "seed": 7, "started_iso": "s",
        "ended_iso": "e", "constraints": [{"name": "c", "description": "d"}], "runs": [{"params": {"x": 0.5},
        "fitness": 1, "n_trials": 3, "metadata": {}, "timestamp_iso": "t", "constraints_passed": ["c"],
        "constraints_failed": [], "phase": "grid", "call_index": 0, "target_role": "train", "round_index": 2}],
        "stress_ranking": [["x", 0.25]], "summary": {"n_total": 1, "n_feasible": 1, "feasibility_rate": 1.0,
        "constraint_pass_counts": {"c": 1}},
        "hash_chain": [{"call_index": 0, "previous_hash": null, "run_hash": "ab"}]}"#;

    fn with<T>(text: &str, look: impl FnOnce(Result<AuditReport<'_>, ReportError>) -> T) -> T {
        look(AuditReport::of(&read(text.as_bytes(), &Rules::STRICT).unwrap().value))
    }

    #[test]
    fn a_report_without_a_version_is_of_the_first_format() {
        with(REPORT, |report| {
            let report = report.unwrap();
            assert_eq!(report.format, Format::V1);
            assert_eq!(report.seed.and_then(Integer::to_i64), Some(7));
            let run = &report.runs[0];
            assert_eq!((run.fitness, run.call_index, run.round_index), (1.0, 0, 2));
            assert_eq!(run.params.get("x"), Some(&Value::Float(0.5)));
            assert_eq!(report.stress_ranking, Some(vec![(&Text::from("x"), 0.25)]));
            assert_eq!(report.summary.unwrap().constraint_pass_counts, [(&Text::from("c"), 1)]);
            assert_eq!(report.hash_chain.unwrap()[0].previous_hash, None);
        });
    }

    #[test]
    fn a_wrong_type_names_key_and_row() {
        for (from, to, message) in [
            (r#""fitness": 1"#, r#""fitness": "1""#, "`runs[0].fitness`: found a text, expected a number"),
            (r#""phase": "grid", "#, "", "`runs[0].phase`: found nothing, expected a text"),
            (r#"["c"]"#, r#"["c", 1]"#, "`runs[0].constraints_passed`: found a list, expected a list of texts"),
            (
                r#""n_total": 1"#,
                r#""n_total": -1"#,
                "`summary.n_total`: found an integer, expected an integer from 0 to 2^64-1",
            ),
            (r#""seed": 7"#, r#""seed": 7.0"#, "`seed`: found a float, expected an integer"),
            (r#"["x", 0.25]"#, r#"["x"]"#, "`stress_ranking`: found a list, expected a list of names and scores"),
            (r#"{"name": "c", "description": "d"}"#, "[]", "`constraints[0]`: found a list, expected an object"),
            (r#""run_hash": "ab""#, r#""run_hash": null"#, "`hash_chain[0].run_hash`: found null, expected a text"),
            (
                r#"{"method""#,
                r#"{"schema_version": "omega-lock.audit-report.v3", "method""#,
                "`schema_version`: found `omega-lock.audit-report.v3`, expected `omega-lock.audit-report.v2`",
            ),
        ] {
            assert!(REPORT.contains(from), "{from}");
            let error = with(&REPORT.replacen(from, to, 1), |report| report.unwrap_err());
            assert_eq!(error.to_string(), message);
        }
        assert_eq!(with("[]", |report| report.unwrap_err()).to_string(), "`$`: found a list, expected an object");
    }
}

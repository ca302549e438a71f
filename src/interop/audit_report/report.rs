//! The report, key by key.

use super::super::fields::{Fields, count, text};
use super::super::json::{Dict, Integer, Text, Value};
use super::error::ReportError;

/// An audit report of the Python package; borrows from the document it was read from.
///
/// A key that the Python package itself can do without is read as it reads it (absent `seed` as none, absent lists as
/// empty), unknown keys are passed over: [`verify`](crate::interop::hash_chain::verify) names both.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditReport<'a> {
    /// Which format it is in.
    pub format: Format,
    /// How the parameters were searched, as the caller named it.
    pub method: &'a Text,
    /// The version of the Python package that wrote it.
    pub omega_lock_version: &'a Text,
    /// The seed, where there was one.
    pub seed: Option<&'a Integer>,
    /// When it began.
    pub started_iso: &'a Text,
    /// When it ended.
    pub ended_iso: &'a Text,
    /// The constraints every run was judged by.
    pub constraints: Vec<DeclaredConstraint<'a>>,
    /// The recorded evaluations, in order.
    pub runs: Vec<Run<'a>>,
    /// Parameters and their stress, where it was measured.
    pub stress_ranking: Option<Vec<(&'a Text, f64)>>,
    /// What it says of its own runs.
    pub summary: Option<Summary<'a>>,
    /// The chain over the runs, where it was asked for.
    pub hash_chain: Option<Vec<Link<'a>>>,
}

/// The formats of an audit report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Without `schema_version`, as of 0.1.7.
    V1,
    /// `omega-lock.audit-report.v2`.
    V2,
}

/// A constraint by name; its rule is not in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeclaredConstraint<'a> {
    /// Its name.
    pub name: &'a Text,
    /// What it says of itself.
    pub description: Option<&'a Text>,
}

/// One recorded evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Run<'a> {
    /// The parameters.
    pub params: &'a Dict,
    /// The fitness.
    pub fitness: f64,
    /// The size of the sample.
    pub n_trials: &'a Integer,
    /// What the target said beside it.
    pub metadata: Option<&'a Dict>,
    /// When it was evaluated.
    pub timestamp_iso: &'a Text,
    /// The constraints it keeps.
    pub constraints_passed: Vec<&'a Text>,
    /// The constraints it breaks.
    pub constraints_failed: Vec<&'a Text>,
    /// The phase of the search.
    pub phase: &'a Text,
    /// Its place in the order of calls.
    pub call_index: u64,
    /// Which slice of the data it was evaluated on.
    pub target_role: &'a Text,
    /// The round of an iterative search.
    pub round_index: u64,
}

/// What a report says of its own runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary<'a> {
    /// How many there are.
    pub n_total: u64,
    /// How many break no constraint.
    pub n_feasible: u64,
    /// The share of those, 0 where there are none.
    pub feasibility_rate: f64,
    /// How many keep each constraint, by name.
    pub constraint_pass_counts: Vec<(&'a Text, u64)>,
}

/// An entry of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    /// The call index of its run.
    pub call_index: u64,
    /// The digest of the run before; none for the first.
    pub previous_hash: Option<&'a Text>,
    /// The digest of its run.
    pub run_hash: &'a Text,
}

impl Format {
    /// What `schema_version` says in the second format.
    pub const V2_VERSION: &'static str = "omega-lock.audit-report.v2";

    pub(in crate::internals::interop) fn of(report: Fields<'_>) -> Result<Self, ReportError> {
        match report.dict.get("schema_version") {
            None => Ok(Self::V1),
            Some(Value::Text(version)) if version == Self::V2_VERSION => Ok(Self::V2),
            Some(other) => Err(ReportError {
                path: "schema_version".to_owned(),
                found: text(other).map_or_else(|| other.kind().to_owned(), |version| format!("`{version}`")),
                expected: format!("`{}`", Self::V2_VERSION),
            }),
        }
    }
}

impl<'a> AuditReport<'a> {
    /// The report in a document's value.
    pub fn of(value: &'a Value) -> Result<Self, ReportError> {
        let report = Fields::of_document(value)?;
        Ok(Self {
            format: Format::of(report)?,
            method: report.text("method")?,
            omega_lock_version: report.text("omega_lock_version")?,
            seed: or_null(report, "seed", || report.integer("seed"))?,
            started_iso: report.text("started_iso")?,
            ended_iso: report.text("ended_iso")?,
            constraints: rows(report, "constraints", DeclaredConstraint::of)?.unwrap_or_default(),
            runs: rows(report, "runs", Run::of)?.unwrap_or_default(),
            stress_ranking: report.ranking()?,
            summary: report.section("summary")?.map(Summary::of).transpose()?,
            hash_chain: rows(report, "hash_chain", Link::of)?,
        })
    }
}

impl<'a> DeclaredConstraint<'a> {
    fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        Ok(Self { name: fields.text("name")?, description: fields.optional("description", "a text", text)? })
    }
}

impl<'a> Run<'a> {
    fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        let round_index = fields.optional("round_index", "an integer from 0 to 2^64-1", count)?;
        Ok(Self {
            params: fields.pick("params", "an object", |value| match value {
                Value::Dict(params) => Some(params),
                _ => None,
            })?,
            fitness: fields.number("fitness")?,
            n_trials: fields.integer("n_trials")?,
            metadata: fields.dict("metadata")?,
            timestamp_iso: fields.text("timestamp_iso")?,
            constraints_passed: fields.texts("constraints_passed")?,
            constraints_failed: fields.texts("constraints_failed")?,
            phase: fields.text("phase")?,
            call_index: fields.count("call_index")?,
            target_role: fields.text("target_role")?,
            round_index: round_index.unwrap_or(0),
        })
    }
}

impl<'a> Summary<'a> {
    fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        let counts = fields.pick("constraint_pass_counts", "an object of counts", |value| match value {
            Value::Dict(counts) => {
                counts.sorted().into_iter().map(|(name, value)| Some((name, count(value)?))).collect()
            }
            _ => None,
        })?;
        Ok(Self {
            n_total: fields.count("n_total")?,
            n_feasible: fields.count("n_feasible")?,
            feasibility_rate: fields.number("feasibility_rate")?,
            constraint_pass_counts: counts,
        })
    }
}

impl<'a> Link<'a> {
    fn of(fields: Fields<'a>) -> Result<Self, ReportError> {
        Ok(Self {
            call_index: fields.count("call_index")?,
            previous_hash: or_null(fields, "previous_hash", || fields.text("previous_hash"))?,
            run_hash: fields.text("run_hash")?,
        })
    }
}

/// None where the key is absent or null.
fn or_null<T>(
    fields: Fields<'_>,
    key: &str,
    read: impl FnOnce() -> Result<T, ReportError>,
) -> Result<Option<T>, ReportError> {
    match fields.dict.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(_) => read().map(Some),
    }
}

fn rows<'a, T>(
    report: Fields<'a>,
    key: &'static str,
    read: impl Fn(Fields<'a>) -> Result<T, ReportError>,
) -> Result<Option<Vec<T>>, ReportError> {
    let Some(rows) = report.rows(key)? else { return Ok(None) };
    rows.into_iter().map(read).collect::<Result<_, _>>().map(Some)
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

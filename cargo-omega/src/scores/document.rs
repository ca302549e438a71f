//! Scores in JSON: arrays, and the files of the Python package that hold two lists.

use omega_lock::internals::interop::strict;
use serde_json::{Map, Value};

use super::{Given, Scores};

/// How the versions of a study audit of the Python package begin.
const STUDY_AUDIT: &str = "omega-lock.study-audit.";

/// What a document holds.
pub(super) fn read(text: &str) -> Result<Given, String> {
    let document = serde_json::from_str::<Value>(&strict(text)).map_err(|error| format!(" is no JSON: {error}"))?;
    match &document {
        Value::Array(entries) => scores(entries).map(Given::One),
        Value::Object(fields) if fields.contains_key("train_scores") || fields.contains_key("holdout_scores") => {
            gate_verdict(fields)
        }
        Value::Object(fields)
            if fields
                .get("schema_version")
                .and_then(Value::as_str)
                .is_some_and(|version| version.starts_with(STUDY_AUDIT)) =>
        {
            study_audit(fields)
        }
        Value::Object(_) => {
            Err(" is an object, and neither a gate verdict nor a study audit of the Python package".to_owned())
        }
        other => Err(format!(" is {}, expected an array", kind(other))),
    }
}

fn scores(entries: &[Value]) -> Result<Scores, String> {
    if !entries.iter().any(Value::is_array) {
        return numbers(entries, "").map(Scores::Single);
    }
    let row = |(place, entry): (usize, &Value)| match entry {
        Value::Array(row) => numbers(row, &format!(", row {}", place + 1)),
        other => Err(format!(", row {} is {}, expected an array as the other rows", place + 1, kind(other))),
    };
    entries.iter().enumerate().map(row).collect::<Result<_, _>>().map(Scores::Rows)
}

fn numbers(entries: &[Value], within: &str) -> Result<Vec<f64>, String> {
    let number = |(place, entry): (usize, &Value)| {
        finite(entry).map_err(|found| format!("{within}: score {} is {found}, expected a finite number", place + 1))
    };
    entries.iter().enumerate().map(number).collect()
}

fn finite(entry: &Value) -> Result<f64, String> {
    match entry {
        Value::Number(number) => match number.as_f64() {
            Some(value) if value.is_finite() => Ok(value),
            _ => Err(number.to_string()),
        },
        // What stands for Python's bare tokens, and what people write for them.
        Value::String(text) => Err(match text.as_str() {
            "nan" => "NaN".to_owned(),
            other => format!("`{other}`"),
        }),
        other => Err(kind(other).to_owned()),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// `GateVerdict.to_dict()`.
fn gate_verdict(fields: &Map<String, Value>) -> Result<Given, String> {
    let list = |key: &str| match fields.get(key) {
        Some(Value::Array(entries)) => numbers(entries, &format!(", {key}")),
        Some(other) => Err(format!(", {key} is {}, expected an array", kind(other))),
        None => Err(format!(" is a gate verdict without {key}")),
    };
    Ok(Given::Both { train: list("train_scores")?, holdout: list("holdout_scores")?, note: None })
}

/// `StudyAuditReport.to_dict()`.
fn study_audit(fields: &Map<String, Value>) -> Result<Given, String> {
    let Some(Value::Array(candidates)) = fields.get("candidates") else {
        return Err(" is a study audit without candidates".to_owned());
    };
    let list = |key: &str| {
        let of = |(place, candidate): (usize, &Value)| {
            let found = candidate.get(key).map_or_else(|| Err("not there".to_owned()), finite);
            found.map_err(|found| format!(", candidate {}: {key} is {found}, expected a finite number", place + 1))
        };
        candidates.iter().enumerate().map(of).collect::<Result<Vec<f64>, String>>()
    };
    let (train, holdout) = (list("train_value")?, list("holdout_value")?);
    let all = fields.get("n_trials_completed").and_then(Value::as_u64).filter(|all| *all > candidates.len() as u64);
    let note = all.map(|all| {
        format!(
            "The file holds the best {} of {all} trials on train. Among the best alone real agreement is weaker than among all.",
            candidates.len()
        )
    });
    Ok(Given::Both { train, holdout, note })
}

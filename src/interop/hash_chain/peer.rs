//! What the Python package itself says of a report's chain.

use super::super::audit_report::{Format, ReportError};
use super::super::fields::Fields;
use super::super::json::{Integer, Value};
use super::digest::{hashes, runs};
use super::ground::LinkFault;

/// The answer of the Python package to `AuditReport.from_json(text).verify_hash_chain(...)`: of 0.3.8 where the report
/// has a `schema_version`, of 0.1.7 where it has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeerVerify {
    /// True: every entry is what the runs give.
    Holds,
    /// False.
    Broken,
    /// The report has no chain.
    Missing,
    /// It raises, mostly. It also takes some shapes that it never writes, which are refused here: pairs for an object,
    /// an object or a text for a list, numbers as texts or more than two entries in the ranking.
    Refused(ReportError),
}

/// Its answer and what led there.
pub(super) struct Peer {
    pub(super) verify: PeerVerify,
    pub(super) hashes: Vec<String>,
    pub(super) broken: Option<(usize, LinkFault)>,
}

impl Peer {
    pub(super) fn of(report: &Value) -> Self {
        let hashes = match readable(report).and_then(|()| hashes(report)) {
            Ok(hashes) => hashes,
            Err(error) => return Self { verify: PeerVerify::Refused(error), hashes: Vec::new(), broken: None },
        };
        let chain = Fields::of_document(report).and_then(|report| report.absent::<&[Value]>("hash_chain"));
        let (verify, broken) =
            match chain.and_then(|links| links.map(|links| compare(report, &hashes, links)).transpose()) {
                Err(error) => (PeerVerify::Refused(error), None),
                Ok(None) => (PeerVerify::Missing, None),
                Ok(Some(None)) => (PeerVerify::Holds, None),
                Ok(Some(broken)) => (PeerVerify::Broken, broken),
            };
        Self { verify, hashes, broken }
    }
}

/// Whether it reads what no digest covers.
fn readable(report: &Value) -> Result<(), ReportError> {
    let report = Fields::of_document(report)?.in_format(Format::V2_VERSION)?;
    for key in ["method", "omega_lock_version", "started_iso", "ended_iso"] {
        report.any(key)?;
    }
    for constraint in report.rows("constraints")?.unwrap_or_default() {
        constraint.any("name")?;
    }
    report.ranking("stress_ranking").map(|_| ())
}

/// The first row at which chain and runs differ.
fn compare(report: &Value, hashes: &[String], links: &[Value]) -> Result<Option<(usize, LinkFault)>, ReportError> {
    let runs = runs(report)?;
    // The first format does not compare call indices.
    let compare_index = Fields::of_document(report)?.in_format(Format::V2_VERSION)?.format == Format::V2;
    for (row, ((run, hash), link)) in runs.iter().zip(hashes).zip(links).enumerate() {
        let Value::Dict(entry) = link else {
            // Of a chain of another length the Python package looks at no entry.
            if runs.len() == links.len() {
                return Err(ReportError {
                    path: format!("hash_chain[{row}]"),
                    found: link.kind().to_owned(),
                    expected: "an object".to_owned(),
                });
            }
            return Ok(Some((row, LinkFault::RunHash)));
        };
        let is = |key: &str, hash: Option<&String>| match (entry.get(key), hash) {
            (None | Some(Value::Null), None) => true,
            (Some(Value::Text(text)), Some(hash)) => text == hash.as_str(),
            _ => false,
        };
        let call_index = entry.get("call_index").unwrap_or(&Value::Null);
        let previous = row.checked_sub(1).and_then(|before| hashes.get(before));
        let fault = if !is("run_hash", Some(hash)) {
            LinkFault::RunHash
        } else if !is("previous_hash", previous) {
            LinkFault::PreviousHash
        } else if compare_index && !equal(call_index, run.any("call_index")?) {
            LinkFault::CallIndex
        } else {
            continue;
        };
        return Ok(Some((row, fault)));
    }
    Ok(match runs.len().cmp(&links.len()) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Less => Some((runs.len(), LinkFault::NoRun)),
        std::cmp::Ordering::Greater => Some((links.len(), LinkFault::NoLink)),
    })
}

/// Whether Python's `==` holds: numbers by value whatever their kind, all else as it is.
fn equal(left: &Value, right: &Value) -> bool {
    match (number(left), number(right)) {
        (Some(Value::Integer(integer)), Some(Value::Float(float)))
        | (Some(Value::Float(float)), Some(Value::Integer(integer))) => {
            // With a precision, and only then, all digits of a large float are printed.
            float.fract() == 0.0 && format!("{:.0}", float + 0.0) == integer.as_str()
        }
        (Some(left), Some(right)) => left == right,
        (None, None) => left == right,
        _ => false,
    }
}

/// The number a value is to Python, where a boolean is one.
fn number(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(value) => Some(Value::Integer(Integer::from(u64::from(*value)))),
        Value::Integer(_) | Value::Float(_) => Some(value.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::json::Text;
    use super::*;

    #[test]
    fn numbers_are_equal_by_value_as_in_python() {
        let integer = |value: u64| Value::Integer(Integer::from(value));
        assert!(equal(&integer(0), &Value::Bool(false)));
        assert!(equal(&integer(1), &Value::Float(1.0)));
        assert!(equal(&Value::Float(-0.0), &integer(0)));
        assert!(equal(&integer(1 << 53), &Value::Float(2f64.powi(53))));
        assert!(equal(&integer(1 << 63), &Value::Float(2f64.powi(63))));
        assert!(!equal(&integer((1 << 53) + 1), &Value::Float(2f64.powi(53))));
        assert!(!equal(&integer(2), &Value::Float(1.5)));
        assert!(!equal(&Value::Float(f64::NAN), &Value::Float(f64::NAN)));
        assert!(!equal(&integer(0), &Value::Text(Text::from("0"))));
        assert!(!equal(&integer(0), &Value::Null));
        assert!(equal(&Value::Null, &Value::Null));
    }
}

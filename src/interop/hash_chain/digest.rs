//! Rows to payloads to digests.

use sha2::{Digest, Sha256};

use super::super::audit_report::ReportError;
use super::super::canonical::push_value;
use super::super::fields::Fields;
use super::super::json::{Dict, Value};

/// The keys of a run that its digest covers, as the payload orders them.
pub(super) const RUN_KEYS: [&str; 11] = [
    "call_index",
    "constraints_failed",
    "constraints_passed",
    "fitness",
    "metadata",
    "n_trials",
    "params",
    "phase",
    "round_index",
    "target_role",
    "timestamp_iso",
];

/// The digest of a run, given that of the run before it and its payload.
pub fn run_hash(previous: Option<&str>, payload: &str) -> String {
    let digest =
        Sha256::new().chain_update(previous.unwrap_or_default()).chain_update("\n").chain_update(payload).finalize();
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    nibbles.filter_map(|nibble| char::from_digit(u32::from(nibble), 16)).collect()
}

/// The digests of a report's runs, in order: what the Python package computes from the same document.
pub fn hashes(report: &Value) -> Result<Vec<String>, ReportError> {
    let mut hashes: Vec<String> = Vec::new();
    for run in runs(report)? {
        let hash = run_hash(hashes.last().map(String::as_str), &of_run(run)?);
        hashes.push(hash);
    }
    Ok(hashes)
}

pub(super) fn runs(report: &Value) -> Result<Vec<Fields<'_>>, ReportError> {
    Ok(Fields::of_document(report)?.rows("runs")?.unwrap_or_default())
}

/// The payload of a run. Four keys may be absent and count as empty or 0; other keys than the eleven are in none.
fn of_run(run: Fields<'_>) -> Result<String, ReportError> {
    let mut payload = String::new();
    for (index, key) in RUN_KEYS.into_iter().enumerate() {
        payload.push_str(if index == 0 { "{\"" } else { ", \"" });
        payload.push_str(key);
        payload.push_str("\": ");
        let (absent, present) = match key {
            "metadata" => ("{}", run.absent::<&Dict>(key)?.is_some()),
            "constraints_failed" | "constraints_passed" => ("[]", run.absent::<&[Value]>(key)?.is_some()),
            "round_index" => ("0", run.dict.get(key).is_some()),
            // Never absent; the Python package turns it into a dict, so it must be one.
            "params" => ("", run.absent::<&Dict>(key)?.is_some()),
            _ => ("", true),
        };
        if present || absent.is_empty() { push_value(run.any(key)?, &mut payload) } else { payload.push_str(absent) }
    }
    payload.push('}');
    Ok(payload)
}

#[cfg(test)]
mod tests {
    use super::super::super::json::{Rules, read};
    use super::*;

    #[test]
    fn a_run_has_the_payload_and_digest_the_python_package_gives_it() {
        // Computed with the Python package 0.3.8.
        let report = r#"{"runs": [{"params": {"x": 0.0}, "fitness": 0.0, "n_trials": 0, "metadata": {"a": 1},
            "timestamp_iso": "t", "constraints_passed": ["c"], "phase": "grid", "call_index": 0,
            "target_role": "train", "other": 1}]}"#;
        let report = read(report.as_bytes(), &Rules::STRICT).unwrap().value;
        assert_eq!(
            of_run(runs(&report).unwrap().remove(0)).unwrap(),
            concat!(
                r#"{"call_index": 0, "constraints_failed": [], "constraints_passed": ["c"], "fitness": 0.0, "#,
                r#""metadata": {"a": 1}, "n_trials": 0, "params": {"x": 0.0}, "phase": "grid", "round_index": 0, "#,
                r#""target_role": "train", "timestamp_iso": "t"}"#
            )
        );
        assert_eq!(hashes(&report).unwrap(), ["4c5e18dc2615845c02477a9beb2dd0bf79c164a77db667b15ad0c9ad9cc63722"]);
    }

    #[test]
    fn a_run_that_lacks_a_key_is_named() {
        let report = read(br#"{"runs": [{"call_index": 0}]}"#, &Rules::STRICT).unwrap().value;
        assert_eq!(hashes(&report).unwrap_err().to_string(), "`runs[0].fitness`: found nothing, expected a value");
    }
}

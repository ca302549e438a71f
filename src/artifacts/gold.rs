//! Gold: the accepted result of a calibration, short enough to be read in a review.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::value::Metadata;
use super::{Anchor, Number, ParamMap, ParamValue, PassEntry, RunResult, Timings};
use crate::declaration::conflict;

/// `<gold dir>/<calibration>.json`, and in the folder of pending results what differs from it.
///
/// Values only: how far they may move is declared in omega.toml, hence locked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct GoldDocument {
    /// [`GoldDocument::SCHEMA`]; a reader refuses another.
    pub schema_version: String,
    /// Name of the calibration.
    pub calibration: String,
    /// `PASS`, or `FAIL:` and what failed.
    pub verdict: String,
    /// The status of every gate, by its id.
    pub gates: BTreeMap<String, String>,
    /// Every parameter of the candidate that would ship, in the order of the space; empty if there is none.
    pub params: ParamMap,
    /// Every figure, by name.
    pub metrics: BTreeMap<String, ParamValue>,
    /// The trail behind it; `null` if none was kept.
    pub anchor: Option<Anchor>,
    /// Digest of the declaration it was made under, hex.
    pub declaration_digest: String,
    /// Where it was made: never compared, last so that merges stay readable.
    pub recorded: Provenance,
}

/// Where and with what a result was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Provenance {
    /// Version of the library.
    pub omega_lock_version: String,
    /// The compiler, as `rustc --version` spells it; absent if it was not known.
    pub rustc: Option<String>,
    /// Operating system and architecture.
    pub platform: String,
    /// Commit of the workspace; absent outside a git repository.
    pub commit: Option<String>,
}

impl GoldDocument {
    /// The `schema_version` this version writes and reads.
    pub const SCHEMA: &str = "omega-lock.gold.v1";

    /// Reads the text of a gold file.
    ///
    /// # Errors
    /// If it is no JSON, or no gold of this version; the text says where.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some((line, problem)) = conflict(text) {
            return Err(format!("line {line}: {problem}"));
        }
        let document: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match document.get("schema_version").and_then(Json::as_str) {
            Some(Self::SCHEMA) => serde_json::from_str(text).map_err(|error| error.to_string()),
            Some(other) => Err(format!("its schema is `{}`, expected `{}`", other.escape_debug(), Self::SCHEMA)),
            None => Err(format!("it has no `schema_version`, expected `{}`", Self::SCHEMA)),
        }
    }

    /// The short form of a result; without timings nobody knows where it was made.
    pub fn new(result: &RunResult, timings: Option<&Timings>) -> Self {
        let gates = result.gates.iter().map(|entry| (entry.gate.to_string(), entry.status.to_string()));
        let unmeasured = Timings::unmeasured(&result.calibration);
        let Timings { omega_lock_version, rustc, platform, commit, .. } = timings.unwrap_or(&unmeasured).clone();
        Self {
            schema_version: Self::SCHEMA.to_owned(),
            calibration: result.calibration.clone(),
            verdict: result.verdict.to_string(),
            gates: gates.collect(),
            params: result.params.clone().unwrap_or_default(),
            metrics: metrics(result),
            anchor: result.trail.clone(),
            declaration_digest: result.declaration_digest.clone(),
            recorded: Provenance { omega_lock_version, rustc, platform, commit },
        }
    }
}

/// The figures of the last pass, what all passes came to, and the holdout's.
fn metrics(result: &RunResult) -> BTreeMap<String, ParamValue> {
    let mut metrics = result.passes.last().map(figures).unwrap_or_default();
    let candidates = result.passes.iter().map(PassEntry::searched).sum();
    metrics.insert("candidates".to_owned(), count(candidates));
    metrics.insert("evaluations".to_owned(), count(result.evaluations.total));
    if let Some(reason) = result.stop_reason {
        metrics.insert("rounds".to_owned(), count(result.passes.len() as u64));
        metrics.insert("stop_reason".to_owned(), ParamValue::Choice(reason.to_string()));
    }
    if let Some(windows) = &result.ending.windows {
        metrics.insert("windows".to_owned(), count(result.passes.len() as u64));
        for (gain, number) in windows.gains.iter().zip(1..) {
            metrics.insert(format!("window_{number}_gain"), figure(gain.map(|gain| gain.counts().into())));
        }
        let all = windows.over_all.map(|all| [("gain", all.mean), ("gain_low", all.low), ("gain_high", all.high)]);
        let all = all.into_iter().flatten();
        metrics.extend(all.map(|(name, value)| (format!("windows_{name}"), ParamValue::Float(value))));
    }
    for gain in &result.gains {
        let named = [("gain", gain.blocks.mean), ("gain_low", gain.blocks.low), ("gain_high", gain.blocks.high)];
        let slice = gain.slice.name();
        metrics.extend(named.map(|(name, value)| (format!("{slice}_{name}"), ParamValue::Float(value))));
    }
    if let Some(holdout) = &result.ending.holdout {
        insert(&mut metrics, "holdout", holdout.fitness, holdout.samples);
    }
    metrics
}

/// What one pass says of its baseline, its selected candidate and its walk on the test slice.
fn figures(pass: &PassEntry) -> BTreeMap<String, ParamValue> {
    let mut metrics = BTreeMap::new();
    insert(&mut metrics, "baseline", pass.baseline.fitness, pass.baseline.samples);
    if let Some(best) = &pass.selected {
        insert(&mut metrics, "train", best.fitness, best.samples);
        metrics.extend(scalars(&best.metadata));
    }
    if let Some(walked) = &pass.walk_forward {
        let lead = walked.candidates.first();
        insert(&mut metrics, "test", lead.and_then(|lead| lead.test_fitness), lead.map_or(0, |lead| lead.test_samples));
        metrics.insert("pearson".to_owned(), figure(walked.correlation));
        metrics.insert("sample_ratio".to_owned(), ParamValue::Float(walked.sample_ratio));
    }
    metrics
}

pub(super) fn insert(metrics: &mut BTreeMap<String, ParamValue>, slice: &str, fitness: Option<Number>, samples: u64) {
    metrics.insert(format!("{slice}_fitness"), figure(fitness));
    metrics.insert(format!("{slice}_samples"), count(samples));
}

fn figure(value: Option<Number>) -> ParamValue {
    value.map_or_else(|| ParamValue::Choice("none".to_owned()), ParamValue::Float)
}

/// The numbers, switches and texts that the target says of the selected candidate; lists and tables are no figures.
pub(super) fn scalars(metadata: &Metadata) -> impl Iterator<Item = (String, ParamValue)> {
    metadata.iter().filter_map(|(name, value)| {
        let value = match value {
            Json::Bool(value) => ParamValue::Bool(*value),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => ParamValue::Int(whole),
                None => ParamValue::Float(Number(number.as_f64()?)),
            },
            // Spelt as a number that is none, it is read as one.
            Json::String(text) => serde_json::from_value(Json::String(text.clone())).ok()?,
            _ => return None,
        };
        Some((format!("metadata.{name}"), value))
    })
}

fn count(count: u64) -> ParamValue {
    i64::try_from(count).map_or(ParamValue::Float(Number(count as f64)), ParamValue::Int)
}

/// One line of `HISTORY.jsonl` beside the gold files: a gold file that was written, or confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// Name of the calibration.
    pub calibration: String,
    /// When, as `2026-11-02T14:05:09Z`.
    pub when: String,
    /// Who, as git knows them; absent if it does not.
    pub who: Option<String>,
    /// Commit of the workspace it was written on top of.
    pub commit: Option<String>,
    /// Why.
    pub reason: String,
    /// The verdict that was accepted.
    pub verdict: String,
    /// SHA-256 of the file before, hex; absent if there was none.
    pub old: Option<String>,
    /// SHA-256 of the file after, hex.
    pub new: String,
    /// Whether nothing was written: a search came to what the file says, which is as young as this line from then on.
    #[serde(default, skip_serializing_if = "is_false")]
    pub confirmed: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

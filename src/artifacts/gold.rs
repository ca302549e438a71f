//! Gold: the accepted result of a calibration, short enough to be read in a review.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::value::Metadata;
use super::{Anchor, IterativeResult, Number, P1Result, ParamMap, ParamValue, RunResult, Timings, WalkForwardEntry};

/// `<gold dir>/<calibration>.json`, and in the folder of pending results what differs from it.
///
/// Values only: how far they may move is declared in omega.toml, hence locked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
        // Only the very marker of git: a value may start with as many signs as it likes.
        if let Some(line) = text.lines().position(|line| line.starts_with("<<<<<<< ")) {
            return Err(format!("line {} is a conflict that git left", line + 1));
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
        let gates = result.gates().iter().map(|entry| (entry.gate.clone(), entry.status.clone()));
        let (calibration, params, mut metrics) = match result {
            RunResult::P1(result) => (&result.calibration, of_p1(result), metrics_of_p1(result)),
            RunResult::Iterative(result) => {
                (&result.calibration, result.final_baseline.clone(), metrics_of_iterative(result))
            }
        };
        metrics.insert("evaluations".to_owned(), count(result.evaluations().total));
        let unmeasured = Timings::unmeasured(calibration);
        let Timings { omega_lock_version, rustc, platform, commit, .. } = timings.unwrap_or(&unmeasured).clone();
        Self {
            schema_version: Self::SCHEMA.to_owned(),
            calibration: calibration.clone(),
            verdict: result.verdict().to_owned(),
            gates: gates.collect(),
            params,
            metrics,
            anchor: result.trail().cloned(),
            declaration_digest: result.declaration_digest().to_owned(),
            recorded: Provenance { omega_lock_version, rustc, platform, commit },
        }
    }
}

fn of_p1(result: &P1Result) -> ParamMap {
    result.grid_best.as_ref().map(|best| best.params.clone()).unwrap_or_default()
}

fn metrics_of_p1(result: &P1Result) -> BTreeMap<String, ParamValue> {
    let mut metrics = figures(result);
    metrics.insert("candidates".to_owned(), count(result.grid_results.len() as u64));
    if let Some(holdout) = &result.holdout_result {
        insert(&mut metrics, "holdout", holdout.fitness, holdout.n_trials);
    }
    metrics
}

/// The last round's figures, and how it came to them.
fn metrics_of_iterative(result: &IterativeResult) -> BTreeMap<String, ParamValue> {
    let mut metrics = result.rounds.last().map(figures).unwrap_or_default();
    metrics.insert("rounds".to_owned(), count(result.rounds.len() as u64));
    metrics.insert("stop_reason".to_owned(), ParamValue::Choice(result.stop_reason.clone()));
    let candidates = result.rounds.iter().map(|round| round.grid_results.len() as u64).sum();
    metrics.insert("candidates".to_owned(), count(candidates));
    if let Some(holdout) = &result.holdout_result {
        insert(&mut metrics, "holdout", holdout.fitness, holdout.n_trials);
    }
    metrics
}

/// What one pass of a search says of its baseline, its selected candidate and its walk on the test slice.
fn figures(result: &P1Result) -> BTreeMap<String, ParamValue> {
    let mut metrics = BTreeMap::new();
    insert(&mut metrics, "baseline", result.baseline_result.fitness, result.baseline_result.n_trials);
    if let Some(best) = &result.grid_best {
        insert(&mut metrics, "train", best.fitness, best.n_trials);
        metrics.extend(scalars(&best.metadata));
    }
    if let Some(walked) = &result.walk_forward {
        let WalkForwardEntry { test_best_fitness, test_best_trades, pearson, trade_ratio_scaled, .. } = walked;
        insert(&mut metrics, "test", *test_best_fitness, *test_best_trades);
        metrics.insert("pearson".to_owned(), ParamValue::Float(*pearson));
        metrics.insert("trade_ratio".to_owned(), ParamValue::Float(*trade_ratio_scaled));
    }
    metrics
}

fn insert(metrics: &mut BTreeMap<String, ParamValue>, slice: &str, fitness: Option<Number>, samples: u64) {
    let fitness = fitness.map_or_else(|| ParamValue::Choice("none".to_owned()), ParamValue::Float);
    metrics.insert(format!("{slice}_fitness"), fitness);
    metrics.insert(format!("{slice}_samples"), count(samples));
}

/// The numbers, switches and texts that the target says of the selected candidate; lists and tables are no figures.
fn scalars(metadata: &Metadata) -> impl Iterator<Item = (String, ParamValue)> {
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

/// One line of `HISTORY.jsonl` beside the gold files: a gold file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
}

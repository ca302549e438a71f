//! `recheck.json`: what came of evaluating the accepted candidate again, beside a trail of its own.
//!
//! It lies in a folder below that of the run, so that nothing takes it for a search, and has another form than a result.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::gold::{insert, scalars};
use super::{
    Anchor, Evaluations, GoldDocument, MeasureResult, Number, Ordered, ParamMap, ParamValue, Spelled, TrialStatus,
};
use crate::declaration::Declaration;
use crate::gates::Verdict;
use crate::objective::Outcome;
use crate::pipeline::{ConstraintPolicy, Profile, Rechecked};

/// A recheck of one calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recheck {
    /// [`Recheck::SCHEMA`]; a reader refuses another.
    pub schema_version: String,
    /// Version of the library that wrote it.
    pub omega_lock_version: String,
    /// Name of the calibration.
    pub calibration: String,
    /// What its cases say together, with the day of the search that it stands for.
    pub verdict: Spelled<Verdict>,
    /// When that search was accepted or confirmed last, as `2026-11-20T14:05:09Z`.
    pub searched: String,
    /// The commit whose accepted files it was held against beside those of the checkout, hex; absent if against none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The gold file that was evaluated again, below the root of the workspace.
    pub gold_file: String,
    /// SHA-256 of it, hex.
    pub gold_sha256: String,
    /// Digest of the declaration, hex.
    pub declaration_digest: String,
    /// Every field of it, sorted by key, its value in TOML's spelling.
    pub declaration: Ordered<String>,
    /// The trail of it; absent until that has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trail: Option<Anchor>,
    /// Every parameter that was evaluated again.
    pub params: ParamMap,
    /// Evaluations made.
    pub evaluations: Evaluations,
    /// Its own cases, in the order shown.
    pub cases: Vec<RecheckedCase>,
}

/// What one case of a recheck found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecheckedCase {
    /// Its name behind that of the calibration, such as `recheck::margin`.
    pub case: String,
    /// How it ended.
    pub status: TrialStatus,
    /// One line: what was measured beside what is required.
    pub summary: String,
    /// The failure text; empty unless it failed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub details: String,
    /// The figures behind the summary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<MeasureResult>,
}

/// What the base of a comparison has accepted, as far as a recheck is held against it: written by `cargo omega`, read by the
/// harness.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecheckBase {
    /// `omega-lock.recheck-base.v1`.
    pub schema_version: String,
    /// The revision as asked for.
    pub revision: String,
    /// The commit that it names, hex.
    pub tip: String,
    /// The text of its omega.lock; absent if it has none.
    pub lock: Option<String>,
    /// Its gold, by calibration.
    pub gold: BTreeMap<String, GoldDocument>,
    /// The lines of its histories.
    pub history: Vec<String>,
}

impl RecheckBase {
    /// The `schema_version` this version writes and reads.
    pub const SCHEMA: &str = "omega-lock.recheck-base.v1";
}

impl Recheck {
    /// The `schema_version` this version writes and reads.
    pub const SCHEMA: &str = "omega-lock.recheck.v1";
    /// Its name in its folder.
    pub const FILE: &str = "recheck.json";
    /// That folder, below the folder of the run.
    pub const FOLDER: &str = "recheck";
}

impl GoldDocument {
    /// The same, with the figures that a recheck measured in the place of its own: what a search alone measures stays. The second
    /// value names what was measured.
    pub fn rechecked(&self, declaration: &Declaration, found: &Rechecked) -> (Self, Vec<String>) {
        let measured = figures(declaration, found);
        let mut new = self.clone();
        // What the target no longer says of it is gone.
        new.metrics.retain(|name, _| !name.starts_with("metadata."));
        new.metrics.extend(measured.iter().map(|(name, value)| (name.clone(), value.clone())));
        let names = self.metrics.keys().filter(|name| name.starts_with("metadata.")).cloned();
        (new, names.chain(measured.into_keys()).collect())
    }
}

/// Every figure of gold that a recheck measures.
fn figures(declaration: &Declaration, found: &Rechecked) -> BTreeMap<String, ParamValue> {
    let config = &declaration.config;
    let strict = config.profile == Profile::Strict;
    let mut metrics = BTreeMap::new();
    let level = |outcome: &Outcome| {
        let evaluation = outcome.evaluation();
        (evaluation.map(|seen| Number(seen.fitness)), evaluation.map_or(0, |seen| seen.samples))
    };
    let mut put = |slice: &str, outcome| {
        let (fitness, samples) = level(outcome);
        insert(&mut metrics, slice, fitness, samples);
    };
    // Of several rounds gold has the baseline of the last one, which is in no file.
    if config.rounds.is_none() {
        put("baseline", &found.baseline);
    }
    put("train", &found.accepted);
    // The reference profile walks the best candidates forward, whether or not one of them ships.
    let walked = strict || declaration.constraints.is_empty() || config.constraint_policy == ConstraintPolicy::Record;
    let on_test = found.accepted_on_test.as_ref().filter(|_| walked);
    if let Some(on_test) = on_test {
        put("test", on_test);
    }
    if let Some(on_test) = on_test.filter(|_| strict) {
        let own = level(&found.accepted).1 as f64 * config.sample_ratio_scale;
        let ratio = if own > 0.0 { level(on_test).1 as f64 / own } else { 0.0 };
        metrics.insert("sample_ratio".to_owned(), ParamValue::Float(Number(ratio)));
    }
    if let Some(accepted) = found.accepted.evaluation() {
        metrics.extend(scalars(&accepted.metadata));
    }
    for gain in &found.gains {
        let named = [("gain", gain.blocks.mean), ("gain_low", gain.blocks.low), ("gain_high", gain.blocks.high)];
        let slice = gain.role.name();
        metrics.extend(named.map(|(name, value)| (format!("{slice}_{name}"), ParamValue::Float(Number(value)))));
    }
    metrics
}

//! What `cargo omega gate` says as data: of ranks in a form of ours, of KC-4 in that of the Python package.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::Number;
use crate::gates::{GateReport, MINIMUM_PAIRS, RANK_LEVEL, RankVerdict, ScoreVerdict, Transfer};

/// Whether the ranks of two lists of scores agree.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RankDocument {
    /// [`RankDocument::SCHEMA`].
    pub schema_version: String,
    /// `ranks`.
    pub rule: String,
    /// Whether they agree: `p` is at most `level`. It says nothing of the winner.
    pub ranks_agree: bool,
    /// Spearman's correlation; with blocks, the mean of theirs.
    pub rho: Number,
    /// One-sided p; with blocks, the larger of the two below.
    pub p: Number,
    /// p over the orders of the candidates.
    pub p_orders: Number,
    /// p over the signs of the blocks; absent without blocks.
    pub p_signs: Option<Number>,
    /// The largest p at which ranks agree.
    pub level: Number,
    /// Number of candidates.
    pub pairs: usize,
    /// The smallest number of candidates that is judged.
    pub minimum_pairs: usize,
    /// The correlation of each block; empty without blocks.
    pub blocks: Vec<Number>,
    /// Where the scores on train are.
    pub train: String,
    /// Where the other scores are.
    pub holdout: String,
    /// What has to be known beside it.
    pub notes: Vec<String>,
}

impl RankDocument {
    /// The `schema_version` that this version writes.
    pub const SCHEMA: &str = "omega-lock.gate.v1";

    /// A verdict over scores at two places.
    #[must_use]
    pub fn new(verdict: &RankVerdict, train: &str, holdout: &str) -> Self {
        Self {
            schema_version: Self::SCHEMA.to_owned(),
            rule: "ranks".to_owned(),
            ranks_agree: verdict.agree,
            rho: Number(verdict.rho),
            p: Number(verdict.p),
            p_orders: Number(verdict.p_orders),
            p_signs: verdict.p_signs.map(Number),
            level: Number(RANK_LEVEL),
            pairs: verdict.pairs,
            minimum_pairs: MINIMUM_PAIRS,
            blocks: verdict.blocks.iter().copied().map(Number).collect(),
            train: train.to_owned(),
            holdout: holdout.to_owned(),
            notes: verdict.notes.clone(),
        }
    }
}

/// The JSON Schema (draft 2020-12) of a [`RankDocument`].
#[must_use]
pub fn gate_schema() -> Json {
    let share = |description: &str| json!({ "type": "number", "minimum": 0, "maximum": 1, "description": description });
    let correlation = |description: &str| json!({ "type": "number", "minimum": -1.0000001, "maximum": 1.0000001, "description": description });
    let text = |description: &str| json!({ "type": "string", "description": description });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "what cargo omega gate says",
        "type": "object",
        "properties": {
            "schema_version": { "const": RankDocument::SCHEMA },
            "rule": { "const": "ranks" },
            "ranks_agree": { "type": "boolean", "description": "whether p is at most the level; it says nothing of the winner" },
            "rho": correlation("Spearman's correlation; with blocks, the mean of theirs"),
            "p": share("one-sided; with blocks, the larger of the two below"),
            "p_orders": share("over the orders of the candidates"),
            "p_signs": { "type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "over the signs of the blocks; null without blocks" },
            "level": share("the largest p at which ranks agree"),
            "pairs": { "type": "integer", "minimum": MINIMUM_PAIRS, "description": "number of candidates" },
            "minimum_pairs": { "type": "integer", "description": "the smallest number of candidates that is judged" },
            "blocks": { "type": "array", "items": correlation("of one block"), "description": "empty without blocks" },
            "train": text("where the scores on train are"),
            "holdout": text("where the other scores are"),
            "notes": { "type": "array", "items": { "type": "string" }, "description": "what has to be known beside it" },
        },
        "required": [
            "schema_version", "rule", "ranks_agree", "rho", "p", "p_orders", "p_signs", "level", "pairs", "minimum_pairs", "blocks",
            "train", "holdout", "notes",
        ],
        "additionalProperties": false,
    })
}

/// `GateVerdict.to_dict()` of omega-lock for Python 0.3.8, key by key.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PeerGateVerdict {
    /// Whether the gate passed.
    pub passed: bool,
    /// The correlation; absent if it could not be computed.
    pub pearson: Option<Number>,
    /// Why it did not pass.
    pub reasons: Vec<String>,
    /// KC-4's report.
    pub kc_report: Option<PeerReport>,
    /// What was judged.
    pub train_scores: Vec<Number>,
    /// And against what.
    pub holdout_scores: Vec<Number>,
}

impl PeerGateVerdict {
    /// A verdict with the scores that it is about.
    #[must_use]
    pub fn new(verdict: &ScoreVerdict, train: &[f64], holdout: &[f64]) -> Self {
        let numbers = |scores: &[f64]| scores.iter().copied().map(Number).collect();
        Self {
            passed: verdict.passed,
            pearson: verdict.pearson.map(Number),
            reasons: verdict.reasons.clone(),
            kc_report: verdict.report.evidence().map(|transfer| kc_report(&verdict.report, transfer)),
            train_scores: numbers(train),
            holdout_scores: numbers(holdout),
        }
    }
}

/// `KCReport`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PeerReport {
    /// `KC-4`.
    pub name: String,
    /// `PASS` or `FAIL`.
    pub status: String,
    /// One line about it.
    pub message: String,
    /// What was measured.
    pub detail: PeerTransfer,
}

/// The detail of KC-4's report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PeerTransfer {
    /// The correlation; 0 if it could not be computed.
    pub pearson: Number,
    /// Whether it suffices.
    pub pearson_ok: bool,
    /// Whether it could be computed, or why not.
    pub pearson_status: String,
    /// Whether it could be computed.
    pub pearson_computable: bool,
    /// Ratio of sample counts; plain scores have 1.
    pub trade_ratio: Number,
    /// Whether it suffices, or is not asked for.
    pub trade_ratio_ok: bool,
    /// How many candidates were compared.
    pub n_points: usize,
}

fn kc_report(report: &GateReport, transfer: &Transfer) -> PeerReport {
    let computable = transfer.correlation.value().is_some();
    PeerReport {
        name: "KC-4".to_owned(),
        status: report.status.to_string(),
        message: report.message.clone(),
        detail: PeerTransfer {
            pearson: Number(if computable { transfer.pearson() } else { 0.0 }),
            pearson_ok: transfer.correlation_ok,
            pearson_status: transfer.correlation.status().to_owned(),
            pearson_computable: computable,
            trade_ratio: Number(transfer.trade_ratio),
            trade_ratio_ok: transfer.sample_ratio_ok,
            n_points: transfer.n_points,
        },
    }
}

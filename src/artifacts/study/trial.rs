//! Trials of a study, and what is known of all of them.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Map;

use super::super::{Number, Ordered, Spelled};
use super::StudyValue;

words! {
    /// Which scores are better. A file that does not say it has none, and nobody guesses.
    pub enum Direction {
        /// The smaller, the better.
        Minimize = "minimize",
        /// The larger, the better.
        Maximize = "maximize",
    }
}

words! {
    /// How a trial ended.
    pub enum TrialState {
        /// It has its scores.
        Complete = "complete",
        /// Its tool stopped it early; a score that it has is not a whole trial's.
        Pruned = "pruned",
        /// It ended without a score.
        Failed = "failed",
        /// Nobody said that it ended.
        Running = "running",
        /// It never began.
        Waiting = "waiting",
    }
}

/// What is known before the first trial: the first row of a study's file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyHead {
    /// Where the trials come from.
    pub source: StudySource,
    /// What was optimised, in the tool's order; several if the study has several objectives.
    pub objectives: Vec<Objective>,
}

/// Where trials come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudySource {
    /// Name of the file, without its folder.
    pub file: String,
    /// Digest of its bytes, hex; of a database with its log of writes, of both in this order.
    pub sha256: String,
    /// Which tool wrote it: `optuna`, `scikit-learn`, `mlflow`, `freqtrade`, `csv`, `jsonl`.
    pub tool: String,
    /// The format, with its version if the file has one: `sqlite schema 12`.
    pub format: String,
    /// Which of several studies of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<String>,
}

/// A score that the search optimised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Its name among a trial's scores.
    pub name: String,
    /// Which is better; absent if neither the file nor the user said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Spelled<Direction>>,
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyTrial {
    /// The tool's own number of it.
    pub number: u64,
    /// How it ended.
    pub state: Spelled<TrialState>,
    /// Its parameters, in the file's order; one that was not suggested is absent.
    pub params: Ordered<StudyValue>,
    /// Its scores as the tool recorded them, by name: the objectives, and whatever else the tool calls a score.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub scores: Ordered<Number>,
    /// Scores of disjoint parts, by the name of the score they are parts of: splits of a cross-validation, blocks of trades.
    #[serde(default, skip_serializing_if = "no_parts")]
    pub parts: Ordered<Vec<Number>>,
    /// What its constraints gave, by name; above 0 is a violation.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub constraints: Ordered<Number>,
    /// What else the tool or its user noted.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub attributes: Map<String, serde_json::Value>,
}

fn is_empty(scores: &Ordered<Number>) -> bool {
    scores.0.is_empty()
}

fn no_parts(parts: &Ordered<Vec<Number>>) -> bool {
    parts.0.is_empty()
}

/// From where a tool drew a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Distribution {
    /// A real number between two bounds, both included.
    Float {
        /// The smallest.
        low: Number,
        /// The largest.
        high: Number,
        /// Distance of its values; absent if every one between the bounds is possible.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<Number>,
        /// Whether it was drawn by its logarithm.
        #[serde(default)]
        log: bool,
    },
    /// A whole number between two bounds, both included.
    Int {
        /// The smallest.
        low: i64,
        /// The largest.
        high: i64,
        /// Distance of its values.
        step: i64,
        /// Whether it was drawn by its logarithm.
        #[serde(default)]
        log: bool,
    },
    /// One of a list.
    Categorical {
        /// The list.
        choices: Vec<StudyValue>,
    },
}

/// What is known after the last trial: the last row of a study's file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyEnd {
    /// Number of trials given.
    pub trials: u64,
    /// Every distribution that a parameter was drawn from, in the order of their first trials; usually one. Empty where the
    /// tool does not keep it.
    pub parameters: Ordered<Vec<Distribution>>,
    /// What the file has and this form has not, with the number of times and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

/// Something that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// What it is, in words: `intermediate values`.
    pub what: String,
    /// How many.
    pub count: u64,
    /// Why.
    pub why: String,
}

impl fmt::Display for LeftOut {
    /// `intermediate values (8): a study has the scores of whole trials`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.what, self.count, self.why)
    }
}

//! What comes after the passes: the null runs and the holdout.

use serde::{Deserialize, Serialize};

use crate::artifacts::Number;
use crate::gates::NullEvidence;
use crate::holdout::HoldoutShot;

/// What came after the passes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EndingEntry {
    /// The null runs; absent if there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null: Option<NullEntry>,
    /// The one shot at the holdout, with the parameters that would ship; absent if it was not opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holdout: Option<HoldoutEntry>,
}

/// The null runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NullEntry {
    /// Test fitness of the selected candidate.
    pub observed: Option<Number>,
    /// The same of each null run, in the order of their seeds; `null` where there is none.
    pub null_test: Vec<Option<Number>>,
    /// The share that reaches the observed fitness.
    pub p: Number,
}

/// The shot at the holdout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HoldoutEntry {
    /// `null` if the evaluation failed.
    pub fitness: Option<Number>,
    /// Samples behind the fitness.
    pub samples: u64,
    /// The fitness less that of the last selected candidate on train.
    pub fitness_vs_train: Option<Number>,
    /// The fitness less that of the best candidate on test.
    pub fitness_vs_test: Option<Number>,
    /// The samples over those on train.
    pub sample_ratio_vs_train: Option<Number>,
    /// Why the evaluation failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl From<&NullEvidence> for NullEntry {
    fn from(evidence: &NullEvidence) -> Self {
        Self {
            observed: evidence.observed.map(Number),
            null_test: evidence.nulls.iter().map(|null| null.map(Number)).collect(),
            p: evidence.p().into(),
        }
    }
}

impl From<&HoldoutShot> for HoldoutEntry {
    fn from(shot: &HoldoutShot) -> Self {
        Self {
            fitness: shot.fitness().map(Number),
            samples: shot.result.as_ref().map_or(0, |evaluation| evaluation.samples),
            fitness_vs_train: shot.fitness_vs_train.map(Number),
            fitness_vs_test: shot.fitness_vs_test.map(Number),
            sample_ratio_vs_train: shot.trade_ratio_vs_train.map(Number),
            failure: shot.result.as_ref().err().map(ToString::to_string),
        }
    }
}

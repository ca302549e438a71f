//! One question about parameters by hand, and its answer: what the subcommand and a harness in the mode `try` tell each other.

use serde::{Deserialize, Serialize};

use super::value::Metadata;
use super::{Echo, Number, Ordered, ParamMap, Spelled};
use crate::objective::Role;

words! {
    /// What is done with the parameters.
    pub enum TryWhat {
        /// They are evaluated on one slice.
        Evaluate = "evaluate",
        /// The baseline is evaluated on every slice, and looked at.
        Check = "check",
    }
}

words! {
    /// Which parameters are evaluated, before those that were typed.
    pub enum TryStart {
        /// The declared baseline.
        Baseline = "baseline",
        /// The candidate that gold accepts.
        Gold = "gold",
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TryQuestion {
    /// [`TryQuestion::SCHEMA`].
    pub schema_version: String,
    /// Name of the calibration.
    pub calibration: String,
    /// What is done.
    pub what: Spelled<TryWhat>,
    /// On which slice.
    pub slice: Spelled<Role>,
    /// What the parameters begin with.
    pub start: Spelled<TryStart>,
    /// Values of a file over these.
    pub given: ParamMap,
    /// Values that were typed over these, as they were typed.
    pub typed: Ordered<String>,
    /// Whether a look at the holdout may be counted.
    pub count_a_look: bool,
}

impl TryQuestion {
    /// The `schema_version` that this version asks in.
    pub const SCHEMA: &str = "omega-lock.try.v1";
}

/// What a suite answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TryAnswer {
    /// [`TryAnswer::SCHEMA`].
    pub schema_version: String,
    /// Name of the package.
    pub package: String,
    /// Name of the harness target.
    pub suite: String,
    /// What the process was told.
    #[serde(default)]
    pub echo: Echo,
    /// The calibrations that it has.
    pub calibrations: Vec<String>,
    /// Absent if it does not have the one that was asked for.
    pub tried: Option<Tried>,
}

impl TryAnswer {
    /// The `schema_version` that this version writes and reads.
    pub const SCHEMA: &str = "omega-lock.tried.v1";
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// What was evaluated; what was asked for first, then what it is held against.
    pub evaluations: Vec<TriedEvaluation>,
    /// What was looked at where that is the question.
    pub findings: Vec<TriedFinding>,
    /// What has to be known beside it, in sentences.
    pub notes: Vec<String>,
}

/// One evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriedEvaluation {
    /// `asked`, `baseline` or `gold`.
    pub name: String,
    /// On which slice.
    pub slice: Spelled<Role>,
    /// The parameters.
    pub params: ParamMap,
    /// Absent if it failed.
    pub fitness: Option<Number>,
    /// How many samples stand behind it.
    pub samples: u64,
    /// Fitness of each block; empty if there are none.
    pub blocks: Vec<Number>,
    /// What the target measured beside it.
    pub metadata: Metadata,
    /// Every declared constraint, in order.
    pub constraints: Vec<TriedConstraint>,
    /// Why there is no fitness.
    pub failure: Option<String>,
    /// Whether the parameters do not go together, so that nothing failed.
    pub not_applicable: bool,
}

/// A constraint beside an evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriedConstraint {
    /// Its name.
    pub name: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was measured and what is required, as it is shown.
    pub shown: String,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriedFinding {
    /// What.
    pub what: String,
    /// What was found.
    pub found: String,
    /// Whether a run can do with it.
    pub ok: bool,
}

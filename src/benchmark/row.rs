//! One run of one method on one keyhole.

use std::fmt;
use std::time::Duration;

use super::GeneralizationGap;
use crate::objective::Params;

/// Which run: `<keyhole>::<method>::<seed>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunName {
    /// The keyhole.
    pub keyhole: String,
    /// The method.
    pub method: String,
    /// The seed of the train slice, and of the method.
    pub seed: u64,
}

impl fmt::Display for RunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { keyhole, method, seed } = self;
        write!(f, "{keyhole}::{method}::{seed}")
    }
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchmarkRow {
    /// Which run.
    pub name: RunName,
    /// The measurements, or why there are none.
    pub measured: Result<Measured, Crash>,
    /// How long the method took, if somebody lent a clock.
    pub walltime: Option<Duration>,
}

/// Every metric of a run that finished. The formulas are told by the functions of the same names.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Share of what matters that was searched; 1 is best.
    pub effective_recall: f64,
    /// Share of what was searched that matters; 1 is best.
    pub effective_precision: f64,
    /// Distance from the optimum in ranges; 0 is best.
    pub param_l2_error: f64,
    /// Fitness missing to the optimum's, in percent of it; 0 or less is best.
    pub fitness_gap_pct: f64,
    /// Relative change of the fitness from train to test; 0 is best.
    pub generalization_gap: GeneralizationGap,
    /// Fitness found per evaluation on train.
    pub sample_efficiency: f64,
    /// Rank correlation of the measured and the true importance; 1 is best.
    pub stress_rank_spearman: Option<f64>,
    /// Whether the status is `PASS`.
    pub passed: bool,
    /// What the method said of itself.
    pub status: String,
    /// Evaluations on train, as recorded; what the method says of itself does not count.
    pub evaluations: u64,
    /// Fitness found on train.
    pub found_fitness: f64,
    /// Parameters found.
    pub found_params: Params,
}

/// Why a run did not finish: an error or a panic of the method or of the keyhole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crash {
    /// The reason.
    pub what: String,
}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CRASH:{}", self.what)
    }
}

impl From<String> for Crash {
    fn from(what: String) -> Self {
        Self { what }
    }
}

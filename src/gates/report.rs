//! What a gate says.

use super::{
    ActionCounts, GateId, HoldoutEvidence, NullEvidence, RepeatEvidence, SearchComparison, SelectedEvidence,
    StressSpread, Transfer, TransferEvidence,
};

words! {
    /// How a gate ended.
    pub enum GateStatus {
        /// The rule holds.
        Pass = "PASS",
        /// The rule does not hold, or could not be evaluated.
        Fail = "FAIL",
        /// Declared not to apply.
        Skip = "SKIP",
        /// Shown, never decides.
        Advisory = "ADVISORY",
    }
}

impl GateStatus {
    pub(super) const fn of(passed: bool) -> Self {
        if passed { Self::Pass } else { Self::Fail }
    }
}

/// What is shown where there is no figure; the report's message says why.
pub const UNMEASURED: &str = "none";

/// One figure beside what is required of it, as shown to people.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Measure {
    /// Name of the figure.
    pub metric: String,
    /// Its value.
    pub measured: String,
    /// The requirement, such as `>= 0.300`; empty if none is made.
    pub required: String,
    /// Whether it holds.
    pub ok: bool,
}

impl Measure {
    pub(super) fn new(metric: &str, measured: impl Into<String>, required: impl Into<String>, ok: bool) -> Self {
        Self { metric: metric.to_owned(), measured: measured.into(), required: required.into(), ok }
    }
}

/// What one gate says of a run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GateReport {
    /// Which gate.
    pub gate: GateId,
    /// How it ended.
    pub status: GateStatus,
    /// One line, as the reference implementation words it where it has the gate.
    pub message: String,
    /// The figures behind the line.
    pub measures: Vec<Measure>,
    /// The evidence.
    pub detail: Detail,
}

/// The evidence of a gate, typed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Detail {
    /// There was nothing to judge.
    Nothing,
    /// KC-1: seconds used and allowed.
    TimeBox {
        /// Seconds since the run began.
        elapsed: f64,
        /// Seconds allowed.
        budget: f64,
    },
    /// KC-2.
    Stress(StressSpread),
    /// KC-3.
    Actions(ActionCounts),
    /// KC-4.
    Transfer(Transfer),
    /// SC-2.
    Search(SearchComparison),
    /// CONSTRAINTS and `searched`: how many candidates there were.
    Candidates(u64),
    /// HOLDOUT.
    Holdout(HoldoutEvidence),
    /// `selected`.
    Selected(SelectedEvidence),
    /// `transfer`.
    TransferTest(TransferEvidence),
    /// `null`.
    Null(NullEvidence),
    /// `deterministic`.
    Repeat(RepeatEvidence),
}

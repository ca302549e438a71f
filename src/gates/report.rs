//! What a gate says.

use std::fmt;

use super::{
    ActionCounts, HoldoutEvidence, NullEvidence, RepeatEvidence, SearchComparison, SelectedEvidence, StressSpread,
    Transfer, TransferEvidence,
};

/// A gate by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum GateId {
    /// The run kept its time box.
    Kc1,
    /// The parameters differ in how much they matter.
    Kc2,
    /// Enough samples stand behind the numbers.
    Kc3,
    /// The ranking of the candidates transfers to the test slice.
    Kc4,
    /// The search beats random draws; advisory.
    Sc2,
    /// Every value the verdict rests on is finite.
    Finite,
    /// There was something to search, and it was searched.
    Searched,
    /// The selected candidate beats the baseline on train.
    Improvement,
    /// The selected candidate itself holds up on test.
    Selected,
    /// What is good on train is good on test, beyond what independent candidates would show by chance.
    Transfer,
    /// The winner is above what winners reach where there is nothing to find.
    Null,
    /// The baseline says the same when it is evaluated again.
    Deterministic,
    /// Some candidate keeps every constraint.
    Constraints,
    /// The selected candidate keeps one constraint.
    Constraint(String),
    /// The selected candidate holds up on data seen once.
    Holdout,
}

impl GateId {
    /// The spelling in trial names, omega.toml and messages: `kc4`, `constraint::leakage`.
    pub fn id(&self) -> String {
        match self {
            Self::Kc1 => "kc1".to_owned(),
            Self::Kc2 => "kc2".to_owned(),
            Self::Kc3 => "kc3".to_owned(),
            Self::Kc4 => "kc4".to_owned(),
            Self::Sc2 => "sc2".to_owned(),
            Self::Finite => "finite".to_owned(),
            Self::Searched => "searched".to_owned(),
            Self::Improvement => "improvement".to_owned(),
            Self::Selected => "selected".to_owned(),
            Self::Transfer => "transfer".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Deterministic => "deterministic".to_owned(),
            Self::Constraints => "constraints".to_owned(),
            Self::Constraint(name) => format!("constraint::{name}"),
            Self::Holdout => "holdout".to_owned(),
        }
    }

    /// The spelling in the verdict and in the keys that the Python package writes too: `KC-4`; a gate that it does not
    /// have is spelt likewise, in capitals.
    pub fn peer_name(&self) -> String {
        match self {
            Self::Kc1 => "KC-1".to_owned(),
            Self::Kc2 => "KC-2".to_owned(),
            Self::Kc3 => "KC-3".to_owned(),
            Self::Kc4 => "KC-4".to_owned(),
            Self::Sc2 => "SC-2".to_owned(),
            Self::Finite => "FINITE".to_owned(),
            Self::Searched => "SEARCHED".to_owned(),
            Self::Improvement => "IMPROVEMENT".to_owned(),
            Self::Selected => "SELECTED".to_owned(),
            Self::Transfer => "TRANSFER".to_owned(),
            Self::Null => "NULL".to_owned(),
            Self::Deterministic => "DETERMINISTIC".to_owned(),
            Self::Constraints => "CONSTRAINTS".to_owned(),
            Self::Constraint(name) => format!("CONSTRAINT:{name}"),
            Self::Holdout => "HOLDOUT".to_owned(),
        }
    }
}

impl fmt::Display for GateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id())
    }
}

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

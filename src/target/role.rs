//! Which slice of the data is asked, and what for.

use std::fmt;

/// The slice of the data a target instance sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Searched.
    Train,
    /// Walked forward on; consulted by KC-4.
    Test,
    /// The costly judge of the hybrid ranking.
    Validation,
    /// Seen once, at the end.
    Holdout,
}

impl Role {
    /// Every role, in the order a run consults them.
    pub const ALL: [Self; 4] = [Self::Train, Self::Test, Self::Validation, Self::Holdout];

    /// The spelling used in artifacts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
            Self::Validation => "validation",
            Self::Holdout => "holdout",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The part of a run an evaluation belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Phase {
    /// The neutral parameters, before anything is tuned.
    Baseline,
    /// Perturbations of the baseline.
    Stress,
    /// Candidates of the search.
    Search,
    /// Random draws that SC-2 compares the search with.
    Sc2,
    /// The best candidates on the test slice.
    WalkForward,
    /// The best candidates before the costly judge.
    Hybrid,
    /// Candidates over all ranks, and fresh draws, that the gate `transfer` compares.
    Transfer,
    /// The baseline again, at the end.
    Repeat,
    /// The calibration of a null version.
    Null,
    /// The selected candidate on the holdout.
    Holdout,
}

impl Phase {
    /// Every phase, in the order of a run.
    pub const ALL: [Self; 10] = [
        Self::Baseline,
        Self::Stress,
        Self::Search,
        Self::Sc2,
        Self::WalkForward,
        Self::Hybrid,
        Self::Transfer,
        Self::Repeat,
        Self::Null,
        Self::Holdout,
    ];

    /// The spelling used in artifacts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Stress => "stress",
            Self::Search => "search",
            Self::Sc2 => "sc2",
            Self::WalkForward => "walk_forward",
            Self::Hybrid => "hybrid",
            Self::Transfer => "transfer",
            Self::Repeat => "repeat",
            Self::Null => "null",
            Self::Holdout => "holdout",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

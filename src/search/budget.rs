//! How many proposals a search that draws has left.

use super::Candidate;

/// How many proposals are made for each trial that is declared, at most, where parameters do not go together.
pub const PROPOSALS_PER_TRIAL: u64 = 20;

/// The trials that a search has left. Parameters that do not go together are no trial: another proposal takes their place,
/// as long as there are not too many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    left: u64,
    /// How many proposals can still be replaced.
    spare: u64,
}

impl Budget {
    pub(super) const fn new(trials: u64) -> Self {
        Self { left: trials, spare: trials.saturating_mul(PROPOSALS_PER_TRIAL - 1) }
    }

    /// Whether there is one more, which is then used.
    pub(super) const fn take(&mut self) -> bool {
        let is_left = self.left > 0;
        self.left = self.left.saturating_sub(1);
        is_left
    }

    /// Gives back what was used for parameters that do not go together.
    pub(super) fn replace(&mut self, candidates: &[Candidate]) {
        let apart = candidates.iter().filter(|candidate| candidate.outcome.is_not_applicable()).count() as u64;
        let replaced = apart.min(self.spare);
        self.spare -= replaced;
        self.left += replaced;
    }
}

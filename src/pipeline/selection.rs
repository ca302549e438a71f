//! Which candidate a run would ship.

use super::ConstraintPolicy;
use crate::search::{Candidates, Figures};

/// The place of the best candidate that the policy allows, and how many keep every constraint.
///
/// Under `record` the best of all. Otherwise the best feasible one; if there is none, the best of all again, because a
/// result is to be shown even where a gate refuses it.
pub fn select(candidates: &Candidates, policy: ConstraintPolicy) -> (Option<usize>, u64) {
    let count = candidates.figures().iter().filter(|figures| figures.is_feasible()).count() as u64;
    let selected = match policy {
        ConstraintPolicy::Record => None,
        ConstraintPolicy::PreferFeasible | ConstraintPolicy::HardFail => candidates.first_maximum(Figures::is_feasible),
    };
    (selected.or_else(|| candidates.first_maximum(|_| true)), count)
}

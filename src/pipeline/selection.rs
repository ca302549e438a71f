//! Which candidate a run would ship.

use super::ConstraintPolicy;
use crate::search::{Candidate, first_maximum};

/// The best candidate that the policy allows, and how many keep every constraint.
///
/// Under `record` the best of all. Otherwise the best feasible one; if there is none, the best of all again, because a
/// result is to be shown even where a gate refuses it.
pub fn select(candidates: &[Candidate], policy: ConstraintPolicy) -> (Option<&Candidate>, u64) {
    let feasible = || candidates.iter().filter(|candidate| candidate.outcome.is_feasible());
    let count = feasible().count() as u64;
    let selected = match policy {
        ConstraintPolicy::Record => None,
        ConstraintPolicy::PreferFeasible | ConstraintPolicy::HardFail => first_maximum(feasible()),
    };
    (selected.or_else(|| first_maximum(candidates)), count)
}

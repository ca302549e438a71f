//! Which candidates a strict run may ship: finite, feasible and distinct.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::ConstraintPolicy;
use crate::search::{Candidate, ranked};
use crate::target::Params;

/// The candidates that were evaluated to a finite fitness, keep every constraint, and are not the same parameters as an
/// earlier one; the largest train fitness first, ties in the order of the search.
///
/// Under policy `record` violations are recorded and no more, so constraints do not count there.
pub fn eligible(candidates: &[Candidate], policy: ConstraintPolicy) -> Vec<&Candidate> {
    let mut seen = Seen::default();
    let mut eligible = ranked(candidates);
    eligible.retain(|candidate| {
        candidate.fitness().is_some_and(f64::is_finite)
            && (policy == ConstraintPolicy::Record || candidate.outcome.is_feasible())
            && seen.first(&candidate.params)
    });
    eligible
}

/// Parameters that were seen, by a digest of their text, so that a million of them do not hold their texts too.
#[derive(Default)]
struct Seen<'c>(HashMap<u64, Vec<&'c Params>>);

impl<'c> Seen<'c> {
    /// Whether these parameters were not seen before.
    fn first(&mut self, params: &'c Params) -> bool {
        let mut hasher = DefaultHasher::new();
        params.to_string().hash(&mut hasher);
        let alike = self.0.entry(hasher.finish()).or_default();
        let first = !alike.contains(&params);
        if first {
            alike.push(params);
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{ConstraintStatus, Evaluation, Feasibility, Outcome, Params};

    #[test]
    fn what_is_not_finite_feasible_or_distinct_is_left_out_and_the_rest_is_ranked() {
        let candidate = |index: u64, x: f64, fitness: f64, kept: bool| {
            let status = if kept { ConstraintStatus::Satisfied } else { ConstraintStatus::Violated };
            let feasibility = Feasibility::new(vec![status]);
            let result = Ok(std::sync::Arc::new(Evaluation::new(fitness)));
            let outcome = Outcome { call_index: index, result, feasibility };
            Candidate { index, params: Params::new([("x", x)]), outcome }
        };
        let candidates = [
            candidate(0, 0.0, f64::NAN, true),
            candidate(1, 1.0, 5.0, true),
            candidate(2, 2.0, 9.0, false),
            candidate(3, 1.0, 5.0, true),
            candidate(4, 3.0, 7.0, true),
            candidate(5, 4.0, f64::INFINITY, true),
        ];
        let indices = |policy| eligible(&candidates, policy).iter().map(|found| found.index).collect::<Vec<_>>();
        assert_eq!(indices(ConstraintPolicy::PreferFeasible), [4, 1]);
        assert_eq!(indices(ConstraintPolicy::Record), [2, 4, 1]);
    }
}

//! Which candidates a strict run may ship: finite, feasible and distinct.

use super::own_search::is_in_vain;
use super::{ConstraintPolicy, SearchMethod};
use crate::gates::Tried;
use crate::search::{Candidates, Figures};

/// The candidates that were evaluated to a finite fitness, keep every constraint, and are not the same parameters as an
/// earlier one; the largest train fitness first, ties in the order of the search. They are named by their places in the
/// search.
///
/// Under policy `record` violations are recorded and no more, so constraints do not count there.
pub fn eligible(candidates: &Candidates, policy: ConstraintPolicy) -> Vec<usize> {
    let mut eligible = candidates.best(candidates.len());
    eligible.retain(|&place| {
        let figures = &candidates.figures()[place];
        figures.is_finite() && keeps(figures, policy)
    });
    candidates.distinct(&mut eligible);
    eligible
}

/// Whether constraints let a candidate ship.
fn keeps(figures: &Figures, policy: ConstraintPolicy) -> bool {
    policy == ConstraintPolicy::Record || figures.is_feasible()
}

/// What came of everything that the search proposed, of which `distinct` may ship.
pub(super) fn tried(candidates: &Candidates, method: &SearchMethod, policy: ConstraintPolicy, distinct: u64) -> Tried {
    let count =
        |holds: &dyn Fn(&Figures) -> bool| candidates.figures().iter().filter(|figures| holds(figures)).count() as u64;
    let mut found = Tried::default();
    found.tried = candidates.applicable();
    found.not_applicable = candidates.len() as u64 - found.tried;
    found.failed = count(&|figures| !figures.is_not_applicable() && !figures.is_finite());
    found.infeasible = count(&|figures| figures.is_finite() && !keeps(figures, policy));
    found.distinct = distinct;
    found.repeated = found.tried.saturating_sub(found.failed + found.infeasible + distinct);
    // From the counts, so that a run made again from its record says the same.
    found.in_vain = matches!(method, SearchMethod::Own { .. }) && is_in_vain(candidates.len() as u64, found.tried);
    found.gave_up_on = method.trials().filter(|trials| found.tried < *trials);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::{ConstraintStatus, Evaluation, Feasibility, Outcome, Params};
    use crate::search::Candidate;

    #[test]
    fn what_is_not_finite_feasible_or_distinct_is_left_out_and_the_rest_is_ranked() {
        let candidate = |index: u64, x: f64, fitness: f64, kept: bool| {
            let status = if kept { ConstraintStatus::Satisfied } else { ConstraintStatus::Violated };
            let feasibility = Feasibility::new(vec![status]);
            let result = Ok(std::sync::Arc::new(Evaluation::new(fitness)));
            let outcome = Outcome { call_index: index, result, feasibility };
            Candidate { index, params: Params::new([("x", x)]), outcome }
        };
        let mut candidates = Candidates::default();
        candidates.extend([
            candidate(0, 0.0, f64::NAN, true),
            candidate(1, 1.0, 5.0, true),
            candidate(2, 2.0, 9.0, false),
            candidate(3, 1.0, 5.0, true),
            candidate(4, 3.0, 7.0, true),
            candidate(5, 4.0, f64::INFINITY, true),
        ]);
        assert_eq!(eligible(&candidates, ConstraintPolicy::PreferFeasible), [4, 1]);
        assert_eq!(eligible(&candidates, ConstraintPolicy::Record), [2, 4, 1]);
    }
}

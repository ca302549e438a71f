//! The candidates that an outcome lists, each with everything about it.

use std::collections::BTreeSet;

use crate::objective::{Evaluator, Halt};
use crate::search::{Candidate, Candidates, Figures};

/// The most candidates that an outcome lists, and hence `result.json`. A search with more keeps them in its trail alone,
/// so that neither memory nor the file grows with their parameters.
pub const MOST_LISTED: usize = 10_000;

/// The candidates that are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LeftOut {
    /// How many.
    pub candidates: u64,
    /// Those that were evaluated and keep every constraint.
    pub feasible: u64,
    /// Those with a fitness that is not finite.
    pub not_finite: u64,
    /// Those whose evaluation failed.
    pub failed: u64,
    /// Those whose parameters do not go together.
    pub not_applicable: u64,
}

impl LeftOut {
    fn add(&mut self, figures: &Figures) {
        self.candidates += 1;
        self.feasible += u64::from(figures.is_feasible());
        self.failed += u64::from(figures.fitness().is_none() && !figures.is_not_applicable());
        self.not_applicable += u64::from(figures.is_not_applicable());
        self.not_finite += u64::from(figures.fitness().is_some_and(|fitness| !fitness.is_finite()));
    }
}

/// The candidates to list, in the order of the search, and what is left out.
pub(super) fn list(
    candidates: &Candidates,
    selected: Option<&Candidate>,
    evaluator: &mut dyn Evaluator,
) -> Result<(Vec<Candidate>, LeftOut), Halt> {
    let places = listed(candidates, selected.and_then(|selected| usize::try_from(selected.index).ok()));
    let mut left_out = LeftOut::default();
    let figures = candidates.figures().iter().enumerate();
    figures.filter(|(place, _)| !places.contains(place)).for_each(|(_, figures)| left_out.add(figures));
    let places: Vec<usize> = places.into_iter().collect();
    Ok((candidates.recall_each(&places, evaluator)?, left_out))
}

/// All of them, or the best; those that a reader looks for are always there.
fn listed(candidates: &Candidates, selected: Option<usize>) -> BTreeSet<usize> {
    if candidates.len() <= MOST_LISTED {
        return (0..candidates.len()).collect();
    }
    let best = candidates.first_maximum(Figures::is_finite);
    let best_feasible = candidates.first_maximum(|figures| figures.is_feasible() && figures.is_finite());
    let mut listed: BTreeSet<usize> = [selected, best, best_feasible].into_iter().flatten().collect();
    for place in candidates.best(MOST_LISTED).into_iter().chain(0..candidates.len()) {
        if listed.len() == MOST_LISTED {
            break;
        }
        listed.insert(place);
    }
    listed
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::objective::{ConstraintStatus, Evaluation, Feasibility, Outcome, Params};

    #[test]
    fn the_best_are_listed_and_so_are_the_selected_and_the_best_feasible_one() {
        let most = MOST_LISTED as u64;
        // Fitness falls; from place `most + 10` on everything is feasible.
        let of = |index: u64| {
            let status = if index < most + 10 { ConstraintStatus::Violated } else { ConstraintStatus::Satisfied };
            let outcome = Outcome {
                call_index: index,
                result: Ok(Arc::new(Evaluation::new(-(index as f64)))),
                feasibility: Feasibility::new(vec![status]),
            };
            Candidate { index, params: Params::new([("x", index as f64)]), outcome }
        };
        let candidates = |count: u64| {
            let mut candidates = Candidates::default();
            candidates.extend((0..count).map(of));
            candidates
        };
        assert_eq!(listed(&candidates(most), None).len(), MOST_LISTED);
        let listed = listed(&candidates(most + 20), Some(MOST_LISTED + 15));
        let expected = (0..MOST_LISTED - 2).chain([MOST_LISTED + 10, MOST_LISTED + 15]);
        assert_eq!(listed, expected.collect());
    }
}

//! An evaluated proposal, and which of several is the best.

use crate::objective::{Outcome, Params};
use crate::stats;

/// One proposal of a search with what came of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Candidate {
    /// Its place in the search, from 0.
    pub index: u64,
    /// Every parameter.
    pub params: Params,
    /// The recorded evaluation.
    pub outcome: Outcome,
}

impl Candidate {
    /// Its fitness; absent if the evaluation failed.
    pub fn fitness(&self) -> Option<f64> {
        self.outcome.evaluation().map(|evaluation| evaluation.fitness)
    }

    /// Samples behind the fitness; 0 if the evaluation failed.
    pub fn samples(&self) -> u64 {
        self.outcome.evaluation().map_or(0, |evaluation| evaluation.samples)
    }

    /// Its fitness with the samples behind it; absent if the evaluation failed.
    pub fn level(&self) -> Option<(f64, u64)> {
        self.outcome.evaluation().map(|evaluation| (evaluation.fitness, evaluation.samples))
    }
}

/// The candidate with the largest fitness; the earliest wins a tie. Failed evaluations never win.
///
/// As Python's `max`: a NaN in first place is never displaced, elsewhere it never wins.
pub fn first_maximum<'c>(candidates: impl IntoIterator<Item = &'c Candidate>) -> Option<&'c Candidate> {
    first_of_largest(candidates.into_iter().filter_map(|candidate| Some((candidate, candidate.fitness()?))))
}

pub(super) fn first_of_largest<T>(levels: impl Iterator<Item = (T, f64)>) -> Option<T> {
    let mut best: Option<(T, f64)> = None;
    for (candidate, fitness) in levels {
        if best.as_ref().is_none_or(|(_, champion)| fitness > *champion) {
            best = Some((candidate, fitness));
        }
    }
    best.map(|(candidate, _)| candidate)
}

/// The candidates with an evaluation, largest fitness first; ties keep their order, NaN comes last.
pub fn ranked(candidates: &[Candidate]) -> Vec<&Candidate> {
    let mut ranked: Vec<(&Candidate, f64)> =
        candidates.iter().filter_map(|candidate| Some((candidate, candidate.fitness()?))).collect();
    ranked.sort_by(|a, b| stats::descending(a.1, b.1));
    ranked.into_iter().map(|(candidate, _)| candidate).collect()
}

//! Which trials are good.

use crate::stats::descending;

/// At most so many trials count as good.
const GOOD_AT_MOST: usize = 25;

/// A number per modelled parameter, and what came of them.
#[derive(Debug, Clone)]
pub(super) struct Observation {
    pub(super) point: Vec<f64>,
    pub(super) fitness: f64,
    /// By how much it breaks constraints; 0 if it keeps them.
    pub(super) violation: f64,
}

/// A tenth of the trials, rounded up and at most 25, and the others, each in their order: those that keep their constraints and
/// have the largest fitness, then those that break them least.
///
/// Among equals the earlier is the better.
pub(super) fn split(told: &[Observation]) -> (Vec<&[f64]>, Vec<&[f64]>) {
    let mut ranking: Vec<usize> = (0..told.len()).collect();
    // Not `violation > 0`: what is not a number keeps nothing.
    let keeps = |trial: &Observation| trial.violation <= 0.0;
    ranking.sort_by(|a, b| {
        let (a, b) = (&told[*a], &told[*b]);
        match (keeps(a), keeps(b)) {
            (true, true) => descending(a.fitness, b.fitness),
            (false, false) => a.violation.total_cmp(&b.violation),
            (kept, other) => other.cmp(&kept),
        }
    });
    let count = told.len().div_ceil(10).min(GOOD_AT_MOST);
    let mut is_good = vec![false; told.len()];
    for place in &ranking[..count] {
        is_good[*place] = true;
    }
    let of = |good: bool| {
        told.iter().zip(&is_good).filter(|(_, is)| **is == good).map(|(trial, _)| trial.point.as_slice()).collect()
    };
    (of(true), of(false))
}

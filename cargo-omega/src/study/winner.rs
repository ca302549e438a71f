//! Who won, who would have won, and how many are as good.

use std::collections::HashSet;

use omega_lock::internals::artifacts::{Number, SetCounts, StudyTrial, WinnerEntry};

use super::survey::Eligible;

/// Repeats that a noise has to rest on before anything is said by it.
const REPEATS: u64 = 5;
/// Two scores that differ by less than this many standard deviations of a difference are as good as each other.
const APART: f64 = 2.0;

/// Who leads, while trials come.
#[derive(Debug, Default)]
pub(super) struct Contest {
    winner: Option<(StudyTrial, u64, f64, f64)>,
    /// The best score of all, whatever speaks against it.
    any: Option<Leader>,
    /// Trials whose score is better than every number.
    pub(super) infinite: u64,
}

/// A trial that has the best score of all.
#[derive(Debug, Clone)]
pub(super) struct Leader {
    pub(super) number: u64,
    pub(super) score: f64,
    turned: f64,
    pub(super) violated: Option<String>,
}

impl Contest {
    pub(super) fn add(&mut self, trial: &StudyTrial, set: u64, score: f64, turned: f64, violated: Option<String>) {
        self.infinite += u64::from(turned == f64::INFINITY);
        if violated.is_none() && turned.is_finite() && self.winner.as_ref().is_none_or(|leader| turned > leader.3) {
            self.winner = Some((trial.clone(), set, score, turned));
        }
        if !turned.is_nan() && self.any.as_ref().is_none_or(|leader| turned > leader.turned) {
            self.any = Some(Leader { number: trial.number, score, turned, violated });
        }
    }

    pub(super) fn winner(&self) -> Option<&StudyTrial> {
        self.winner.as_ref().map(|(trial, ..)| trial)
    }

    /// The trial that a tool takes for the best if it looks at nothing but the score; none if that is the winner.
    pub(super) fn pretender(&self) -> Option<&Leader> {
        let winner = self.winner.as_ref().map(|(trial, ..)| trial.number);
        self.any.as_ref().filter(|any| Some(any.number) != winner)
    }

    pub(super) fn entry(
        &self,
        eligible: &[Eligible],
        sets: &SetCounts,
        edges: &[(String, String)],
    ) -> Option<WinnerEntry> {
        let (trial, set, score, best) = self.winner.as_ref()?;
        let enough = sets.noise.filter(|_| sets.noise_from >= REPEATS);
        let reach = enough.map(|noise| APART * std::f64::consts::SQRT_2 * noise.0);
        let others = || eligible.iter().filter(|other| other.set != *set);
        let distinct = |reach: f64| {
            let within = others().filter(|other| other.score >= best - reach).map(|other| other.set);
            within.collect::<HashSet<u64>>().len() as u64
        };
        let next = others().map(|other| other.score).reduce(f64::max);
        // As it was recorded, not as it was turned.
        let sign = if *score == *best { 1.0 } else { -1.0 };
        Some(WinnerEntry {
            number: trial.number,
            score: Number(*score),
            params: trial.params.clone(),
            on_edge: edges.iter().map(|(name, _)| name.clone()).collect(),
            equal: distinct(0.0),
            as_good: reach.map(distinct),
            next: next.map(|next| Number(sign * next)),
        })
    }
}

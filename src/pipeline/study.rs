//! A study of somebody else's optimizer in the place of a search: what it recorded chooses, what is evaluated now is judged.

use std::collections::{BTreeSet, VecDeque};

use super::transfer_sample::LEAST_CANDIDATES;
use super::{RunConfig, RunError};
use crate::gates::{Reevaluated, ReproducesEvidence};
use crate::hybrid::most_ranked;
use crate::objective::{ParamSpace, Params};
use crate::rng::Generator;
use crate::search::{Candidate, Candidates, Search};
use crate::stats::{even_places, upper_part};

/// A finished study, as far as a run needs it: the trials that are evaluated again, and what is said of the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Study {
    /// The head of the chain of its file, hex: what the declaration locks.
    pub digest: String,
    /// What became of its trials.
    pub counts: StudyCounts,
    /// Whether its scores were turned, because the smaller of them are the better.
    pub turned: bool,
    /// The parameters that it varied, in the order of the space.
    pub varied: Vec<String>,
    /// Those of the space that it never names, or not in every trial: they are as in the baseline.
    pub lacking: Vec<String>,
    /// The trials that are evaluated again, the best record first: the first of them is its winner.
    pub again: Vec<StudyPick>,
    /// Which of these, by their places, are spread over the ranks of all trials that might have won.
    pub spread: Vec<usize>,
}

/// How many trials of a study might have won, and why the others might not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StudyCounts {
    /// All that the file has.
    pub trials: u64,
    /// Those that did not end with their scores: pruned, failed, running, waiting.
    pub incomplete: u64,
    /// Complete ones without a finite score.
    pub not_finite: u64,
    /// Those that violate a constraint by their record.
    pub infeasible: u64,
    /// Those with the parameters of an earlier one that might have won.
    pub repeated: u64,
    /// Those that might have won.
    pub eligible: u64,
}

/// A trial that is evaluated again.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyPick {
    /// The number that its tool gave it.
    pub trial: u64,
    /// What was recorded of it, turned so that larger is better.
    pub record: f64,
    /// Every parameter of the space.
    pub params: Params,
    /// The worst record of the same parameters, where it is another one.
    pub lowest: Option<StudyRepeat>,
    /// Parameters that it does not say and others do, in a file without ranges: they are as in the baseline here, and may have
    /// been something else.
    pub unsaid: Vec<String>,
}

/// A trial with the parameters of another one, and another record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudyRepeat {
    /// The number that its tool gave it.
    pub trial: u64,
    /// What was recorded of it, turned so that larger is better.
    pub record: f64,
}

/// Which of the trials that might have won are evaluated again, by their ranks from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickedRanks {
    /// All of them, in order.
    pub ranks: Vec<usize>,
    /// Which of these, by their places, are spread over all ranks.
    pub spread: Vec<usize>,
}

impl PickedRanks {
    /// Picks among trials that are ranked, the best first, each with its record and the number of the trial: the winner, those
    /// that walk forward or lead, those that `transfer` spreads over the ranks, and some more that the seed picks by number.
    pub fn of(config: &RunConfig, ranked: &[(f64, u64)]) -> Self {
        let rules = &config.strict;
        let over = match config.is_approximate() {
            true => upper_part(&ranked.iter().map(|(record, _)| *record).collect::<Vec<f64>>(), LEAST_CANDIDATES),
            false => ranked.len(),
        };
        let spread = even_places(over, rules.transfer.rank_points);
        let leading = config.walk_forward_top_n.max(most_ranked(config.walk_forward_top_n));
        let leading = leading.max(rules.transfer.lead_top).clamp(1, ranked.len().max(1));
        let mut ranks: BTreeSet<usize> = spread.iter().copied().chain(0..leading.min(ranked.len())).collect();
        let mut others: Vec<usize> = (0..ranked.len()).filter(|rank| !ranks.contains(rank)).collect();
        others.sort_unstable_by_key(|&rank| ranked[rank].1);
        let seed = rules.seed;
        let mut generator = Generator::from_seed_words(&[seed as u32, (seed >> 32) as u32, 5]);
        for _ in 0..rules.study_trials {
            let Some(last) = others.len().checked_sub(1) else { break };
            let drawn = generator.integers(0, i64::try_from(last).unwrap_or(i64::MAX));
            ranks.insert(others.remove(usize::try_from(drawn).unwrap_or(0)));
        }
        let ranks: Vec<usize> = ranks.into_iter().collect();
        let spread = spread.iter().filter_map(|rank| ranks.binary_search(rank).ok()).collect();
        Self { ranks, spread }
    }
}

impl Study {
    /// A search that proposes what is evaluated again.
    pub(super) fn search(&self) -> impl Search {
        Again(self.again.iter().map(|pick| pick.params.clone()).collect())
    }

    /// Whether it is the one that is declared, and fits the space.
    pub(super) fn check(&self, declared: &str, space: &ParamSpace) -> Result<(), RunError> {
        if self.digest != declared {
            let found =
                format!("the study that the run was given has the digest {}, declared is {declared}", self.digest);
            return Err(RunError::Undeclared(found));
        }
        for pick in &self.again {
            space.check_params(&pick.params).map_err(|error| {
                RunError::Undeclared(format!("trial {} of the study is not in the space: {error}", pick.trial))
            })?;
        }
        Ok(())
    }

    /// Every trial that was evaluated again, beside its record.
    pub(super) fn evidence(&self, candidates: &Candidates) -> ReproducesEvidence {
        let measured = |place: usize| candidates.figures().get(place).and_then(|figures| figures.fitness());
        let again = self.again.iter().enumerate().map(|(place, pick)| Reevaluated {
            candidate: place as u64,
            trial: pick.trial,
            record: pick.record,
            measured: measured(place),
        });
        // One set of parameters gives one fitness: of two records of it at most one is true.
        let repeats = self.again.iter().enumerate().filter_map(|(place, pick)| {
            let StudyRepeat { trial, record } = pick.lowest?;
            Some(Reevaluated { candidate: place as u64, trial, record, measured: measured(place) })
        });
        let unsaid = self.again.iter().filter(|pick| !pick.unsaid.is_empty()).map(|pick| pick.trial).collect();
        ReproducesEvidence { turned: self.turned, again: again.chain(repeats).collect(), unsaid }
    }

    /// What a reader of the verdict should know of it.
    pub(super) fn told(&self) -> Vec<String> {
        let StudyCounts { trials, incomplete, not_finite, infeasible, repeated, eligible } = self.counts;
        let lost = [
            (incomplete, "not complete"),
            (not_finite, "without a finite score"),
            (infeasible, "infeasible by their record"),
            (repeated, "with the parameters of one that is as good or better"),
        ];
        let lost: Vec<String> =
            lost.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        let lost = if lost.is_empty() { String::new() } else { format!(" ({})", lost.join(", ")) };
        let mut told = vec![format!(
            "the study has {trials} trials, of which {eligible} might have won{lost}; {} of them were evaluated again, and \
             the gates know nothing else.",
            self.again.len()
        )];
        if !self.lacking.is_empty() {
            let names: Vec<String> = self.lacking.iter().map(|name| format!("`{name}`")).collect();
            told.push(format!("where the study does not say {}, it is as in the baseline.", names.join(", ")));
        }
        let unsaid: Vec<&StudyPick> = self.again.iter().filter(|pick| !pick.unsaid.is_empty()).collect();
        if let Some(first) = unsaid.first() {
            let more =
                if unsaid.len() > 1 { format!(" (and {} more trials)", unsaid.len() - 1) } else { String::new() };
            let names: Vec<String> = first.unsaid.iter().map(|name| format!("`{name}`")).collect();
            told.push(format!(
                "trial {}{more} does not say {}, which others do, and the file has no ranges: a table cannot tell an empty cell \
                 from the choice `None`.",
                first.trial,
                names.join(", ")
            ));
        }
        told
    }
}

/// Proposes what the study had tried.
struct Again(VecDeque<Params>);

impl Search for Again {
    fn ask(&mut self, room: usize) -> Vec<Params> {
        self.0.drain(..room.min(self.0.len())).collect()
    }

    fn tell(&mut self, _: &[Candidate]) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(count: u64) -> Vec<(f64, u64)> {
        (0..count).map(|rank| (-(rank as f64), (rank * 7) % count)).collect()
    }

    #[test]
    fn the_winner_those_that_lead_the_spread_ones_and_five_more_are_picked() {
        let config = RunConfig { blocks: Some(8), ..RunConfig::default() };
        let picked = PickedRanks::of(&config, &ranked(1_000));
        assert_eq!(picked.spread.len(), 30);
        let spread: Vec<usize> = picked.spread.iter().map(|&place| picked.ranks[place]).collect();
        assert_eq!((spread[0], spread[29]), (0, 999));
        assert!((0..10).all(|rank| picked.ranks.contains(&rank)));
        let expected: BTreeSet<usize> =
            spread.into_iter().chain(0..10.max(most_ranked(config.walk_forward_top_n))).collect();
        assert_eq!(picked.ranks.len(), expected.len() + 5);
        assert_eq!(picked, PickedRanks::of(&config, &ranked(1_000)), "the same for the same seed");
        let mut other = config.clone();
        other.strict.seed = 43;
        assert_ne!(picked, PickedRanks::of(&other, &ranked(1_000)));
    }

    #[test]
    fn of_a_small_study_all_are_picked_and_of_an_empty_one_none() {
        for config in [RunConfig::default(), RunConfig { blocks: Some(8), ..RunConfig::default() }] {
            assert_eq!(PickedRanks::of(&config, &ranked(7)).ranks, (0..7).collect::<Vec<usize>>());
            assert!(PickedRanks::of(&config, &[]).ranks.is_empty());
        }
    }
}

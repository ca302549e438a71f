//! The candidates of a search as figures: what selection needs of each, and no more.

use super::Candidate;
use super::candidate::first_of_largest;
use crate::objective::{Evaluator, Halt};
use crate::stats;

/// What is kept of a candidate while the run goes on; the rest is on record, where [`Candidates::recall`] finds it.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// 0 if the evaluation failed.
    fitness: f64,
    samples: u64,
    /// Stands for the parameters.
    fingerprint: [u8; 16],
    standing: Standing,
}

/// What came of an evaluation, short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Failed,
    NotApplicable,
    Violating,
    Feasible,
}

impl Figures {
    fn of(candidate: &Candidate) -> Self {
        let level = candidate.level();
        let (fitness, samples) = level.unwrap_or_default();
        let standing = match level {
            None if candidate.outcome.is_not_applicable() => Standing::NotApplicable,
            None => Standing::Failed,
            Some(_) if candidate.outcome.is_feasible() => Standing::Feasible,
            Some(_) => Standing::Violating,
        };
        Self { fitness, samples, fingerprint: candidate.params.fingerprint(), standing }
    }

    /// Its fitness; absent if the evaluation failed.
    pub fn fitness(&self) -> Option<f64> {
        matches!(self.standing, Standing::Violating | Standing::Feasible).then_some(self.fitness)
    }

    /// Whether its fitness is a finite number.
    pub fn is_finite(&self) -> bool {
        self.fitness().is_some_and(f64::is_finite)
    }

    /// Whether it was evaluated and keeps every constraint.
    pub fn is_feasible(&self) -> bool {
        self.standing == Standing::Feasible
    }

    /// Whether its parameters do not go together, so that there was nothing to evaluate.
    pub fn is_not_applicable(&self) -> bool {
        self.standing == Standing::NotApplicable
    }

    /// The same, and a NaN is like any other.
    fn agrees(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
            && (self.standing, self.samples) == (other.standing, other.samples)
            && stats::descending(self.fitness, other.fitness).is_eq()
    }
}

/// The candidates of one search in order, 40 bytes each.
///
/// They are named by their places, from 0. Made of candidates by [`Extend`]; their call indices follow each other without
/// a gap, as those of one phase do.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    first_call: u64,
    figures: Vec<Figures>,
}

impl Candidates {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.figures.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }

    /// How many of them have parameters that go together.
    pub fn applicable(&self) -> u64 {
        self.figures.iter().filter(|figures| !figures.is_not_applicable()).count() as u64
    }

    /// The figures in order.
    pub fn figures(&self) -> &[Figures] {
        &self.figures
    }

    /// The one with the largest fitness among those that are `allowed`, as [`first_maximum`](super::first_maximum) has it.
    pub fn first_maximum(&self, allowed: impl Fn(&Figures) -> bool) -> Option<usize> {
        let figures = self.figures.iter().enumerate().filter(|(_, figures)| allowed(figures));
        first_of_largest(figures.filter_map(|(place, figures)| Some((place, figures.fitness()?))))
    }

    /// The `count` best with an evaluation, in the order of [`ranked`](super::ranked).
    pub fn best(&self, count: usize) -> Vec<usize> {
        let evaluated = |place: &usize| self.figures[*place].fitness().is_some();
        let mut best: Vec<usize> = (0..self.len()).filter(evaluated).collect();
        let fitness = |place: usize| self.figures[place].fitness;
        let order = |a: &usize, b: &usize| stats::descending(fitness(*a), fitness(*b)).then(a.cmp(b));
        if count < best.len() {
            best.select_nth_unstable_by(count, order);
            best.truncate(count);
        }
        best.sort_unstable_by(order);
        best
    }

    /// Takes out of some places, in an order that stays, those with the parameters of an earlier one.
    pub fn distinct(&self, places: &mut Vec<usize>) {
        let mut alike: Vec<usize> = (0..places.len()).collect();
        let fingerprint = |at: usize| self.figures[places[at]].fingerprint;
        alike.sort_unstable_by_key(|&at| (fingerprint(at), at));
        let mut repeated = vec![false; places.len()];
        for pair in alike.windows(2) {
            repeated[pair[1]] = fingerprint(pair[0]) == fingerprint(pair[1]);
        }
        let mut repeated = repeated.into_iter();
        places.retain(|_| repeated.next() == Some(false));
    }

    /// Everything about the candidate at a place, read back from the record.
    ///
    /// # Errors
    /// If it cannot be read, or is another than was recorded.
    pub fn recall(&self, place: usize, evaluator: &mut dyn Evaluator) -> Result<Candidate, Halt> {
        let call_index = self.first_call + place as u64;
        let (params, outcome) = evaluator.recall(call_index)?;
        let candidate = Candidate { index: place as u64, params, outcome };
        if !self.figures.get(place).is_some_and(|figures| figures.agrees(&Figures::of(&candidate))) {
            let reason = format!("evaluation {call_index} is no longer what was recorded");
            return Err(Halt::Record(reason.into()));
        }
        Ok(candidate)
    }

    /// [`recall`](Self::recall) of several.
    ///
    /// # Errors
    /// If one cannot be read, or is another than was recorded.
    pub fn recall_each(&self, places: &[usize], evaluator: &mut dyn Evaluator) -> Result<Vec<Candidate>, Halt> {
        places.iter().map(|&place| self.recall(place, evaluator)).collect()
    }
}

impl Extend<Candidate> for Candidates {
    fn extend<I: IntoIterator<Item = Candidate>>(&mut self, candidates: I) {
        for candidate in candidates {
            if self.is_empty() {
                self.first_call = candidate.outcome.call_index;
            }
            self.figures.push(Figures::of(&candidate));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::audit::{AuditedEvaluator, Constraint, Subject, Trail};
    use crate::objective::{
        Context, Evaluation, FailureKind, Feasibility, FnTarget, Outcome, ParamSpace, Params, Phase, Role, TargetError,
    };
    use crate::search::{first_maximum, ranked};

    fn candidates(fitness: &[Option<f64>]) -> Vec<Candidate> {
        let failure = crate::objective::Failure { kind: FailureKind::Error, reason: "no data".to_owned() };
        let of = |(index, fitness): (u64, &Option<f64>)| {
            let result = fitness.map(|fitness| Arc::new(Evaluation::new(fitness))).ok_or(failure.clone());
            let outcome = Outcome { call_index: index, result, feasibility: Feasibility::new(Vec::new()) };
            Candidate { index, params: Params::new([("n", 1)]), outcome }
        };
        (0..).zip(fitness).map(of).collect()
    }

    #[test]
    fn figures_rank_and_lead_as_the_candidates_they_were_made_of() {
        let (nan, inf) = (Some(f64::NAN), Some(f64::INFINITY));
        let lists: [&[Option<f64>]; 5] = [
            &[],
            &[None, None],
            &[nan, Some(1.0), Some(2.0)],
            &[Some(0.0), nan, Some(-0.0), None, Some(3.0), Some(3.0), nan, inf, Some(-1.0)],
            &[Some(2.0), Some(5.0), Some(5.0), Some(2.0), Some(5.0)],
        ];
        for list in lists {
            let whole = candidates(list);
            let mut figures = Candidates::default();
            figures.extend(whole.clone());
            let leads = first_maximum(&whole).map(|lead| lead.index as usize);
            assert_eq!(figures.first_maximum(|_| true), leads);
            let order: Vec<usize> = ranked(&whole).iter().map(|candidate| candidate.index as usize).collect();
            for count in 0..=list.len() {
                assert_eq!(figures.best(count), order[..count.min(order.len())], "{list:?}");
            }
        }
    }

    #[test]
    fn what_is_recalled_is_the_candidate_itself() {
        let space = ParamSpace::new().int("n", 0..=9, 1);
        let target = FnTarget::new(space, |params| match params.int("n")? {
            3 => Err(TargetError::new("no data")),
            n => Ok(Evaluation::new(1.0 / n as f64).samples(7).with_metric("n", n as f64)),
        });
        let constraints = [Constraint::below("small", "metadata.n", 5.0)];
        let mut trail = Trail::new();
        let mut evaluator = AuditedEvaluator::new(Subject::Serial(&target), &constraints, &mut trail).unwrap();
        evaluator = evaluator.allow_failures(1);
        let proposals = [6, 0, 3, 4, 6].map(|n| Params::new([("n", n)]));
        let context = Context::new(Role::Train, Phase::Search);
        evaluator.evaluate_batch(context, &proposals[..1], &mut |_, _| Ok(())).unwrap();
        let outcomes = evaluator.evaluate_batch(context, &proposals, &mut |_, _| Ok(())).unwrap();
        let whole: Vec<Candidate> = (0..)
            .zip(proposals.iter().cloned().zip(outcomes))
            .map(|(index, (params, outcome))| Candidate { index, params, outcome })
            .collect();
        let mut figures = Candidates::default();
        figures.extend(whole.clone());
        assert_eq!(figures.recall_each(&[0, 1, 2, 3, 4], &mut evaluator).unwrap(), whole);
        let mut places = vec![4, 3, 1, 0, 2];
        figures.distinct(&mut places);
        assert_eq!(places, [4, 3, 1, 2]);
        figures.first_call -= 1;
        let error = figures.recall(1, &mut evaluator).unwrap_err().to_string();
        assert!(error.ends_with("evaluation 1 is no longer what was recorded"), "{error}");
    }
}

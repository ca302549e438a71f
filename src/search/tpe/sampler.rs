//! [`TpeSearch`]: proposes one trial after the other.

use super::distribution::{Distribution, number};
use super::parzen::ParzenEstimator;
use crate::objective::{ParamError, ParamSpace, ParamSpec, Params, SpaceError};
use crate::rng::Mt19937;
use crate::search::budget::Budget;
use crate::search::{Candidate, Search};
use crate::stats::descending;

/// Whose sequence of trials this is.
pub const PROFILE: &str = "tpe/optuna-4.9";

/// Trials with a fitness before the model takes over from uniform draws.
const STARTUP: usize = 10;
/// Points drawn from the good trials' estimator, of which one is proposed.
const CANDIDATES: usize = 24;
/// At most so many trials count as good.
const GOOD_AT_MOST: usize = 25;

/// The tree-structured Parzen estimator over all unlocked parameters at once.
///
/// The same seed and the same answers give the proposals of Optuna 4.9's `TPESampler(seed=seed, multivariate=True)` in a
/// study that maximises, parameters suggested in the order in which they are unlocked. A trial without a fitness, failed, not
/// applicable or NaN, is a trial of that study that failed: it takes its place in the sequence and teaches nothing.
///
/// Every proposal needs the answer to the one before, so [`ask`](Search::ask) gives one at a time, whatever the room.
///
/// # State
///
/// The seed and the trials so far are the whole state. Uniform draws and the model have a generator each, and a proposal
/// takes a number of doubles from one of them that depends on the space alone; so [`resume`](Self::resume) moves both
/// generators to where the trials left them, without repeating a computation.
///
/// # Where it differs
///
/// A real value that rounding puts outside its range is clipped; Optuna draws it again. That takes a range of a few
/// dozen doubles.
#[derive(Debug, Clone)]
pub struct TpeSearch {
    base: Params,
    /// The unlocked parameters as unlocked.
    axes: Vec<Axis>,
    /// Those with more than one value, by name.
    modelled: Vec<usize>,
    uniform: Mt19937,
    model: Mt19937,
    budget: Budget,
    /// The trials with a fitness.
    told: Vec<Observation>,
}

#[derive(Debug, Clone)]
struct Axis {
    place: usize,
    spec: ParamSpec,
    distribution: Distribution,
}

/// A number per modelled parameter, and what came of them.
#[derive(Debug, Clone)]
struct Observation {
    point: Vec<f64>,
    fitness: f64,
}

impl TpeSearch {
    /// `trials` trials, everything but the unlocked parameters as in `base`. Parameters that are not applicable are no trial, and
    /// the model does not learn from them, as Optuna's does not from a trial that failed; there are up to
    /// [`PROPOSALS_PER_TRIAL`](crate::search::PROPOSALS_PER_TRIAL) times as many proposals.
    ///
    /// # Errors
    /// If an unlocked name is no parameter.
    pub fn new(
        space: &ParamSpace,
        base: &Params,
        unlocked: &[String],
        trials: u64,
        seed: u32,
    ) -> Result<Self, ParamError> {
        let axis = |name: &String| {
            let spec = space.get(name)?.clone();
            Ok(Axis { place: base.place(name)?, distribution: Distribution::of(&spec), spec })
        };
        let axes = unlocked.iter().map(axis).collect::<Result<Vec<Axis>, ParamError>>()?;
        let mut modelled: Vec<usize> = (0..axes.len()).filter(|axis| !axes[*axis].distribution.is_single()).collect();
        modelled.sort_by(|a, b| axes[*a].spec.name.cmp(&axes[*b].spec.name));
        let (uniform, model) = (Mt19937::new(seed), Mt19937::new(seed));
        Ok(Self { base: base.clone(), axes, modelled, uniform, model, budget: Budget::new(trials), told: Vec::new() })
    }

    /// The same search after these trials of it, all from the first on and in order: what it would ask next is what it
    /// would have asked had it never stopped.
    ///
    /// # Errors
    /// If a trial is not of this space.
    pub fn resume(mut self, trials: &[Candidate]) -> Result<Self, SpaceError> {
        for trial in trials {
            self.check(&trial.params)?;
            if self.told.len() < STARTUP {
                let drawn = self.axes.iter().filter(|axis| !axis.distribution.is_single());
                self.uniform.skip(drawn.map(|axis| axis.distribution.doubles()).sum());
            } else if !self.modelled.is_empty() {
                self.model.skip(ParzenEstimator::doubles(self.modelled.len(), CANDIDATES));
            }
            self.budget.take();
            self.budget.replace(std::slice::from_ref(trial));
            self.learn(trial);
        }
        Ok(self)
    }

    fn check(&self, params: &Params) -> Result<(), SpaceError> {
        for Axis { spec, .. } in &self.axes {
            let place = params.place(&spec.name).map_err(|error| SpaceError::new(error.to_string()))?;
            match params.iter().nth(place) {
                Some((_, value)) if !spec.contains(value) => return Err(SpaceError::outside(spec, value)),
                _ => {}
            }
        }
        Ok(())
    }

    fn learn(&mut self, trial: &Candidate) {
        let Some(fitness) = trial.fitness().filter(|fitness| !fitness.is_nan()) else { return };
        let value = |axis: &usize| {
            let spec = &self.axes[*axis].spec;
            number(spec, trial.params.get(&spec.name)?)
        };
        if let Some(point) = self.modelled.iter().map(value).collect() {
            self.told.push(Observation { point, fitness });
        }
    }

    /// A number per axis, uniformly drawn in the order of the axes.
    fn draw(&mut self) -> Vec<(usize, f64)> {
        let drawn = self.axes.iter().enumerate().filter(|(_, axis)| !axis.distribution.is_single());
        drawn.map(|(place, axis)| (place, axis.distribution.draw(&mut self.uniform))).collect()
    }

    /// The one of some points of the good trials' estimator whose density there most exceeds that of the other trials'.
    fn infer(&mut self) -> Vec<(usize, f64)> {
        if self.modelled.is_empty() {
            return Vec::new();
        }
        let distributions: Vec<Distribution> = self.modelled.iter().map(|axis| self.axes[*axis].distribution).collect();
        let (good, other) = split(&self.told);
        let good = ParzenEstimator::new(&distributions, &good);
        let other = ParzenEstimator::new(&distributions, &other);
        let columns = good.sample(&mut self.model, CANDIDATES);
        let (above, below) = (good.log_density(&columns, CANDIDATES), other.log_density(&columns, CANDIDATES));
        let gains: Vec<f64> = above.iter().zip(&below).map(|(above, below)| above - below).collect();
        let best = first_largest(&gains);
        self.modelled.iter().zip(columns).map(|(axis, column)| (*axis, column[best])).collect()
    }
}

impl Search for TpeSearch {
    fn ask(&mut self, room: usize) -> Vec<Params> {
        if room == 0 || !self.budget.take() {
            return Vec::new();
        }
        let numbers = if self.told.len() < STARTUP { self.draw() } else { self.infer() };
        let single = self.axes.iter().filter(|axis| axis.distribution.is_single());
        let values = numbers.into_iter().map(|(axis, number)| (&self.axes[axis], number));
        // Whatever number a parameter of one value is given, it becomes that value.
        let values = values.chain(single.map(|axis| (axis, 0.0)));
        vec![self.base.with_at(values.map(|(axis, number)| (axis.place, axis.spec.clip(number))))]
    }

    fn tell(&mut self, candidates: &[Candidate]) {
        self.budget.replace(candidates);
        for candidate in candidates {
            self.learn(candidate);
        }
    }
}

/// The tenth of the trials with the largest fitness, rounded up and at most 25, and the others, each in their order.
///
/// Among equals the earlier is the better.
fn split(told: &[Observation]) -> (Vec<&[f64]>, Vec<&[f64]>) {
    let mut ranking: Vec<usize> = (0..told.len()).collect();
    ranking.sort_by(|a, b| descending(told[*a].fitness, told[*b].fitness));
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

/// The place of the first largest value; as numpy's `argmax`, a NaN is larger than any number.
fn first_largest(values: &[f64]) -> usize {
    let mut best = 0;
    for (place, value) in values.iter().enumerate() {
        if values[best].is_nan() {
            break;
        }
        if value.is_nan() || *value > values[best] {
            best = place;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::objective::{Evaluation, Failure, FailureKind, Feasibility, Outcome, Value};

    fn space() -> ParamSpace {
        ParamSpace::new()
            .param(ParamSpec::log_int("width", 4..=1024, 16))
            .param(ParamSpec::choice("loss", ["l1", "l2", "huber"], "l2"))
            .int("seats", 3..=3, 3)
            .float("rate", 0.0..=1.0, 0.5)
            .bool("warm", true)
    }

    fn fresh(trials: u64) -> TpeSearch {
        let names: Vec<String> = space().specs().iter().map(|spec| spec.name.clone()).collect();
        TpeSearch::new(&space(), &space().neutral(), &names, trials, 7).unwrap()
    }

    /// Every third trial fails, every seventh is NaN.
    fn judged(index: u64, params: Params) -> Candidate {
        let rate = params.float("rate").unwrap();
        let result = match index {
            _ if index % 3 == 1 => Err(Failure { kind: FailureKind::Error, reason: "no data".to_owned() }),
            _ if index % 7 == 2 => Ok(Arc::new(Evaluation::new(f64::NAN))),
            _ => Ok(Arc::new(Evaluation::new(-(rate - 0.3).abs()))),
        };
        let outcome = Outcome { call_index: index, result, feasibility: Feasibility::new(Vec::new()) };
        Candidate { index, params, outcome }
    }

    fn run(search: &mut TpeSearch, from: u64) -> Vec<Candidate> {
        let mut trials = Vec::new();
        for index in from.. {
            let Some(params) = search.ask(9).pop() else { break };
            trials.push(judged(index, params));
            search.tell(&trials[trials.len() - 1..]);
        }
        trials
    }

    #[test]
    fn a_search_stopped_after_any_trial_and_continued_is_the_uninterrupted_one() {
        let whole = run(&mut fresh(60), 0);
        assert_eq!(whole.len(), 60);
        for stop in 0..=whole.len() {
            let mut continued = fresh(60).resume(&whole[..stop]).unwrap();
            let rest = run(&mut continued, stop as u64);
            let proposals = |trials: &[Candidate]| trials.iter().map(|trial| trial.params.clone()).collect::<Vec<_>>();
            assert_eq!(proposals(&rest), proposals(&whole[stop..]), "stopped after {stop}");
        }
    }

    #[test]
    fn trials_of_another_space_are_refused_by_name() {
        let refused = |params: Params| fresh(9).resume(&[judged(0, params)]).unwrap_err().to_string();
        assert_eq!(
            refused(space().neutral().with("loss", Value::from("hinge")).unwrap()),
            "parameter `loss` has the value \"hinge\", expected one of [\"l1\", \"l2\", \"huber\"]"
        );
        assert_eq!(refused(Params::new([("rate", 0.5)])), "no parameter `width`");
    }

    #[test]
    fn parameters_of_one_value_keep_it_and_nothing_else_is_needed() {
        let space = ParamSpace::new().int("seats", 3..=3, 3);
        let mut search = TpeSearch::new(&space, &space.neutral(), &["seats".to_owned()], 15, 7).unwrap();
        for index in 0..15 {
            let params = search.ask(9).pop().unwrap();
            assert_eq!(params.int("seats").unwrap(), 3);
            let outcome = Outcome {
                call_index: index,
                result: Ok(Arc::new(Evaluation::new(1.0))),
                feasibility: Feasibility::new(Vec::new()),
            };
            search.tell(&[Candidate { index, params, outcome }]);
        }
        assert!(search.ask(9).is_empty());
    }
}

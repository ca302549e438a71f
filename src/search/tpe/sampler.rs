//! [`TpeSearch`]: proposes one trial after the other.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use super::TpeSampler;
use super::distribution::{Distribution, number};
use super::parzen::ParzenEstimator;
use super::split::{Observation, split};
use crate::objective::{ParamError, ParamSpace, ParamSpec, Params, SpaceError};
use crate::rng::Mt19937;
use crate::search::budget::Budget;
use crate::search::{Candidate, Search};

/// Trials with a fitness before the model takes over from uniform draws.
const STARTUP: usize = 10;
/// Points drawn from the good trials' estimator, of which one is proposed.
const CANDIDATES: usize = 24;

/// By how much a trial breaks its constraints, given its parameters and what came of them: the sum over those that it breaks; 0
/// if it keeps them, infinite if they could not be answered. Optuna's `constraints_func`, its positive values added.
pub type Violation = Arc<dyn Fn(&Candidate) -> f64 + Send + Sync>;

/// The tree-structured Parzen estimator over all unlocked parameters at once.
///
/// The same seed and the same answers give the proposals of Optuna's `TPESampler(seed=seed, multivariate=True)` in a
/// study that maximises, parameters suggested in the order in which they are unlocked; of 4.9 unless
/// [`sampler`](Self::sampler) says otherwise. A trial without a fitness, failed, not applicable or NaN, is a trial of that study
/// that failed: it takes its place in the sequence and teaches nothing. With [`constraints`](Self::constraints) it is the same
/// with `constraints_func`: a trial that breaks one counts as good only where too few keep them all, the smallest violation
/// first.
///
/// Every proposal needs the answers to the ones before, so [`ask`](Search::ask) gives one at a time, whatever the room, or as many
/// as [`batch`](Self::batch) says: then it is `constant_liar=True` and `study.ask()` as often, before the first `study.tell()`. The
/// parameters of a batch that are not answered yet count as bad, so that its proposals do not crowd together.
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
    sampler: TpeSampler,
    batch: usize,
    violation: Option<Breach>,
    /// The trials with a fitness.
    told: Vec<Observation>,
    /// The points of the batch that is being proposed.
    running: Vec<Vec<f64>>,
    /// Of a batch that a record has in part: what it has not.
    rest: VecDeque<Params>,
}

/// A function, which has no text of its own.
#[derive(Clone)]
struct Breach(Violation);

impl fmt::Debug for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("violation")
    }
}

#[derive(Debug, Clone)]
struct Axis {
    place: usize,
    spec: ParamSpec,
    distribution: Distribution,
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
        Ok(Self {
            base: base.clone(),
            axes,
            modelled,
            uniform,
            model,
            budget: Budget::new(trials),
            sampler: TpeSampler::default(),
            batch: 1,
            violation: None,
            told: Vec::new(),
            running: Vec::new(),
            rest: VecDeque::new(),
        })
    }

    /// The same search as that version does it.
    #[must_use]
    pub const fn sampler(mut self, sampler: TpeSampler) -> Self {
        self.sampler = sampler;
        self
    }

    /// The same search with so many proposals at a time, at least one.
    #[must_use]
    pub fn batch(mut self, batch: usize) -> Self {
        self.batch = batch.max(1);
        self
    }

    /// The same search, told which trials break constraints.
    #[must_use]
    pub fn constraints(mut self, violation: Violation) -> Self {
        self.violation = Some(Breach(violation));
        self
    }

    /// The same search after these trials of it, all from the first on and in order: what it would ask next is what it
    /// would have asked had it never stopped. Trials may end within a batch; the next proposals are then the rest of it.
    ///
    /// # Errors
    /// If a trial is not of this space.
    pub fn resume(mut self, trials: &[Candidate]) -> Result<Self, SpaceError> {
        let mut left = trials;
        while let Some((batch, after)) = left.split_at_checked(self.batch) {
            for trial in batch {
                self.check(&trial.params)?;
                if self.told.len() < STARTUP {
                    let drawn = self.axes.iter().filter(|axis| !axis.distribution.is_single());
                    self.uniform.skip(drawn.map(|axis| axis.distribution.doubles()).sum());
                } else if !self.modelled.is_empty() {
                    self.model.skip(ParzenEstimator::doubles(self.modelled.len(), CANDIDATES));
                }
                self.budget.take();
            }
            self.tell(batch);
            left = after;
        }
        if !left.is_empty() {
            for trial in left {
                self.check(&trial.params)?;
            }
            self.rest = self.propose(self.batch).into_iter().skip(left.len()).collect();
            self.tell(left);
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
        let violation = self.violation.as_ref().map_or(0.0, |breach| (breach.0)(trial));
        if let Some(point) = self.point(&trial.params) {
            self.told.push(Observation { point, fitness, violation });
        }
    }

    /// Up to `room` parameter sets, each proposed while those before it have no answer.
    fn propose(&mut self, room: usize) -> Vec<Params> {
        self.running.clear();
        let mut proposals = Vec::new();
        while proposals.len() < room && self.budget.take() {
            let numbers = if self.told.len() < STARTUP { self.draw() } else { self.infer() };
            let single = self.axes.iter().filter(|axis| axis.distribution.is_single());
            let values = numbers.into_iter().map(|(axis, number)| (&self.axes[axis], number));
            // Whatever number a parameter of one value is given, it becomes that value.
            let values = values.chain(single.map(|axis| (axis, 0.0)));
            let params = self.base.with_at(values.map(|(axis, number)| (axis.place, axis.spec.clip(number))));
            if self.batch > 1 {
                self.running.extend(self.point(&params));
            }
            proposals.push(params);
        }
        proposals
    }

    /// A number per modelled parameter.
    fn point(&self, params: &Params) -> Option<Vec<f64>> {
        let value = |axis: &usize| {
            let spec = &self.axes[*axis].spec;
            number(spec, params.get(&spec.name)?)
        };
        self.modelled.iter().map(value).collect()
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
        let (good, mut other) = split(&self.told);
        other.extend(self.running.iter().map(Vec::as_slice));
        let good = ParzenEstimator::new(&distributions, &good, self.sampler);
        let other = ParzenEstimator::new(&distributions, &other, self.sampler);
        let columns = good.sample(&mut self.model, CANDIDATES);
        let best = good.log_densities(&columns, CANDIDATES).first_above(&other.log_densities(&columns, CANDIDATES));
        self.modelled.iter().zip(columns).map(|(axis, column)| (*axis, column[best])).collect()
    }
}

impl Search for TpeSearch {
    fn ask(&mut self, room: usize) -> Vec<Params> {
        if !self.rest.is_empty() {
            return self.rest.drain(..room.min(self.rest.len())).collect();
        }
        self.propose(room.min(self.batch))
    }

    fn tell(&mut self, candidates: &[Candidate]) {
        self.budget.replace(candidates);
        for candidate in candidates {
            self.learn(candidate);
        }
    }
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

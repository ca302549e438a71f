//! Uniform draws over the unlocked parameters.

use libm::{exp, log};

use super::budget::Budget;
use super::{Candidate, Search};
use crate::objective::{ParamError, ParamKind, ParamSpace, ParamSpec, Params, Scale, Value};
use crate::rng::Generator;

/// A number of uniform draws, the same for the same seed as numpy's `default_rng` makes them.
#[derive(Debug, Clone)]
pub struct RandomSearch {
    base: Params,
    axes: Vec<(usize, ParamSpec)>,
    generator: Generator,
    budget: Budget,
}

impl RandomSearch {
    /// `samples` draws, everything but the unlocked parameters as in `base`. A draw that is not applicable is none of them: it is
    /// drawn again, up to [`PROPOSALS_PER_TRIAL`](super::PROPOSALS_PER_TRIAL) times `samples` in all.
    ///
    /// # Errors
    /// If an unlocked name is no parameter.
    pub fn new(
        space: &ParamSpace,
        base: &Params,
        unlocked: &[String],
        samples: u64,
        seed: u64,
    ) -> Result<Self, ParamError> {
        let axis = |name: &String| Ok((base.place(name)?, space.get(name)?.clone()));
        let axes = unlocked.iter().map(axis).collect::<Result<_, ParamError>>()?;
        Ok(Self { base: base.clone(), axes, generator: Generator::new(seed), budget: Budget::new(samples) })
    }
}

impl Search for RandomSearch {
    fn ask(&mut self, room: usize) -> Vec<Params> {
        let mut proposals = Vec::new();
        while proposals.len() < room && self.budget.take() {
            let generator = &mut self.generator;
            let drawn = self.axes.iter().map(|(place, spec)| (*place, draw(spec, generator)));
            proposals.push(self.base.with_at(drawn));
        }
        proposals
    }

    fn ask_on(&mut self, room: usize) -> Vec<Params> {
        self.ask(room)
    }

    fn tell(&mut self, candidates: &[Candidate]) {
        self.budget.replace(candidates);
    }
}

/// One uniform value, clipped to the range as the reference implementation clips it.
///
/// Of a number that moves in steps each value is as likely as any other. On a log scale the logarithm is uniform; an int's range is widened by a half at both ends before, so that rounding
/// gives every value its share.
fn draw(spec: &ParamSpec, generator: &mut Generator) -> Value {
    if let Some(steps) = spec.steps() {
        let drawn = generator.integers(0, i64::try_from(steps.last()).unwrap_or(i64::MAX));
        return steps.at(drawn.unsigned_abs());
    }
    match &spec.kind {
        &ParamKind::Float { low, high, scale: Scale::Linear, .. } => spec.clip(generator.uniform(low, high)),
        &ParamKind::Float { low, high, scale: Scale::Log, .. } => {
            spec.clip(exp(generator.uniform(log(low), log(high))))
        }
        &ParamKind::Int { low, high, scale: Scale::Linear, .. } => Value::Int(generator.integers(low, high)),
        &ParamKind::Int { low, high, scale: Scale::Log, .. } => {
            let (low, high) = (log(low as f64 - 0.5), log(high as f64 + 0.5));
            spec.clip(exp(generator.uniform(low, high)))
        }
        ParamKind::Bool { .. } => Value::Bool(generator.integers(0, 1) == 1),
        ParamKind::Choice { choices, .. } => {
            let last = i64::try_from(choices.len()).unwrap_or(i64::MAX) - 1;
            spec.clip(generator.integers(0, last) as f64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_of_every_kind_stay_in_their_range_and_reach_all_of_it() {
        let space = ParamSpace::new()
            .log_float("rate", 1e-4..=1.0, 0.1)
            .log_int("width", 1..=8, 2)
            .choice("loss", ["l1", "l2", "huber"], "l2")
            .float("level", 0.0..=0.4, 0.2)
            .step(0.1);
        let names: Vec<String> = space.specs().iter().map(|spec| spec.name.clone()).collect();
        let mut search = RandomSearch::new(&space, &space.neutral(), &names, 2_000, 7).unwrap();
        let drawn = search.ask(2_000);
        assert!(drawn.iter().all(|params| space.check_params(params).is_ok()));
        let share = |holds: &dyn Fn(&Params) -> bool| {
            drawn.iter().filter(|params| holds(params)).count() as f64 / drawn.len() as f64
        };
        // The logarithm is uniform: half of the draws lie below the geometric middle of the range.
        let below = share(&|params| params.float("rate").is_ok_and(|rate| rate < 1e-2));
        assert!((0.45..0.55).contains(&below), "{below}");
        // ln(1.5 / 0.5) / ln(8.5 / 0.5) of the draws are 1.
        let ones = share(&|params| params.int("width").is_ok_and(|width| width == 1));
        assert!((0.34..0.44).contains(&ones), "{ones}");
        for level in [0.0, 0.1, 0.2, 0.3, 0.4] {
            let share = share(&|params| params.float("level") == Ok(level));
            assert!((0.16..0.24).contains(&share), "{level} {share}");
        }
        for choice in ["l1", "l2", "huber"] {
            let share = share(&|params| params.choice("loss").is_ok_and(|loss| loss == choice));
            assert!((0.28..0.39).contains(&share), "{choice} {share}");
        }
    }
}

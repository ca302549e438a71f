//! p1 as a method: one pass of stress, unlock and search.

use super::{Found, Method, MethodError, Problem, Reported};
use crate::objective::Params;
use crate::pipeline::{P1Outcome, RunConfig, run_p1};
use crate::stress::top_k;

type Configure = dyn Fn(u64) -> RunConfig + Send + Sync;

/// [`run_p1`] with whatever search its configuration declares. No clock runs, so KC-1 never decides.
pub struct OnePass {
    name: String,
    configure: Box<Configure>,
    reported: Reported,
}

impl OnePass {
    /// A method whose configuration may take its seed from the run's.
    pub fn new(
        name: impl Into<String>,
        reported: Reported,
        configure: impl Fn(u64) -> RunConfig + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), configure: Box::new(configure), reported }
    }
}

impl Method for OnePass {
    fn name(&self) -> &str {
        &self.name
    }

    fn run(&self, problem: &mut Problem<'_>) -> Result<Found, MethodError> {
        let config = (self.configure)(problem.seed);
        let outcome = run_p1(&config, problem.space, &[], problem.evaluator, &mut (), &())?;
        let (params, fitness) = selected(&outcome);
        Ok(Found {
            params: self.reported.of(params, &outcome.top_k),
            fitness,
            test_fitness: lead_on_test(&outcome),
            stress_ranking: Some(stress_ranking(&outcome)),
            status: outcome.verdict.to_string(),
            unlocked: outcome.top_k,
        })
    }
}

/// What a pass would ship: the selected candidate, or the baseline if KC-2 left none.
fn selected(outcome: &P1Outcome) -> (&Params, f64) {
    match outcome.selected.as_ref().and_then(|best| Some((&best.params, best.fitness()?))) {
        Some(best) => best,
        None => (&outcome.base_params, baseline_fitness(outcome)),
    }
}

/// Fitness of the baseline of a pass.
pub(super) fn baseline_fitness(outcome: &P1Outcome) -> f64 {
    outcome.baseline.evaluation().map_or(f64::NAN, |base| base.fitness)
}

/// Fitness on test of the candidate that was best on train.
pub(super) fn lead_on_test(outcome: &P1Outcome) -> Option<f64> {
    Some(outcome.walk_forward.as_ref()?.lead()?.0)
}

/// Every measured parameter, the one with the largest stress first.
pub(super) fn stress_ranking(outcome: &P1Outcome) -> Vec<String> {
    top_k(&outcome.stresses, outcome.stresses.len(), false)
}

//! A single pass as a method: stress, unlock and search.

use super::{Found, Method, MethodError, Problem, Reported};
use crate::objective::Params;
use crate::pipeline::{Pass, Recipe, RunConfig, RunError, RunOutcome, run};
use crate::stress::top_k;

type Configure = dyn Fn(u64) -> RunConfig + Send + Sync;

/// A run of one pass with whatever search its configuration declares. No clock runs, so KC-1 never decides.
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
        let outcome = calibrated((self.configure)(problem.seed), problem)?;
        let Some(pass) = outcome.last() else { return Err("no pass was run".into()) };
        let (params, fitness) = selected(pass);
        Ok(Found {
            params: self.reported.of(params, &pass.unlocked),
            fitness,
            test_fitness: lead_on_test(pass),
            stress_ranking: Some(stress_ranking(pass)),
            status: outcome.verdict.to_string(),
            unlocked: pass.unlocked.clone(),
        })
    }
}

/// Runs on what a method is given, where any number of evaluations may fail.
pub(super) fn calibrated(config: RunConfig, problem: &mut Problem<'_>) -> Result<RunOutcome, RunError> {
    let config = RunConfig { max_failed_evaluations: u64::MAX, ..config };
    run(Recipe::new(&config, problem.space, &[]), problem.evaluator, &mut (), &())
}

/// What a pass would ship: the selected candidate, or the baseline if KC-2 left none.
fn selected(pass: &Pass) -> (&Params, f64) {
    match pass.selected.as_ref().and_then(|best| Some((&best.params, best.fitness()?))) {
        Some(best) => best,
        None => (&pass.base_params, pass.baseline_fitness()),
    }
}

/// Fitness on test of the candidate that was best on train.
pub(super) fn lead_on_test(pass: &Pass) -> Option<f64> {
    Some(pass.walk_forward.as_ref()?.lead()?.0)
}

/// Every measured parameter, the one with the largest stress first.
pub(super) fn stress_ranking(pass: &Pass) -> Vec<String> {
    top_k(&pass.stresses, pass.stresses.len(), false)
}

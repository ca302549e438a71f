//! The iterative pipeline as a method: rounds of p1, each locking in what it found.

use super::one_pass::{baseline_fitness, lead_on_test, stress_ranking};
use super::{Found, Method, MethodError, Problem};
use crate::pipeline::{IterativeConfig, run_iterative};
use crate::search::Candidate;

type Configure = dyn Fn(u64) -> IterativeConfig + Send + Sync;

/// [`run_iterative`] with whatever search its rounds declare; with zooming grids it is the "fractal vise". No clock
/// runs, so KC-1 never decides.
///
/// Found are all parameters after the last lock-in, and searched those that were locked in. The fitness is that of the
/// last round's best candidate even where a failed gate kept it from being locked in, as in the Python package's
/// battery; the ranking is the first round's, the only one over all parameters.
pub struct InRounds {
    name: String,
    configure: Box<Configure>,
}

impl InRounds {
    /// A method whose configuration may take its seed from the run's.
    pub fn new(name: impl Into<String>, configure: impl Fn(u64) -> IterativeConfig + Send + Sync + 'static) -> Self {
        Self { name: name.into(), configure: Box::new(configure) }
    }
}

impl Method for InRounds {
    fn name(&self) -> &str {
        &self.name
    }

    fn run(&self, problem: &mut Problem<'_>) -> Result<Found, MethodError> {
        let config = (self.configure)(problem.seed);
        let outcome = run_iterative(&config, problem.space, &[], problem.evaluator, &mut (), &())?;
        let (Some(first), Some(last)) = (outcome.rounds.first(), outcome.rounds.last()) else {
            return Err("no round was run: there are fewer parameters than a round unlocks".into());
        };
        let best = last.selected.as_ref().and_then(Candidate::fitness);
        Ok(Found {
            fitness: best.unwrap_or_else(|| baseline_fitness(last)),
            test_fitness: lead_on_test(last),
            unlocked: outcome.locked_in_order.concat(),
            stress_ranking: Some(stress_ranking(first)),
            status: outcome.verdict().to_string(),
            params: outcome.final_baseline,
        })
    }
}

//! Rounds as a method, each locking in what it found.

use super::one_pass::{calibrated, lead_on_test, stress_ranking};
use super::{Found, Method, MethodError, Problem};
use crate::pipeline::RunConfig;
use crate::search::Candidate;

type Configure = dyn Fn(u64) -> RunConfig + Send + Sync;

/// A run in rounds with whatever search they declare; with zooming grids it is the "fractal vise". No clock
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
    pub fn new(name: impl Into<String>, configure: impl Fn(u64) -> RunConfig + Send + Sync + 'static) -> Self {
        Self { name: name.into(), configure: Box::new(configure) }
    }
}

impl Method for InRounds {
    fn name(&self) -> &str {
        &self.name
    }

    fn run(&self, problem: &mut Problem<'_>) -> Result<Found, MethodError> {
        let outcome = calibrated((self.configure)(problem.seed), problem)?;
        let (Some(first), Some(last), Some(shipped)) = (outcome.passes.first(), outcome.last(), &outcome.shipped)
        else {
            return Err("no round was run: there are fewer parameters than a round unlocks".into());
        };
        let best = last.selected.as_ref().and_then(Candidate::fitness);
        Ok(Found {
            fitness: best.unwrap_or_else(|| last.baseline_fitness()),
            test_fitness: lead_on_test(last),
            unlocked: outcome.locked_in.concat(),
            stress_ranking: Some(stress_ranking(first)),
            status: outcome.verdict.to_string(),
            params: shipped.clone(),
        })
    }
}

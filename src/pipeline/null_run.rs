//! The calibration of null versions: everything up to the winner's test fitness, and no gate.

use super::p1::{Recipe, Run};
use super::{ConfigError, Profile, RunConfig, RunError, eligible};
use crate::gates::NullEvidence;
use crate::objective::{Context, Evaluator, Outcome, Params, Phase, Role};
use crate::progress::{Event, Observer, evaluate_phase};
use crate::search::Candidate;

/// One null version from beginning to end: the winner's parameters, if there is a winner.
pub(super) type NullPass<'p> =
    dyn FnMut(&mut dyn Evaluator, &mut dyn Observer) -> Result<Option<Params>, RunError> + 'p;

/// Refuses a declared null version that could not be judged, before anything is evaluated.
pub(super) fn check_null(config: &RunConfig, evaluator: &dyn Evaluator) -> Result<(), ConfigError> {
    if !config.null_declared || config.profile != Profile::Strict {
        return Ok(());
    }
    if !evaluator.has_null() {
        let expected = "an evaluator that has the null version";
        return Err(ConfigError::new("null.declared", "true", expected));
    }
    if !evaluator.serves(Role::Test) {
        let expected = "a test target to hold the winners against";
        return Err(ConfigError::new("null.declared", "true", expected));
    }
    Ok(())
}

/// Calibrates the null versions of seeds 1 to `runs`; `pass` is what is done with each.
///
/// Its winner is then evaluated on the null version's test slice.
pub(super) fn null_runs(
    runs: u64,
    observed: Option<f64>,
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    pass: &mut NullPass<'_>,
) -> Result<NullEvidence, RunError> {
    let mut nulls = Vec::new();
    for seed in 1..=u32::try_from(runs).unwrap_or(u32::MAX) {
        let context = Context { round: seed, ..Context::new(Role::Train, Phase::Null) };
        observer.observe(Event::PhaseStarted { context, expected: None });
        let mut answer = None;
        evaluator.with_null(seed, &mut |null| {
            let mut observer = NullObserver { seed, inner: &mut *observer };
            answer = Some(winner_on_test(null, &mut observer, pass));
        })?;
        observer.observe(Event::PhaseEnded { context });
        nulls.push(answer.transpose()?.flatten());
    }
    Ok(NullEvidence { observed, nulls })
}

fn winner_on_test(
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    pass: &mut NullPass<'_>,
) -> Result<Option<f64>, RunError> {
    let Some(winner) = pass(evaluator, observer)? else { return Ok(None) };
    let context = Context::new(Role::Test, Phase::Null);
    let outcomes = evaluate_phase(evaluator, observer, context, std::slice::from_ref(&winner))?;
    let fitness = outcomes.first().and_then(Outcome::evaluation).map(|evaluation| evaluation.fitness);
    Ok(fitness.filter(|fitness| fitness.is_finite()))
}

impl Recipe<'_> {
    /// The search of a pass without its gates: what would be selected, and what was unlocked for it.
    pub(super) fn search_only(
        self,
        evaluator: &mut dyn Evaluator,
        observer: &mut dyn Observer,
    ) -> Result<Option<(Candidate, f64, Vec<String>)>, RunError> {
        let mut run = self.start(evaluator, observer, &())?;
        let baseline = match run.evaluate_baseline() {
            Ok(baseline) => baseline,
            Err(RunError::Baseline(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let stresses = run.measure_stress(&baseline)?;
        let unlocked = run.unlock(&stresses);
        let candidates = run.search(&unlocked)?;
        let best = eligible(&candidates, self.config.constraint_policy).first().copied();
        let best = best.map(|place| candidates.recall(place, run.evaluator)).transpose()?;
        let level = baseline.evaluation().map_or(f64::NAN, |base| base.fitness);
        Ok(best.map(|best| (best, level, unlocked)))
    }
}

impl Run<'_> {
    /// The null runs of a single pass.
    pub(super) fn null_runs(&mut self, observed: Option<f64>) -> Result<NullEvidence, RunError> {
        let Self { proposer, config, space, constraints, round, .. } = *self;
        let recipe = Recipe { proposer, config, space, constraints, round };
        let mut pass = |evaluator: &mut dyn Evaluator, observer: &mut dyn Observer| {
            Ok(recipe.search_only(evaluator, observer)?.map(|(best, ..)| best.params))
        };
        null_runs(config.strict.null.runs, observed, self.evaluator, &mut self.observer, &mut pass)
    }
}

/// Tells of every evaluation of a null run under its phase and number; the steps within are nobody's business.
struct NullObserver<'n> {
    seed: u32,
    inner: &'n mut dyn Observer,
}

impl Observer for NullObserver<'_> {
    fn observe(&mut self, event: Event<'_>) {
        if let Event::Evaluated { context, outcome } = event {
            let context = Context { phase: Phase::Null, round: self.seed, ..context };
            self.inner.observe(Event::Evaluated { context, outcome });
        }
    }
}

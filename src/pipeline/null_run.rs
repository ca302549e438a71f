//! The calibration of null versions: the whole course up to the winner's test fitness, and no gate.

use super::foresight::announce_nulls;
use super::measure::{Ground, Means};
use super::pass::searched;
use super::{Recipe, RunError};
use crate::gates::NullEvidence;
use crate::objective::{Context, Params, Phase, Role};
use crate::progress::{Event, Observer};
use crate::stats::exact_mean;

/// Calibrates the null versions of seeds 1 to the declared number of runs, and evaluates each winner on the null
/// version's test slice. `observed` is what the winner of the run itself reached there.
///
/// A null version has no structure to find, so what its winners reach is what search alone makes of luck. That holds only
/// if each is searched exactly as the run was: the same course of passes, which learns nothing from gates here.
pub(super) fn null_runs(
    recipe: Recipe<'_>,
    means: &mut Means<'_>,
    observed: Option<f64>,
) -> Result<NullEvidence, RunError> {
    let mut nulls = Vec::new();
    for seed in 1..=u32::try_from(recipe.config.strict.null.runs).unwrap_or(u32::MAX) {
        announce_nulls(recipe, means.evaluator, seed);
        let context = Context { round: seed, ..Context::new(Role::Train, Phase::Null) };
        means.observer.observe(Event::PhaseStarted { context, expected: None });
        let mut answer = None;
        let observer = &mut *means.observer;
        means.evaluator.with_null(seed, &mut |evaluator| {
            let mut observer = NullObserver { seed, inner: &mut *observer };
            answer = Some(winner_on_test(recipe, &mut Means { evaluator, observer: &mut observer, clock: &() }));
        })?;
        means.observer.observe(Event::PhaseEnded { context });
        nulls.push(answer.transpose()?.flatten());
    }
    Ok(NullEvidence { observed, nulls })
}

/// Test fitness of what would ship, or of windows the mean of what each selects; absent if one selects nothing, or if it
/// cannot be evaluated. The gate counts such a null run as one that reached the observed fitness.
pub(super) fn winner_on_test(recipe: Recipe<'_>, means: &mut Means<'_>) -> Result<Option<f64>, RunError> {
    let mut course = recipe.course();
    let mut walked = Vec::new();
    while let Ok(plan) = course.next() {
        let Some(pass) = searched(Ground { recipe, plan: &plan }, means)? else { return Ok(None) };
        course.learn(&pass)?;
        if let (Some(_), Some(winner)) = (recipe.config.windows, &pass.selected) {
            let Some(fitness) = on_test(means, plan.number, &winner.params)? else { return Ok(None) };
            walked.push(fitness);
        }
    }
    match (recipe.config.windows, course.shipped()) {
        (Some(_), _) => Ok(exact_mean(&walked)),
        (None, Some(winner)) => on_test(means, 0, &winner),
        (None, None) => Ok(None),
    }
}

fn on_test(means: &mut Means<'_>, window: u32, winner: &Params) -> Result<Option<f64>, RunError> {
    let context = Context { round: window, ..Context::new(Role::Test, Phase::Null) };
    let outcome = means.evaluate_one(context, winner)?;
    let fitness = outcome.evaluation().map(|evaluation| evaluation.fitness);
    Ok(fitness.filter(|fitness| fitness.is_finite()))
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

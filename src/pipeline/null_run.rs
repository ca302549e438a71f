//! The calibration of null versions: the whole course up to the winner's test fitness, and no gate.

use super::measure::{Ground, Means};
use super::pass::searched;
use super::{Recipe, RunError};
use crate::gates::NullEvidence;
use crate::objective::{Context, Params, Phase, Role};
use crate::progress::{Event, Observer};

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

/// Test fitness of what would ship; absent if nothing would, or if it cannot be evaluated. The gate counts such a null run
/// as one that reached the observed fitness.
fn winner_on_test(recipe: Recipe<'_>, means: &mut Means<'_>) -> Result<Option<f64>, RunError> {
    let Some(winner) = winner(recipe, means)? else { return Ok(None) };
    let outcome = means.evaluate_one(Context::new(Role::Test, Phase::Null), &winner)?;
    let fitness = outcome.evaluation().map(|evaluation| evaluation.fitness);
    Ok(fitness.filter(|fitness| fitness.is_finite()))
}

fn winner(recipe: Recipe<'_>, means: &mut Means<'_>) -> Result<Option<Params>, RunError> {
    let mut course = recipe.course();
    while let Ok(plan) = course.next() {
        let Some(pass) = searched(Ground { recipe, plan: &plan }, means)? else { return Ok(None) };
        course.learn(&pass)?;
    }
    Ok(course.shipped())
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

//! The evaluations that every pass makes, whichever profile judges it.

use super::course::Plan;
use super::gate_list::AskedIn;
use super::{Profile, Proposer, Recipe, RunConfig, RunError, SearchMethod, Study};
use crate::gates::{GateId, GateReport, SearchComparison, judge_sc2};
use crate::objective::{Context, Evaluator, Halt, Outcome, Params, Phase, Role};
use crate::progress::{Clock, Observer, evaluate_phase};
use crate::search::{Candidate, Candidates, Figures, RandomSearch, explore};
use crate::stress::{Stress, measure_stress, top_k, top_k_by};

/// Where a pass begins and what decides it.
#[derive(Clone, Copy)]
pub(super) struct Ground<'g> {
    pub(super) recipe: Recipe<'g>,
    pub(super) plan: &'g Plan,
}

impl<'g> Ground<'g> {
    pub(super) const fn config(self) -> &'g RunConfig {
        self.recipe.config
    }

    /// Whether a gate asks for this pass: of windows some ask the last alone, and some none.
    pub(super) fn asks(self, gate: &GateId) -> bool {
        self.config().windows.is_none_or(|windows| match AskedIn::of(gate) {
            AskedIn::Each => true,
            AskedIn::Last => u64::from(self.plan.number) == windows,
            AskedIn::End | AskedIn::None => false,
        })
    }

    /// The study in the place of a search.
    pub(super) const fn study(self) -> Option<&'g Study> {
        match (self.recipe.proposer, &self.recipe.config.search) {
            (Proposer::Study(study), SearchMethod::Study { .. }) => Some(study),
            _ => None,
        }
    }

    /// A slice and a phase of this pass.
    pub(super) const fn context(self, role: Role, phase: Phase) -> Context {
        Context { role, phase, round: self.plan.number }
    }
}

/// What is measured with.
pub(super) struct Means<'m> {
    pub(super) evaluator: &'m mut dyn Evaluator,
    pub(super) observer: &'m mut dyn Observer,
    pub(super) clock: &'m dyn Clock,
}

impl Means<'_> {
    /// Evaluates proposals that are all known beforehand.
    pub(super) fn evaluate(&mut self, context: Context, proposals: &[Params]) -> Result<Vec<Outcome>, Halt> {
        evaluate_phase(self.evaluator, self.observer, context, proposals)
    }

    /// Evaluates one.
    pub(super) fn evaluate_one(&mut self, context: Context, params: &Params) -> Result<Outcome, Halt> {
        let outcomes = self.evaluate(context, std::slice::from_ref(params))?;
        outcomes.into_iter().next().ok_or(Halt::NoTarget(context.role))
    }
}

pub(super) fn baseline(ground: Ground<'_>, means: &mut Means<'_>) -> Result<Outcome, RunError> {
    let outcome = means.evaluate_one(ground.context(Role::Train, Phase::Baseline), &ground.plan.base)?;
    match &outcome.result {
        Ok(_) => Ok(outcome),
        Err(failure) => Err(RunError::Baseline(failure.clone())),
    }
}

pub(super) fn stresses(ground: Ground<'_>, means: &mut Means<'_>, baseline: &Outcome) -> Result<Vec<Stress>, RunError> {
    let context = ground.context(Role::Train, Phase::Stress);
    let level = baseline.evaluation().map_or((f64::NAN, 0), |base| (base.fitness, base.samples));
    let Plan { base, stress, .. } = ground.plan;
    Ok(measure_stress(means.evaluator, means.observer, context, ground.recipe.space, base, level, stress)?)
}

/// The parameters that are searched: those with the largest stress, but all of them for a loop of the user's own.
pub(super) fn unlocked(ground: Ground<'_>, stresses: &[Stress]) -> Vec<String> {
    match (ground.recipe.proposer, &ground.config().search) {
        (Proposer::Study(study), SearchMethod::Study { .. }) => study.varied.clone(),
        (Proposer::Loop(_), SearchMethod::Own { .. }) => {
            ground.recipe.space.specs().iter().map(|spec| spec.name.clone()).collect()
        }
        _ => ranked_by_stress(ground, stresses, ground.config().leave_out_suppressed),
    }
}

pub(super) fn ranked_by_stress(ground: Ground<'_>, stresses: &[Stress], leave_out_suppressed: bool) -> Vec<String> {
    let unlock_k = ground.config().unlock_k;
    match ground.config().profile {
        Profile::Reference => top_k(stresses, unlock_k, leave_out_suppressed),
        // The native unit of a parameter is nobody's decision about how much it matters.
        Profile::Strict => top_k_by(stresses, unlock_k, leave_out_suppressed, Stress::per_range),
    }
}

/// The search beside as many random draws, where that is declared.
pub(super) fn random_draws(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    unlocked: &[String],
    candidates: &Candidates,
) -> Result<Option<GateReport>, RunError> {
    let Some((mut random, samples)) = search_beside(ground, unlocked, candidates)? else { return Ok(None) };
    let context = ground.context(Role::Train, Phase::RandomDraws);
    let Scores(drawn) = explore(&mut random, means.evaluator, means.observer, context, Some(samples))?;
    let found: Vec<f64> = candidates.figures().iter().filter_map(Figures::fitness).collect();
    Ok(Some(judge_sc2(SearchComparison::of(&found, &drawn))))
}

/// The random search that is made beside the declared one, with as many draws.
pub(super) fn search_beside(
    ground: Ground<'_>,
    unlocked: &[String],
    candidates: &Candidates,
) -> Result<Option<(RandomSearch, u64)>, RunError> {
    let config = ground.config();
    if !config.sc2 || config.is_study() || !ground.asks(&GateId::Sc2) {
        return Ok(None);
    }
    let samples = candidates.applicable();
    let random = RandomSearch::new(ground.recipe.space, &ground.plan.base, unlocked, samples, config.sc2_seed)?;
    Ok(Some((random, samples)))
}

/// The fitness of each draw that was evaluated; SC-2 asks for nothing else.
#[derive(Default)]
struct Scores(Vec<f64>);

impl Extend<Candidate> for Scores {
    fn extend<I: IntoIterator<Item = Candidate>>(&mut self, drawn: I) {
        self.0.extend(drawn.into_iter().filter_map(|candidate| candidate.fitness()));
    }
}

//! What a run knows of its own course before it gets there, for whoever is idle until then.

use std::sync::Arc;

use super::measure::{Ground, Means, search_beside};
use super::null_run::winner_on_test;
use super::pass::judged;
use super::transfer_sample::{Eligible, Missing, draws_on_train};
use super::{Proposer, Recipe, RunConfig, RunError, SearchMethod};
use crate::audit::Constraint;
use crate::gates::{GateId, MetricNoise};
use crate::hybrid::most_ranked;
use crate::objective::{Asking, Context, Evaluator, ParamSpace, Params, Part, Phase, Role, WindowData};
use crate::search::{Candidate, Candidates, Search, next_proposals, ranked};

/// So many null runs are announced before the run is at them.
const AS_FAR: u64 = 128;

/// A recipe that lives as long as somebody works with it.
struct Kept {
    config: RunConfig,
    space: ParamSpace,
    constraints: Vec<Constraint>,
    identities: Vec<(Role, String)>,
    windows: Vec<WindowData>,
    noise: Vec<MetricNoise>,
}

impl Kept {
    fn of(recipe: Recipe<'_>) -> Arc<Self> {
        let Recipe { config, space, constraints, identities, windows, noise, .. } = recipe;
        Arc::new(Self {
            config: config.clone(),
            space: space.clone(),
            constraints: constraints.to_vec(),
            identities: identities.to_vec(),
            windows: windows.to_vec(),
            noise: noise.to_vec(),
        })
    }

    fn recipe(&self) -> Recipe<'_> {
        let Self { identities, windows, noise, .. } = self;
        Recipe { identities, windows, noise, ..Recipe::new(&self.config, &self.space, &self.constraints) }
    }
}

/// Announces the passes over windows: each begins with the baseline of the run and learns nothing from the ones before.
pub(super) fn announce_windows(recipe: Recipe<'_>, evaluator: &mut dyn Evaluator) {
    if recipe.config.windows.is_none() || !can_be_foreseen(recipe, evaluator) {
        return;
    }
    let (kept, mut course) = (Kept::of(recipe), recipe.course());
    while let Ok(plan) = course.next() {
        let (kept, part) = (Arc::clone(&kept), Part::Window(plan.number));
        let asking: Asking = Box::new(move |evaluator| {
            let recipe = kept.recipe();
            // What it comes to is for the run to find out.
            drop(judged(Ground { recipe, plan: &plan }, &mut Means { evaluator, observer: &mut (), clock: &() }));
        });
        evaluator.work_ahead(part, wide(recipe), asking);
    }
}

/// Announces the null runs from this one on.
pub(super) fn announce_nulls(recipe: Recipe<'_>, evaluator: &mut dyn Evaluator, from: u32) {
    if !can_be_foreseen(recipe, evaluator) {
        return;
    }
    let kept = Kept::of(recipe);
    let last = recipe.config.strict.null.runs.min(u64::from(from).saturating_add(AS_FAR));
    for seed in from..=u32::try_from(last).unwrap_or(u32::MAX) {
        let kept = Arc::clone(&kept);
        let asking: Asking = Box::new(move |evaluator| {
            drop(winner_on_test(kept.recipe(), &mut Means { evaluator, observer: &mut (), clock: &() }));
        });
        evaluator.work_ahead(Part::Null(seed), wide(recipe), asking);
    }
}

/// Announces what is asked once the search is over, as far as it is known by then: all but the draws on test, which are those
/// that do well enough on train.
pub(super) fn announce_judging(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    candidates: &Candidates,
    eligible: &Eligible<'_>,
    unlocked: &[String],
) -> Result<(), RunError> {
    let evaluator = &mut *means.evaluator;
    if !evaluator.looks_ahead() {
        return Ok(());
    }
    let config = ground.config();
    let params = |candidate: &Candidate| candidate.params.clone();
    let mut soon: Vec<(Context, Vec<Params>)> = Vec::new();
    let is_walked = evaluator.serves(Role::Test) && !eligible.places.is_empty();
    let best = eligible.best(config.walk_forward_top_n, evaluator)?;
    if is_walked {
        soon.push((ground.context(Role::Test, Phase::WalkForward), best.iter().map(params).collect()));
    }
    if evaluator.serves(Role::Validation) {
        let top = eligible.best(most_ranked(config.walk_forward_top_n), evaluator)?;
        let judged = ranked(&top).into_iter().take(config.walk_forward_top_n).map(params).collect();
        soon.push((ground.context(Role::Validation, Phase::Hybrid), judged));
    }
    if let Some((mut random, _)) = search_beside(ground, unlocked, candidates)? {
        let drawn = next_proposals(&mut random, evaluator);
        soon.push((ground.context(Role::Train, Phase::RandomDraws), drawn));
    }
    if is_walked {
        let transfers = ground.asks(&GateId::Transfer);
        if transfers {
            let missing = Missing::of(ground, eligible, best.len()).proposals(eligible, evaluator)?;
            soon.push((ground.context(Role::Test, Phase::Transfer), missing));
        }
        let (mut search, wanted) = draws_on_train(ground, unlocked, transfers && config.is_approximate())?;
        soon.push((ground.context(Role::Train, Phase::Transfer), search.ask(wanted)));
        soon.push((ground.context(Role::Test, Phase::Baseline), vec![ground.plan.base.clone()]));
    }
    if ground.asks(&GateId::Deterministic) {
        soon.push((ground.context(Role::Train, Phase::Repeat), vec![ground.plan.base.clone()]));
    }
    evaluator.expect(soon);
    Ok(())
}

/// Whether another thread can tell what will be asked. An optimizer that the code brings along may keep something from one search
/// to the next.
fn can_be_foreseen(recipe: Recipe<'_>, evaluator: &dyn Evaluator) -> bool {
    evaluator.looks_ahead()
        && matches!(recipe.proposer, Proposer::Declared)
        && !matches!(recipe.config.search, SearchMethod::Own { .. } | SearchMethod::Study { .. })
}

/// How many proposals the declared search hands over at a time.
fn wide(recipe: Recipe<'_>) -> u64 {
    let axes = recipe.config.unlock_k.min(recipe.space.specs().len());
    let product = |points: usize| (points as u64).saturating_pow(u32::try_from(axes).unwrap_or(u32::MAX));
    match recipe.config.search {
        SearchMethod::Grid { points_per_axis } | SearchMethod::Zoom { points_per_axis, .. } => product(points_per_axis),
        SearchMethod::Random { samples, .. } => samples,
        SearchMethod::Tpe { batch, .. } => batch,
        SearchMethod::Own { .. } | SearchMethod::Study { .. } => 1,
    }
}

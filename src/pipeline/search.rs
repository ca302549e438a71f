//! The search of one pass: whoever proposes, every candidate is evaluated and recorded.

use super::measure::{Ground, Means};
use super::own_search::{CheckedSearch, caught};
use super::{OwnLoop, Proposer, RunError, RunLoop, SearchMethod};
use crate::objective::{Context, Phase, Role};
use crate::progress::Event;
use crate::search::{Candidates, Search, explore};

/// Has the search propose over the unlocked parameters, and everything evaluated.
pub(super) fn search(ground: Ground<'_>, means: &mut Means<'_>, unlocked: &[String]) -> Result<Candidates, RunError> {
    let (space, base) = (ground.recipe.space, &ground.plan.base);
    let context = ground.context(Role::Train, Phase::Search);
    let (mut search, expected) = match (ground.recipe.proposer, &ground.config().search) {
        (Proposer::Search(make) | Proposer::Recorded(make), SearchMethod::Own { .. }) => {
            let made = caught(|| make(space, base, unlocked)).map_err(RunError::Search)??;
            let checked = CheckedSearch::new(made, space, base, unlocked);
            let is_again = matches!(ground.recipe.proposer, Proposer::Recorded(_));
            let mut checked = if is_again { checked.without_end() } else { checked };
            let found = explore(&mut checked, means.evaluator, means.observer, context, None)?;
            return checked.refused().map_or(Ok(found), |reason| Err(RunError::Search(reason)));
        }
        (Proposer::Loop(run), SearchMethod::Own { .. }) => return own_loop(ground, means, run, context),
        (Proposer::Study(study), SearchMethod::Study { .. }) => {
            (Box::new(study.search()) as Box<dyn Search>, Some(study.again.len() as u64))
        }
        (_, declared) => declared.build(space, base, unlocked, ground.recipe.binding())?,
    };
    Ok(explore(&mut *search, means.evaluator, means.observer, context, expected)?)
}

fn own_loop(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    run: &RunLoop,
    context: Context,
) -> Result<Candidates, RunError> {
    means.observer.observe(Event::PhaseStarted { context, expected: None });
    let mut own = OwnLoop {
        evaluator: &mut *means.evaluator,
        observer: &mut *means.observer,
        context,
        space: ground.recipe.space,
        base: &ground.plan.base,
        candidates: Candidates::default(),
        halt: None,
    };
    let ended = caught(|| run(&mut own));
    let (candidates, halt) = (own.candidates, own.halt);
    match (halt, ended) {
        // The loop may have swallowed the error; the run ends all the same.
        (Some(halt), _) => return Err(halt.into()),
        (None, Err(panic)) => return Err(RunError::Search(panic)),
        (None, Ok(Err(error))) => return Err(RunError::Search(error.reason())),
        (None, Ok(Ok(()))) => {}
    }
    means.observer.observe(Event::PhaseEnded { context });
    Ok(candidates)
}

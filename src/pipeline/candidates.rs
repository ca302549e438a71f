//! The search of one pass: whoever proposes, every candidate is evaluated and recorded.

use super::config::tpe_seed;
use super::own_search::{CheckedSearch, caught};
use super::p1::Run;
use super::{ConfigError, OwnLoop, Proposer, RunError, RunLoop, SearchMethod};
use crate::objective::{Context, Phase, Role};
use crate::progress::{Event, Observer};
use crate::search::{Candidates, GridSearch, RandomSearch, Search, TpeSearch, ZoomingGridSearch, explore};

impl Run<'_> {
    /// Has the search propose over the unlocked parameters, and everything evaluated.
    pub(super) fn search(&mut self, unlocked: &[String]) -> Result<Candidates, RunError> {
        let (space, base) = (self.space, &self.base);
        let context = Context::new(Role::Train, Phase::Search);
        let (mut search, expected): (Box<dyn Search>, Option<u64>) = match self.config.search {
            SearchMethod::Own { .. } => match self.proposer {
                Proposer::Search(make) => {
                    let made = caught(|| make(space, base, unlocked)).map_err(RunError::Search)??;
                    let mut checked = CheckedSearch::new(made, space, base, unlocked);
                    let found = explore(&mut checked, self.evaluator, &mut self.observer, context, None)?;
                    return checked.refused().map_or(Ok(found), |reason| Err(RunError::Search(reason)));
                }
                Proposer::Loop(run) => return self.own_loop(run, context),
                Proposer::Declared => {
                    let expected = "a declared search: the code brings none along";
                    return Err(ConfigError::new("search.method", "\"own\"", expected).into());
                }
            },
            SearchMethod::Grid { points_per_axis } => {
                let grid = GridSearch::new(space, base, unlocked, points_per_axis)?;
                let size = countable("search.points_per_axis", grid.size())?;
                (Box::new(grid), Some(size))
            }
            SearchMethod::Zoom { points_per_axis, rounds, factor } => {
                let zoom = ZoomingGridSearch::new(space, base, unlocked, points_per_axis, rounds, factor)?;
                let rounds = u64::try_from(rounds).unwrap_or(u64::MAX);
                countable("search.points_per_axis", zoom.round_size().and_then(|size| size.checked_mul(rounds)))?;
                (Box::new(zoom), None)
            }
            SearchMethod::Random { samples, seed } => {
                countable("search.samples", Some(samples))?;
                (Box::new(RandomSearch::new(space, base, unlocked, samples, seed)?), Some(samples))
            }
            SearchMethod::Tpe { trials, seed } => {
                (Box::new(TpeSearch::new(space, base, unlocked, trials, tpe_seed(seed)?)?), Some(trials))
            }
        };
        Ok(explore(&mut *search, self.evaluator, &mut self.observer, context, expected)?)
    }

    fn own_loop(&mut self, run: &RunLoop, context: Context) -> Result<Candidates, RunError> {
        self.observer.observe(Event::PhaseStarted { context, expected: None });
        let mut own = OwnLoop {
            evaluator: &mut *self.evaluator,
            observer: &mut self.observer,
            context,
            space: self.space,
            base: &self.base,
            candidates: Candidates::default(),
            halt: None,
        };
        let ended = caught(|| run(&mut own));
        let (candidates, halt) = (own.candidates, own.halt);
        match (halt, ended) {
            (Some(halt), _) => return Err(halt.into()),
            (None, Err(panic)) => return Err(RunError::Search(panic)),
            (None, Ok(Err(error))) => return Err(RunError::Search(error.reason())),
            (None, Ok(Ok(()))) => {}
        }
        self.observer.observe(Event::PhaseEnded { context });
        Ok(candidates)
    }
}

/// The most candidates that a run holds the figures of.
const MOST_CANDIDATES: u64 = 10_000_000;

/// The number of candidates, if there are not too many.
fn countable(key: &str, size: Option<u64>) -> Result<u64, ConfigError> {
    match size {
        Some(size) if size <= MOST_CANDIDATES => Ok(size),
        found => {
            let found =
                found.map_or_else(|| "more candidates than can be counted".to_owned(), |n| format!("{n} candidates"));
            let expected = format!("at most {MOST_CANDIDATES}: fewer values per axis, or a smaller `search.unlock_k`");
            Err(ConfigError::new(key, found, &expected))
        }
    }
}

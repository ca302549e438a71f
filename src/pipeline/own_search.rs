//! Somebody else's optimizer in p1's place for a search: judged by the same gates.
//!
//! Two doors. An optimizer that can be asked and told implements [`Search`]; one that wants to call the objective itself
//! runs its loop over an [`OwnLoop`], where every call is recorded and becomes a candidate.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Study;
use crate::audit::panic_text;
use crate::objective::{Context, Evaluator, Halt, Outcome, ParamError, ParamSpace, Params, SpaceError, TargetError};
use crate::progress::{Event, Observer};
use crate::search::{Candidate, Candidates, PROPOSALS_PER_TRIAL, Search};

/// Makes a search over some unlocked parameters of a space, everything else as in the base.
pub type MakeSearch = dyn Fn(&ParamSpace, &Params, &[String]) -> Result<Box<dyn Search>, ParamError> + Send + Sync;

/// A loop that evaluates what it likes.
pub type RunLoop = dyn Fn(&mut OwnLoop<'_>) -> Result<(), TargetError> + Send + Sync;

/// Who proposes candidates.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Proposer<'p> {
    /// The search that the configuration declares.
    Declared,
    /// A search made for the parameters that stress unlocked.
    Search(&'p MakeSearch),
    /// One that proposes what a record says. It ends where the record does, whatever of it goes together.
    Recorded(&'p MakeSearch),
    /// A loop over all parameters.
    Loop(&'p RunLoop),
    /// A finished study, which the configuration declares.
    Study(&'p Study),
}

/// What a loop of the user's own works with. Every parameter may move.
pub struct OwnLoop<'l> {
    pub(super) evaluator: &'l mut dyn Evaluator,
    pub(super) observer: &'l mut dyn Observer,
    pub(super) context: Context,
    pub(super) space: &'l ParamSpace,
    pub(super) base: &'l Params,
    pub(super) candidates: Candidates,
    /// Why the run must end, kept for the pipeline while the loop sees an error of its own.
    pub(super) halt: Option<Halt>,
}

impl OwnLoop<'_> {
    /// The parameter space.
    pub fn space(&self) -> &ParamSpace {
        self.space
    }

    /// The baseline.
    pub fn base(&self) -> &Params {
        self.base
    }

    /// What was evaluated so far, in order, as figures; [`evaluate`](Self::evaluate) gave the rest.
    pub fn candidates(&self) -> &Candidates {
        &self.candidates
    }

    /// Evaluates and records one parameter set, which becomes a candidate.
    ///
    /// A failed evaluation is an outcome too, as long as the declaration allows it.
    ///
    /// # Errors
    /// If the parameters are not in the space, or the run must end; return the error from the loop then.
    pub fn evaluate(&mut self, params: &Params) -> Result<Outcome, LoopError> {
        self.space.check_params(params)?;
        let (observer, context) = (&mut *self.observer, self.context);
        let recorded = self.evaluator.evaluate_batch(context, std::slice::from_ref(params), &mut |_, outcome| {
            observer.observe(Event::Evaluated { context, outcome });
            Ok(())
        });
        match recorded.map(|outcomes| outcomes.into_iter().next()) {
            Ok(Some(outcome)) => {
                let index = self.candidates.len() as u64;
                self.candidates.extend([Candidate { index, params: params.clone(), outcome: outcome.clone() }]);
                Ok(outcome)
            }
            Ok(None) => Err(LoopError::Ended),
            Err(halt) => {
                self.halt = Some(halt);
                Err(LoopError::Ended)
            }
        }
    }
}

/// A search of the user's own, held to the space: it moves unlocked parameters, within their ranges, and nothing else.
pub(super) struct CheckedSearch<'s> {
    inner: Box<dyn Search>,
    space: &'s ParamSpace,
    base: &'s Params,
    unlocked: &'s [String],
    refused: Option<String>,
    /// Whether it ends where next to nothing goes together.
    may_give_up: bool,
    /// What was told so far, and how much of it went together.
    told: u64,
    tried: u64,
}

/// From so many proposals on, a search ends of which next to nothing goes together.
const LONG: u64 = 20_000;

/// Whether next to nothing went together of what a search of the user's own proposed.
pub(super) const fn is_in_vain(proposed: u64, tried: u64) -> bool {
    proposed >= LONG && proposed / PROPOSALS_PER_TRIAL >= tried
}

impl<'s> CheckedSearch<'s> {
    pub(super) fn new(inner: Box<dyn Search>, space: &'s ParamSpace, base: &'s Params, unlocked: &'s [String]) -> Self {
        Self { inner, space, base, unlocked, refused: None, may_give_up: true, told: 0, tried: 0 }
    }

    /// Lets it go on as long as it likes.
    pub(super) fn without_end(self) -> Self {
        Self { may_give_up: false, ..self }
    }

    /// Why a proposal was refused, which ended the search.
    pub(super) fn refused(self) -> Option<String> {
        self.refused
    }

    fn check(&self, params: &Params) -> Result<(), String> {
        self.space.check_params(params).map_err(|error| error.to_string())?;
        let locked = |name: &str| !self.unlocked.iter().any(|unlocked| unlocked == name);
        match params.iter().find(|(name, value)| locked(name) && self.base.get(name) != Some(*value)) {
            Some((name, value)) => Err(format!("it moved `{name}` to {value}, which is locked at its baseline")),
            None => Ok(()),
        }
    }
}

impl Search for CheckedSearch<'_> {
    fn ask(&mut self, room: usize) -> Vec<Params> {
        // One that waits for parameters that go together would wait for ever where there are none.
        if self.refused.is_some() || self.may_give_up && is_in_vain(self.told, self.tried) {
            return Vec::new();
        }
        let asked = caught(|| self.inner.ask(room));
        match asked.and_then(|proposals| proposals.iter().try_for_each(|params| self.check(params)).map(|()| proposals))
        {
            Ok(proposals) => proposals,
            Err(reason) => {
                self.refused = Some(reason);
                Vec::new()
            }
        }
    }

    fn tell(&mut self, candidates: &[Candidate]) {
        self.told += candidates.len() as u64;
        self.tried += candidates.iter().filter(|candidate| !candidate.outcome.is_not_applicable()).count() as u64;
        self.refused = caught(|| self.inner.tell(candidates)).err();
    }
}

/// What the user's optimizer does; its panic is a reason to give up like any other.
pub(super) fn caught<T>(body: impl FnOnce() -> T) -> Result<T, String> {
    // The optimizer is never asked again, and what it saw of the run is only read.
    catch_unwind(AssertUnwindSafe(body)).map_err(|payload| format!("panic: {}", panic_text(&*payload)))
}

/// Why a loop of the user's own cannot go on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LoopError {
    /// A proposal that is not in the space.
    #[error(transparent)]
    Params(#[from] SpaceError),
    /// The run ended, for a reason that it reports itself.
    #[error("the run has ended")]
    Ended,
}

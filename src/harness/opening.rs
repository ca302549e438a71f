//! The look at the holdout: written down before the question goes out, so that nothing which ends the run, a kill included,
//! leaves a look that nobody counts; taken back where nobody began to answer.

use std::sync::OnceLock;

use super::committed::Committed;
use super::interrupt;
use super::looks::Place;
use crate::artifacts::{ExitCode, Look};
use crate::declaration::Declaration;
use crate::objective::{Halt, Role};
use crate::pipeline::{Pass, RunError, RunOutcome};

/// What becomes of a question that had no answer.
const AGAIN: &str = "\nhelp: nobody asks a holdout again by itself; the next run does, and as long as it asks the same, that is the same look";

/// The holdout of a run, before it is asked and after.
pub(super) struct Opening<'a> {
    committed: Committed<'a>,
    declaration: &'a Declaration,
    /// Set once it is to be asked; without a look where none are counted.
    opened: OnceLock<Option<(Look, Place)>>,
}

/// A look that could not be counted, so that nobody takes it.
#[derive(Debug, thiserror::Error)]
#[error("the holdout was not asked, because the look at it could not be counted: {why}")]
pub(super) struct Uncounted {
    pub(super) code: ExitCode,
    why: String,
}

impl<'a> Opening<'a> {
    pub(super) const fn new(committed: Committed<'a>, declaration: &'a Declaration) -> Self {
        Self { committed, declaration, opened: OnceLock::new() }
    }

    /// Writes the look down.
    ///
    /// # Errors
    /// If that cannot be done: the run ends unfinished.
    pub(super) fn open(&self, passes: &[Pass]) -> Result<(), Halt> {
        // The recorder ends such a run before it asks anything.
        if interrupt::asked() {
            return Ok(());
        }
        let look = self.committed.acceptance.looks.map(|_| Look::ahead(self.declaration, passes));
        let opened = match look {
            None => None,
            Some(look) => match self.committed.place(&look) {
                Ok(place) => Some((look, place)),
                Err((code, why)) => return Err(Halt::Record(Box::new(Uncounted { code, why }))),
            },
        };
        self.opened.get_or_init(|| opened);
        Ok(())
    }

    /// Whether its look is a new line of the ledger.
    pub(super) fn is_new(&self) -> bool {
        self.opened.get().and_then(Option::as_ref).is_some_and(|(_, place)| place.new)
    }

    /// What is to be said of it after a run that has an outcome, which may have run out of time before it asked.
    pub(super) fn answered(&self, outcome: &RunOutcome) -> Option<String> {
        if outcome.ending.holdout.is_some() { None } else { self.withdrawn() }
    }

    /// What is to be said of it after a run without an outcome: whoever was asked may have seen the data, so that it is a look
    /// all the same. The next run asks the same question, which is no further one.
    pub(super) fn unanswered(&self, error: &RunError) -> String {
        match error {
            RunError::Halt(
                Halt::Lost { role: Role::Holdout, began: false, .. }
                | Halt::Unusable { role: Role::Holdout, began: false, .. },
            ) => self.withdrawn().map(|why| format!("\n{why}")).unwrap_or_default(),
            _ => self.counted(),
        }
    }

    /// As which look it counts, if it was asked.
    pub(super) fn counted(&self) -> String {
        match (self.opened.get(), self.committed.acceptance.looks) {
            (None, _) => String::new(),
            (Some(Some((_, Place { number, note, .. }))), Some(allowed)) => {
                format!("\nit counts as look {number} of {allowed} at the holdout{note}{AGAIN}")
            }
            (Some(_), _) => AGAIN.to_owned(),
        }
    }

    /// Takes the line back that this run has written; says why, if it stays.
    fn withdrawn(&self) -> Option<String> {
        let (look, _) = self.opened.get()?.as_ref().filter(|(_, place)| place.new)?;
        let why = self.committed.withdraw(look).err()?;
        Some(format!(
            "the look at the holdout is written down although nobody took it, and could not be taken back: {why}"
        ))
    }
}

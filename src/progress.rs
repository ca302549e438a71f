//! What a run tells while it goes on, to whom, and the clock it is given.
//!
//! The core emits events and never looks at a clock or a terminal itself; who wants durations stamps the events as they
//! arrive.

use std::time::Duration;

use crate::objective::{Context, Evaluator, Halt, Outcome, Params};

/// Something that happened in a run.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A part of the run begins.
    PhaseStarted {
        /// Slice, phase and round.
        context: Context,
        /// How many evaluations it will make, if that is known.
        expected: Option<u64>,
    },
    /// An evaluation was recorded; they arrive in the order of the record.
    Evaluated {
        /// Slice, phase and round.
        context: Context,
        /// The evaluation as recorded.
        outcome: &'a Outcome,
    },
    /// A part of the run is over.
    PhaseEnded {
        /// Slice, phase and round.
        context: Context,
    },
}

/// Receives the events of a run, in order, on the thread that runs it.
pub trait Observer {
    /// Called once per event.
    fn observe(&mut self, event: Event<'_>);
}

/// Looks away.
impl Observer for () {
    fn observe(&mut self, _: Event<'_>) {}
}

/// Evaluates one phase whose proposals are all known beforehand, and tells the observer.
///
/// # Errors
/// If the run must end.
pub fn evaluate_phase(
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    context: Context,
    proposals: &[Params],
) -> Result<Vec<Outcome>, Halt> {
    observer.observe(Event::PhaseStarted { context, expected: Some(proposals.len() as u64) });
    let outcomes = evaluator.evaluate_batch(context, proposals, &mut |_, outcome| {
        observer.observe(Event::Evaluated { context, outcome });
        Ok(())
    })?;
    observer.observe(Event::PhaseEnded { context });
    Ok(outcomes)
}

/// Tells how long a run has been going, for KC-1's time box.
pub trait Clock {
    /// Time since the run began; never goes backwards.
    fn elapsed(&self) -> Duration;
}

/// A clock that stands still, for runs whose time is not judged.
impl Clock for () {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

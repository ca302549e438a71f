//! What one round of several sees of its run: everything but the holdout, under the round's number, on its own time.

use std::time::Duration;

use crate::objective::{Context, Evaluator, Halt, Outcome, Params, Role};
use crate::progress::{Clock, Event, Observer};

/// The evaluator of a round. The holdout is not there, so that no round can decide anything by it.
pub(super) struct RoundEvaluator<'r> {
    pub(super) number: u32,
    pub(super) inner: &'r mut dyn Evaluator,
}

impl Evaluator for RoundEvaluator<'_> {
    fn serves(&self, role: Role) -> bool {
        role != Role::Holdout && self.inner.serves(role)
    }

    fn refuse_non_finite(&mut self) {
        self.inner.refuse_non_finite();
    }

    fn evaluate_batch(
        &mut self,
        context: Context,
        proposals: &[Params],
        seen: &mut dyn FnMut(usize, &Outcome) -> Result<(), Halt>,
    ) -> Result<Vec<Outcome>, Halt> {
        if !self.serves(context.role) {
            return Err(Halt::NoTarget(context.role));
        }
        self.inner.evaluate_batch(Context { round: self.number, ..context }, proposals, seen)
    }

    fn recall(&mut self, call_index: u64) -> Result<(Params, Outcome), Halt> {
        self.inner.recall(call_index)
    }
}

/// The observer of a round.
pub(super) struct RoundObserver<'r> {
    pub(super) number: u32,
    pub(super) inner: &'r mut dyn Observer,
}

impl Observer for RoundObserver<'_> {
    fn observe(&mut self, event: Event<'_>) {
        let here = |context: Context| Context { round: self.number, ..context };
        self.inner.observe(match event {
            Event::PhaseStarted { context, expected } => Event::PhaseStarted { context: here(context), expected },
            Event::Evaluated { context, outcome } => Event::Evaluated { context: here(context), outcome },
            Event::PhaseEnded { context } => Event::PhaseEnded { context: here(context) },
        });
    }
}

/// The clock of a round under the reference profile: KC-1 holds each round against the time box, not all of them together.
pub(super) struct RoundClock<'r> {
    start: Duration,
    inner: &'r dyn Clock,
}

impl<'r> RoundClock<'r> {
    /// Started now.
    pub(super) fn start(inner: &'r dyn Clock) -> Self {
        Self { start: inner.elapsed(), inner }
    }
}

impl Clock for RoundClock<'_> {
    fn elapsed(&self) -> Duration {
        self.inner.elapsed().saturating_sub(self.start)
    }
}

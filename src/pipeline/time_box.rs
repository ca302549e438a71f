//! The time box of a strict run while it goes on: once it is used up, nothing further is evaluated.

use std::time::Duration;

use super::{Profile, RunConfig, RunError};
use crate::objective::{Asking, Context, Evaluator, Halt, Outcome, Params, Part, Role};
use crate::progress::Clock;

/// How long may be evaluated.
#[derive(Clone, Copy)]
struct TimeBox<'c> {
    clock: &'c dyn Clock,
    /// Absent under the reference profile, which looks at the clock once, when everything is evaluated.
    seconds: Option<f64>,
}

impl TimeBox<'_> {
    /// The rule of KC-1: the end of the box belongs to it.
    fn check(self) -> Result<(), Halt> {
        let Some(seconds) = self.seconds else { return Ok(()) };
        let elapsed = self.clock.elapsed();
        if elapsed.as_secs_f64() <= seconds { Ok(()) } else { Err(Halt::TimeBox { elapsed }) }
    }
}

/// The evaluator of a run, asked before every evaluation whether there is time for it.
///
/// The very first one is always made: a run that has no baseline has nothing to say.
pub(super) struct TimeBoxed<'e> {
    inner: &'e mut dyn Evaluator,
    time_box: TimeBox<'e>,
    begun: bool,
}

impl<'e> TimeBoxed<'e> {
    pub(super) fn new(inner: &'e mut dyn Evaluator, clock: &'e dyn Clock, config: &RunConfig) -> Self {
        let seconds = (config.profile == Profile::Strict).then_some(config.thresholds.time_box_seconds);
        Self { inner, time_box: TimeBox { clock, seconds }, begun: false }
    }
}

impl Evaluator for TimeBoxed<'_> {
    fn serves(&self, role: Role) -> bool {
        self.inner.serves(role)
    }

    fn evaluate_batch(
        &mut self,
        context: Context,
        proposals: &[Params],
        seen: &mut dyn FnMut(usize, &Outcome) -> Result<(), Halt>,
    ) -> Result<Vec<Outcome>, Halt> {
        let time_box = self.time_box;
        if self.begun && !proposals.is_empty() {
            time_box.check()?;
        }
        self.begun = true;
        self.inner.evaluate_batch(context, proposals, &mut |index, outcome| {
            seen(index, outcome)?;
            if index + 1 < proposals.len() { time_box.check() } else { Ok(()) }
        })
    }

    fn recall(&mut self, call_index: u64) -> Result<(Params, Outcome), Halt> {
        self.inner.recall(call_index)
    }

    fn room(&self) -> usize {
        self.inner.room()
    }

    fn looks_ahead(&self) -> bool {
        self.inner.looks_ahead()
    }

    fn expect(&mut self, batches: Vec<(Context, Vec<Params>)>) {
        self.inner.expect(batches);
    }

    fn work_ahead(&mut self, part: Part, wide: u64, asking: Asking) {
        self.inner.work_ahead(part, wide, asking);
    }

    fn has_null(&self) -> bool {
        self.inner.has_null()
    }

    fn with_null(&mut self, seed: u32, use_it: &mut dyn FnMut(&mut dyn Evaluator)) -> Result<(), Halt> {
        let time_box = self.time_box;
        time_box.check()?;
        self.inner.with_null(seed, &mut |null| use_it(&mut TimeBoxed { inner: null, time_box, begun: true }))
    }
}

/// What a step of a run came to, or the time at which the box was used up.
pub(super) fn in_time<T>(step: Result<T, RunError>) -> Result<Result<T, Duration>, RunError> {
    match step {
        Err(RunError::Halt(Halt::TimeBox { elapsed })) => Ok(Err(elapsed)),
        step => step.map(Ok),
    }
}

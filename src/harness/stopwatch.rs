//! The clock that the harness gives a run, and the readings it takes on the way.

use std::time::{Duration, Instant, SystemTime};

use crate::artifacts::{Number, PhaseTiming};
use crate::progress::{Clock, Event, Observer};

/// What the clock on the wall says; no result depends on it.
#[expect(clippy::disallowed_methods, reason = "the one wall clock of the harness")]
pub(super) fn now() -> SystemTime {
    SystemTime::now()
}

/// Started with the run.
pub(super) struct Stopwatch {
    start: Instant,
}

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the one clock of the harness")]
    pub(super) fn start() -> Self {
        Self { start: Instant::now() }
    }

    pub(super) fn read(&self) -> Duration {
        self.start.elapsed()
    }
}

impl Clock for Stopwatch {
    fn elapsed(&self) -> Duration {
        self.read()
    }
}

/// What the clock on the wall says, in UTC.
pub(super) fn wall_clock() -> String {
    humantime::format_rfc3339_micros(now()).to_string()
}

/// Stamps the phases of a run.
pub(super) struct PhaseTimer<'w> {
    watch: &'w Stopwatch,
    started: Duration,
    evaluations: u64,
    pub(super) phases: Vec<PhaseTiming>,
}

impl<'w> PhaseTimer<'w> {
    pub(super) fn new(watch: &'w Stopwatch) -> Self {
        Self { watch, started: Duration::ZERO, evaluations: 0, phases: Vec::new() }
    }
}

impl Observer for PhaseTimer<'_> {
    fn observe(&mut self, event: Event<'_>) {
        match event {
            Event::PhaseStarted { .. } => {
                self.started = self.watch.read();
                self.evaluations = 0;
            }
            Event::Evaluated { .. } => self.evaluations += 1,
            Event::PhaseEnded { context } => self.phases.push(PhaseTiming {
                role: context.role.name().to_owned(),
                phase: context.phase.name().to_owned(),
                round: (context.round > 0).then_some(context.round),
                evaluations: self.evaluations,
                // A clock that is not as monotonic as it should be takes no run along.
                seconds: Number(self.watch.read().saturating_sub(self.started).as_secs_f64()),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::{Context, Phase, Role};

    #[test]
    fn a_clock_that_steps_back_times_a_phase_with_nothing() {
        let watch = Stopwatch::start();
        let mut timer = PhaseTimer::new(&watch);
        timer.started = Duration::from_secs(u64::from(u32::MAX));
        timer.observe(Event::PhaseEnded { context: Context::new(Role::Train, Phase::Search) });
        assert_eq!(timer.phases[0].seconds, Number(0.0));
    }
}

//! The clock that is lent where somebody asked for timings, and the date.

use std::time::{Duration, Instant, SystemTime};

use omega_lock::Clock;

/// What the wall clock says, for the date of an accepted result.
#[expect(clippy::disallowed_methods, reason = "when somebody accepted a result is no part of it")]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the clock of the subcommand's own runs")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Stopwatch {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

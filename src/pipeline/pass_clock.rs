//! The time of one pass.

use std::time::Duration;

use crate::progress::Clock;

/// The clock of a pass under the reference profile: KC-1 holds each round against the time box, not all of them together.
pub(super) struct PassClock<'c> {
    start: Duration,
    inner: &'c dyn Clock,
}

impl<'c> PassClock<'c> {
    /// Started now.
    pub(super) fn start(inner: &'c dyn Clock) -> Self {
        Self { start: inner.elapsed(), inner }
    }
}

impl Clock for PassClock<'_> {
    fn elapsed(&self) -> Duration {
        self.inner.elapsed().saturating_sub(self.start)
    }
}

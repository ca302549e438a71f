//! How long something has taken.

use std::time::{Duration, Instant};

/// A moment to count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Timer(Instant);

impl Timer {
    /// Counts from now.
    #[expect(clippy::disallowed_methods, reason = "how long a process is waited for decides no number")]
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn elapsed(self) -> Duration {
        Self::start().0.saturating_duration_since(self.0)
    }
}

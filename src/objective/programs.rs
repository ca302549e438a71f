//! The programs that answer for a target, as far as a run has to do with them.

use std::collections::BTreeMap;
use std::time::Duration;

use super::TargetError;

/// Who hears a line that is worth keeping: what a program says on standard error, and what becomes of one.
pub type Listener = Box<dyn Fn(&str) + Send + Sync>;

/// What a run asks of the programs that answer for its targets, and tells them. Only workers are such programs.
pub trait Programs: Send + Sync {
    /// The declared files that decide what they answer: SHA-256 of each, by its path. An unfinished run is continued only if
    /// they are as they were.
    ///
    /// # Errors
    /// If one cannot be read, or a pattern matches none.
    fn inputs(&self) -> Result<BTreeMap<String, String>, TargetError>;

    /// Looks whether the files that decide what they answer, their data too, are as they were when they were first looked at.
    ///
    /// # Errors
    /// If one is not, so that the answers of a run do not belong together.
    fn check(&self) -> Result<(), TargetError>;

    /// Begins to start as many as `threads` threads will ask, all at once, and waits for none; how many are starting.
    fn warm_up(&self, threads: usize) -> usize;

    /// From now on `listener` hears each line, those before it first.
    fn listen(&self, listener: Listener);

    /// Gives up what they are asked, and starts and asks nothing further: evaluations under way are lost, and are not asked
    /// again.
    fn give_up(&self);

    /// What has become of them so far.
    fn tally(&self) -> ProgramTally;
}

/// What became of the programs behind a target. None of it is in a record: that is the same whatever was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ProgramTally {
    /// Processes that were started.
    pub started: u64,
    /// Processes that were gone, or had to be ended, before their time.
    pub lost: u64,
    /// Evaluations that were asked again.
    pub retries: u64,
    /// The time that all of them together were at work on evaluations, each for itself: what was started and said of itself
    /// before is not in it.
    pub busy: Duration,
}

impl ProgramTally {
    /// These counts.
    pub fn new(started: u64, lost: u64, retries: u64) -> Self {
        Self { started, lost, retries, busy: Duration::ZERO }
    }

    /// The same with the time that they were at work.
    #[must_use]
    pub fn busy(self, busy: Duration) -> Self {
        Self { busy, ..self }
    }
}

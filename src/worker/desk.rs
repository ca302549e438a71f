//! What the processes of a worker have to say beside their answers, and what became of them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::child::lock;
use super::timer::Timer;
use crate::objective::{Listener, ProgramTally};

/// Bytes that are kept for a listener that comes later.
const KEPT: usize = 64 << 10;

/// One for all processes of a worker.
#[derive(Default)]
pub(super) struct Desk {
    lines: Mutex<Lines>,
    started: AtomicU64,
    lost: AtomicU64,
    retries: AtomicU64,
    given_up: AtomicBool,
    busy_nanoseconds: AtomicU64,
}

/// One evaluation that somebody is at work on; dropped, its time is counted.
pub(super) struct AtWork<'d> {
    desk: &'d Desk,
    since: Timer,
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        let worked = u64::try_from(self.since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.desk.busy_nanoseconds.fetch_add(worked, Ordering::Relaxed);
    }
}

#[derive(Default)]
struct Lines {
    /// Before anybody listens.
    early: String,
    listener: Option<Listener>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.tally().fmt(f)
    }
}

impl Desk {
    /// Another process; its number, from 1 on.
    pub(super) fn number(&self) -> u64 {
        self.started.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A process said this on standard error, or this became of it.
    pub(super) fn note(&self, number: u64, line: &str) {
        let line = format!("{number}: {line}");
        let mut lines = lock(&self.lines);
        match &lines.listener {
            Some(listener) => listener(&line),
            None if lines.early.len() + line.len() < KEPT => {
                lines.early.push_str(&line);
                lines.early.push('\n');
            }
            None => {}
        }
    }

    /// A process is gone before its time.
    pub(super) fn lost(&self, number: u64, why: &str) {
        self.lost.fetch_add(1, Ordering::Relaxed);
        // What it said last was noted when it said it.
        self.note(number, &format!("[it {}]", why.lines().next().unwrap_or_default()));
    }

    /// An evaluation is asked again.
    pub(super) fn retried(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    /// Nobody waits for an answer any longer.
    pub(super) fn give_up(&self) {
        self.given_up.store(true, Ordering::SeqCst);
    }

    /// Whether what is under way is to end.
    pub(super) fn gave_up(&self) -> bool {
        self.given_up.load(Ordering::SeqCst)
    }

    /// From now on a process is at work on an evaluation.
    pub(super) fn at_work(&self) -> AtWork<'_> {
        AtWork { desk: self, since: Timer::start() }
    }

    /// Hands every line on, those before first.
    pub(super) fn listen(&self, listener: Listener) {
        let mut lines = lock(&self.lines);
        std::mem::take(&mut lines.early).lines().for_each(&listener);
        lines.listener = Some(listener);
    }

    pub(super) fn tally(&self) -> ProgramTally {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let tally = ProgramTally::new(read(&self.started), read(&self.lost), read(&self.retries));
        tally.busy(Duration::from_nanos(read(&self.busy_nanoseconds)))
    }
}

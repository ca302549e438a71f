//! Rows on their way to the disk.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Rows that may wait for the disk; a target faster than the disk waits for room, so that rows never fill the memory.
const WAITING: usize = 4096;

/// A queue between the thread that evaluates and the one that writes, which takes all there is at once: a channel would cost
/// each row what this costs each batch.
#[derive(Debug)]
pub(super) struct Queue<T> {
    waiting: Mutex<Waiting<T>>,
    /// There is something to take, or never will be.
    arrived: Condvar,
    /// There is room, or what was waited for is safe, or nothing is taken any more.
    moved: Condvar,
}

#[derive(Debug)]
struct Waiting<T> {
    items: Vec<T>,
    /// How many items there were so far.
    pushed: u64,
    /// How many of them are safe.
    safe: u64,
    /// Nothing more comes.
    closed: bool,
    /// Nothing more is taken.
    stopped: bool,
    /// Whoever takes waits, and has to be woken.
    idle: bool,
}

/// Items that were taken and are not safe yet. Dropped without [`settle`](Self::settle), whoever took them has failed.
pub(super) struct Taken<'q, T> {
    queue: &'q Queue<T>,
    up_to: Option<u64>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        let waiting = Waiting { items: Vec::new(), pushed: 0, safe: 0, closed: false, stopped: false, idle: false };
        Self { waiting: Mutex::new(waiting), arrived: Condvar::new(), moved: Condvar::new() }
    }
}

impl<T> Queue<T> {
    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'g>(bell: &Condvar, guard: MutexGuard<'g, Waiting<T>>) -> MutexGuard<'g, Waiting<T>> {
        bell.wait(guard).unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues an item, once there is room; false if nothing is taken any more.
    pub(super) fn push(&self, item: T) -> bool {
        let mut waiting = self.lock();
        while waiting.items.len() >= WAITING && !waiting.stopped {
            waiting = Self::wait(&self.moved, waiting);
        }
        if waiting.stopped {
            return false;
        }
        waiting.items.push(item);
        waiting.pushed += 1;
        if std::mem::take(&mut waiting.idle) {
            self.arrived.notify_one();
        }
        true
    }

    /// Returns once everything queued so far is safe; false if it never will be.
    pub(super) fn settle(&self) -> bool {
        let mut waiting = self.lock();
        let all = waiting.pushed;
        while waiting.safe < all && !waiting.stopped {
            waiting = Self::wait(&self.moved, waiting);
        }
        waiting.safe >= all && !waiting.stopped
    }

    /// Says that nothing more comes.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_one();
    }

    /// Takes all there is into an empty list, once there is something; none when the queue is closed and empty.
    pub(super) fn take(&self, into: &mut Vec<T>) -> Option<Taken<'_, T>> {
        let mut waiting = self.lock();
        while waiting.items.is_empty() && !waiting.closed {
            waiting.idle = true;
            waiting = Self::wait(&self.arrived, waiting);
        }
        if waiting.items.is_empty() {
            return None;
        }
        Some(Taken { queue: self, up_to: Some(self.swap(&mut waiting, into)) })
    }

    /// Takes all there is, and tells how many items there were so far.
    fn swap(&self, waiting: &mut Waiting<T>, into: &mut Vec<T>) -> u64 {
        std::mem::swap(&mut waiting.items, into);
        if into.len() >= WAITING {
            self.moved.notify_all();
        }
        waiting.pushed
    }
}

impl<T> Taken<'_, T> {
    /// Takes what has come since into an empty list; false if that is nothing.
    pub(super) fn more(&mut self, into: &mut Vec<T>) -> bool {
        let mut waiting = self.queue.lock();
        if waiting.items.is_empty() {
            return false;
        }
        self.up_to = Some(self.queue.swap(&mut waiting, into));
        true
    }

    /// Says that what was taken is on the disk.
    pub(super) fn settle(mut self) {
        if let Some(up_to) = self.up_to.take() {
            self.queue.lock().safe = up_to;
            self.queue.moved.notify_all();
        }
    }
}

impl<T> Drop for Taken<'_, T> {
    fn drop(&mut self) {
        if self.up_to.is_some() {
            self.queue.lock().stopped = true;
            self.queue.moved.notify_all();
        }
    }
}

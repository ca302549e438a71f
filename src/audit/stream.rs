//! Answers that were made before the run asked, in the order in which it is going to ask.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::answer::Answer;
use super::seats::Seats;
use crate::objective::{Params, Role};

/// Bytes of answers, or thereabouts, that may wait for the run. What would be more is evaluated when the run gets there.
const MOST_BYTES: usize = 64 << 20;

/// What all that work ahead share.
pub(super) struct Shared {
    pub(super) seats: Seats,
    stopped: AtomicBool,
    bytes: AtomicUsize,
}

impl Shared {
    pub(super) fn new(seats: usize) -> Self {
        Self { seats: Seats::new(seats), stopped: AtomicBool::new(false), bytes: AtomicUsize::new(0) }
    }

    /// Nothing further is begun.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Counts what is kept; whether there is room for it.
    pub(super) fn keep(&self, bytes: usize) -> bool {
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        before.saturating_add(bytes) <= MOST_BYTES
    }

    pub(super) fn let_go(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// One sequence of answers, made on other threads and taken by the run.
pub(super) struct Stream {
    shared: Arc<Shared>,
    state: Mutex<State>,
    /// Rung when there is an answer, or will be none any more.
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    ready: VecDeque<(Role, Params, Answer)>,
    /// No further answer comes.
    ended: bool,
    /// No further answer is wanted.
    left: bool,
}

impl Stream {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, state: Mutex::default(), arrived: Condvar::new() }
    }

    /// Whether anybody still wants to know.
    pub(super) fn is_wanted(&self) -> bool {
        !self.shared.is_stopped() && !self.lock().left
    }

    /// Keeps an answer for the run; whether more are wanted. One that is none is no answer: then the run asks itself, when it is
    /// there.
    pub(super) fn push(&self, role: Role, params: &Params, answer: Answer) -> bool {
        if !answer.is_recordable() {
            return false;
        }
        let room = self.shared.keep(answer.bytes());
        let mut state = self.lock();
        state.ready.push_back((role, params.clone(), answer));
        self.arrived.notify_one();
        room && !state.left && !self.shared.is_stopped()
    }

    /// No further answer comes.
    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.arrived.notify_all();
    }

    /// The answer to what the run asks now, waited for if it is being made. None if the run has to ask itself, from here to the
    /// end of this part.
    pub(super) fn next(&self, role: Role, params: &Params) -> Option<Answer> {
        let mut state = self.lock();
        while state.ready.is_empty() && !state.ended {
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        match state.ready.pop_front() {
            Some((found, at, answer)) => {
                self.shared.let_go(answer.bytes());
                if found == role && at == *params {
                    return Some(answer);
                }
                // Whoever worked ahead went another way than the run does.
                state.left = true;
                self.clear(&mut state);
                None
            }
            None => None,
        }
    }

    /// Waits until nothing of it is being evaluated any more.
    pub(super) fn wait_for_end(&self) {
        let mut state = self.lock();
        while !state.ended {
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Forgets what nobody is going to ask.
    pub(super) fn leave(&self) {
        let mut state = self.lock();
        state.left = true;
        self.clear(&mut state);
    }

    fn clear(&self, state: &mut State) {
        for (_, _, answer) in state.ready.drain(..) {
            self.shared.let_go(answer.bytes());
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

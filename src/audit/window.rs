//! Evaluating a batch on several threads and handing the answers out in order.
//!
//! Plain scoped threads take the next proposal under a lock, strictly in order and never further ahead of the last
//! answer handed out than the window allows. A work-stealing pool would not do: it may start a second evaluation inside
//! a lock that the target holds, and deadlock.

use std::sync::{Condvar, Mutex, PoisonError};

/// What the threads share.
struct Window<T> {
    /// The next proposal to take.
    next: usize,
    /// Answers taken out of `ready` so far.
    taken: usize,
    /// Answers delivered so far; the window starts here.
    delivered: usize,
    /// Answers waiting for their turn, at `index % size`.
    ready: Vec<Option<T>>,
    /// Take no further proposal.
    stopped: bool,
}

/// How far the threads may be ahead of the last answer handed out, for each of them: one that is late by so many usual ones
/// leaves nobody idle.
const PER_THREAD: usize = 8;

/// How many proposals are best handed over at once: enough that starting threads costs nothing beside them, and that the last
/// ones, when some threads are done already, are few among them; few enough that proposals never fill the memory.
pub(super) fn room(threads: usize) -> usize {
    1024 * threads.clamp(1, 64)
}

/// Calls a closure when it is dropped.
struct OnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl<T> Window<T> {
    /// The next answer in order, if it has arrived.
    fn take_next(&mut self) -> Option<T> {
        let slot = self.taken % self.ready.len();
        let answer = self.ready[slot].take()?;
        self.taken += 1;
        Some(answer)
    }
}

/// Computes `work(0..count)` on up to `threads` threads and hands each answer to `deliver` in order, on this thread.
///
/// Once `deliver` fails nothing further is started; what is still under way is finished and dropped. A panic of `work`
/// or of `deliver` stops the others and goes on here.
pub(super) fn in_order<T: Send, E>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
    mut deliver: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.min(count);
    let size = PER_THREAD * threads;
    let window = Mutex::new(Window {
        next: 0,
        taken: 0,
        delivered: 0,
        ready: (0..size).map(|_| None).collect(),
        stopped: false,
    });
    // Two bells, each rung only when somebody waits for just that: waking a thread costs more than a small evaluation.
    let (arrived, moved) = (Condvar::new(), Condvar::new());
    let lock = || window.lock().unwrap_or_else(PoisonError::into_inner);
    let take = || {
        let mut state = lock();
        while !state.stopped && state.next < count && state.next >= state.delivered + size {
            state = moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let index = state.next;
        state.next += 1;
        (!state.stopped && index < count).then_some(index)
    };
    // However this thread leaves, nobody waits for it; however a worker leaves, this thread does not wait for it.
    let stop = || {
        lock().stopped = true;
        moved.notify_all();
        arrived.notify_one();
    };
    std::thread::scope(|scope| {
        let _leaving = OnDrop(stop);
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(index) = take() {
                    let died = OnDrop(stop);
                    let answer = work(index);
                    std::mem::forget(died);
                    let mut state = lock();
                    state.ready[index % size] = Some(answer);
                    if index == state.taken {
                        arrived.notify_one();
                    }
                }
            });
        }
        let mut batch = Vec::with_capacity(size);
        let mut index = 0;
        while index < count {
            let mut state = lock();
            while state.ready[index % size].is_none() && !state.stopped {
                state = arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.stopped {
                // Only a worker that panicked stops before this thread does, and the scope passes its panic on.
                return Ok(());
            }
            while let Some(answer) = state.take_next() {
                batch.push(answer);
            }
            drop(state);
            for answer in batch.drain(..) {
                deliver(index, answer)?;
                index += 1;
            }
            let mut state = lock();
            state.delivered = index;
            if state.next < count {
                moved.notify_all();
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn answers_arrive_in_order_whatever_the_threads_do() {
        for threads in [1, 2, 5] {
            let mut seen = Vec::new();
            let Ok(()) = in_order(
                100,
                threads,
                |index| {
                    if index % 7 == 0 {
                        std::thread::yield_now();
                    }
                    index * index
                },
                |index, square| {
                    seen.push((index, square));
                    Ok::<(), Infallible>(())
                },
            );
            assert_eq!(seen, (0..100).map(|index| (index, index * index)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn nothing_starts_further_ahead_than_the_window() {
        let furthest = AtomicUsize::new(0);
        let Ok(()) = in_order(
            200,
            3,
            |index| {
                furthest.fetch_max(index, Ordering::SeqCst);
                // While the first is under way the others may fill the window; whoever would go on has time to.
                while index == 0 && furthest.load(Ordering::SeqCst) < 23 {
                    std::thread::yield_now();
                }
                if index == 0 {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                    assert_eq!(furthest.load(Ordering::SeqCst), 23, "eight times three threads, and not one further");
                }
            },
            |_, ()| Ok::<(), Infallible>(()),
        );
    }

    #[test]
    fn a_panic_on_either_side_ends_the_batch_instead_of_hanging_it() {
        let refuse = |worker: usize, taker: usize| {
            std::panic::catch_unwind(move || {
                in_order(
                    50,
                    3,
                    |index| assert_ne!(index, worker, "a worker panics"),
                    |index, ()| {
                        assert_ne!(index, taker, "the taker panics");
                        Ok::<(), Infallible>(())
                    },
                )
            })
        };
        assert!(refuse(17, 99).is_err());
        assert!(refuse(99, 17).is_err());
        assert!(refuse(99, 99).is_ok());
    }

    #[test]
    fn a_refused_answer_stops_the_batch() {
        let started = AtomicUsize::new(0);
        let stopped = in_order(
            10_000,
            2,
            |_| started.fetch_add(1, Ordering::SeqCst),
            |index, _| if index == 10 { Err("full") } else { Ok(()) },
        );
        assert_eq!(stopped, Err("full"));
        assert!(started.load(Ordering::SeqCst) <= 10 + 16 + 1, "at most the window beyond the last one delivered");
    }
}

//! The right to evaluate: so many have it at once, and where more want it, what the run asks first comes first.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

/// As many as there are threads.
pub(super) struct Seats(Mutex<Queue>);

struct Queue {
    free: usize,
    /// By rank, and of one rank by who came first.
    waiting: BTreeMap<(u64, u64), Arc<Waiter>>,
    came: u64,
}

/// Each is woken by name: a bell that wakes everybody costs more than a small evaluation.
struct Waiter {
    thread: Thread,
    called: AtomicBool,
}

/// One of them; dropped, it goes to whoever waits first.
pub(super) struct Seat<'s>(&'s Seats);

impl Seats {
    pub(super) fn new(count: usize) -> Self {
        Self(Mutex::new(Queue { free: count.max(1), waiting: BTreeMap::new(), came: 0 }))
    }

    /// Waits for one; the smallest rank is served first.
    pub(super) fn take(&self, rank: u64) -> Seat<'_> {
        let mut queue = self.lock();
        if queue.free > 0 {
            queue.free -= 1;
            return Seat(self);
        }
        let waiter = Arc::new(Waiter { thread: thread::current(), called: AtomicBool::new(false) });
        queue.came += 1;
        let place = (rank, queue.came);
        queue.waiting.insert(place, Arc::clone(&waiter));
        drop(queue);
        while !waiter.called.load(Ordering::Acquire) {
            thread::park();
        }
        Seat(self)
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut queue = self.0.lock();
        match queue.waiting.pop_first() {
            Some((_, next)) => {
                drop(queue);
                next.called.store(true, Ordering::Release);
                next.thread.unpark();
            }
            None => queue.free += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_that_is_given_back_goes_to_the_first_in_rank_and_of_these_to_who_came_first() {
        let (seats, served) = (Seats::new(1), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            let only = seats.take(9);
            for (number, rank) in [7, 2, 7, 0].into_iter().enumerate() {
                let (seats, served) = (&seats, &served);
                scope.spawn(move || {
                    let _seat = seats.take(rank);
                    served.lock().unwrap().push((rank, number));
                });
                while seats.lock().waiting.len() <= number {
                    thread::yield_now();
                }
            }
            drop(only);
        });
        assert_eq!(served.into_inner().unwrap(), [(0, 3), (2, 1), (7, 0), (7, 2)]);
        assert_eq!(seats.lock().free, 1);
    }
}

//! Whether evaluations take long enough to be worth a thread.
//!
//! The clock decides here how many threads are at work, and nothing else: what is recorded is the same for one and for many.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// An evaluation that takes less is sooner made than handed to another thread and back.
const HANDED_OVER: Duration = Duration::from_micros(5);

/// How many are made between two looks at the clock.
const AT_ONCE: usize = 8;

/// How quick the evaluations so far were.
#[derive(Debug, Default)]
pub(super) struct Pace {
    is_quick: bool,
}

/// Times evaluations, from any thread.
#[derive(Debug, Default)]
pub(super) struct Meter {
    made: AtomicU64,
    /// How many of them were worth a thread.
    slow: AtomicU64,
    nanoseconds: AtomicU64,
}

impl Pace {
    /// Whether another thread is not worth it.
    pub(super) const fn is_quick(&self) -> bool {
        self.is_quick
    }

    /// Makes evaluations one after another for as long as they are quick, at most `count` of them, and hands each on; tells how
    /// many. Some are made before the first of them is handed on.
    pub(super) fn alone<T, E>(
        &mut self,
        count: usize,
        ask: impl Fn(usize) -> T,
        mut deliver: impl FnMut(usize, T) -> Result<(), E>,
    ) -> Result<usize, E> {
        let (mut made, mut some) = (0, 1);
        let mut answers = Vec::with_capacity(AT_ONCE);
        while self.is_quick && made < count {
            let start = now();
            answers.extend((made..count.min(made + some)).map(&ask));
            let quick = HANDED_OVER * u32::try_from(answers.len()).unwrap_or(u32::MAX);
            // A thread may have to wait for its turn on a busy machine. That says nothing about the target, and how long it
            // is until somebody looks again is known.
            self.is_quick = start.elapsed() < 4 * quick;
            for answer in answers.drain(..) {
                deliver(made, answer)?;
                made += 1;
            }
            some = AT_ONCE.min(2 * some);
        }
        Ok(made)
    }

    /// Makes one evaluation and takes from it how quick the next ones will be.
    pub(super) fn of_one<T>(&mut self, ask: impl FnOnce() -> T) -> T {
        let start = now();
        let answer = ask();
        self.is_quick = start.elapsed() < HANDED_OVER;
        answer
    }

    /// Takes the same from many.
    pub(super) fn of_many(&mut self, meter: &Meter) {
        let read = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
        let (made, slow) = (read(&meter.made), read(&meter.slow));
        let most = HANDED_OVER.as_nanos() as u64 * 10 * made;
        // A few may have had to wait for a processor.
        self.is_quick = made > 0 && 50 * slow <= made && read(&meter.nanoseconds) <= most;
    }
}

impl Meter {
    /// Makes an evaluation.
    pub(super) fn time<T>(&self, ask: impl FnOnce() -> T) -> T {
        let start = now();
        let answer = ask();
        let took = start.elapsed();
        self.made.fetch_add(1, Ordering::Relaxed);
        self.slow.fetch_add(u64::from(took >= HANDED_OVER), Ordering::Relaxed);
        self.nanoseconds.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        answer
    }
}

#[expect(clippy::disallowed_methods, reason = "how many threads evaluate is in no record")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spin(time: Duration) {
        let start = now();
        while start.elapsed() < time {
            std::hint::spin_loop();
        }
    }

    #[test]
    fn quick_evaluations_are_made_alone_and_in_order_until_they_are_not_quick() {
        let mut pace = Pace::default();
        let never = |_: usize| -> usize { unreachable!("nothing is known of the target yet") };
        assert_eq!(pace.alone(9, never, |_, _| Ok::<(), ()>(())), Ok(0));
        let slow = Duration::from_millis(2);
        pace.is_quick = true;
        let mut seen = Vec::new();
        let ask = |index: usize| {
            spin(if index < 40 { Duration::ZERO } else { slow });
            10 * index
        };
        let made = pace.alone(100, ask, |index, answer| {
            seen.push((index, answer));
            Ok::<(), ()>(())
        });
        assert_eq!(seen, (0..seen.len()).map(|index| (index, 10 * index)).collect::<Vec<_>>());
        assert_eq!(made, Ok(seen.len()));
        assert!(seen.len() < 40 + 2 * AT_ONCE, "{}", seen.len());
        assert!(!pace.is_quick);
    }

    #[test]
    fn a_slow_one_among_many_quick_ones_makes_the_target_a_slow_one() {
        let mut pace = Pace::default();
        pace.of_one(|| spin(Duration::from_micros(50)));
        assert!(!pace.is_quick);
        let meter = Meter { made: 1000.into(), slow: 1.into(), nanoseconds: 1_000_000.into() };
        pace.of_many(&meter);
        assert!(pace.is_quick, "one that waited for a processor");
        pace.of_many(&Meter { nanoseconds: 1_000_000_000.into(), ..meter });
        assert!(!pace.is_quick);
        pace.of_many(&Meter { made: 100.into(), slow: 50.into(), nanoseconds: 600_000.into() });
        assert!(!pace.is_quick);
        pace.of_many(&Meter::default());
        assert!(!pace.is_quick, "nothing was measured");
    }
}

//! A series cut into windows: train parts, each with the test part that follows it.

use std::ops::Range;

use super::TargetError;

/// One window of a series: what is searched, and what its winner is tested on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The periods that are searched.
    pub train: Range<usize>,
    /// The periods after them that the winner is tested on.
    pub test: Range<usize>,
}

/// How much of the past each window searches, in periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainPart {
    /// Everything up to the test part; so many periods in the first window.
    Expanding(usize),
    /// The latest so many periods.
    Rolling(usize),
}

/// Cuts a series into `count` windows. Test parts follow each other, alike in length to one period, and end with the series;
/// each train part ends `gap` periods before its test part.
///
/// What happens in one period may reach into the next ones: a position that is held for ten days, a label that looks ten days
/// ahead. A gap as long as that keeps the test part unseen.
///
/// ```
/// use omega_lock::prelude::*;
///
/// let expanding = windows(1_000, 4, TrainPart::Expanding(500), 20)?;
/// assert_eq!(expanding[0], Window { train: 0..500, test: 520..640 });
/// assert_eq!(expanding[3], Window { train: 0..860, test: 880..1_000 });
/// let rolling = windows(1_000, 4, TrainPart::Rolling(500), 20)?;
/// assert_eq!(rolling[3], Window { train: 360..860, test: 880..1_000 });
/// # Ok::<(), TargetError>(())
/// ```
///
/// # Errors
/// If the series is too short to give the first train part its length and every test part a period.
pub fn windows(periods: usize, count: usize, train: TrainPart, gap: usize) -> Result<Vec<Window>, TargetError> {
    let (TrainPart::Expanding(length) | TrainPart::Rolling(length)) = train;
    let before = length.saturating_add(gap);
    let Some(tested) = periods.checked_sub(before).filter(|tested| length > 0 && count > 0 && *tested >= count) else {
        return Err(TargetError::new(format!(
            "a series of {periods} periods cannot be cut into {count} windows that search {length} and leave a gap of {gap}: \
             {} periods are the least",
            length.max(1).saturating_add(gap).saturating_add(count.max(1))
        )));
    };
    let begin = |window: usize| before + tested / count * window + tested % count * window / count;
    let cut = |window: usize| {
        let test = begin(window)..begin(window + 1);
        let end = test.start - gap;
        let start = match train {
            TrainPart::Expanding(_) => 0,
            TrainPart::Rolling(length) => end - length,
        };
        Window { train: start..end, test }
    };
    Ok((0..count).map(cut).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_period_after_the_first_train_part_is_tested_once_and_no_train_part_reaches_its_test_part() {
        for (periods, count, length, gap) in [(6, 4, 2, 0), (1000, 4, 500, 20), (1007, 9, 100, 33), (2, 1, 1, 0)] {
            for part in [TrainPart::Expanding(length), TrainPart::Rolling(length)] {
                let cut = windows(periods, count, part, gap).unwrap();
                assert_eq!((cut.len(), cut[0].test.start, cut[count - 1].test.end), (count, length + gap, periods));
                assert!(cut.windows(2).all(|pair| pair[0].test.end == pair[1].test.start), "{cut:?}");
                assert!(cut.iter().all(|window| window.train.end + gap == window.test.start), "{cut:?}");
                assert!(cut.iter().all(|window| match part {
                    TrainPart::Expanding(_) => window.train.start == 0,
                    TrainPart::Rolling(length) => window.train.len() == length,
                }));
                let lengths = || cut.iter().map(|window| window.test.len());
                assert!(lengths().max().unwrap() - lengths().min().unwrap() <= 1, "{cut:?}");
            }
        }
    }

    #[test]
    fn a_series_that_is_too_short_is_refused_with_the_length_that_would_do() {
        for (periods, count, length, gap, least) in [(5, 4, 2, 0, 6), (7, 4, 2, 2, 8), (9, 0, 2, 0, 3), (9, 4, 0, 0, 5)]
        {
            let refused = windows(periods, count, TrainPart::Rolling(length), gap).unwrap_err().to_string();
            assert!(refused.ends_with(&format!("{least} periods are the least")), "{refused}");
        }
        assert!(windows(9, usize::MAX, TrainPart::Expanding(usize::MAX), usize::MAX).is_err());
    }
}

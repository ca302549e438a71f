//! The period that a strategy was tested on, in blocks of one length.

/// A month, as long as a block is where the period is long enough.
const MONTH: i64 = 30 * 24 * 60 * 60 * 1000;
/// Fewer blocks would show nothing, and shorter ones than a month are taken for that; of more than two years, the blocks are
/// longer, so that most of them have trades.
const BLOCKS: (i64, i64) = (8, 24);

/// From when to when, in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    start: i64,
    length: i64,
}

impl Period {
    /// A period that has a length.
    pub(crate) fn new(start: i64, end: i64) -> Option<Self> {
        let length = end.checked_sub(start).filter(|length| *length > 0)?;
        Some(Self { start, length })
    }

    /// How many blocks it has: one for each 30 days, at least 8 and at most 24.
    pub(crate) fn blocks(&self) -> usize {
        let (fewest, most) = BLOCKS;
        usize::try_from((self.length / MONTH).clamp(fewest, most)).unwrap_or(0)
    }

    /// In which block a moment is; what is closed because the period ends belongs to the last one.
    pub(crate) fn block(&self, moment: i64) -> Option<usize> {
        let since = moment.checked_sub(self.start).filter(|since| (0..=self.length).contains(since))?;
        let blocks = self.blocks();
        let block = i128::from(since) * blocks as i128 / i128::from(self.length);
        usize::try_from(block).ok().map(|block| block.min(blocks - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = MONTH / 30;

    #[test]
    fn there_is_a_block_for_each_month_within_bounds() {
        for (days, expected) in [(1, 8), (182, 8), (300, 10), (365, 12), (720, 24), (3650, 24)] {
            assert_eq!(Period::new(0, days * DAY).map(|period| period.blocks()), Some(expected), "{days} days");
        }
        assert_eq!(Period::new(5, 5), None);
        assert_eq!(Period::new(i64::MIN, i64::MAX), None);
    }

    #[test]
    fn every_moment_of_the_period_is_in_one_block() {
        let period = Period::new(100, 900).unwrap();
        let found = [99, 100, 199, 200, 899, 900, 901].map(|moment| period.block(moment));
        assert_eq!(found, [None, Some(0), Some(0), Some(1), Some(7), Some(7), None]);
    }
}

//! A slice cut into blocks: disjoint parts of it, each of which an evaluation tells the fitness of.

use std::ops::Range;

use super::TargetError;

/// Where the blocks of a series lie: `count` of them one after the other, alike in length to one period, with `gap`
/// periods between two that belong to none.
///
/// What happens in one period may reach into the next ones: a position that is held for ten days, an average over
/// thirty. A gap as long as that keeps blocks independent, which the gate `margin` takes them for.
///
/// ```
/// use omega_lock::prelude::*;
///
/// assert_eq!(block_ranges(20, 3, 1)?, [0..6, 7..13, 14..20]);
/// # Ok::<(), TargetError>(())
/// ```
///
/// # Errors
/// If the series is too short to give every block a period.
pub fn block_ranges(periods: usize, count: usize, gap: usize) -> Result<Vec<Range<usize>>, TargetError> {
    let gaps = gap.saturating_mul(count.saturating_sub(1));
    let Some(inside) = periods.checked_sub(gaps).filter(|inside| count > 0 && *inside >= count) else {
        return Err(TargetError::new(format!(
            "a series of {periods} periods cannot be cut into {count} blocks with gaps of {gap}: {} periods are the least",
            gaps.saturating_add(count.max(1))
        )));
    };
    let begin = |block: usize| inside / count * block + inside % count * block / count;
    Ok((0..count).map(|block| begin(block) + gap * block..begin(block + 1) + gap * block).collect())
}

/// The fitness of each block of a series, by your own function of the values in it; what
/// [`Evaluation::blocks`](super::Evaluation::blocks) takes. [`block_ranges`] says where the blocks lie.
///
/// `fitness` is the function that the fitness of the whole slice comes from, and needs an answer for every block: where
/// nothing happened in one, no trade and no request, return what doing nothing is worth, such as 0 gain. NaN and infinity
/// are no answer: under declared blocks they fail the evaluation.
///
/// ```
/// use omega_lock::prelude::*;
///
/// /// What a day earns on average, measured in its spread; nothing where nothing was done.
/// fn sharpe(returns: &[f64]) -> f64 {
///     let mean = returns.iter().sum::<f64>() / returns.len() as f64;
///     let variance = returns.iter().map(|day| (day - mean).powi(2)).sum::<f64>() / returns.len() as f64;
///     if variance > 0.0 { mean / variance.sqrt() } else { 0.0 }
/// }
///
/// let returns: Vec<f64> = (0..250).map(|day| 0.01 * f64::from(day % 7) - 0.02).collect();
/// let blocks = in_blocks(&returns, 8, 5, sharpe)?;
/// assert_eq!(blocks.len(), 8);
/// let evaluation = Evaluation::new(sharpe(&returns)).blocks(blocks);
/// # Ok::<(), TargetError>(())
/// ```
///
/// # Errors
/// If the series is too short to give every block a period.
pub fn in_blocks<T>(
    series: &[T],
    count: usize,
    gap: usize,
    fitness: impl Fn(&[T]) -> f64,
) -> Result<Vec<f64>, TargetError> {
    Ok(block_ranges(series.len(), count, gap)?.into_iter().map(|block| fitness(&series[block])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_alike_in_length_and_what_lies_between_belongs_to_none() {
        for (periods, count, gap) in [(8, 8, 0), (256, 8, 0), (257, 8, 0), (263, 8, 1), (1000, 7, 30), (5, 1, 9)] {
            let blocks = block_ranges(periods, count, gap).unwrap();
            assert_eq!((blocks.len(), blocks[0].start, blocks[count - 1].end), (count, 0, periods));
            assert!(blocks.windows(2).all(|pair| pair[1].start - pair[0].end == gap), "{blocks:?}");
            let lengths = || blocks.iter().map(ExactSizeIterator::len);
            assert!(lengths().max().unwrap() - lengths().min().unwrap() <= 1, "{blocks:?}");
        }
    }

    #[test]
    fn a_series_that_is_too_short_is_refused_with_the_length_that_would_do() {
        for (periods, count, gap, least) in [(7, 8, 0, 8), (14, 8, 1, 15), (0, 1, 0, 1), (9, 0, 0, 1)] {
            let refused = block_ranges(periods, count, gap).unwrap_err().to_string();
            assert!(refused.ends_with(&format!("{least} periods are the least")), "{refused}");
        }
        assert!(block_ranges(9, usize::MAX, usize::MAX).is_err());
    }
}

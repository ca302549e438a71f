//! Ranks, and the correlation of two series by rank.

use super::{Correlation, pearson_exact};

/// The rank of each value among all, from 1 for the smallest; equal values share the mean of their ranks.
///
/// The order is IEEE 754's total order with both zeros alike, so every input has ranks.
#[must_use]
pub fn mid_ranks(values: &[f64]) -> Vec<f64> {
    // Adding 0.0 makes one zero of both.
    let key = |place: usize| values[place] + 0.0;
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| key(a).total_cmp(&key(b)));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for tied in order.chunk_by(|&a, &b| key(a).total_cmp(&key(b)).is_eq()) {
        let rank = (2 * start + tied.len() + 1) as f64 / 2.0;
        for &place in tied {
            ranks[place] = rank;
        }
        start += tied.len();
    }
    ranks
}

/// Spearman's rank correlation: Pearson's of the mid-ranks (C. Spearman 1904; ties as scipy's `spearmanr`).
///
/// A value that is not finite, in either series, is [`Correlation::NonFinite`].
#[must_use]
pub fn spearman(xs: &[f64], ys: &[f64]) -> Correlation {
    if xs.len() == ys.len() && xs.iter().chain(ys).any(|value| !value.is_finite()) {
        return Correlation::NonFinite;
    }
    pearson_exact(&mid_ranks(xs), &mid_ranks(ys))
}

/// At most `points` places out of `count`, evenly spread, the first and the last among them: place i of n points is
/// `i * (count - 1) / (n - 1)`, rounded half up.
#[must_use]
pub fn even_places(count: usize, points: usize) -> Vec<usize> {
    if count <= points {
        return (0..count).collect();
    }
    match points {
        0 => Vec::new(),
        1 => vec![0],
        _ => (0..points).map(|point| (2 * point * (count - 1) + points - 1) / (2 * (points - 1))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.rankdata(values)`.
    #[test]
    fn ties_share_the_mean_of_their_ranks() {
        assert_eq!(mid_ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert_eq!(mid_ranks(&[0.0, -0.0, 1.0]), [1.5, 1.5, 3.0]);
        assert!(mid_ranks(&[]).is_empty());
    }

    /// By hand: ranks of x are 1 2 3 4 5, of y 2 1 4 3 5, so 1 - 6 * 4 / (5 * 24) = 0.8; with a tie, mid-ranks
    /// 1 2 3 4 and 1.5 1.5 3 4 give 4.5 / sqrt(5 * 4.5).
    #[test]
    fn the_rank_correlation_is_that_of_the_mid_ranks() {
        let value = |xs: &[f64], ys: &[f64]| spearman(xs, ys).value().unwrap();
        assert!((value(&[1.0, 2.0, 3.0, 4.0, 50.0], &[2.0, 1.0, 4.0, 3.0, 5.0]) - 0.8).abs() < 1e-12);
        assert!((value(&[1.0, 2.0, 3.0, 4.0], &[7.0, 7.0, 8.0, 9.0]) - 4.5 / 22.5_f64.sqrt()).abs() < 1e-12);
        assert_eq!(spearman(&[1.0, f64::NAN], &[1.0, 2.0]), Correlation::NonFinite);
        assert_eq!(spearman(&[1.0], &[1.0, 2.0]), Correlation::LengthMismatch);
        assert!(matches!(spearman(&[1.0, 1.0], &[1.0, 2.0]), Correlation::ZeroVariance(_)));
    }

    #[test]
    fn places_are_spread_evenly_from_the_first_to_the_last() {
        let places = even_places(125, 30);
        assert_eq!((places.len(), places[0], places[29]), (30, 0, 124));
        let steps: Vec<usize> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.iter().all(|step| [4, 5].contains(step)), "{steps:?}");
        assert_eq!(even_places(3, 30), [0, 1, 2]);
        assert_eq!((even_places(9, 1), even_places(9, 0), even_places(9, 2)), (vec![0], vec![], vec![0, 8]));
    }
}

//! One-sided permutation tests: how often does chance alone do as well as what was observed?
//!
//! p = (1 + permutations that reach the observed value) / (1 + permutations), which is never zero and makes the test
//! exact in level (B. Phipson, G. Smyth 2010, "Permutation P-values should never be zero"). Beside p stands the smallest
//! p that the same permutations could have given, which is what the best possible arrangement of these values has:
//! where that is too large, significance is out of reach whatever is observed.
//!
//! The caller draws: `draw(last)` is a whole number from 0 to `last`, all equally likely.

use super::{mid_ranks, sums};

/// The result of a permutation test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Significance {
    /// Share of arrangements that are at least as good as the observed one.
    pub p: f64,
    /// The same share for the best arrangement of these values.
    pub smallest: f64,
}

impl Significance {
    fn of(reached: usize, best_reached: usize, permutations: usize) -> Self {
        let share = |count: usize| (1 + count) as f64 / (1 + permutations) as f64;
        Self { p: share(reached), smallest: share(best_reached) }
    }
}

/// Whether `xs` and `ys` rise together: permutes `ys` and compares Spearman's correlation.
///
/// With the same ranks in every arrangement the correlation grows with the sum of rank products, which is exact here:
/// doubled mid-ranks are whole numbers. `None` if the lengths differ or a value is not finite.
pub fn rank_significance(
    xs: &[f64],
    ys: &[f64],
    permutations: usize,
    draw: &mut dyn FnMut(usize) -> usize,
) -> Option<Significance> {
    if xs.len() != ys.len() || xs.iter().chain(ys).any(|value| !value.is_finite()) {
        return None;
    }
    let doubled = |values: &[f64]| mid_ranks(values).into_iter().map(|rank| 2.0 * rank).collect::<Vec<f64>>();
    let (xs, mut ys) = (doubled(xs), doubled(ys));
    let products = |xs: &[f64], ys: &[f64]| sums::plain(xs.iter().zip(ys).map(|(x, y)| x * y));
    let ascending = |values: &[f64]| {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        values
    };
    let observed = products(&xs, &ys);
    let best = products(&ascending(&xs), &ascending(&ys));
    let (mut reached, mut best_reached) = (0, 0);
    for _ in 0..permutations {
        for last in (1..ys.len()).rev() {
            ys.swap(last, draw(last));
        }
        let sum = products(&xs, &ys);
        reached += usize::from(sum >= observed);
        best_reached += usize::from(sum >= best);
    }
    Some(Significance::of(reached, best_reached, permutations))
}

/// Rounding of a sum, in parts of the sum of magnitudes, that does not tell two arrangements apart.
const ROUNDING: f64 = 1e-12;

/// Whether the mean of `lead` is above that of `others`: permutes who belongs to which. `None` if either is empty or a
/// value is not finite.
pub fn mean_significance(
    lead: &[f64],
    others: &[f64],
    permutations: usize,
    draw: &mut dyn FnMut(usize) -> usize,
) -> Option<Significance> {
    let mut pool: Vec<f64> = lead.iter().chain(others).copied().collect();
    if lead.is_empty() || others.is_empty() || pool.iter().any(|value| !value.is_finite()) {
        return None;
    }
    // With the size of both groups fixed, the difference of the means grows with the sum of one.
    let size = lead.len();
    let sum = |values: &[f64]| sums::plain(values.iter().copied());
    let rounding = ROUNDING * sums::plain(pool.iter().map(|value| value.abs()));
    let mut descending = pool.clone();
    descending.sort_by(|a, b| b.total_cmp(a));
    let (observed, best) = (sum(lead) - rounding, sum(&descending[..size]) - rounding);
    let (mut reached, mut best_reached) = (0, 0);
    for _ in 0..permutations {
        for place in 0..size {
            let other = place + draw(pool.len() - 1 - place);
            pool.swap(place, other);
        }
        let sum = sum(&pool[..size]);
        reached += usize::from(sum >= observed);
        best_reached += usize::from(sum >= best);
    }
    Some(Significance::of(reached, best_reached, permutations))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A linear congruential generator (Knuth's MMIX constants): any fair draw does.
    fn draws() -> impl FnMut(usize) -> usize {
        let mut state = 42_u64;
        move |last| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((u128::from(state >> 11) * (last as u128 + 1)) >> 53) as usize
        }
    }

    fn close(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 0.012
    }

    /// By hand, all 24 orders of four values: the observed order is the best of them, or 4 of 24 reach it (the identity
    /// and the three swaps of neighbours), or every order does.
    #[test]
    fn the_share_of_orders_that_reach_the_observed_one_is_counted() {
        let xs = [1.0, 2.0, 3.0, 4.0];
        let p = |ys: [f64; 4]| rank_significance(&xs, &ys, 9_999, &mut draws()).unwrap();
        let perfect = p([10.0, 20.0, 30.0, 40.0]);
        assert!(close(perfect.p, 1.0 / 24.0) && perfect.p == perfect.smallest, "{perfect:?}");
        assert!(close(p([20.0, 10.0, 30.0, 40.0]).p, 4.0 / 24.0));
        assert!((p([40.0, 30.0, 20.0, 10.0]).p - 1.0).abs() < 1e-12);
        // Two pairs of ties: 4 of 24 orders are the best one.
        let tied = p([1.0, 1.0, 2.0, 2.0]);
        assert!(close(tied.smallest, 4.0 / 24.0), "{tied:?}");
    }

    /// By hand: 2 of 5 values can be chosen in 10 ways, and 0.1 + 0.2 is 0.3 whatever rounding says.
    #[test]
    fn the_share_of_groups_that_reach_the_observed_mean_is_counted() {
        let p = |lead: &[f64], others: &[f64]| mean_significance(lead, others, 9_999, &mut draws()).unwrap();
        let best = p(&[4.0, 5.0], &[1.0, 2.0, 3.0]);
        assert!(close(best.p, 0.1) && best.p == best.smallest, "{best:?}");
        assert!(close(p(&[3.0, 5.0], &[1.0, 2.0, 4.0]).p, 0.2));
        let alike = p(&[0.1, 0.2], &[0.1, 0.2, 0.1, 0.2]);
        assert!(alike.p > 0.7, "{alike:?}");
        let flat = p(&[2.0, 2.0], &[2.0, 2.0, 2.0]);
        assert!((flat.smallest - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_finite_or_not_there_has_no_significance() {
        let mut draw = draws();
        assert_eq!(rank_significance(&[1.0, f64::NAN], &[1.0, 2.0], 9, &mut draw), None);
        assert_eq!(rank_significance(&[1.0], &[1.0, 2.0], 9, &mut draw), None);
        assert_eq!(mean_significance(&[], &[1.0], 9, &mut draw), None);
        assert_eq!(mean_significance(&[f64::INFINITY], &[1.0], 9, &mut draw), None);
    }
}

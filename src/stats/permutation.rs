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

/// [`rank_significance`] over every order there is: `n!` of them, so only for the few values for which that can be counted.
/// `None` too for more values than [`COUNTABLE`].
pub fn exact_rank_significance(xs: &[f64], ys: &[f64]) -> Option<Significance> {
    if xs.len() != ys.len() || xs.len() > COUNTABLE || xs.iter().chain(ys).any(|value| !value.is_finite()) {
        return None;
    }
    let doubled = |values: &[f64]| mid_ranks(values).into_iter().map(|rank| 2.0 * rank).collect::<Vec<f64>>();
    let (xs, mut ys) = (doubled(xs), doubled(ys));
    let products = |ys: &[f64]| sums::plain(xs.iter().zip(ys).map(|(x, y)| x * y));
    let observed = products(&ys);
    let mut counted = vec![observed];
    // Heap's algorithm: each order differs from the one before by one swap.
    let (mut turns, mut place) = (vec![0; ys.len()], 1);
    while place < ys.len() {
        if turns[place] < place {
            ys.swap(if place % 2 == 0 { 0 } else { turns[place] }, place);
            counted.push(products(&ys));
            turns[place] += 1;
            place = 1;
        } else {
            turns[place] = 0;
            place += 1;
        }
    }
    let best = counted.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let share = |bound: f64| counted.iter().filter(|sum| **sum >= bound).count() as f64 / counted.len() as f64;
    Some(Significance { p: share(observed), smallest: share(best) })
}

/// Up to so many values every order is counted: 40,320 of eight.
pub const COUNTABLE: usize = 8;

/// Up to so many values every choice of signs is counted.
const FLIPPED: usize = 16;

/// Whether the mean of `values` is above 0, where each would as soon be as far below 0: turns signs and compares the sums. All
/// turns are counted for up to 16 values, else `turns` of them are drawn. `None` if there are no values, or one is not finite.
pub fn sign_significance(values: &[f64], turns: usize, draw: &mut dyn FnMut(usize) -> usize) -> Option<Significance> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let magnitudes = sums::plain(values.iter().map(|value| value.abs()));
    let bound = |sum: f64| sum - ROUNDING * magnitudes;
    let (observed, best) = (bound(sums::plain(values.iter().copied())), bound(magnitudes));
    if values.len() <= FLIPPED {
        let all = 1_usize << values.len();
        let turned = |which: usize| {
            sums::plain(values.iter().enumerate().map(|(at, value)| if which >> at & 1 == 1 { -value } else { *value }))
        };
        let share = |bound: f64| (0..all).filter(|which| turned(*which) >= bound).count() as f64 / all as f64;
        return Some(Significance { p: share(observed), smallest: share(best) });
    }
    let (mut reached, mut best_reached) = (0, 0);
    for _ in 0..turns {
        let sum = sums::plain(values.iter().map(|value| if draw(1) == 1 { -value } else { *value }));
        reached += usize::from(sum >= observed);
        best_reached += usize::from(sum >= best);
    }
    Some(Significance::of(reached, best_reached, turns))
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

    /// By hand, as above: 1 and 4 of 24 orders. Of six values with ties, what many drawn orders say.
    #[test]
    fn every_order_of_a_few_values_is_counted() {
        let xs = [1.0, 2.0, 3.0, 4.0];
        let p = |ys: [f64; 4]| exact_rank_significance(&xs, &ys).map(|found| (24.0 * found.p, 24.0 * found.smallest));
        let near = |found: Option<(f64, f64)>, expected: (f64, f64)| {
            found.is_some_and(|found| close(found.0, expected.0) && close(found.1, expected.1))
        };
        assert!(near(p([10.0, 20.0, 30.0, 40.0]), (1.0, 1.0)));
        assert!(near(p([20.0, 10.0, 30.0, 40.0]), (4.0, 1.0)));
        assert!(near(p([40.0, 30.0, 20.0, 10.0]), (24.0, 1.0)));
        assert!(near(p([1.0, 1.0, 2.0, 2.0]), (4.0, 4.0)));
        let sampled =
            rank_significance(&[1.0, 5.0, 2.0, 8.0, 3.0, 3.0], &[2.0, 4.0, 4.0, 9.0, 1.0, 7.0], 99_999, &mut draws());
        let counted = exact_rank_significance(&[1.0, 5.0, 2.0, 8.0, 3.0, 3.0], &[2.0, 4.0, 4.0, 9.0, 1.0, 7.0]);
        assert!(sampled.zip(counted).is_some_and(|(one, other)| close(one.p, other.p)), "{sampled:?} {counted:?}");
        assert_eq!(exact_rank_significance(&[0.0; 9], &[0.0; 9]), None);
    }

    /// By hand: of the 32 turns of five signs one has all of them up, and two reach a sum that one small value lowers.
    #[test]
    fn turned_signs_are_counted() {
        let p = |values: &[f64]| sign_significance(values, 9_999, &mut draws()).unwrap();
        assert_eq!(p(&[0.1, 0.2, 0.3, 0.4, 0.5]), Significance { p: 1.0 / 32.0, smallest: 1.0 / 32.0 });
        assert_eq!(p(&[0.2, -0.1, 0.3, 0.4, 0.5]).p, 2.0 / 32.0);
        assert_eq!(p(&[-0.1, -0.1, -0.1, -0.1, -0.1]).p, 1.0);
        assert!(p(&[0.3; 20]).p < 0.001 && close(p(&[[0.1, -0.1]; 10].concat()).p, 0.588));
        assert_eq!(sign_significance(&[f64::NAN], 9, &mut draws()), None);
        assert_eq!(sign_significance(&[], 9, &mut draws()), None);
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

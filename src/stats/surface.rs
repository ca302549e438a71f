//! Random surfaces as smooth as some values are: what chance alone does where neighbours are alike.
//!
//! The values are taken for a draw of a Gaussian process over their places: a constant mean, a covariance that falls with
//! the distance as the square of an exponential, over a length of its own along each axis, and a share of the variance
//! that every place has for itself (C. Rasmussen, C. Williams 2006, "Gaussian Processes for Machine Learning", sections 2.2
//! and 5.1). Mean and scale are integrated out (D. Harville 1974: the restricted likelihood), lengths and share are weighted
//! by their likelihood over a grid of levels. Not the whole grid: two chains, one begun smooth and one rough, walk over
//! it, an axis at a time, by the likelihood (Gibbs sampling), and whatever level they looked at counts by its likelihood. Of
//! very many axes some share a length: so many values do not tell them apart, and each look costs its time.
//!
//! The exponential and the logarithm are those of the crate `libm`, every sum has an order, and the caller draws: the same
//! bits on every platform.

use std::collections::BTreeMap;

use libm::{exp, log};

use super::sums;

/// The lengths over which a surface may stay alike. In the unit of the places, which is the range of an axis.
const LENGTHS: [f64; 7] = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 6.4];
/// The share of the variance that each place has for itself. The smallest one leaves a matrix that can still be factored,
/// and a surface whose straight lines are straight.
const OWN: [f64; 7] = [1e-10, 1e-6, 1e-3, 0.03, 0.15, 0.5, 1.0];
/// Where the two chains begin: the level of every length, the level of the own share.
const STARTS: [(usize, usize); 2] = [(4, 1), (1, 5)];
/// How many levels each chain looks at before its last walk over the axes, and how many walks it makes at most.
const LOOKS: usize = 150;
const WALKS: usize = 40;
/// Lengths at most: a walk over all of them is one look for each level that they have, but for the one they are at.
const GROUPS: usize = 24;

/// How near two places of an axis are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearness {
    /// By their difference: numbers.
    Distance,
    /// Alike, or a whole range apart: switches and choices.
    Alike,
}

/// One axis: the place of every point along it, in parts of its range.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// How near two places are.
    pub nearness: Nearness,
    /// One place for each point.
    pub places: Vec<f64>,
}

/// Surfaces over some points, as smooth as the values there.
#[derive(Debug, Clone)]
pub struct Surfaces {
    /// For each point which of the different places it is.
    place_of: Vec<usize>,
    /// Different places.
    count: usize,
    /// For each axis the square of how far a pair of places is apart, row by row up to the diagonal.
    apart: Vec<Vec<f64>>,
    /// The levels looked at, lengths and then own share, each with its weight; the weights sum to one.
    levels: Vec<(Vec<usize>, f64)>,
}

impl Surfaces {
    /// Fits them; `uniform` draws from 0 to 1. Points at one place have one value there, that of the first of them.
    ///
    /// `None` if an axis has not a place for each value, a number is not finite, there are fewer than three different places, or the values of all are
    /// alike.
    #[must_use]
    pub fn like(axes: &[Axis], values: &[f64], uniform: &mut dyn FnMut() -> f64) -> Option<Self> {
        let finite = axes.iter().flat_map(|axis| &axis.places).chain(values).all(|value| value.is_finite());
        if !finite || axes.iter().any(|axis| axis.places.len() != values.len()) {
            return None;
        }
        let mut firsts: Vec<usize> = Vec::new();
        let mut place_of = Vec::with_capacity(values.len());
        for point in 0..values.len() {
            let same =
                |first: &usize| axes.iter().all(|axis| axis.places[*first].to_bits() == axis.places[point].to_bits());
            place_of.push(firsts.iter().position(same).unwrap_or(firsts.len()));
            if place_of[point] == firsts.len() {
                firsts.push(point);
            }
        }
        let values = scaled(&firsts.iter().map(|&first| values[first]).collect::<Vec<f64>>())?;
        let apart = axes.iter().map(|axis| apart(axis, &firsts)).collect();
        let mut surfaces = Self { place_of, count: firsts.len(), apart, levels: Vec::new() };
        surfaces.levels = surfaces.walk(&values, uniform);
        Some(surfaces)
    }

    /// The length of each axis over which the values stay alike, in the unit of its places: the mean of its logarithm by
    /// likelihood.
    #[must_use]
    pub fn lengths(&self) -> Vec<f64> {
        let groups = self.groups();
        let mean =
            |axis: usize| self.levels.iter().map(move |(level, weight)| weight * log(LENGTHS[level[axis % groups]]));
        (0..self.apart.len()).map(|axis| exp(sums::plain(mean(axis)))).collect()
    }

    /// The share of the variance that each place has for itself, the mean by likelihood.
    #[must_use]
    pub fn own(&self) -> f64 {
        sums::plain(self.levels.iter().map(|(level, weight)| weight * OWN[level[self.groups()]]))
    }

    /// How many lengths there are: one for each axis, if there are not too many.
    fn groups(&self) -> usize {
        self.apart.len().min(GROUPS)
    }

    /// Draws surfaces, and shows the values of each at all points, of mean 0 and variance 1; `normal` draws standard
    /// normal numbers.
    pub fn draw(&self, count: usize, normal: &mut dyn FnMut() -> f64, seen: &mut dyn FnMut(&[f64])) {
        let (mut before, mut drawn) = (0.0, 0);
        let mut values = vec![0.0; self.place_of.len()];
        for (level, weight) in &self.levels {
            // As many of each level as its weight says, to within one.
            before += weight;
            let share = (before * count as f64).round().clamp(0.0, count as f64);
            if share <= drawn as f64 {
                continue;
            }
            let Some(factor) = factored(self.covariance(level), self.count) else { continue };
            while share > drawn as f64 {
                drawn += 1;
                let drops: Vec<f64> = (0..self.count).map(|_| normal()).collect();
                let surface: Vec<f64> = (0..self.count).map(|row| product(row_of(&factor, row), &drops)).collect();
                for (value, place) in values.iter_mut().zip(&self.place_of) {
                    *value = surface[*place];
                }
                seen(&values);
            }
        }
    }

    /// Both chains; what they looked at, with its weight.
    fn walk(&self, values: &[f64], uniform: &mut dyn FnMut() -> f64) -> Vec<(Vec<usize>, f64)> {
        let groups = self.groups();
        let mut known: BTreeMap<Vec<usize>, f64> = BTreeMap::new();
        for (chain, (length, own)) in STARTS.into_iter().enumerate() {
            let mut at = vec![length; groups];
            at.push(own);
            for _ in 0..WALKS {
                if known.len() >= LOOKS * (chain + 1) {
                    break;
                }
                for group in 0..=groups {
                    let levels = if group < groups { LENGTHS.len() } else { OWN.len() };
                    let likelihood = |level: usize| {
                        at[group] = level;
                        *known.entry(at.clone()).or_insert_with(|| self.log_likelihood(&at, values))
                    };
                    let weights = weights(&(0..levels).map(likelihood).collect::<Vec<f64>>());
                    let mut left = uniform();
                    let drawn = weights.iter().position(|weight| {
                        left -= weight;
                        left < 0.0
                    });
                    at[group] = drawn.unwrap_or(levels - 1);
                }
            }
        }
        let (levels, likelihoods): (Vec<Vec<usize>>, Vec<f64>) = known.into_iter().unzip();
        levels.into_iter().zip(weights(&likelihoods)).collect()
    }

    /// The covariance of all places at a level, row by row up to the diagonal, with a variance of 1.
    fn covariance(&self, level: &[usize]) -> Vec<f64> {
        let (lengths, own) = level.split_at(self.groups());
        let mut covariance = vec![0.0; self.count * (self.count + 1) / 2];
        for (axis, length) in self.apart.iter().zip(lengths.iter().cycle()) {
            let weight = -0.5 / (LENGTHS[*length] * LENGTHS[*length]);
            for (pair, apart) in covariance.iter_mut().zip(axis) {
                *pair += weight * apart;
            }
        }
        let shared = 1.0 - own.first().map_or(1.0, |own| OWN[*own]);
        for pair in &mut covariance {
            *pair = shared * exp(*pair);
        }
        for row in 0..self.count {
            covariance[start(row) + row] = 1.0;
        }
        covariance
    }

    /// The logarithm of the restricted likelihood, but for a constant; minus infinity where the covariance cannot be
    /// factored.
    fn log_likelihood(&self, level: &[usize], values: &[f64]) -> f64 {
        let Some(factor) = factored(self.covariance(level), self.count) else { return f64::NEG_INFINITY };
        let ones = solved(&factor, &vec![1.0; self.count]);
        let values = solved(&factor, values);
        let of_ones = product(&ones, &ones);
        let mean = product(&ones, &values) / of_ones;
        let rest =
            sums::plain(ones.iter().zip(&values).map(|(one, value)| (value - mean * one) * (value - mean * one)));
        let determinant = sums::plain((0..self.count).map(|row| log(factor[start(row) + row])));
        let found = -determinant - 0.5 * log(of_ones) - 0.5 * (self.count as f64 - 1.0) * log(rest);
        if found.is_nan() { f64::NEG_INFINITY } else { found }
    }
}

/// Values with their mean at 0 and their spread at 1, however large they are.
fn scaled(values: &[f64]) -> Option<Vec<f64>> {
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let parts: Vec<f64> = values.iter().map(|value| value / largest).collect();
    let mean = sums::plain(parts.iter().copied()) / parts.len() as f64;
    let spread = (sums::plain(parts.iter().map(|part| (part - mean) * (part - mean))) / parts.len() as f64).sqrt();
    (values.len() >= 3 && spread > 0.0).then(|| parts.iter().map(|part| (part - mean) / spread).collect())
}

/// Likelihoods, of which the logarithms are given, in parts of their sum.
fn weights(logarithms: &[f64]) -> Vec<f64> {
    let largest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Where none can be told from another, all are alike.
    let weigh = |logarithm: &f64| if largest.is_finite() { exp(logarithm - largest) } else { 1.0 };
    let weights: Vec<f64> = logarithms.iter().map(weigh).collect();
    let sum = sums::plain(weights.iter().copied());
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// The square of how far each pair of places is apart along an axis.
fn apart(axis: &Axis, firsts: &[usize]) -> Vec<f64> {
    let mut squares = Vec::with_capacity(firsts.len() * (firsts.len() + 1) / 2);
    for (row, &one) in firsts.iter().enumerate() {
        for &other in &firsts[..=row] {
            let apart = axis.places[one] - axis.places[other];
            squares.push(match axis.nearness {
                Nearness::Distance => apart * apart,
                Nearness::Alike => f64::from(u8::from(apart != 0.0)),
            });
        }
    }
    squares
}

/// Where a row of a matrix begins of which the rows are kept up to the diagonal.
const fn start(row: usize) -> usize {
    row * (row + 1) / 2
}

fn row_of(matrix: &[f64], row: usize) -> &[f64] {
    &matrix[start(row)..=start(row) + row]
}

/// The sum of products, as long as the shorter one.
fn product(ones: &[f64], others: &[f64]) -> f64 {
    sums::plain(ones.iter().zip(others).map(|(one, other)| one * other))
}

/// Cholesky's factor of a matrix; `None` if it has none.
fn factored(mut matrix: Vec<f64>, count: usize) -> Option<Vec<f64>> {
    for row in 0..count {
        for column in 0..=row {
            let (ours, theirs) = (start(row), start(column));
            let before = product(&matrix[ours..ours + column], &matrix[theirs..theirs + column]);
            let left = matrix[ours + column] - before;
            matrix[ours + column] = if row == column {
                if left <= 0.0 || left.is_nan() {
                    return None;
                }
                left.sqrt()
            } else {
                left / matrix[theirs + column]
            };
        }
    }
    Some(matrix)
}

/// What the factor times the result gives `values`.
fn solved(factor: &[f64], values: &[f64]) -> Vec<f64> {
    let mut solved: Vec<f64> = Vec::with_capacity(values.len());
    for (row, value) in values.iter().enumerate() {
        let known = product(row_of(factor, row), &solved);
        solved.push((value - known) / factor[start(row) + row]);
    }
    solved
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A linear congruential generator (Knuth's MMIX constants): any fair draw does.
    fn uniform() -> impl FnMut() -> f64 {
        let mut state = 42_u64;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    /// The sum of twelve uniform draws less six.
    fn normal() -> impl FnMut() -> f64 {
        let mut uniform = uniform();
        move || (0..12).fold(-6.0, |sum, _| sum + uniform())
    }

    fn numbers(places: impl IntoIterator<Item = f64>) -> Axis {
        Axis { nearness: Nearness::Distance, places: places.into_iter().collect() }
    }

    /// numpy, by contrasts C that sum to zero: -log|C K C'| / 2 - (n - 1) / 2 log(z' (C K C')^-1 z), z = C y, less the same of
    /// independent places.
    #[test]
    fn the_restricted_likelihood_is_that_of_the_contrasts() {
        let axes = [
            numbers([0.0, 0.25, 0.4, 0.7, 1.0, 0.1]),
            Axis { nearness: Nearness::Alike, places: vec![0.0, 1.0, 0.0, 2.0, 1.0, 2.0] },
        ];
        let values = [1.0, 0.6, 0.9, -0.4, -1.1, 0.2];
        let surfaces = Surfaces::like(&axes, &values, &mut uniform()).unwrap();
        let values = scaled(&values).unwrap();
        let base = surfaces.log_likelihood(&[0, 0, 6], &values);
        for (level, expected) in [
            ([3, 4, 2], 1.464406895707472),
            ([4, 6, 3], 1.8387122540331733),
            ([5, 5, 1], 0.9829819460784055),
            ([2, 0, 4], 0.11619425324116595),
            ([6, 6, 0], -2.424169613023209),
        ] {
            let found = surfaces.log_likelihood(&level, &values) - base;
            assert!((found - expected).abs() < 1e-6 * expected.abs(), "{level:?}: {found:?} is not {expected:?}");
        }
    }

    #[test]
    fn smooth_values_have_long_lengths_rough_ones_short_ones_and_an_axis_that_does_nothing_has_the_longest() {
        let (mut across, mut draw) = (uniform(), normal());
        let first: Vec<f64> = (0..40).map(|point| f64::from(point) / 39.0).collect();
        let second: Vec<f64> = (0..40).map(|_| across()).collect();
        let axes = [numbers(first.clone()), numbers(second)];
        let wave: Vec<f64> = first.iter().map(|x| (6.0 * x).sin()).collect();
        let smooth = Surfaces::like(&axes, &wave, &mut uniform()).unwrap();
        assert!(smooth.lengths()[0] > 0.15 && smooth.lengths()[0] < 1.0, "{:?}", smooth.lengths());
        assert!(smooth.lengths()[1] > 4.0 && smooth.own() < 0.01, "{:?} {}", smooth.lengths(), smooth.own());
        let rough: Vec<f64> = (0..40).map(|_| draw()).collect();
        let rough = Surfaces::like(&axes, &rough, &mut uniform()).unwrap();
        assert!(rough.own() > 0.5 || rough.lengths()[0] < 0.1, "{:?} {}", rough.lengths(), rough.own());
    }

    /// By the kernel: neighbours of smooth values are nearly equal, the variance is 1, and one place has one value.
    #[test]
    fn drawn_surfaces_are_as_smooth_as_the_values_and_as_many_as_asked_for() {
        let places: Vec<f64> = (0..30).map(|point| f64::from(point.min(28)) / 28.0).collect();
        let values: Vec<f64> = places.iter().map(|x| (6.0 * x).sin()).collect();
        let surfaces = Surfaces::like(&[numbers(places)], &values, &mut uniform()).unwrap();
        let (mut drawn, mut variance, mut steps) = (0, 0.0, 0.0);
        surfaces.draw(500, &mut normal(), &mut |values| {
            assert_eq!(values[28].to_bits(), values[29].to_bits(), "one place, one value");
            drawn += 1;
            variance += values[10] * values[10] / 500.0;
            steps += (values[11] - values[10]).powi(2) / 500.0;
        });
        assert_eq!(drawn, 500);
        assert!((variance - 1.0_f64).abs() < 0.2 && steps < 0.1, "{variance} {steps}");
    }

    /// A walk over each of them would take minutes, and seven matrices of each hundreds of megabytes.
    #[test]
    fn hundreds_of_axes_share_lengths_and_take_no_more_looks_than_a_few() {
        let mut across = uniform();
        let axes: Vec<Axis> = (0..300).map(|_| numbers((0..40).map(|_| across()))).collect();
        let values: Vec<f64> = axes[0].places.iter().map(|x| 3.0 * x).collect();
        let surfaces = Surfaces::like(&axes, &values, &mut uniform()).unwrap();
        assert!(surfaces.levels.len() <= 2 * (LOOKS + 6 * (GROUPS + 1)), "{}", surfaces.levels.len());
        assert_eq!(surfaces.lengths().len(), 300);
        assert_eq!(surfaces.lengths()[1].to_bits(), surfaces.lengths()[1 + GROUPS].to_bits());
        let mut drawn = 0;
        surfaces.draw(9, &mut normal(), &mut |_| drawn += 1);
        assert_eq!(drawn, 9);
    }

    #[test]
    fn what_has_no_smoothness_is_none_and_nothing_that_is_finite_overflows() {
        let places = || numbers([0.0, 0.3, 0.6, 1.0]);
        let like = |axes: &[Axis], values: &[f64]| Surfaces::like(axes, values, &mut uniform()).is_some();
        assert!(like(&[places()], &[1.0, 2.0, 2.5, 1e300]) && like(&[places()], &[f64::MAX, f64::MIN, 0.0, 1.0]));
        assert!(like(&[places()], &[5e-324, 0.0, 0.0, 0.0]));
        assert!(!like(&[places()], &[1.0; 4]) && !like(&[places()], &[0.0; 4]), "all alike");
        assert!(
            !like(&[places()], &[1.0, 2.0, f64::NAN, 0.0]) && !like(&[places()], &[1.0, 2.0]),
            "no number, no place"
        );
        assert!(!like(&[numbers([0.0, 0.0, 0.5, 0.5])], &[1.0, 2.0, 3.0, 4.0]), "two places");
        assert!(!like(&[], &[1.0, 2.0, 3.0]), "no axis");
        assert!(like(&[numbers([0.0, 1e-9, 2e-9, 1.0])], &[1.0, -1.0, 1.0, -1.0]), "a matrix that is nearly singular");
    }
}

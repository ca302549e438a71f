//! Densities of mixtures at some points, and where one most exceeds another.
//!
//! The logarithm of each density is a sum of exponentials over all kernels, and only the point with the largest difference of two
//! of them is wanted. So a quick exponential picks those that can be it, nearly always a single one; among several the
//! exponential that the sequences are made with decides. Which point it is, is the same.

use libm::{exp, log};

use crate::stats::sums;

/// By so much less a difference may be than the largest to be looked at. Quick logarithms are right to 1e-9.
const NEAR: f64 = 1e-6;

/// The log density of each kernel at each point, its weight included: a row of kernels for each point.
#[derive(Debug)]
pub(super) struct Mixture {
    pub(super) kernels: usize,
    pub(super) densities: Vec<f64>,
}

impl Mixture {
    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.densities.chunks_exact(self.kernels)
    }

    /// The place of the first point at which this density most exceeds the other; as numpy's `argmax`, a NaN is larger than any
    /// number.
    pub(super) fn first_above(&self, other: &Self) -> usize {
        let gains = |log_sum_exp: fn(&[f64]) -> f64| {
            let pairs = self.rows().zip(other.rows());
            pairs.map(move |(above, below)| log_sum_exp(above) - log_sum_exp(below))
        };
        let quick: Vec<f64> = gains(quick_log_sum_exp).collect();
        if quick.iter().any(|gain| !gain.is_finite()) {
            return first_largest(gains(log_sum_exp));
        }
        let largest = quick.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let near = || quick.iter().enumerate().filter(|(_, gain)| **gain >= largest - NEAR).map(|(place, _)| place);
        if let (Some(only), None) = (near().next(), near().nth(1)) {
            return only;
        }
        let row = |place: usize, of: &Self| log_sum_exp(&of.densities[place * of.kernels..][..of.kernels]);
        let among = first_largest(near().map(|place| row(place, self) - row(place, other)));
        near().nth(among).unwrap_or(0)
    }
}

/// The place of the first largest value; a NaN is larger than any number.
fn first_largest(values: impl Iterator<Item = f64>) -> usize {
    let mut best = (0, f64::NAN);
    for (place, value) in values.enumerate() {
        if value.is_nan() {
            return place;
        }
        if place == 0 || value > best.1 {
            best = (place, value);
        }
    }
    best.0
}

/// `log(sum(exp(values)))`; minus infinity where all of them are.
fn log_sum_exp(values: &[f64]) -> f64 {
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let shift = if largest.is_finite() { largest } else { 0.0 };
    let parts: Vec<f64> = values.iter().map(|value| exp(value - shift)).collect();
    log(sums::pairwise(&parts)) + shift
}

/// The same to nine digits, for values of which one is finite; else it is not.
fn quick_log_sum_exp(values: &[f64]) -> f64 {
    // Eight side by side, as computers like them.
    let (rows, rest) = values.as_chunks::<8>();
    let mut largest = [f64::NEG_INFINITY; 8];
    for row in rows {
        for (largest, value) in largest.iter_mut().zip(row) {
            *largest = if *value > *largest { *value } else { *largest };
        }
    }
    let shift = largest.iter().chain(rest).copied().fold(f64::NEG_INFINITY, f64::max);
    let mut lanes = [0.0; 8];
    for row in rows {
        for (lane, value) in lanes.iter_mut().zip(row) {
            *lane += quick_exp(value - shift);
        }
    }
    let sum = rest.iter().fold(sums::plain(lanes), |sum, value| sum + quick_exp(value - shift));
    log(sum) + shift
}

/// The exponential of a number that is at most 0, right to eleven digits; next to nothing below -700.
fn quick_exp(x: f64) -> f64 {
    use std::f64::consts::{LN_2, LOG2_E};
    /// Added to a number it leaves the nearest whole one in the last bits.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    let x = if x < -700.0 { -700.0 } else { x };
    let shifted = x * LOG2_E + WHOLE;
    let left = x - (shifted - WHOLE) * LN_2;
    // Taylor's series to the ninth power: what is left is at most half of ln 2.
    let series = [1.0 / 40_320.0, 1.0 / 5_040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let part = series.iter().fold(1.0 / 362_880.0, |sum, factor| sum * left + factor);
    // What is no number stays none.
    f64::from_bits(part.to_bits().wrapping_add(shifted.to_bits() << 52)) + 0.0 * x
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixture(kernels: usize, density: impl Fn(usize) -> f64) -> Mixture {
        Mixture { kernels, densities: (0..kernels * 24).map(density).collect() }
    }

    /// Numbers without a pattern between -`range` and 0.
    fn scattered(range: f64, seed: usize) -> impl Fn(usize) -> f64 {
        move |n| -range * (((n + seed) * 7_919 % 10_007) as f64 / 10_007.0)
    }

    #[test]
    fn the_quick_logarithm_is_right_to_nine_digits() {
        for range in [1e-3, 1.0, 30.0, 600.0, 2_000.0] {
            for mixture in [1, 7, 8, 9, 40, 300].map(|kernels| mixture(kernels, scattered(range, kernels))) {
                for row in mixture.rows() {
                    let (quick, right) = (quick_log_sum_exp(row), log_sum_exp(row));
                    assert!((quick - right).abs() < 1e-9, "{quick} is not {right}");
                }
            }
        }
        // Whatever the last bits of what is no number are.
        for nan in [f64::NAN, f64::from_bits(0x7ff8_0000_0000_0801)] {
            assert!(quick_log_sum_exp(&[0.0, nan]).is_nan());
        }
        assert!(!quick_log_sum_exp(&[f64::NEG_INFINITY; 9]).is_finite());
        assert_eq!(quick_log_sum_exp(&[0.0, f64::NEG_INFINITY]), 0.0);
    }

    #[test]
    fn the_point_is_the_first_largest_of_the_differences_also_where_they_are_near() {
        for seed in 0..200 {
            let above = mixture(3, scattered(40.0, seed));
            let mut below = mixture(21, scattered(40.0, 31 * seed));
            if seed % 3 == 0 {
                // Differences that are next to none, of kernels that have nothing in common.
                for (place, row) in below.densities.chunks_exact_mut(21).enumerate() {
                    let wanted = log_sum_exp(&above.densities[3 * place..][..3]) - 1e-13 * (place * 5 % 7) as f64;
                    let shift = wanted - log_sum_exp(row);
                    row.iter_mut().for_each(|density| *density += shift);
                }
            }
            if seed % 7 == 0 {
                below.densities[50] = f64::NAN;
            }
            if seed % 5 == 0 {
                below.densities[..42].fill(f64::NEG_INFINITY);
            }
            let gains = above.rows().zip(below.rows()).map(|(above, below)| log_sum_exp(above) - log_sum_exp(below));
            assert_eq!(above.first_above(&below), first_largest(gains), "{seed}");
        }
    }
}

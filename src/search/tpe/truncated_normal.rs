//! The normal distribution cut off at both ends.

use libm::{log, log1p};

use super::normal::{invert_log_cdf, log_cdf, log_mass, log_sum};

/// One draw to make: the ends of a kernel in its own unit, and where it goes from there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// Lower end, in standard deviations from the mean.
    pub(super) low: f64,
    /// Upper end.
    pub(super) high: f64,
    /// The mean.
    pub(super) mean: f64,
    /// The standard deviation.
    pub(super) sd: f64,
}

/// The values below which lie these fractions of the probability.
///
/// A kernel that begins left of its mean is inverted in the left tail, any other in the right one; each side is one batch
/// for [`invert_log_cdf`].
pub(super) fn quantiles(cuts: &[Cut], fractions: &[f64]) -> Vec<f64> {
    let mut left = Vec::new();
    let mut right = Vec::new();
    for (cut, fraction) in cuts.iter().zip(fractions) {
        let mass = log_mass(cut.low, cut.high);
        if cut.low < 0.0 {
            left.push(log_sum(log_cdf(cut.low), log(*fraction) + mass));
        } else {
            right.push(log_sum(log_cdf(-cut.high), log1p(-fraction) + mass));
        }
    }
    invert_log_cdf(&mut left);
    invert_log_cdf(&mut right);
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let mut values = Vec::with_capacity(cuts.len());
    for (cut, fraction) in cuts.iter().zip(fractions) {
        let inverted = if cut.low < 0.0 { left.next() } else { right.next().map(|value| -value) };
        // The logarithm of 0 has no inverse; random doubles reach 0 and not 1.
        let value = if *fraction <= 0.0 { cut.low } else { inverted.unwrap_or(f64::NAN) };
        values.push(value * cut.sd + cut.mean);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `optuna.samplers._tpe._truncnorm.ppf(q, a, b) * scale + loc`, Optuna 4.9.
    #[test]
    fn quantiles_are_optunas() {
        let cut = |low, high, mean, sd| Cut { low, high, mean, sd };
        let cuts = [
            cut(-1.0, 2.0, 0.5, 0.25),
            cut(-0.5, 0.1, -3.0, 2.0),
            cut(0.0, 4.0, 1.0, 1.0),
            cut(3.0, 9.0, 10.0, 0.1),
            cut(-30.0, -29.0, 0.0, 1.0),
            cut(-2.0, 5.0, 0.0, 3.0),
        ];
        let expected = [
            0.43939904552769327,
            -2.801165295827585,
            1.3186184834700136,
            10.334937572115741,
            -29.023863512020597,
            -6.0,
        ];
        let found = quantiles(&cuts, &[0.3, 0.999, 0.25, 0.7, 0.5, 0.0]);
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found - expected).abs() <= 1e-14 * f64::abs(expected), "{found:?}, expected {expected:?}");
        }
    }
}

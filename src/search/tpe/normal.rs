//! The standard normal distribution in log space, as SciPy and Optuna compute it.
//!
//! The exponential and the error functions are those of the crate `libm`, the same bits on every platform.

use std::f64::consts::{LN_2, PI, SQRT_2};

use libm::{erf, erfc, exp, expm1, log, log1p};

/// `log(sqrt(2 pi))`.
pub(super) fn log_sqrt_two_pi() -> f64 {
    log((2.0 * PI).sqrt())
}

/// The distribution function in the middle, where one formula serves both sides.
fn central_cdf(x: f64) -> f64 {
    0.5 + 0.5 * erf(x / SQRT_2)
}

/// The distribution function, accurate in the left tail.
fn cdf(x: f64) -> f64 {
    let scaled = x / SQRT_2;
    let edge = 1.0 / SQRT_2;
    if scaled < -edge {
        0.5 * erfc(-scaled)
    } else if scaled < edge {
        0.5 + 0.5 * erf(scaled)
    } else {
        1.0 - 0.5 * erfc(scaled)
    }
}

/// The logarithm of the distribution function; below -20 by the asymptotic series of the tail
/// (Abramowitz and Stegun 26.2.12).
pub(super) fn log_cdf(x: f64) -> f64 {
    if x > 6.0 {
        return -cdf(-x);
    }
    if x > -20.0 {
        return log(cdf(x));
    }
    let lead = -0.5 * (x * x) - log(-x) - 0.5 * log(2.0 * PI);
    let step = 1.0 / (x * x);
    let (mut before, mut series, mut term, mut odd) = (0.0, 1.0, 1.0, 1.0);
    while f64::abs(before - series) > f64::EPSILON {
        before = series;
        term *= -odd * step;
        series += term;
        odd += 2.0;
    }
    lead + log(series)
}

/// `log(exp(p) + exp(q))`.
pub(super) fn log_sum(p: f64, q: f64) -> f64 {
    let gap = p - q;
    if p.total_cmp(&q).is_eq() {
        p + LN_2
    } else if gap > 0.0 {
        p + log1p(exp(-gap))
    } else {
        q + log1p(exp(gap))
    }
}

/// The logarithm of the probability between `a` and `b`, computed in the tail that holds it.
pub(super) fn log_mass(a: f64, b: f64) -> f64 {
    let left = |a: f64, b: f64| log_between(log_cdf(a), log_cdf(b));
    if b <= 0.0 {
        left(a, b)
    } else if a > 0.0 {
        left(-b, -a)
    } else {
        log1p(-central_cdf(a) - central_cdf(-b))
    }
}

/// The logarithm of the difference of two probabilities, given theirs.
pub(super) fn log_between(lower: f64, upper: f64) -> f64 {
    upper + log1p(-exp(lower - upper))
}

/// Replaces every `y` by the `x` with `log_cdf(x) = y`, by Newton's method.
///
/// All of them step until the last one has converged: when one stops depends on the others in the batch, and with it its
/// last digits.
pub(super) fn invert_log_cdf(values: &mut [f64]) {
    let constant = log_sqrt_two_pi();
    let mut roots: Vec<Root> = values.iter().map(|y| Root::guess(*y, constant)).collect();
    for _ in 0..100 {
        let mut converged = true;
        for root in &mut roots {
            // One that a step left where it was stays there, whatever the others need.
            if !root.rests {
                let at = log_cdf(root.x);
                let log_density = -0.5 * (root.x * root.x) - constant;
                let step = (at - root.y) * exp(at - log_density);
                let before = root.x;
                root.x -= step;
                root.rests = root.x.to_bits() == before.to_bits();
                root.is_close = step.abs() < 1e-8 * root.x.abs();
            }
            converged &= root.is_close;
        }
        if converged {
            break;
        }
    }
    for (value, root) in values.iter_mut().zip(roots) {
        *value = if root.mirrored { -root.x } else { root.x };
    }
}

struct Root {
    y: f64,
    x: f64,
    /// The left tail is the accurate one, so a `y` near 0 is looked for on the other side.
    mirrored: bool,
    /// Whether the last step was small.
    is_close: bool,
    /// Whether it was none at all.
    rests: bool,
}

impl Root {
    /// Starts from the tail's leading term, or in the middle from the logistic distribution of the same variance.
    fn guess(y: f64, constant: f64) -> Self {
        let mirrored = y > -1e-2;
        let y = if mirrored { log(-expm1(y)) } else { y };
        let x = if y < -5.0 { -(-2.0 * (y + constant)).sqrt() } else { -(3.0_f64.sqrt() / PI) * log(expm1(-y)) };
        Self { y, x, mirrored, is_close: false, rests: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        // A narrow interval loses digits in the difference, here as there.
        assert!((found - expected).abs() <= 1e-13 * expected.abs(), "{found:e}, expected {expected:e}");
    }

    /// `_log_ndtr_single(x)` and `_log_gauss_mass(a, b)` of `optuna.samplers._tpe._truncnorm`, Optuna 4.9.
    #[test]
    fn the_logarithm_of_a_probability_is_accurate_in_both_tails() {
        close(log_cdf(-200.0), -20006.21728089819);
        close(log_cdf(-40.0), -804.6084420137538);
        close(log_cdf(-20.5), -214.0667289632638);
        close(log_cdf(-19.5), -194.0169657774975);
        close(log_cdf(-5.0), -15.064998393988724);
        close(log_cdf(-1.0), -1.8410216450092634);
        close(log_cdf(-0.3), -0.9621028181688506);
        close(log_cdf(0.0), -LN_2);
        close(log_cdf(0.7), -0.2770239422771313);
        close(log_cdf(2.0), -0.02301290932896349);
        close(log_cdf(5.9), -1.8175078125711615e-09);
        close(log_cdf(6.1), -5.303423262948855e-10);
        close(log_cdf(9.0), -1.1285884059538422e-19);
        close(log_mass(-1.5, 2.0), -0.09382435073399);
        close(log_mass(0.5, 0.75), -2.502131920409984);
        close(log_mass(7.0, 9.0), -27.384307586994964);
        close(log_mass(-31.0, -30.0), -454.3212439563432);
        close(log_mass(-0.2, 0.0), -2.5350253571475494);
        close(log_mass(-3.0, 8.0), -0.0013508099647488142);
        close(log_mass(2.0, 2.001), -9.827693812103355);
    }

    #[test]
    fn inverting_comes_back() {
        let points = [-37.0, -8.0, -1.0, -1e-3, 0.5, 3.0, 7.5];
        let mut values = points.map(log_cdf);
        invert_log_cdf(&mut values);
        for (found, expected) in values.into_iter().zip(points) {
            assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{found}, expected {expected}");
        }
    }
}

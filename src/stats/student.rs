//! Student's t distribution, from the exponential, logarithm and gamma function of the crate `libm`: the same bits on every
//! platform.

use libm::{exp, lgamma, log, log1p};

/// The probability that a t of `freedom` degrees of freedom is at least `t`; NaN of a NaN.
///
/// Half of the regularised incomplete beta function at `freedom / (freedom + t^2)` where t is positive, which keeps its
/// digits however small it is.
#[must_use]
pub fn student_tail(t: f64, freedom: f64) -> f64 {
    let half = 0.5 * beta(freedom / (freedom + t * t), 0.5 * freedom, 0.5);
    if t < 0.0 { 1.0 - half } else { half }
}

/// The t of `freedom` degrees of freedom that is reached with probability `p`, for p from 0 to one half, both excluded.
#[must_use]
pub fn student_bound(p: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while student_tail(high, freedom) > p && high < 1e150 {
        (low, high) = (high, 2.0 * high);
    }
    // Halved until no double lies between: fewer than a hundred steps, and the same ones everywhere.
    loop {
        let middle = low + 0.5 * (high - low);
        if middle <= low || middle >= high {
            return high;
        }
        if student_tail(middle, freedom) > p { low = middle } else { high = middle }
    }
}

/// The regularised incomplete beta function by its continued fraction (DLMF 8.17.22), which converges fast left of the mean;
/// right of it the mirror image is computed.
fn beta(x: f64, a: f64, b: f64) -> f64 {
    if x.is_nan() || x <= 0.0 || x >= 1.0 {
        return if x >= 1.0 { 1.0 } else { 0.0 * x };
    }
    let mirrored = x > (a + 1.0) / (a + b + 2.0);
    let (x, a, b) = if mirrored { (1.0 - x, b, a) } else { (x, a, b) };
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    let part = front * fraction(x, a, b) / a;
    if mirrored { 1.0 - part } else { part }
}

/// Lentz's method as Thompson and Barnett (1986) have it.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const NOTHING: f64 = 1e-300;
    let apart = |value: f64| if value.abs() < NOTHING { NOTHING } else { value };
    let (mut upper, mut lower) = (1.0, 1.0 / apart(1.0 - (a + b) * x / (a + 1.0)));
    let mut value = lower;
    for step in 1..10_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = value;
        for part in [even, odd] {
            lower = 1.0 / apart(1.0 + part * lower);
            upper = apart(1.0 + part / upper);
            value *= lower * upper;
        }
        if (value - before).abs() <= 1e-16 * value.abs() {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= 1e-11 * expected.abs()
    }

    /// `scipy.stats.t.sf(t, freedom)`.
    #[test]
    fn tails_are_scipys() {
        for (t, freedom, expected) in TAILS {
            let found = student_tail(t, freedom);
            assert!(close(found, expected), "{t} {freedom}: {found:?} is not {expected:?}");
        }
        assert!(student_tail(f64::NAN, 7.0).is_nan());
        assert_eq!((student_tail(0.0, 7.0), student_tail(f64::INFINITY, 7.0)), (0.5, 0.0));
    }

    /// `scipy.stats.t.isf(p, freedom)`.
    #[test]
    fn bounds_are_scipys() {
        for (p, freedom, expected) in BOUNDS {
            let found = student_bound(p, freedom);
            assert!(close(found, expected), "{p} {freedom}: {found:?} is not {expected:?}");
        }
    }

    const TAILS: [(f64, f64, f64); 11] = [
        (1.0, 1.0, 0.25),
        (2.5, 7.0, 0.020496109292876444),
        (-2.5, 7.0, 0.9795038907071235),
        (0.01, 4.0, 0.49625007812294925),
        (12.706204736432095, 1.0, 0.02499999999949565),
        (3.0, 19.0, 0.003680862091934319),
        (50.0, 7.0, 1.67562629777502e-10),
        (1000000.0, 7.0, 1.3205206763259189e-40),
        (1.7, 99.0, 0.04613535487324444),
        (2.0, 499.0, 0.02302088339392798),
        (4.0, 9999.0, 3.189935728129379e-05),
    ];
    const BOUNDS: [(f64, f64, f64); 9] = [
        (0.025, 1.0, 12.706204736174705),
        (0.025, 7.0, 2.3646242515927844),
        (0.05, 7.0, 1.8945786050900066),
        (0.05, 4.0, 2.131846786326651),
        (0.025, 19.0, 2.09302405440831),
        (0.05, 99.0, 1.660391156016991),
        (0.001, 7.0, 4.785289628638334),
        (0.025, 9999.0, 1.9602012636213577),
        (0.49, 7.0, 0.025977941569516962),
    ];
}

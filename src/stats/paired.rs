//! How far one series is above another, place by place, and how sure that is: Student's paired t.

use libm::ldexp;

use super::{exact_mean, sample_sd, student_bound, student_tail};

/// A share of the largest value below which a difference is rounding.
const ROUNDING: f64 = 1e-12;

/// Differences of two series, place by place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// How many.
    pub count: usize,
    /// Their mean.
    pub mean: f64,
    /// Its standard error.
    pub error: f64,
    /// The ends of its 95 % interval.
    pub low: f64,
    /// The upper one.
    pub high: f64,
    /// One-sided: how often a mean of 0 comes out as large by chance.
    pub p: f64,
    /// How much each difference goes along with the next one, from -1 to 1; absent where all are equal. Differences that
    /// depend on each other make `p` too small and the interval too short.
    pub lag: Option<f64>,
}

impl Paired {
    /// The smallest mean that is significant at `alpha` where differences vary as these do.
    pub fn visible(&self, alpha: f64) -> f64 {
        self.error * student_bound(alpha.min(0.5), self.freedom())
    }

    /// Whether all differences are equal, up to rounding. Then t has no value, and p is the chance that as many signs are
    /// all positive.
    pub fn is_flat(&self) -> bool {
        self.lag.is_none()
    }

    /// The smallest p of `count` equal differences.
    pub fn floor(count: usize) -> f64 {
        ldexp(1.0, i32::try_from(count).map_or(i32::MIN, |count| -count))
    }

    fn freedom(&self) -> f64 {
        self.count as f64 - 1.0
    }
}

/// `upper` less `lower`; absent with fewer than two places, other lengths, or where a difference is not finite.
pub fn paired(upper: &[f64], lower: &[f64]) -> Option<Paired> {
    let differences: Vec<f64> = upper.iter().zip(lower).map(|(upper, lower)| upper - lower).collect();
    let (mean, sd) = (exact_mean(&differences)?, sample_sd(&differences)?);
    if upper.len() != lower.len() || !mean.is_finite() || !sd.is_finite() {
        return None;
    }
    let count = differences.len();
    let largest = upper.iter().chain(lower).fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if sd <= ROUNDING * largest {
        let p = if mean > ROUNDING * largest { Paired::floor(count) } else { 1.0 };
        return Some(Paired { count, mean, error: 0.0, low: mean, high: mean, p, lag: None });
    }
    let (error, freedom) = (sd / (count as f64).sqrt(), count as f64 - 1.0);
    let reach = error * student_bound(0.025, freedom);
    let from_mean: Vec<f64> = differences.iter().map(|difference| (difference - mean) / sd).collect();
    let along = from_mean.windows(2).fold(0.0, |sum, pair| sum + pair[0] * pair[1]);
    let p = student_tail(mean / error, freedom);
    Some(Paired { count, mean, error, low: mean - reach, high: mean + reach, p, lag: Some(along / freedom) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.ttest_rel(upper, lower, alternative="greater")`, and `.confidence_interval()` of the two-sided one.
    #[test]
    fn mean_interval_and_p_are_scipys() {
        let upper = [1.2, 0.4, 0.9, 1.7, 0.2, 1.1, 0.8, 1.3];
        let lower = [0.9, 0.6, 0.5, 1.0, 0.4, 0.3, 0.9, 0.7];
        let found = paired(&upper, &lower).unwrap();
        let close = |found: f64, expected: f64| (found - expected).abs() < 1e-12;
        assert!(close(found.mean, 0.2875) && close(found.p, PAIRED.0), "{found:?}");
        assert!(close(found.low, PAIRED.1) && close(found.high, PAIRED.2), "{found:?}");
        // A mean just at the bound would have a p of just the level.
        assert!(close(student_tail(found.visible(0.05) / found.error, 7.0), 0.05));
        assert!(found.lag.is_some_and(|lag| close(lag, PAIRED.3)), "{found:?}");
    }

    #[test]
    fn equal_differences_have_the_p_of_as_many_signs_and_none_is_won_by_rounding() {
        let of = |gain: f64| {
            paired(&[0.1 + gain, 0.2 + gain, 0.7 + gain, 0.3 + gain, 0.9 + gain], &[0.1, 0.2, 0.7, 0.3, 0.9])
        };
        assert_eq!(of(0.3).map(|found| (found.p, found.is_flat())), Some((1.0 / 32.0, true)));
        assert_eq!(of(0.0).map(|found| found.p), Some(1.0));
        assert_eq!(of(-0.3).map(|found| found.p), Some(1.0));
        assert_eq!(of(1e-15).map(|found| found.p), Some(1.0));
    }

    #[test]
    fn what_cannot_be_compared_has_no_value() {
        assert_eq!(paired(&[1.0], &[0.0]), None);
        assert_eq!(paired(&[1.0, 2.0, 3.0], &[0.0, 0.0]), None);
        assert_eq!(paired(&[1.0, f64::NAN], &[0.0, 0.0]), None);
        assert_eq!(paired(&[f64::MAX, 1.0], &[-f64::MAX, 0.0]), None);
    }

    const PAIRED: (f64, f64, f64, f64) =
        (0.043440353766398286, -0.05410871194023792, 0.629108711940238, -0.6717914438502672);
}

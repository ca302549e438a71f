//! Mean and standard deviation of a sample, from sums that are rounded once.

use super::sums;

/// The mean, rounded once: Python's `statistics.mean`. `None` without values.
#[must_use]
pub fn exact_mean(values: &[f64]) -> Option<f64> {
    let count = values.len();
    let mean = (count > 0).then(|| exact_sum(values.iter().copied()) / count as f64)?;
    // Sum and quotient were both rounded; what is missing to the exact sum puts the last digit right.
    let missing = exact_sum(values.iter().copied().chain(std::iter::repeat_n(-mean, count)));
    Some(if missing.is_finite() { mean + missing / count as f64 } else { mean })
}

/// The standard deviation of a sample (divided by n - 1), in the values' own unit: Python's `statistics.stdev`.
///
/// `None` with fewer than two values; not finite when a value is not.
#[must_use]
pub fn sample_sd(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let (mean, count) = (exact_mean(values)?, values.len() as f64);
    let deviations = || values.iter().map(|value| value - mean);
    // The mean was rounded; the second term takes out what that adds to the squares.
    let drift = exact_sum(deviations());
    let squares = exact_sum(deviations().map(|deviation| deviation * deviation)) - drift * drift / count;
    // `max` would turn NaN into 0.
    Some(if squares < 0.0 { 0.0 } else { (squares / (count - 1.0)).sqrt() })
}

/// The exact sum, rounded once: Python's `math.fsum`. Sums that are not finite on the way are added plainly.
///
/// Shewchuk, "Adaptive Precision Floating-Point Arithmetic" (1997): the sum is kept as parts that do not overlap.
fn exact_sum(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let mut parts: Vec<f64> = Vec::new();
    for value in values.clone() {
        let mut carry = value;
        let mut kept = 0;
        for index in 0..parts.len() {
            let (large, small) =
                if carry.abs() < parts[index].abs() { (parts[index], carry) } else { (carry, parts[index]) };
            carry = large + small;
            let rest = small - (carry - large);
            if rest != 0.0 {
                parts[kept] = rest;
                kept += 1;
            }
        }
        parts.truncate(kept);
        parts.push(carry);
    }
    let sum = rounded(&parts);
    if sum.is_finite() { sum } else { sums::plain(values) }
}

/// The sum of parts of growing size that do not overlap, to the nearest double, ties to even.
fn rounded(parts: &[f64]) -> f64 {
    let Some((&largest, mut rest)) = parts.split_last() else { return 0.0 };
    let mut sum = largest;
    while let Some((&next, smaller)) = rest.split_last() {
        let before = sum;
        sum = before + next;
        let lost = next - (sum - before);
        rest = smaller;
        if lost != 0.0 {
            // Halfway between two doubles the sign of what is smaller still decides.
            let decides = smaller.last().is_some_and(|smallest| (*smallest < 0.0) == (lost < 0.0));
            let twice = lost * 2.0;
            let up = sum + twice;
            return if decides && (up - sum).to_bits() == twice.to_bits() { up } else { sum };
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `math.fsum` of the same lists.
    #[test]
    fn a_sum_is_rounded_once() {
        let sum = |values: &[f64]| exact_sum(values.iter().copied());
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[1e16, 1.0, 1e-16]), 10000000000000002.0);
        assert_eq!(sum(&[1e100, 1.0, -1e100]), 1.0);
        assert_eq!(sum(&[1.0, 2.0_f64.powi(-53), 2.0_f64.powi(-106)]), 1.0000000000000002);
        assert_eq!(sum(&[]), 0.0);
        assert_eq!(sum(&[1.0, f64::NEG_INFINITY]), f64::NEG_INFINITY);
        assert!(sum(&[f64::INFINITY, f64::NEG_INFINITY]).is_nan());
    }

    /// `statistics.mean` and `statistics.stdev` of the same lists.
    #[test]
    fn mean_and_standard_deviation_are_pythons() {
        let values = [0.15000000000000002, 0.35, 0.15000000000000002, 0.15, 0.4];
        assert_eq!(exact_mean(&values), Some(0.24000000000000002));
        assert!((sample_sd(&values).unwrap() - 0.12449899597988733).abs() < 1e-15);
        let far = [1e16, 1e16 + 2.0, 1e16 + 4.0];
        assert_eq!((exact_mean(&far), sample_sd(&far)), (Some(1e16 + 2.0), Some(2.0)));
    }

    #[test]
    fn a_spread_takes_two_values_and_a_mean_one() {
        assert_eq!((exact_mean(&[]), sample_sd(&[3.0])), (None, None));
        assert_eq!((exact_mean(&[3.0]), sample_sd(&[3.0, 3.0])), (Some(3.0), Some(0.0)));
        assert!(sample_sd(&[1.0, f64::INFINITY]).is_some_and(f64::is_nan));
    }
}

//! The Gini coefficient: how unequally a total is shared.

use super::sums;

/// The Gini coefficient of the absolute values: 0 when all are equal, (n - 1) / n when one holds everything.
///
/// Sorted ascending with ranks i from 1: `2 * sum(i * v_i) / (n * sum(v_i)) - (n + 1) / n`. 0.0 without values or
/// when all are zero; NaN when a value is not finite.
#[must_use]
pub fn gini(values: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let total = sums::plain(sizes.iter().copied());
    if total == 0.0 {
        return 0.0;
    }
    let count = sizes.len() as f64;
    let weighted = sums::plain(sizes.iter().enumerate().map(|(index, size)| (index + 1) as f64 * size));
    2.0 * weighted / (count * total) - (count + 1.0) / count
}

#[cfg(test)]
mod tests {
    use super::gini;

    /// `omega_lock.stress.gini_coefficient(values)`, omega-lock 0.3.8.
    #[test]
    fn the_coefficient_is_the_python_packages() {
        let cases: &[(&[f64], f64)] = &[
            (&[1.0, 1.0, 1.0, 1.0], 0.0),
            (&[0.0, 0.0, 0.0, 1.0], 0.75),
            (&[1.0, 2.0, 3.0, 4.0, 5.0], 0.2666666666666666),
            (&[-3.0, 0.5, 2.25, -0.125], 0.4414893617021276),
            (&[0.1, 0.7, 3.25, 40.0], 0.6938138479001137),
            (&[1e-300, 2e-300], 0.16666666666666652),
        ];
        for (values, expected) in cases {
            assert_eq!(gini(values), *expected, "{values:?}");
        }
    }

    #[test]
    fn nothing_and_only_zeros_are_shared_equally() {
        assert_eq!(gini(&[]), 0.0);
        assert_eq!(gini(&[0.0, -0.0, 0.0]), 0.0);
        assert_eq!(gini(&[7.0]), 0.0);
    }

    #[test]
    fn a_value_that_is_not_finite_makes_no_number() {
        assert!(gini(&[1.0, f64::NAN]).is_nan());
        assert!(gini(&[1.0, f64::INFINITY]).is_nan());
    }
}

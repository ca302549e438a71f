//! Pearson's correlation, and the reasons for which there is none.

use super::sums;

/// A correlation of two series, or why it could not be computed.
///
/// [`status`](Self::status) has the spellings of the Python package.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Correlation {
    /// Dimensionless, in [-1, 1] up to rounding: it is not clamped and can be 1.0000000000000002.
    Computed(f64),
    /// The first series has no values.
    Empty,
    /// The series differ in length.
    LengthMismatch,
    /// All values of a series are equal, so there is nothing to go along with.
    ZeroVariance(Side),
    /// A value is not finite, or a square or product left the range of a double. The Python package calls this
    /// `OK` with a value of NaN, or raises.
    NonFinite,
}

/// One of the two series of a correlation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first argument, the Python package's X.
    First,
    /// The second argument, the Python package's Y.
    Second,
}

impl Correlation {
    /// The coefficient, if there is one.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Computed(value) => Some(value),
            Self::Empty | Self::LengthMismatch | Self::ZeroVariance(_) | Self::NonFinite => None,
        }
    }

    /// The status as the Python package spells it; `NON_FINITE` is ours, the Python package says `OK` there.
    #[must_use]
    pub fn status(self) -> &'static str {
        match self {
            Self::Computed(_) => "OK",
            Self::Empty => "EMPTY",
            Self::LengthMismatch => "LENGTH_MISMATCH",
            Self::ZeroVariance(Side::First) => "ZERO_VARIANCE_X",
            Self::ZeroVariance(Side::Second) => "ZERO_VARIANCE_Y",
            Self::NonFinite => "NON_FINITE",
        }
    }
}

/// Pearson's product-moment correlation of the pairs `(xs[i], ys[i])`, with plain sums.
///
/// The first reason that applies is given, in the order empty, length, variance of `xs`, variance of `ys`, not
/// finite. Variance is zero when the rounded deviations are: values that are all equal but whose mean does not come
/// out exactly, such as three times 0.1, have a computed correlation made of rounding errors, as in the Python
/// package. Whoever decides on the coefficient looks at the number of distinct values first.
#[must_use]
pub fn pearson(xs: &[f64], ys: &[f64]) -> Correlation {
    if xs.is_empty() {
        return Correlation::Empty;
    }
    if xs.len() != ys.len() {
        return Correlation::LengthMismatch;
    }
    let x_deviations = deviations(xs);
    let y_deviations = deviations(ys);
    let x_norm = norm(&x_deviations);
    let y_norm = norm(&y_deviations);
    if x_norm == 0.0 {
        return Correlation::ZeroVariance(Side::First);
    }
    if y_norm == 0.0 {
        return Correlation::ZeroVariance(Side::Second);
    }
    let products = sums::plain(x_deviations.iter().zip(&y_deviations).map(|(x, y)| x * y));
    let value = products / (x_norm * y_norm);
    // An infinite norm can leave a quotient of 0.0, which would read as "uncorrelated".
    if x_norm.is_finite() && y_norm.is_finite() && value.is_finite() {
        Correlation::Computed(value)
    } else {
        Correlation::NonFinite
    }
}

fn deviations(values: &[f64]) -> Vec<f64> {
    let mean = sums::plain(values.iter().copied()) / values.len() as f64;
    values.iter().map(|value| value - mean).collect()
}

/// The root is rounded correctly; Python's `** 0.5` may be one unit in the last place away.
fn norm(deviations: &[f64]) -> f64 {
    sums::plain(deviations.iter().map(|deviation| deviation * deviation)).sqrt()
}

/// [`pearson`], except that values which are all equal have zero variance whatever their mean rounds to, and that any
/// value which is not finite is [`Correlation::NonFinite`] before anything is computed.
#[must_use]
pub fn pearson_exact(xs: &[f64], ys: &[f64]) -> Correlation {
    let constant = |values: &[f64]| values.windows(2).all(|pair| pair[0] == pair[1]);
    if xs.is_empty() {
        return Correlation::Empty;
    }
    if xs.len() != ys.len() {
        return Correlation::LengthMismatch;
    }
    if xs.iter().chain(ys).any(|value| !value.is_finite()) {
        return Correlation::NonFinite;
    }
    if constant(xs) {
        return Correlation::ZeroVariance(Side::First);
    }
    if constant(ys) {
        return Correlation::ZeroVariance(Side::Second);
    }
    pearson(xs, ys)
}

#[cfg(test)]
mod tests {
    use super::{Correlation, Side, pearson, pearson_exact};

    /// `omega_lock.walk_forward.pearson_result(xs, ys).value`, omega-lock 0.3.8 with Python 3.11.
    #[test]
    fn the_coefficient_is_the_python_packages() {
        let cases: &[(&[f64], &[f64], f64)] = &[
            (&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 1.0, 4.0, 3.0, 5.0], 0.7999999999999998),
            (&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0], -0.9999999999999998),
            (&[100000000.0, 100000001.0, 100000002.0, 100000003.0], &[0.1, 0.4, 0.2, 0.9], 0.7980238751210128),
            (
                &[0.346, 0.822, 0.33, -1.303, 0.905, 0.446, -0.537, 0.581, 0.365, 0.294],
                &[0.028, 0.547, -0.736, -0.163, -0.482, 0.599, 0.04, -0.292, -0.782, -0.257],
                0.01583461674744644,
            ),
        ];
        for (xs, ys, expected) in cases {
            let value = pearson(xs, ys).value();
            assert!(value.is_some_and(|value| (value - expected).abs() <= 1e-12), "{value:?} is not {expected}",);
        }
    }

    /// `pearson_result([0.1, 0.5, 0.7], [0.1, 0.5, 0.7]).value` is 1.0000000000000002.
    #[test]
    fn the_coefficient_is_not_clamped() {
        let series = [0.1, 0.5, 0.7];
        let value = pearson(&series, &series).value();
        assert!(value.is_some_and(|value| value > 1.0), "{value:?}");
    }

    #[test]
    fn the_first_reason_that_applies_is_given() {
        let nothing: &[f64] = &[];
        assert_eq!(pearson(nothing, &[1.0]), Correlation::Empty);
        assert_eq!(pearson(&[1.0], nothing), Correlation::LengthMismatch);
        assert_eq!(pearson(&[2.0, 2.0], &[1.0]), Correlation::LengthMismatch);
        let (flat, slope) = ([2.0, 2.0], [1.0, 2.0]);
        assert_eq!(pearson(&flat, &flat), Correlation::ZeroVariance(Side::First));
        assert_eq!(pearson(&slope, &flat), Correlation::ZeroVariance(Side::Second));
        let broken = [1.0, f64::NAN];
        assert_eq!(pearson(&flat, &broken), Correlation::ZeroVariance(Side::First));
        assert_eq!(pearson(&broken, &flat), Correlation::ZeroVariance(Side::Second));
        assert_eq!(pearson(&[1.0], &[1.0]), Correlation::ZeroVariance(Side::First));
    }

    #[test]
    fn what_is_not_finite_is_never_a_number() {
        let slope = [1.0, 2.0, 4.0];
        for broken in [
            [1.0, f64::NAN, 2.0],
            [1.0, f64::INFINITY, 2.0],
            [f64::NEG_INFINITY, 1.0, f64::INFINITY],
            [1e200, -1e200, 0.0],
            [f64::MAX, f64::MAX, 1.0],
        ] {
            assert_eq!(pearson(&broken, &slope), Correlation::NonFinite, "{broken:?}");
            assert_eq!(pearson(&slope, &broken), Correlation::NonFinite, "{broken:?}");
        }
    }

    /// `pearson_result([1e-162, -1e-162, 0.0], [1e-162, -1e-162, 0.0]).status` is `ZERO_VARIANCE_X`.
    #[test]
    fn deviations_whose_squares_vanish_are_no_variance() {
        let tiny = [1e-162, -1e-162, 0.0];
        assert_eq!(pearson(&tiny, &tiny), Correlation::ZeroVariance(Side::First));
    }

    #[test]
    fn an_overflowing_series_is_not_taken_for_an_uncorrelated_one() {
        let (huge, small) = ([1e200, -1e200, 0.0], [1e-200, -2e-100, 0.0]);
        assert_eq!(pearson(&huge, &small), Correlation::NonFinite);
    }

    #[test]
    fn statuses_are_spelt_as_in_the_python_package() {
        let all = [
            (Correlation::Computed(0.5), "OK"),
            (Correlation::Empty, "EMPTY"),
            (Correlation::LengthMismatch, "LENGTH_MISMATCH"),
            (Correlation::ZeroVariance(Side::First), "ZERO_VARIANCE_X"),
            (Correlation::ZeroVariance(Side::Second), "ZERO_VARIANCE_Y"),
            (Correlation::NonFinite, "NON_FINITE"),
        ];
        for (correlation, status) in all {
            assert_eq!(correlation.status(), status);
            assert_eq!(correlation.value().is_some(), status == "OK");
        }
    }

    /// D05 of the Python package: 1,019 of 1,881 such vectors have a computed correlation there.
    #[test]
    fn a_constant_vector_never_has_an_exact_correlation() {
        for n in 2..=20 {
            for x in 1..=99 {
                let values = vec![f64::from(x) / 100.0; n];
                assert_eq!(pearson_exact(&values, &values), Correlation::ZeroVariance(Side::First), "{x} {n}");
            }
        }
        assert_eq!(pearson_exact(&[1.0, f64::NAN], &[1.0, 2.0]), Correlation::NonFinite);
        assert_eq!(pearson_exact(&[1.0, 2.0, 4.0], &[2.0, 1.0, 0.5]), pearson(&[1.0, 2.0, 4.0], &[2.0, 1.0, 0.5]));
    }
}

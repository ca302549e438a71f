//! Where values lie and how far apart: mean, population standard deviation, z-scores.

use super::sums;

/// The arithmetic mean, in the values' own unit: the plain sum over their number. `None` without values.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| sums::plain(values.iter().copied()) / values.len() as f64)
}

/// The standard deviation of a whole population (divided by n, not n - 1), in the values' own unit.
///
/// `None` without values; not finite when a value is not.
#[must_use]
pub fn population_sd(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let squares = sums::plain(values.iter().map(|value| (value - mean) * (value - mean)));
    Some((squares / values.len() as f64).sqrt())
}

/// For each value its distance from the mean in population standard deviations.
///
/// All 0.0 when the standard deviation is not above zero, which includes one that is NaN.
#[must_use]
pub fn z_scores(values: &[f64]) -> Vec<f64> {
    match (mean(values), population_sd(values)) {
        (Some(mean), Some(sd)) if sd > 0.0 => values.iter().map(|value| (value - mean) / sd).collect(),
        _ => vec![0.0; values.len()],
    }
}

#[cfg(test)]
mod tests {
    use super::{mean, population_sd, z_scores};

    #[test]
    fn nothing_has_neither_mean_nor_spread() {
        assert_eq!(mean(&[]), None);
        assert_eq!(population_sd(&[]), None);
        assert!(z_scores(&[]).is_empty());
    }

    /// Python: `statistics.fmean` and `numpy.std` of the same lists.
    #[test]
    fn the_spread_divides_by_the_number_of_values() {
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(mean(&values), Some(5.0));
        assert_eq!(population_sd(&values), Some(2.0));
        assert_eq!(population_sd(&[3.5]), Some(0.0));
    }

    /// The Python package's normalised stress of the raw stresses 0.1, 0.7, 3.25, 40 (Python 3.11).
    #[test]
    fn z_scores_are_the_python_packages() {
        let expected = [-0.6504177872569499, -0.6146559845211725, -0.46266832289411897, 1.7277420946722415];
        for (score, expected) in z_scores(&[0.1, 0.7, 3.25, 40.0]).into_iter().zip(expected) {
            assert!((score - expected).abs() <= 1e-12, "{score} is not {expected}");
        }
    }

    #[test]
    fn equal_or_unmeasurable_values_have_z_scores_of_zero() {
        assert_eq!(z_scores(&[2.0, 2.0, 2.0]), [0.0; 3]);
        assert_eq!(z_scores(&[5.0]), [0.0]);
        assert_eq!(z_scores(&[1.0, f64::NAN]), [0.0; 2]);
        assert_eq!(z_scores(&[1.0, f64::INFINITY]), [0.0; 2]);
    }
}

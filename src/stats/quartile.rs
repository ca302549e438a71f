//! The mean of the best quarter: what a grid and a random search are compared by.

use super::extremes::mean_of_extremes;

/// The mean of the largest `max(1, n / 4)` values, in their own unit. `None` without values.
///
/// 125 values give the mean of 31; fewer than eight give the largest alone.
#[must_use]
pub fn top_quartile_mean(values: &[f64]) -> Option<f64> {
    let quarter = (values.len() / 4).max(1);
    mean_of_extremes(values, quarter).map(|extremes| extremes.top_mean)
}

#[cfg(test)]
mod tests {
    use super::top_quartile_mean;

    #[test]
    fn nothing_has_no_best_quarter() {
        assert_eq!(top_quartile_mean(&[]), None);
    }

    /// `omega_lock.random_search.top_quartile_fitness` of points with these fitnesses, omega-lock 0.3.8.
    #[test]
    fn the_mean_is_the_python_packages() {
        let cases: &[(&[f64], f64)] = &[
            (&[3.5], 3.5),
            (&[1.0, -2.0, 7.25], 7.25),
            (&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], 0.7),
            (&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9], 0.8),
            (&[-1.0, -2.0, -3.0, -4.0, -5.0, -6.0, -7.0, -8.0], -1.5),
        ];
        for (values, expected) in cases {
            assert_eq!(top_quartile_mean(values), Some(*expected), "{values:?}");
        }
        let ramp: Vec<f64> = (0..125).map(|step| f64::from(step) * 0.1).collect();
        assert_eq!(top_quartile_mean(&ramp), Some(10.9));
    }

    #[test]
    fn a_nan_counts_as_the_largest_value() {
        assert!(top_quartile_mean(&[1.0, f64::NAN, 3.0]).is_some_and(f64::is_nan));
    }
}

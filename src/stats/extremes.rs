//! The means at both ends of a ranking: what stress contrast is measured by.

use super::sums;

/// The mean of the largest and of the smallest values of a slice, both in the values' own unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremes {
    /// Mean of the largest values.
    pub top_mean: f64,
    /// Mean of the smallest values.
    pub bottom_mean: f64,
}

/// The means of the `count` largest and of the `count` smallest values; the two groups overlap when `count` is more
/// than half of them.
///
/// Each group is added from its largest value down. More than there are means all of them; `None` without values
/// or with a `count` of 0.
#[must_use]
pub fn mean_of_extremes(values: &[f64], count: usize) -> Option<Extremes> {
    let count = count.min(values.len());
    if count == 0 {
        return None;
    }
    let mut descending = values.to_vec();
    // The sign of a NaN differs from processor to processor; it must not decide at which end it counts.
    let rank = |value: f64| if value.is_nan() { value.copysign(1.0) } else { value };
    descending.sort_by(|left, right| rank(*right).total_cmp(&rank(*left)));
    let mean = |group: &[f64]| sums::plain(group.iter().copied()) / count as f64;
    Some(Extremes { top_mean: mean(&descending[..count]), bottom_mean: mean(&descending[values.len() - count..]) })
}

#[cfg(test)]
mod tests {
    use super::{Extremes, mean_of_extremes};

    #[test]
    fn nothing_has_no_extremes() {
        assert_eq!(mean_of_extremes(&[], 3), None);
        assert_eq!(mean_of_extremes(&[1.0], 0), None);
    }

    /// Python 3.11: `s = sorted(values, reverse=True)`, `sum(s[:k]) / k`, `sum(s[-k:]) / k`.
    #[test]
    fn the_means_are_those_of_a_descending_list_in_python() {
        let values = [0.3, 12.5, 0.1, 7.7, 0.7, 3.3, 1e-3];
        let cases = [
            (1, 12.5, 0.001),
            (2, 10.1, 0.0505),
            (3, 7.833333333333333, 0.13366666666666668),
            (5, 4.9, 0.8802),
            (7, 3.5144285714285717, 3.5144285714285717),
        ];
        for (count, top_mean, bottom_mean) in cases {
            let expected = Extremes { top_mean, bottom_mean };
            assert_eq!(mean_of_extremes(&values, count), Some(expected), "k = {count}");
        }
    }

    #[test]
    fn more_than_there_are_means_all_of_them() {
        let all = Extremes { top_mean: 2.0, bottom_mean: 2.0 };
        assert_eq!(mean_of_extremes(&[3.0, 1.0], 5), Some(all));
    }

    #[test]
    fn a_nan_ranks_first_and_leaves_the_bottom_alone() {
        let extremes = mean_of_extremes(&[1.0, f64::NAN, 3.0], 1);
        assert!(extremes.is_some_and(|extremes| extremes.top_mean.is_nan()));
        assert!(extremes.is_some_and(|extremes| extremes.bottom_mean == 1.0));
    }
}

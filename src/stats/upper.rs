//! The upper part of some values.

use super::sums;

/// The share of the spread that lies between two groups where values fall apart into two: evenly spread values have .75,
/// normal ones .64.
const APART: f64 = 0.8;

/// How many of the values, which are sorted, the largest first, are their upper part: the upper half, or the upper of two
/// groups where they fall into two and that one is smaller; at least `least` of them, if there are as many.
///
/// Groups are those that leave the least spread within both (N. Otsu 1979).
#[must_use]
pub fn upper_part(descending: &[f64], least: usize) -> usize {
    let count = descending.len();
    let half = count.div_ceil(2);
    let largest = descending.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let parts: Vec<f64> = descending.iter().map(|value| value / largest).collect();
    let mean = sums::plain(parts.iter().copied()) / count as f64;
    let spread = sums::plain(parts.iter().map(|part| (part - mean) * (part - mean)));
    let (mut best, mut between, mut above) = (half, 0.0, 0.0);
    for (place, part) in parts.iter().enumerate().take(count.saturating_sub(1)) {
        above += part - mean;
        let (upper, lower) = (place as f64 + 1.0, (count - place - 1) as f64);
        let found = above * above * count as f64 / (upper * lower);
        if found > between {
            (best, between) = (place + 1, found);
        }
    }
    let upper = if between >= APART * spread { best.min(half) } else { half };
    upper.max(least.min(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_part_is_the_half_or_the_upper_of_two_groups() {
        let even: Vec<f64> = (0..20).rev().map(f64::from).collect();
        assert_eq!((upper_part(&even, 5), upper_part(&even[..7], 3), upper_part(&even, 12)), (10, 4, 12));
        // Five that are good, fifteen that are ten worse.
        let groups: Vec<f64> = even.iter().map(|value| if *value >= 15.0 { *value } else { value - 100.0 }).collect();
        assert_eq!((upper_part(&groups, 3), upper_part(&groups, 8)), (5, 8));
        // Fifteen that are good: the upper half of them all.
        let groups: Vec<f64> = even.iter().map(|value| if *value >= 5.0 { *value } else { value - 100.0 }).collect();
        assert_eq!(upper_part(&groups, 3), 10);
    }

    #[test]
    fn what_has_no_spread_or_no_end_has_a_half() {
        assert_eq!((upper_part(&[], 5), upper_part(&[1.0], 5), upper_part(&[0.0; 8], 2)), (0, 1, 4));
        assert_eq!((upper_part(&[f64::MAX, f64::MIN, f64::MIN, f64::MIN], 1), upper_part(&[f64::NAN; 4], 1)), (1, 2));
    }
}

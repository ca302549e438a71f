//! Ranking by a number, the best first.

use std::cmp::Ordering;

/// Larger before smaller; NaN after everything, and the two zeros alike, so that a stable sort keeps ties in order.
pub fn descending(a: f64, b: f64) -> Ordering {
    match (a.is_nan(), b.is_nan()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => b.partial_cmp(&a).unwrap_or(Ordering::Equal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_comes_last_and_both_zeros_tie() {
        let mut values = [(0.0, 'a'), (f64::NAN, 'b'), (-0.0, 'c'), (f64::INFINITY, 'd'), (0.0, 'e')];
        values.sort_by(|left, right| descending(left.0, right.0));
        assert_eq!(values.map(|(_, name)| name), ['d', 'a', 'c', 'e', 'b']);
    }
}

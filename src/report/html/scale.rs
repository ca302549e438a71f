//! From values to places in a picture.

use crate::number::general;

/// Marks of an axis, about.
const MARKS: f64 = 5.0;

/// A straight line from values to pixels. Only finite values have a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// From the smallest to the largest of the finite values, onto pixels `from` to `to`; none without a finite value.
    pub(super) fn over(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Option<Self> {
        let finite = values.filter(|value| value.is_finite());
        let range = finite.fold(None, |range: Option<(f64, f64)>, value| {
            Some(range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        });
        let (low, high) = range?;
        if low < high {
            return Some(Self { low, high, from, to });
        }
        // One value lies in the middle of a range around it.
        let around = if low == 0.0 { 1.0 } else { low.abs() / 2.0 };
        Some(Self { low: (low - around).max(f64::MIN), high: (high + around).min(f64::MAX), from, to })
    }

    /// The same with room beyond both ends, as a share of the whole.
    pub(super) fn with_room(self, share: f64) -> Self {
        let room = (self.high / 2.0 - self.low / 2.0) * 2.0 * share;
        let (low, high) = (self.low - room, self.high + room);
        if low.is_finite() && high.is_finite() { Self { low, high, ..self } } else { self }
    }

    /// How far into the range, from 0 to 1.
    pub(super) fn share(&self, value: f64) -> f64 {
        // Halves, because the range of two doubles may be no double.
        let share = (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0);
        share.clamp(0.0, 1.0)
    }

    /// The place of a finite value.
    pub(super) fn at(&self, value: f64) -> f64 {
        self.from + (self.to - self.from) * self.share(value)
    }

    /// Round values within the range, with their places.
    pub(super) fn marks(&self) -> Vec<(String, f64)> {
        let rough = (self.high / 2.0 - self.low / 2.0) * 2.0 / MARKS;
        let power = 10f64.powi(rough.log10().floor() as i32);
        let step = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|step| *step >= rough);
        let Some(step) = step.filter(|step| step.is_finite() && *step > 0.0) else { return Vec::new() };
        let first = (self.low / step).ceil();
        let values = (0..2 * MARKS as i32).map(|index| (first + f64::from(index)) * step);
        let within = values.take_while(|value| *value <= self.high);
        within.map(|value| (general(value + 0.0, 4), self.at(value))).collect()
    }
}

/// A length as SVG has it: the same digits wherever it is drawn.
pub(super) fn pixels(length: f64) -> String {
    general((length * 10.0).round() / 10.0 + 0.0, 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finite_values_have_places_and_without_one_there_is_no_scale() {
        let scale = Scale::over([2.0, f64::NAN, 4.0, f64::INFINITY].into_iter(), 100.0, 0.0).unwrap();
        assert_eq!(pixels(scale.at(2.0)), "100");
        assert_eq!(pixels(scale.at(3.5)), "25");
        assert_eq!(Scale::over([f64::NAN].into_iter(), 0.0, 1.0), None);
    }

    #[test]
    fn the_widest_range_and_the_narrowest_have_finite_places() {
        for values in [[f64::MIN, f64::MAX], [0.0, 0.0], [5e-324, 1e-323], [f64::MAX, f64::MAX]] {
            let scale = Scale::over(values.into_iter(), 0.0, 100.0).unwrap().with_room(0.1);
            for value in values {
                let place = scale.at(value);
                assert!((0.0..=100.0).contains(&place), "{values:?} {place}");
            }
            assert!(scale.marks().iter().all(|(_, at)| (-0.1..=100.1).contains(at)), "{values:?}");
        }
    }

    #[test]
    fn marks_are_round() {
        let scale = Scale::over([0.3, 9.7].into_iter(), 0.0, 100.0).unwrap();
        let labels: Vec<String> = scale.marks().into_iter().map(|(label, _)| label).collect();
        assert_eq!(labels, ["2", "4", "6", "8"]);
    }
}

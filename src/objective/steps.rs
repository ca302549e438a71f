//! The values of a number that moves in steps.

use super::spec::round_half_even;
use super::{ParamKind, ParamSpec, Scale, Value};

/// The most steps of a range: their places are whole numbers that a double holds.
const MOST: f64 = 9_007_199_254_740_992.0;

/// How far a value may be from a step, as a fraction of one, and still be that step.
const NEAR: f64 = 1e-9;

/// The values that a stepped number has: the lower end, and every step from it up to the last that lies in the range. They are
/// named by their places, from 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steps {
    low: f64,
    high: f64,
    size: f64,
    /// The last place.
    last: u64,
    /// Both as whole numbers, of a parameter that has only these.
    whole: Option<(i64, i64)>,
    /// Digits behind the point that the lower end and the step have at most; absent where that says nothing.
    digits: Option<usize>,
}

impl Steps {
    /// The steps of a parameter; `None` if it has none, or none that make sense.
    pub(super) fn of(spec: &ParamSpec) -> Option<Self> {
        let step = spec.step.as_ref()?;
        match (&spec.kind, step) {
            (&ParamKind::Int { low, high, scale: Scale::Linear, .. }, &Value::Int(size)) if size > 0 && low <= high => {
                let last = high.abs_diff(low) / size.unsigned_abs();
                let last = Some(last).filter(|last| (*last as f64) < MOST)?;
                let whole = Some((low, size));
                Some(Self { low: low as f64, high: high as f64, size: size as f64, last, whole, digits: None })
            }
            (&ParamKind::Float { low, high, scale: Scale::Linear, .. }, &Value::Float(size)) => {
                let size = Some(size).filter(|size| *size > 0.0 && size.is_finite())?;
                let count = ((high - low) / size + NEAR).floor();
                let last = (0.0..MOST).contains(&count).then_some(count as u64)?;
                let digits = decimals(low).zip(decimals(size)).map(|(low, size)| low.max(size));
                Some(Self { low, high, size, last, whole: None, digits })
            }
            _ => None,
        }
    }

    /// The last place.
    pub(crate) const fn last(&self) -> u64 {
        self.last
    }

    /// One step, in the parameter's unit.
    pub(crate) const fn size(&self) -> f64 {
        self.size
    }

    /// The value at a place; behind the last it is the last.
    pub(crate) fn at(&self, place: u64) -> Value {
        let place = place.min(self.last);
        if let Some((low, size)) = self.whole {
            // Within the range, so within the numbers there are.
            let value = i128::from(low) + i128::from(place) * i128::from(size);
            return Value::Int(i64::try_from(value).unwrap_or(i64::MAX));
        }
        let value = self.low + place as f64 * self.size;
        // 3 steps of 0.1 are 0.3 to whoever declared them.
        let spelt = self.digits.and_then(|digits| format!("{value:.digits$}").parse().ok());
        // Below 0 a step that lies on 0 is spelt -0.0, which is another value to whoever compares bits.
        Value::Float(spelt.unwrap_or(value).min(self.high) + 0.0)
    }

    /// The place nearest to a number, halves to even; a NaN is at the last, as clipping has it.
    pub(crate) fn nearest(&self, raw: f64) -> u64 {
        // Far from 0 a double has no fractions, and the differences of whole numbers are told exactly.
        if let Some((low, size)) = self.whole.filter(|_| raw.abs().max(self.low.abs()) >= MOST && raw.is_finite()) {
            let (away, size) = (i128::from(round_half_even(raw)) - i128::from(low), i128::from(size));
            let (place, rest) = (away.div_euclid(size), away.rem_euclid(size));
            let up = 2 * rest > size || 2 * rest == size && place % 2 == 1;
            return u64::try_from((place + i128::from(up)).max(0)).unwrap_or(u64::MAX).min(self.last);
        }
        let place = ((raw - self.low) / self.size).round_ties_even();
        if place.is_nan() { self.last } else { (place.max(0.0) as u64).min(self.last) }
    }

    /// Where a number that is `by` away comes to lie on the steps, also beyond the range; at least one step away unless `by` is 0.
    pub(crate) fn moved(&self, center: f64, by: f64) -> f64 {
        let from = self.nearest(center);
        let away = (by / self.size).round_ties_even();
        let away = if away == 0.0 && by != 0.0 { by.signum() } else { away };
        let place = from as f64 + away;
        match place >= 0.0 && place <= self.last as f64 {
            true => self.at(place as u64).as_f64().unwrap_or(f64::NAN),
            false => self.low + place * self.size,
        }
    }

    /// Whether a whole number in the range is one of the values. Doubles tell large ones apart no more.
    pub(super) fn contain_whole(&self, value: i64) -> bool {
        self.whole.is_some_and(|(low, size)| (i128::from(value) - i128::from(low)) % i128::from(size) == 0)
    }

    /// Whether a number in the range is one of the values.
    pub(super) fn contain(&self, value: f64) -> bool {
        let nearest = self.at(self.nearest(value)).as_f64();
        nearest.is_some_and(|nearest| (value - nearest).abs() <= NEAR * self.size)
    }
}

/// The places from `low` to `high`, at most `count` of them, evenly spaced, halves to even.
pub(crate) fn even_steps(low: u64, high: u64, count: usize) -> Vec<u64> {
    let span = high - low;
    if span < count as u64 {
        return (low..=high).collect();
    }
    if count < 2 {
        return vec![low];
    }
    let step = span as f64 / (count - 1) as f64;
    let place = |i: usize| u64::try_from(round_half_even(step * i as f64)).unwrap_or(0).min(span);
    let mut places: Vec<u64> = (0..count).map(|i| low + place(i)).collect();
    places.dedup();
    places
}

/// Digits behind the point of a number as people write it; absent where that are more than a double tells apart.
fn decimals(value: f64) -> Option<usize> {
    let spelt = value.to_string();
    let digits = spelt.split_once('.').map_or(0, |(_, digits)| digits.len());
    (digits <= 15).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floats(spec: &ParamSpec) -> Vec<f64> {
        let steps = Steps::of(spec).expect("it has steps");
        (0..=steps.last()).filter_map(|place| steps.at(place).as_f64()).collect()
    }

    #[test]
    fn steps_are_the_numbers_that_somebody_would_write_and_end_within_the_range() {
        assert_eq!(floats(&ParamSpec::float("x", 0.0..=0.5, 0.0).step(0.1)), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(floats(&ParamSpec::float("x", -1.0..=1.0, 0.0).step(0.75)), [-1.0, -0.25, 0.5]);
        assert_eq!(floats(&ParamSpec::float("x", 0.0..=1.0, 0.0).step(1.0 / 3.0)).len(), 4);
        assert_eq!(floats(&ParamSpec::float("x", 0.0..=2.0, 0.0).step(1)), [0.0, 1.0, 2.0]);
        assert_eq!(floats(&ParamSpec::int("n", 10..=25, 10).step(7)), [10.0, 17.0, 24.0]);
        assert_eq!(floats(&ParamSpec::int("n", 3..=4, 3).step(5)), [3.0]);
        let all = ParamSpec::int("n", i64::MIN..=i64::MAX, 0).step(i64::MAX);
        assert_eq!(Steps::of(&all).unwrap().at(2), Value::Int(i64::MAX - 1));
        let bits = floats(&ParamSpec::float("x", -0.9..=0.9, 0.0).step(0.3)).into_iter().map(f64::to_bits);
        assert_eq!(bits.collect::<Vec<_>>(), [-0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9].map(f64::to_bits), "no -0.0");
    }

    #[test]
    fn whole_numbers_that_doubles_do_not_tell_apart_are_told_apart() {
        let low = 1_i64 << 60;
        let spec = ParamSpec::int("n", low..=low + 10, low).step(1);
        assert!((0..=10).all(|place| spec.contains(&Value::Int(low + place))));
        let spec = ParamSpec::int("n", low..=low + 999, low).step(3);
        assert!(spec.contains(&Value::Int(low + 6)) && !spec.contains(&Value::Int(low + 7)));
        // The nearest double to it.
        assert_eq!(spec.clip((low + 256) as f64), Value::Int(low + 255));
        assert_eq!(spec.clip(f64::INFINITY), Value::Int(low + 999));
        assert_eq!(spec.clip(0.0), Value::Int(low));
        assert!(Steps::of(&ParamSpec::int("n", 0..=1 << 53, 0).step(1)).is_none(), "too many");
    }

    #[test]
    fn a_move_goes_at_least_one_step_and_may_leave_the_range() {
        let steps = Steps::of(&ParamSpec::float("x", 0.0..=1.0, 0.5).step(0.25)).unwrap();
        assert_eq!([0.01, -0.01, 0.3, 0.0].map(|by| steps.moved(0.5, by)), [0.75, 0.25, 0.75, 0.5]);
        assert_eq!(steps.moved(1.0, 0.3), 1.25);
    }
}

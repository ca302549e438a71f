//! The values a grid takes along one parameter.

use libm::pow;

use crate::objective::{ParamKind, ParamSpec, Scale, Value, even_steps, round_half_even};

/// `n` evenly spaced values over the whole range of a parameter.
///
/// A number that moves in steps has every value if there are at most `n`, else `n` of them, as evenly spaced as steps allow.
/// A switch always has both values, a choice all of its alternatives. An int has every value if there are at most `n`, else the distinct rounded values
/// (halves to even), which may be fewer than `n`. A float has `low + (high - low) * i / (n - 1)`, also where `low` is
/// `high`; a single point is `low`. On a log scale the points are spaced by equal ratios: `low * (high / low)^(i / (n - 1))`.
pub fn grid_points(spec: &ParamSpec, n: usize) -> Vec<Value> {
    if let Some(steps) = spec.steps() {
        return even_steps(0, steps.last(), n).into_iter().map(|place| steps.at(place)).collect();
    }
    match &spec.kind {
        &ParamKind::Float { low, high, scale, .. } => {
            float_axis(low, high, n, scale).into_iter().map(Value::Float).collect()
        }
        &ParamKind::Int { low, high, scale, .. } => int_axis(low, high, n, scale),
        ParamKind::Bool { .. } => vec![Value::Bool(false), Value::Bool(true)],
        ParamKind::Choice { choices, .. } => choices.iter().cloned().map(Value::Choice).collect(),
    }
}

/// `n` evenly spaced values between two values of a parameter, both clipped to its range and swapped if reversed.
///
/// As [`grid_points`], except that a float range of one point is that point.
pub fn grid_points_in(spec: &ParamSpec, low: f64, high: f64, n: usize) -> Vec<Value> {
    if let Some(steps) = spec.steps() {
        let (a, b) = (steps.nearest(low), steps.nearest(high));
        return even_steps(a.min(b), a.max(b), n).into_iter().map(|place| steps.at(place)).collect();
    }
    match (spec.clip(low), spec.clip(high)) {
        (Value::Float(a), Value::Float(b)) => {
            let (low, high) = if b < a { (b, a) } else { (a, b) };
            let points = if low == high { vec![low] } else { float_axis(low, high, n, spec.scale()) };
            points.into_iter().map(Value::Float).collect()
        }
        (Value::Int(a), Value::Int(b)) => int_axis(a.min(b), a.max(b), n, spec.scale()),
        _ => grid_points(spec, n),
    }
}

fn float_axis(low: f64, high: f64, n: usize, scale: Scale) -> Vec<f64> {
    if n < 2 {
        return vec![low];
    }
    (0..n).map(|i| spaced(low, high, i, n, scale)).collect()
}

/// The point `i` of `n`.
fn spaced(low: f64, high: f64, i: usize, n: usize, scale: Scale) -> f64 {
    match scale {
        Scale::Linear => low + (high - low) * i as f64 / (n - 1) as f64,
        // The ends are the ends, whatever the power rounds to.
        Scale::Log if i == 0 => low,
        Scale::Log if i == n - 1 => high,
        Scale::Log => low * pow(high / low, i as f64 / (n - 1) as f64),
    }
}

fn int_axis(low: i64, high: i64, n: usize, scale: Scale) -> Vec<Value> {
    let span = high.abs_diff(low);
    if span < n as u64 {
        return (low..=high).map(Value::Int).collect();
    }
    if n < 2 {
        return vec![Value::Int(low)];
    }
    let step = span as f64 / (n - 1) as f64;
    let point = |i: usize| match scale {
        Scale::Linear => low as f64 + step * i as f64,
        Scale::Log => spaced(low as f64, high as f64, i, n, scale),
    };
    let mut values: Vec<i64> = (0..n).map(|i| round_half_even(point(i)).clamp(low, high)).collect();
    values.sort_unstable();
    values.dedup();
    values.into_iter().map(Value::Int).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(low: i64, high: i64) -> Vec<i64> {
        let to_int = |value: Value| if let Value::Int(value) = value { value } else { i64::MIN };
        grid_points(&ParamSpec::int("i", low..=high, low), 5).into_iter().map(to_int).collect()
    }

    #[test]
    fn int_axes_round_as_the_reference_does() {
        // Run with omega-lock 0.3.8: grid_points(spec, 5).
        assert_eq!(ints(1, 100), [1, 26, 50, 75, 100]);
        assert_eq!(ints(3, 30), [3, 10, 16, 23, 30]);
        assert_eq!(ints(0, 9), [0, 2, 4, 7, 9]);
        assert_eq!(ints(0, 5), [0, 1, 2, 4, 5]);
        assert_eq!(ints(0, 3), [0, 1, 2, 3]);
    }

    #[test]
    fn a_log_axis_is_spaced_by_ratios_and_a_choice_has_every_alternative() {
        let decades = grid_points(&ParamSpec::log_float("rate", 1e-4..=1.0, 0.1), 5);
        let values: Vec<f64> = decades.iter().filter_map(Value::as_f64).collect();
        for (value, expected) in values.iter().zip([1e-4, 1e-3, 1e-2, 1e-1, 1.0]) {
            assert!((value / expected - 1.0).abs() < 1e-12, "{values:?}");
        }
        let sizes = grid_points(&ParamSpec::log_int("width", 1..=256, 16), 5);
        assert_eq!(sizes, [1, 4, 16, 64, 256].map(Value::Int));
        let loss = ParamSpec::choice("loss", ["l1", "l2", "huber"], "l2");
        assert_eq!(grid_points(&loss, 2), ["l1", "l2", "huber"].map(Value::from));
        assert_eq!(grid_points_in(&loss, 0.0, 1.0, 2), ["l1", "l2", "huber"].map(Value::from));
    }

    #[test]
    fn a_stepped_axis_has_steps_only() {
        let fine = ParamSpec::float("x", 0.0..=1.0, 0.0).step(0.1);
        assert_eq!(grid_points(&fine, 5), [0.0, 0.2, 0.5, 0.8, 1.0].map(Value::Float));
        assert_eq!(grid_points(&fine, 20).len(), 11);
        assert_eq!(grid_points_in(&fine, 0.28, 0.52, 9), [0.3, 0.4, 0.5].map(Value::Float));
        let coarse = ParamSpec::int("n", 5..=100, 5).step(20);
        assert_eq!(grid_points(&coarse, 5), [5, 25, 45, 65, 85].map(Value::Int));
        assert_eq!(grid_points(&coarse, 1), [Value::Int(5)]);
    }

    #[test]
    fn an_axis_over_all_integers_neither_overflows_nor_panics() {
        assert_eq!(ints(i64::MIN, i64::MAX).len(), 5);
    }

    #[test]
    fn a_float_range_of_one_point_repeats_in_a_grid_but_not_in_a_zoom() {
        let spec = ParamSpec::float("f", 2.0..=2.0, 2.0);
        assert_eq!(grid_points(&spec, 3), vec![Value::Float(2.0); 3]);
        assert_eq!(grid_points_in(&spec, 2.0, 2.0, 3), vec![Value::Float(2.0)]);
    }
}

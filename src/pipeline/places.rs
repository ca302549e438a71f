//! Where parameters lie in their space: what makes two of them neighbours.

use libm::log;

use crate::objective::{ParamError, ParamKind, ParamSpace, ParamSpec, Params, Scale, Value};
use crate::stats::Nearness;

/// The unlocked parameters as axes.
pub(super) struct Axes<'s> {
    specs: Vec<&'s ParamSpec>,
}

impl<'s> Axes<'s> {
    pub(super) fn of(space: &'s ParamSpace, unlocked: &[String]) -> Result<Self, ParamError> {
        Ok(Self { specs: unlocked.iter().map(|name| space.get(name)).collect::<Result<_, ParamError>>()? })
    }

    /// Their names, and how near two places of each are.
    pub(super) fn named(&self) -> Vec<(String, Nearness)> {
        let nearness = |spec: &ParamSpec| match spec.kind {
            ParamKind::Float { .. } | ParamKind::Int { .. } => Nearness::Distance,
            ParamKind::Bool { .. } | ParamKind::Choice { .. } => Nearness::Alike,
        };
        self.specs.iter().map(|spec| (spec.name.clone(), nearness(spec))).collect()
    }

    /// The place along each of them.
    pub(super) fn place(&self, params: &Params) -> Vec<f64> {
        let place = |spec: &&ParamSpec| params.get(&spec.name).map_or(0.0, |value| place(spec, value));
        self.specs.iter().map(place).collect()
    }
}

/// A number in parts of its range, on the scale it is declared on; the place of an alternative among all.
fn place(spec: &ParamSpec, value: &Value) -> f64 {
    let (low, high) = match &spec.kind {
        &ParamKind::Float { low, high, .. } => (low, high),
        &ParamKind::Int { low, high, .. } => (low as f64, high as f64),
        ParamKind::Bool { .. } => (0.0, 1.0),
        ParamKind::Choice { choices, .. } => {
            let same = |choice: &std::sync::Arc<str>| *value == Value::Choice(std::sync::Arc::clone(choice));
            return choices.iter().position(same).map_or(0.0, |place| place as f64);
        }
    };
    let scaled = |value: f64| if spec.scale() == Scale::Log { log(value) } else { value };
    let (low, high) = (scaled(low), scaled(high));
    let place = value.as_f64().map_or(0.0, |value| (scaled(value) - low) / (high - low));
    // A range of one value is one place.
    if place.is_finite() { place } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lie_in_parts_of_their_range_on_its_scale_and_alternatives_at_their_number() {
        let space = ParamSpace::new()
            .float("gain", -1.0..=3.0, 0.0)
            .log_float("rate", 1e-4..=1.0, 0.01)
            .int("taps", 2..=10, 4)
            .log_int("width", 1..=256, 16)
            .bool("boost", true)
            .choice("loss", ["l1", "l2", "huber"], "huber")
            .float("fixed", 2.0..=2.0, 2.0);
        let names: Vec<String> = space.specs().iter().map(|spec| spec.name.clone()).collect();
        let axes = Axes::of(&space, &names).unwrap();
        let places = axes.place(&space.neutral());
        for (place, expected) in places.iter().zip([0.25, 0.5, 0.25, 0.5, 1.0, 2.0, 0.0]) {
            assert!((place - expected).abs() < 1e-12, "{places:?}");
        }
        let alike: Vec<bool> = axes.named().iter().map(|(_, nearness)| *nearness == Nearness::Alike).collect();
        assert_eq!(alike, [false, false, false, false, true, true, false]);
        assert!(Axes::of(&space, &["gian".to_owned()]).is_err());
    }
}

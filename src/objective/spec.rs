//! One parameter: its kind, range and baseline.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::{Steps, Value};

/// A parameter that may be tuned.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ParamSpec {
    /// Its name, unique in the space.
    pub name: String,
    /// Its kind and range.
    pub kind: ParamKind,
    /// How far apart the values of a number are, from the lower end on; `None` is every number of the kind. Linear scales only.
    pub step: Option<Value>,
    /// Never unlock it when `search.leave_out_suppressed` is set; its stress is measured all the same. For parameters
    /// that look important and are known not to be.
    pub stress_suppressed: bool,
}

/// Kind, range (both ends included) and baseline of a parameter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ParamKind {
    /// A real number.
    Float {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
        /// Baseline.
        neutral: f64,
        /// What counts as evenly spaced.
        scale: Scale,
    },
    /// A whole number.
    Int {
        /// Smallest value.
        low: i64,
        /// Largest value.
        high: i64,
        /// Baseline.
        neutral: i64,
        /// What counts as evenly spaced.
        scale: Scale,
    },
    /// A switch.
    Bool {
        /// Baseline.
        neutral: bool,
    },
    /// One of several named alternatives, which have an order but no distance.
    Choice {
        /// The alternatives.
        choices: Arc<[Arc<str>]>,
        /// Baseline.
        neutral: Arc<str>,
    },
}

words! {
    /// What counts as evenly spaced along a number's range.
    #[derive(Default)]
    pub enum Scale {
        /// Equal differences.
        #[default]
        Linear = "linear",
        /// Equal ratios; the range lies above zero.
        Log = "log",
    }
}

impl ParamSpec {
    /// A real parameter in `low..=high` with this baseline.
    pub fn float(name: impl Into<String>, range: RangeInclusive<f64>, neutral: f64) -> Self {
        let (low, high) = range.into_inner();
        Self::of(name, ParamKind::Float { low, high, neutral, scale: Scale::Linear })
    }

    /// A real parameter on a logarithmic scale, such as a learning rate.
    pub fn log_float(name: impl Into<String>, range: RangeInclusive<f64>, neutral: f64) -> Self {
        Self::float(name, range, neutral).scaled(Scale::Log)
    }

    /// A whole-number parameter in `low..=high` with this baseline.
    pub fn int(name: impl Into<String>, range: RangeInclusive<i64>, neutral: i64) -> Self {
        let (low, high) = range.into_inner();
        Self::of(name, ParamKind::Int { low, high, neutral, scale: Scale::Linear })
    }

    /// A whole-number parameter on a logarithmic scale, such as a buffer size.
    pub fn log_int(name: impl Into<String>, range: RangeInclusive<i64>, neutral: i64) -> Self {
        Self::int(name, range, neutral).scaled(Scale::Log)
    }

    /// One of several named alternatives, with the baseline among them.
    pub fn choice<'c>(name: impl Into<String>, choices: impl IntoIterator<Item = &'c str>, neutral: &str) -> Self {
        let choices: Vec<Arc<str>> = choices.into_iter().map(Arc::from).collect();
        Self::of(name, ParamKind::Choice { choices: choices.into(), neutral: neutral.into() })
    }

    /// A switch with this baseline.
    pub fn bool(name: impl Into<String>, neutral: bool) -> Self {
        Self::of(name, ParamKind::Bool { neutral })
    }

    /// The same number on another scale; a switch or a choice has none.
    #[must_use]
    pub(crate) fn scaled(mut self, declared: Scale) -> Self {
        if let ParamKind::Float { scale, .. } | ParamKind::Int { scale, .. } = &mut self.kind {
            *scale = declared;
        }
        self
    }

    /// Lets a number move in steps from the lower end of its range only: `step(5)`, `step(0.25)`. The last value is the last
    /// step that lies in the range, and the baseline is one of the values.
    ///
    /// A number on a log scale, a switch and a choice have no steps; [`ParamSpace::check`](super::ParamSpace::check) refuses them.
    #[must_use]
    pub fn step(mut self, step: impl Into<Value>) -> Self {
        let step = step.into();
        self.step = Some(match (&self.kind, step) {
            (ParamKind::Float { .. }, Value::Int(step)) => Value::Float(step as f64),
            (_, step) => step,
        });
        self
    }

    /// The values of a number that moves in steps.
    pub(crate) fn steps(&self) -> Option<Steps> {
        Steps::of(self)
    }

    /// Marks the parameter as [suppressed](Self::stress_suppressed).
    #[must_use]
    pub fn suppressed(mut self) -> Self {
        self.stress_suppressed = true;
        self
    }

    /// The baseline value.
    pub fn neutral(&self) -> Value {
        match &self.kind {
            ParamKind::Float { neutral, .. } => Value::Float(*neutral),
            ParamKind::Int { neutral, .. } => Value::Int(*neutral),
            ParamKind::Bool { neutral } => Value::Bool(*neutral),
            ParamKind::Choice { neutral, .. } => Value::Choice(Arc::clone(neutral)),
        }
    }

    /// The nearest value of this parameter to a number.
    ///
    /// A number that moves in steps becomes the nearest of its values. A float is clamped to the range. An int is rounded (halves to even, as Python rounds) and clamped. A bool is
    /// true for anything but zero. For a choice the number is the place of an alternative. NaN becomes the upper end, as
    /// it does in the reference implementation.
    pub fn clip(&self, raw: f64) -> Value {
        if let Some(steps) = self.steps() {
            return steps.at(steps.nearest(raw));
        }
        match &self.kind {
            &ParamKind::Float { low, high, .. } => {
                let upper = if raw < high { raw } else { high };
                Value::Float(if upper > low { upper } else { low })
            }
            &ParamKind::Int { low, high, .. } => {
                let rounded = if raw.is_nan() { high } else { round_half_even(raw) };
                Value::Int(rounded.min(high).max(low))
            }
            ParamKind::Bool { .. } => Value::Bool(raw != 0.0),
            ParamKind::Choice { choices, neutral } => {
                let last = choices.len().saturating_sub(1);
                let place =
                    if raw.is_nan() { last } else { usize::try_from(round_half_even(raw)).unwrap_or(0).min(last) };
                Value::Choice(Arc::clone(choices.get(place).unwrap_or(neutral)))
            }
        }
    }

    /// Whether a value is of this parameter's kind and within its range.
    pub fn contains(&self, value: &Value) -> bool {
        match (&self.kind, value) {
            (ParamKind::Float { low, high, .. }, Value::Float(found)) => {
                low <= found && found <= high && self.steps().is_none_or(|steps| steps.contain(*found))
            }
            (ParamKind::Int { low, high, .. }, Value::Int(found)) => {
                low <= found && found <= high && self.steps().is_none_or(|steps| steps.contain_whole(*found))
            }
            (ParamKind::Bool { .. }, Value::Bool(_)) => true,
            (ParamKind::Choice { choices, .. }, Value::Choice(value)) => choices.contains(value),
            _ => false,
        }
    }

    /// The other values of a switch or a choice, in order, beginning after `value`; none for a number.
    pub fn alternatives(&self, value: &Value) -> Vec<Value> {
        match (&self.kind, value) {
            (ParamKind::Bool { .. }, value) => vec![Value::Bool(*value != Value::Bool(true))],
            (ParamKind::Choice { choices, .. }, Value::Choice(current)) => {
                let place = choices.iter().position(|choice| choice == current).map_or(0, |place| place + 1);
                let others = choices[place..].iter().chain(&choices[..place]).filter(|choice| *choice != current);
                others.map(|choice| Value::Choice(Arc::clone(choice))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What counts as evenly spaced; linear for switches and choices.
    pub fn scale(&self) -> Scale {
        match self.kind {
            ParamKind::Float { scale, .. } | ParamKind::Int { scale, .. } => scale,
            ParamKind::Bool { .. } | ParamKind::Choice { .. } => Scale::Linear,
        }
    }

    /// `float in 0.6..=1.2`, for messages.
    pub fn describe(&self) -> String {
        let scale = if self.scale() == Scale::Log { "log " } else { "" };
        let step = self.step.as_ref().map_or_else(String::new, |step| format!(" by {step}"));
        match &self.kind {
            ParamKind::Float { low, high, .. } => format!("{scale}float in {low:?}..={high:?}{step}"),
            ParamKind::Int { low, high, .. } => format!("{scale}int in {low}..={high}{step}"),
            ParamKind::Bool { .. } => "bool".to_owned(),
            ParamKind::Choice { choices, .. } => format!("one of {choices:?}"),
        }
    }

    fn of(name: impl Into<String>, kind: ParamKind) -> Self {
        Self { name: name.into(), kind, step: None, stress_suppressed: false }
    }
}

/// Rounds halves to even and saturates at the ends of `i64`.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, which is what clamping wants")]
pub(crate) fn round_half_even(raw: f64) -> i64 {
    raw.round_ties_even() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping_follows_python() {
        // Python: max(low, min(high, v)); round(0.5) == 0, round(2.5) == 2, round(-1.5) == -2.
        let float = ParamSpec::float("f", 0.0..=1.0, 0.5);
        assert_eq!(float.clip(-0.5), Value::Float(0.0));
        assert_eq!(float.clip(f64::NAN), Value::Float(1.0));
        let int = ParamSpec::int("i", -5..=5, 0);
        for (raw, expected) in [(0.5, 0), (2.5, 2), (-1.5, -2), (1.5, 2), (99.0, 5), (f64::NEG_INFINITY, -5)] {
            assert_eq!(int.clip(raw), Value::Int(expected), "{raw}");
        }
        assert_eq!(ParamSpec::bool("b", false).clip(2.5), Value::Bool(true));
        let choice = ParamSpec::choice("c", ["adam", "sgd"], "sgd");
        assert_eq!([-1.0, 0.4, 0.6, 9.0].map(|raw| choice.clip(raw)), ["adam", "adam", "sgd", "sgd"].map(Value::from));
    }
}

//! The distribution a parameter is drawn from, in the numbers that the model works with.

use libm::{exp, log};

use crate::objective::{ParamKind, ParamSpec, Scale, Value};
use crate::rng::Mt19937;

/// A parameter as Optuna distinguishes them; a switch is a category of two, false first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Distribution {
    /// A number, real or whole.
    Number {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
        /// How far apart its values are, 1 for whole numbers; 0 is every number.
        step: f64,
        /// Ratios count.
        log: bool,
    },
    /// One of several alternatives, by place.
    Category {
        /// How many.
        count: usize,
    },
}

impl Distribution {
    #[expect(clippy::cast_precision_loss, reason = "Optuna computes with doubles too; values are clipped to the range")]
    pub(super) fn of(spec: &ParamSpec) -> Self {
        match &spec.kind {
            &ParamKind::Float { low, high, scale, .. } => {
                let (high, step) = stepped(spec).unwrap_or((high, 0.0));
                Self::Number { low, high, step, log: scale == Scale::Log }
            }
            &ParamKind::Int { low, high, scale, .. } => {
                let (high, step) = stepped(spec).unwrap_or((high as f64, 1.0));
                Self::Number { low: low as f64, high, step, log: scale == Scale::Log }
            }
            ParamKind::Bool { .. } => Self::Category { count: 2 },
            ParamKind::Choice { choices, .. } => Self::Category { count: choices.len() },
        }
    }

    /// Whether there is only one value, which is then neither drawn nor modelled.
    pub(super) fn is_single(self) -> bool {
        match self {
            Self::Number { low, high, .. } => low >= high,
            Self::Category { count } => count < 2,
        }
    }

    /// How many doubles [`draw`](Self::draw) takes.
    pub(super) fn doubles(self) -> u64 {
        match self {
            Self::Number { .. } => 1,
            Self::Category { count } => count as u64,
        }
    }

    /// A uniform draw, as Optuna's random sampler makes it.
    ///
    /// A number that moves in steps, as whole ones do, is drawn from the range widened by half a step at both ends and rounded,
    /// halves to even; a real one stays below the upper end; a category is the first largest of as many doubles.
    pub(super) fn draw(self, generator: &mut Mt19937) -> f64 {
        match self {
            Self::Number { low, high, step, log } => {
                let (from, to) = self.ends();
                let drawn = generator.uniform(from, to);
                match (step > 0.0, log) {
                    (false, _) => (if log { exp(drawn) } else { drawn }).min(below(high)),
                    (true, false) => (((drawn - low) / step).round_ties_even() * step + low).clamp(low, high),
                    (true, true) => exp(drawn).round_ties_even().clamp(low, high),
                }
            }
            Self::Category { count } => {
                let mut best = (0, f64::NEG_INFINITY);
                for place in 0..count {
                    let drawn = generator.random();
                    if drawn > best.1 {
                        best = (place, drawn);
                    }
                }
                best.0 as f64
            }
        }
    }

    /// The ends of the range in which kernels live: each value owns half a step on either side, then the logarithm.
    pub(super) fn ends(self) -> (f64, f64) {
        match self {
            Self::Number { low, high, step, log } => {
                let half = 0.5 * step;
                (scaled(low - half, log), scaled(high + half, log))
            }
            Self::Category { count } => (0.0, count as f64),
        }
    }
}

/// The last value of a number that moves in steps, and the step.
fn stepped(spec: &ParamSpec) -> Option<(f64, f64)> {
    let steps = spec.steps()?;
    Some((steps.at(steps.last()).as_f64()?, steps.size()))
}

/// The logarithm where ratios count.
pub(super) fn scaled(value: f64, log_scale: bool) -> f64 {
    if log_scale { log(value) } else { value }
}

/// The double before `high`, or `high` itself where the next whole number below rounds to it, as numpy's
/// `nextafter(high, high - 1)`.
fn below(high: f64) -> f64 {
    if high - 1.0 < high { high.next_down() } else { high }
}

/// A value of the parameter as the model's number; `None` if it is none of its values.
pub(super) fn number(spec: &ParamSpec, value: &Value) -> Option<f64> {
    match (&spec.kind, value) {
        (ParamKind::Choice { choices, .. }, Value::Choice(value)) => {
            choices.iter().position(|choice| choice == value).map(|place| place as f64)
        }
        _ if spec.contains(value) => value.as_f64(),
        _ => None,
    }
}

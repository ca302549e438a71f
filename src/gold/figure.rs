//! One figure beside the accepted one.

use crate::artifacts::ParamValue;
use crate::declaration::{Better, Tolerance};
use crate::number::general;

/// What became of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// The same value.
    Same,
    /// Moved, but not further than it may.
    Within {
        /// The part of the allowed distance that was used, from 0 to 1.
        used: f64,
    },
    /// Moved further than it may, in the direction that is welcome.
    Better,
    /// Gold does not have it.
    Added,
    /// Moved further than it may.
    Moved,
    /// The same, in the direction that is not welcome.
    Worse,
    /// Not a number, which is never accepted.
    NotANumber,
    /// Only gold has it.
    Removed,
    /// A tolerance is declared for it, and nobody has it.
    Unknown,
}

impl Outcome {
    /// Whether the comparison fails by it.
    pub const fn fails(self) -> bool {
        matches!(self, Self::Moved | Self::Worse | Self::NotANumber | Self::Removed | Self::Unknown)
    }

    /// Whether nothing has to be said about it.
    pub const fn is_quiet(self) -> bool {
        matches!(self, Self::Same | Self::Within { .. })
    }
}

/// Compares two values of one figure: outcome, and the distance where both are numbers.
pub(super) fn judge(gold: &ParamValue, new: &ParamValue, tolerance: &Tolerance) -> (Outcome, Option<f64>) {
    let (Some(from), Some(to)) = (number(gold), number(new)) else {
        let not_a_number = [gold, new].into_iter().filter_map(number).any(f64::is_nan);
        let outcome = match gold == new {
            _ if not_a_number => Outcome::NotANumber,
            true => Outcome::Same,
            false => Outcome::Moved,
        };
        return (outcome, None);
    };
    let delta = to - from;
    if from.is_nan() || to.is_nan() {
        return (Outcome::NotANumber, None);
    }
    // Equal infinities are equal; their distance is no number.
    #[expect(clippy::float_cmp, reason = "the same value is the same value")]
    if from == to {
        return (Outcome::Same, Some(0.0));
    }
    let (distance, allowed) = (delta.abs(), tolerance.allowed(from));
    let outcome = if distance <= allowed && distance.is_finite() {
        Outcome::Within { used: distance / allowed }
    } else if tolerance.exact {
        Outcome::Moved
    } else if tolerance.better.improves(from, to) {
        Outcome::Better
    } else if tolerance.better == Better::Neither {
        Outcome::Moved
    } else {
        Outcome::Worse
    };
    (outcome, Some(delta))
}

/// The distance that a figure may move, as shown.
pub(super) fn allowed(gold: &ParamValue, tolerance: &Tolerance) -> String {
    match number(gold) {
        Some(gold) if !tolerance.exact => format!("±{}", general(tolerance.allowed(gold), 3)),
        _ => "exact".to_owned(),
    }
}

fn number(value: &ParamValue) -> Option<f64> {
    match value {
        ParamValue::Int(value) => Some(*value as f64),
        ParamValue::Float(value) => Some(value.0),
        ParamValue::Bool(_) | ParamValue::Choice(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifacts::Number;

    fn outcome(gold: f64, new: f64, tolerance: Tolerance) -> Outcome {
        judge(&ParamValue::Float(Number(gold)), &ParamValue::Float(Number(new)), &tolerance).0
    }

    const LOOSE: Tolerance = Tolerance { absolute: 0.5, relative: 0.0, exact: false, better: Better::Higher };

    #[test]
    fn a_figure_may_move_by_its_tolerance_and_further_only_for_the_better() {
        assert_eq!(outcome(1.0, 1.0, LOOSE), Outcome::Same);
        assert_eq!(outcome(1.0, 1.5, LOOSE), Outcome::Within { used: 1.0 });
        assert_eq!(outcome(1.0, 0.75, LOOSE), Outcome::Within { used: 0.5 });
        assert_eq!(outcome(1.0, 2.0, LOOSE), Outcome::Better);
        assert_eq!(outcome(1.0, 0.0, LOOSE), Outcome::Worse);
        assert_eq!(outcome(1.0, 2.0, Tolerance { exact: true, ..LOOSE }), Outcome::Moved);
        assert_eq!(outcome(1.0, 2.0, Tolerance { better: Better::Neither, ..LOOSE }), Outcome::Moved);
        assert_eq!(outcome(1.0, 0.0, Tolerance { better: Better::Lower, ..LOOSE }), Outcome::Better);
    }

    #[test]
    fn nan_never_passes_and_an_infinity_equals_only_itself() {
        for (gold, new) in [(f64::NAN, 1.0), (1.0, f64::NAN), (f64::NAN, f64::NAN)] {
            let loosest = Tolerance { absolute: f64::INFINITY, ..LOOSE };
            assert_eq!(outcome(gold, new, loosest), Outcome::NotANumber);
        }
        assert_eq!(outcome(f64::INFINITY, f64::INFINITY, LOOSE), Outcome::Same);
        assert!(outcome(f64::INFINITY, 1.0, LOOSE).fails());
        assert!(outcome(f64::NEG_INFINITY, f64::INFINITY, Tolerance { better: Better::Lower, ..LOOSE }).fails());
        let text = ParamValue::Choice("none".to_owned());
        assert_eq!(judge(&text, &ParamValue::Float(Number(f64::NAN)), &LOOSE).0, Outcome::NotANumber);
    }

    #[test]
    fn a_whole_number_equals_the_same_real_one() {
        let judged = judge(&ParamValue::Int(1), &ParamValue::Float(Number(1.0)), &Tolerance::of_metric("a_samples"));
        assert_eq!(judged.0, Outcome::Same);
    }
}

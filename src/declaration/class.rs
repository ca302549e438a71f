//! What another value of a key means for the bar.

use super::plain::Plain;
use super::table;

/// What a changed field means for the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Something passes that did not.
    Looser,
    /// What a bar is measured against is another one, so that nobody can tell by the value who passes now.
    Moved,
    /// Something fails that did not.
    Tighter,
    /// No bar is lower for it.
    Other,
}

impl Direction {
    /// As shown: looser alone is shouted.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Looser => "LOOSER",
            Self::Moved => "moved",
            Self::Tighter => "tighter",
            Self::Other => "other",
        }
    }

    /// Whether somebody has to approve of it: a bar may be lower.
    pub const fn needs_approval(self) -> bool {
        matches!(self, Self::Looser | Self::Moved)
    }
}

/// What a key means for the bar. Every row of the table has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Class {
    /// A minimum: the smaller the looser; off, or not there, is loosest.
    Down,
    /// How much evidence there is of a kind: less, or none, is looser; more judges by something else.
    Evidence,
    /// A maximum: the larger the looser; off, or not there, is loosest.
    Up,
    /// One of these words, the loosest first.
    Words(&'static [&'static str]),
    /// A slice of data: looser without it, moved where it is another one.
    Slice,
    /// Which moves are welcome: fewer is tighter, another choice lets pass what did not.
    Welcome,
    /// A part of a constraint, which is compared whole: which way a value goes depends on its comparison.
    Constraint,
    /// What a bar is measured against.
    Moves,
    /// No bar is lower for it, for this reason.
    Neutral(&'static str),
}

impl Class {
    /// Worded for the reference.
    pub(super) fn about(self) -> String {
        match self {
            Self::Down => "smaller is LOOSER".to_owned(),
            Self::Evidence => "smaller, or off, is LOOSER; larger is moved".to_owned(),
            Self::Up => "larger is LOOSER".to_owned(),
            Self::Words(words) => format!("LOOSER to tighter: {}", words.join(", ")),
            Self::Slice => "without it LOOSER; another one is moved".to_owned(),
            Self::Welcome => "another choice is LOOSER, `neither` is tighter".to_owned(),
            Self::Constraint => "LOOSER unless the comparison is stricter".to_owned(),
            Self::Moves => "moved: what a bar is measured against".to_owned(),
            Self::Neutral(why) => format!("other: {why}"),
        }
    }

    /// What it means that a value was `old` and is `new`; absent is a field that is not there. A constraint is not
    /// compared here. What cannot be read makes nobody safe: it has moved.
    fn direction(self, old: Option<&Plain>, new: Option<&Plain>) -> Direction {
        let by_looseness = |looseness: &dyn Fn(Option<&Plain>) -> Option<f64>| {
            let (Some(before), Some(after)) = (looseness(old), looseness(new)) else { return Direction::Moved };
            match after.partial_cmp(&before) {
                Some(std::cmp::Ordering::Greater) => Direction::Looser,
                Some(std::cmp::Ordering::Less) => Direction::Tighter,
                Some(std::cmp::Ordering::Equal) => Direction::Other,
                None => Direction::Moved,
            }
        };
        match self {
            Self::Down => by_looseness(&|value| bound(value, -1.0)),
            Self::Evidence => match by_looseness(&|value| bound(value, -1.0)) {
                Direction::Tighter => Direction::Moved,
                other => other,
            },
            Self::Up => by_looseness(&|value| bound(value, 1.0)),
            Self::Words(words) => by_looseness(&|value| {
                let word = value?.bare();
                words.iter().rev().position(|known| *known == word).map(|place| place as f64)
            }),
            Self::Slice => match (old, new) {
                (Some(_), None) => Direction::Looser,
                (None, Some(_)) => Direction::Tighter,
                _ => Direction::Moved,
            },
            Self::Welcome if old == new => Direction::Other,
            Self::Welcome if new == Some(&Plain::from("neither")) => Direction::Tighter,
            Self::Welcome => Direction::Looser,
            Self::Moves | Self::Constraint => Direction::Moved,
            Self::Neutral(_) => Direction::Other,
        }
    }
}

/// How loose a bound is; larger is looser.
fn bound(value: Option<&Plain>, sign: f64) -> Option<f64> {
    match value {
        None => Some(f64::INFINITY),
        Some(plain) if *plain == Plain::off() => Some(f64::INFINITY),
        Some(plain) => plain.as_number().map(|number| sign * number),
    }
}

/// What it means that `key` was `old` and is `new`. A key that no row knows is one of another version, and a bar for all we
/// know: it has moved.
pub(super) fn direction(key: &str, old: Option<&str>, new: Option<&str>) -> Direction {
    let Some((row, name)) = table::find(key) else { return Direction::Moved };
    let read = |text: Option<&str>| match text {
        Some(text) => Plain::parse(text).and_then(|plain| row.kind.read(plain)).map(Some).ok_or(()),
        None => Ok(row.absent.map(|absent| absent(name))),
    };
    match (row.class, read(old), read(new)) {
        (Class::Neutral(_), ..) => Direction::Other,
        (class, Ok(old), Ok(new)) => class.direction(old.as_ref(), new.as_ref()),
        _ => Direction::Moved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{Looser, Moved, Other, Tighter};

    #[test]
    fn a_bar_is_lowered_by_a_smaller_minimum_a_larger_maximum_or_by_taking_it_away() {
        for (key, old, new, expected) in [
            ("gates.pearson_min", Some("0.3"), Some("0.1"), Looser),
            ("gates.pearson_min", Some("0.3"), Some("0.5"), Tighter),
            ("gates.trade_count_min", Some("50"), Some("\"off\""), Looser),
            ("gates.trade_count_min", Some("\"off\""), Some("1"), Tighter),
            ("gates.time_box_seconds", Some("60.0"), Some("1e+16"), Looser),
            ("gates.transfer.alpha", Some("0.05"), Some("0.5"), Looser),
            ("max_failed_evaluations", Some("0"), Some("3"), Looser),
            ("holdout.mode", Some("\"gate\""), Some("\"evidence_only\""), Looser),
            ("holdout.min_fitness", Some("-1.0"), Some("-2.0"), Looser),
            ("holdout.looks", Some("3"), Some("\"off\""), Looser),
            ("constraint_policy", Some("\"record\""), Some("\"hard_fail\""), Tighter),
            ("lock", Some("\"required\""), Some("\"off\""), Looser),
            ("profile", Some("\"strict\""), Some("\"reference\""), Looser),
            ("walk_forward.consultations", Some("true"), None, Looser),
            ("roles.holdout", Some("\"\""), None, Looser),
            ("blocks", Some("8"), Some("5"), Looser),
            ("blocks", Some("8"), None, Looser),
            ("blocks", None, Some("8"), Moved),
            ("blocks", Some("8"), Some("20"), Moved),
            ("roles.holdout", None, Some("\"\""), Tighter),
            ("search.points_per_axis", Some("5"), Some("7"), Other),
            ("gates.pearson_min", Some("0.3"), Some("0.30"), Other),
        ] {
            assert_eq!(direction(key, old, new), expected, "{key} {old:?} -> {new:?}");
        }
    }

    #[test]
    fn the_ratio_of_samples_is_divided_by_its_scale_so_a_smaller_scale_is_looser() {
        assert_eq!(direction("walk_forward.trade_ratio_scale", Some("1.0"), Some("0.001")), Looser);
        assert_eq!(direction("walk_forward.trade_ratio_scale", Some("1.0"), Some("2.0")), Tighter);
    }

    #[test]
    fn what_a_bar_is_measured_against_moves_and_needs_an_approval_like_a_lowered_bar() {
        for (key, old, new) in [
            ("base.x", "0.5", "0.1"),
            ("space.x.high", "1.0", "2.0"),
            ("roles.test", "\"a\"", "\"b\""),
            ("roles.train", "\"a\"", "\"b\""),
            ("pipeline", "\"p1\"", "\"iterative\""),
            ("stress.epsilons.x", "0.1", "0.2"),
        ] {
            assert_eq!(direction(key, Some(old), Some(new)), Moved, "{key}");
            assert_eq!(direction(key, None, Some(new)).needs_approval(), !key.starts_with("roles."), "{key}");
        }
        assert!(Looser.needs_approval() && !Tighter.needs_approval() && !Other.needs_approval());
    }

    #[test]
    fn what_nobody_knows_or_can_read_needs_an_approval() {
        assert_eq!(direction("gates.surprise", Some("1"), Some("2")), Moved);
        assert_eq!(direction("gates.pearson_min", Some("0.3"), Some("1979-05-27")), Moved);
        assert_eq!(direction("profile", Some("\"strict\""), Some("\"lax\"")), Moved);
    }

    #[test]
    fn a_tolerance_that_was_not_declared_is_the_metrics_own_and_not_off() {
        let declared = |key: &str, value: &str| direction(key, None, Some(value));
        assert_eq!(declared("tolerance.metadata.snm.absolute", "0.001"), Looser);
        assert_eq!(declared("tolerance.metadata.snm.absolute", "1e-09"), Tighter);
        assert_eq!(declared("tolerance.evaluations.exact", "false"), Looser);
        assert_eq!(declared("tolerance.metadata.snm.exact", "true"), Tighter);
        assert_eq!(direction("tolerance.metadata.snm.exact", Some("true"), None), Looser);
        assert_eq!(declared("tolerance.metadata.snm.relative", "0.0"), Other);
    }
}

//! In which direction a key of a declaration gets looser: the table of all keys.

use super::resolved::quoted;
use super::{Better, Tolerance};
use crate::number::repr;

/// What a changed field means for the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Something passes that did not.
    Looser,
    /// Something fails that did not.
    Tighter,
    /// Another question is asked; neither easier nor harder by the value alone.
    Other,
}

impl Direction {
    /// As shown: looser alone is shouted.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Looser => "LOOSER",
            Self::Tighter => "tighter",
            Self::Other => "other",
        }
    }
}

/// How a key gets looser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// A minimum: the smaller the looser; off, or not there, is loosest.
    Down,
    /// A maximum: the larger the looser; off, or not there, is loosest.
    Up,
    /// One of these words, the loosest first.
    Words(&'static [&'static str]),
    /// It is looser to have none.
    Presence,
    /// Which moves are welcome: fewer is tighter, another choice lets pass what did not.
    Welcome,
    /// Not by its value.
    Neutral,
}

use Rule::{Down, Neutral, Presence, Up, Welcome, Words};

/// Every key; `*` stands for a name. The first row that matches counts.
const TABLE: &[(&str, Rule)] = &[
    ("profile", Words(&["reference", "strict"])),
    ("lock", Words(&["off", "required"])),
    ("gold", Words(&["off", "required"])),
    ("anchor", Words(&["report", "exact"])),
    ("gold_dir", Neutral),
    ("pipeline", Neutral),
    ("attachments", Neutral),
    ("iterative.stop_on_kc_fail", Words(&["false", "true"])),
    ("iterative.min_improvement", Down),
    ("iterative.*", Neutral),
    ("search.*", Neutral),
    ("walk_forward.consultations", Presence),
    ("walk_forward.*", Neutral),
    ("gates.time_box_seconds", Up),
    ("gates.gini_min", Down),
    ("gates.top_bot_ratio_min", Down),
    ("gates.min_nonzero_stress_count", Down),
    ("gates.trade_count_min", Down),
    ("gates.pearson_min", Down),
    ("gates.trade_ratio_min", Down),
    // Of the strict gates: minima, then maxima, then what asks another question.
    ("gates.*min_distinct", Down),
    ("gates.*min", Down),
    ("gates.*runs", Down),
    ("gates.*max_drop", Up),
    ("gates.*alpha", Up),
    ("gates.*noise", Up),
    ("gates.pearson", Words(&["advisory", "required"])),
    ("gates.*", Neutral),
    ("sc2.*", Neutral),
    ("constraint_policy", Words(&["record", "prefer_feasible", "hard_fail"])),
    // Constraints are compared whole: which way a value goes depends on its comparison.
    ("constraint.*", Presence),
    ("holdout.mode", Words(&["evidence_only", "gate"])),
    ("holdout.min_fitness", Down),
    ("holdout.min_trade_ratio", Down),
    ("holdout.looks", Up),
    ("max_failed_evaluations", Up),
    ("stress.*", Neutral),
    ("base.*", Neutral),
    ("space.*", Neutral),
    ("roles.train", Neutral),
    ("roles.*", Presence),
    ("tolerance.*.absolute", Up),
    ("tolerance.*.relative", Up),
    ("tolerance.*.exact", Words(&["false", "true"])),
    ("tolerance.*.better", Welcome),
    ("null.declared", Words(&["false", "true"])),
];

/// What it means that `key` was `old` and is `new`; absent is a key that is not there. Constraints aside, which
/// [`differences`](super::differences) compares whole.
pub(super) fn direction(key: &str, old: Option<&str>, new: Option<&str>) -> Direction {
    let Some(rule) = rule(key) else { return Direction::Other };
    // A tolerance that nobody declared is not off, it is the metric's own.
    let default = default_of(key);
    let (old, new) = (old.or(default.as_deref()), new.or(default.as_deref()));
    if rule == Welcome && old != new {
        let none = new == Some(quoted(Better::Neither.name()).as_str());
        return if none { Direction::Tighter } else { Direction::Looser };
    }
    let (Some(before), Some(after)) = (looseness(rule, old), looseness(rule, new)) else { return Direction::Other };
    match after.partial_cmp(&before) {
        Some(std::cmp::Ordering::Greater) => Direction::Looser,
        Some(std::cmp::Ordering::Less) => Direction::Tighter,
        _ => Direction::Other,
    }
}

fn rule(key: &str) -> Option<Rule> {
    let matches = |pattern: &str| match pattern.split_once('*') {
        Some((start, end)) => key.len() >= start.len() + end.len() && key.starts_with(start) && key.ends_with(end),
        None => key == pattern,
    };
    TABLE.iter().find(|(pattern, _)| matches(pattern)).map(|(_, rule)| *rule)
}

/// How loose a value is; larger is looser, and no number is no answer.
fn looseness(rule: Rule, value: Option<&str>) -> Option<f64> {
    let bound = |sign: f64| match value {
        None => Some(f64::INFINITY),
        Some(text) if text == quoted("off") => Some(f64::INFINITY),
        Some(text) => text.parse::<f64>().ok().map(|number| sign * number),
    };
    match rule {
        Down => bound(-1.0),
        Up => bound(1.0),
        Words(words) => {
            let word = value?.trim_matches('"');
            words.iter().rev().position(|known| *known == word).map(|place| place as f64)
        }
        Presence => Some(if value.is_none() { 1.0 } else { 0.0 }),
        Neutral | Welcome => None,
    }
}

/// What holds of a tolerance that is not declared.
fn default_of(key: &str) -> Option<String> {
    let (metric, field) = key.strip_prefix("tolerance.")?.rsplit_once('.')?;
    let Tolerance { absolute, relative, exact, better } = Tolerance::of_metric(metric);
    match field {
        "absolute" => Some(repr(absolute)),
        "relative" => Some(repr(relative)),
        "exact" => Some(exact.to_string()),
        "better" => Some(quoted(better.name())),
        _ => None,
    }
}

/// Whether the table says how this key gets looser.
#[cfg(test)]
pub(super) fn is_known(key: &str) -> bool {
    rule(key).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{Looser, Other, Tighter};

    #[test]
    fn a_bar_is_lowered_by_a_smaller_minimum_a_larger_maximum_or_by_taking_it_away() {
        for (key, old, new, expected) in [
            ("gates.pearson_min", Some("0.3"), Some("0.1"), Looser),
            ("gates.pearson_min", Some("0.3"), Some("0.5"), Tighter),
            ("gates.trade_count_min", Some("50"), Some("\"off\""), Looser),
            ("gates.trade_count_min", Some("\"off\""), Some("1"), Tighter),
            ("gates.time_box_seconds", Some("60.0"), Some("1e+16"), Looser),
            ("max_failed_evaluations", Some("0"), Some("3"), Looser),
            ("holdout.mode", Some("\"gate\""), Some("\"evidence_only\""), Looser),
            ("holdout.min_fitness", Some("-1.0"), Some("-2.0"), Looser),
            ("holdout.looks", Some("3"), Some("\"off\""), Looser),
            ("constraint_policy", Some("\"record\""), Some("\"hard_fail\""), Tighter),
            ("lock", Some("\"required\""), Some("\"off\""), Looser),
            ("profile", Some("\"strict\""), Some("\"reference\""), Looser),
            ("roles.holdout", Some("\"\""), None, Looser),
            ("roles.holdout", None, Some("\"\""), Tighter),
            ("roles.holdout", Some("\"a\""), Some("\"b\""), Other),
            ("search.points_per_axis", Some("5"), Some("7"), Other),
            ("space.x.high", Some("1.0"), Some("2.0"), Other),
            ("gates.pearson_min", Some("0.3"), Some("0.30"), Other),
        ] {
            assert_eq!(direction(key, old, new), expected, "{key} {old:?} -> {new:?}");
        }
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

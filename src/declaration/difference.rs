//! Two sets of fields beside each other: what differs, and what that means for the bar.

use super::Field;
use super::class::{Direction, direction};
use super::plain::quoted;
use super::table;
use crate::audit::Op;

/// One field that is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Dotted key.
    pub key: String,
    /// What it was, in TOML's spelling; absent if it was not there.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
    /// What that means for the bar.
    pub direction: Direction,
}

/// `gates.pearson_min 0.3 -> 0.1 LOOSER`.
impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
        write!(f, "{} {} -> {} {}", self.key, shown(&self.old), shown(&self.new), self.direction.name())
    }
}

/// Every field that differs from `old` to `new`, by key. Both are sorted by key, as declarations and locks have them.
pub fn differences(old: &[Field], new: &[Field]) -> Vec<Difference> {
    let mut keys: Vec<&str> = old.iter().chain(new).map(|field| field.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    let differing = keys.into_iter().filter_map(|key| {
        let (before, after) = (value(old, key), value(new, key));
        // A key that is not there may have the value of another one.
        let stands_for = table::find(key).and_then(|(row, _)| row.silent_as);
        let other = |fields| stands_for.and_then(|other| value(fields, other));
        (before != after).then(|| Difference {
            key: key.to_owned(),
            old: before.map(str::to_owned),
            new: after.map(str::to_owned),
            direction: match key.strip_prefix("constraint.").and_then(|rest| rest.split_once('.')) {
                Some((name, field)) => of_constraint(name, field, old, new),
                None if key.starts_with(SHIP_KEYS) && before.is_none() && was_shipped_whole(old) => Direction::Looser,
                None => direction(key, before.or_else(|| other(old)), after.or_else(|| other(new))),
            },
        })
    });
    differing.collect()
}

/// Where single values of a shipped file are named.
const SHIP_KEYS: &str = "ship.keys.";

/// Whether all of a file was held against gold. The first value that is named leaves the others of it to nobody.
fn was_shipped_whole(fields: &[Field]) -> bool {
    value(fields, "ship.file").is_some() && !fields.iter().any(|field| field.key.starts_with(SHIP_KEYS))
}

fn value<'f>(fields: &'f [Field], key: &str) -> Option<&'f str> {
    let place = fields.binary_search_by(|field| field.key.as_str().cmp(key)).ok()?;
    fields.get(place).map(|field| field.value.as_str())
}

/// What a changed field of a constraint means. A constraint that was replaced by another one is looser: what the old one
/// refused may pass the new one, unless the comparison itself shows that it cannot.
fn of_constraint(name: &str, field: &str, old: &[Field], new: &[Field]) -> Direction {
    let get = |fields, field: &str| value(fields, &format!("constraint.{name}.{field}")).map(str::to_owned);
    let there = |fields| ["op", "opaque"].iter().any(|field| get(fields, field).is_some());
    match (there(old), there(new)) {
        (false, _) => return Direction::Tighter,
        (true, false) => return Direction::Looser,
        (true, true) => {}
    }
    let (Some(before), Some(after)) = (op(get(old, "op")), op(get(new, "op"))) else { return Direction::Looser };
    match field {
        "op" => match (before, after) {
            (Op::AtMost, Op::Below) | (Op::AtLeast, Op::Above) => Direction::Tighter,
            _ => Direction::Looser,
        },
        // A slice that has no number of its own has that of all.
        "value" | "test" | "validation" | "holdout" => {
            let own = |fields| get(fields, field).or_else(|| get(fields, "value"));
            let number = |fields| own(fields).and_then(|text| text.parse::<f64>().ok());
            let (Some(from), Some(to)) = (number(old), number(new)) else { return Direction::Looser };
            let tighter = match after {
                Op::Below | Op::AtMost => to < from,
                Op::Above | Op::AtLeast => to > from,
                Op::Equal => false,
            };
            if tighter { Direction::Tighter } else { Direction::Looser }
        }
        _ => Direction::Looser,
    }
}

fn op(text: Option<String>) -> Option<Op> {
    Op::ALL.into_iter().find(|op| text.as_deref() == Some(quoted(op.name()).as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Constraint;
    use crate::declaration::{Declaration, Ship};
    use crate::objective::{ParamSpace, Role};
    use crate::pipeline::RunConfig;

    fn fields(constraints: Vec<Constraint>) -> Vec<Field> {
        let space = ParamSpace::new().float("x", 0.0..=1.0, 0.5);
        let declaration = Declaration { constraints, ..Declaration::new("a", RunConfig::default(), space) };
        declaration.fields()
    }

    fn shown(old: Constraint, new: Option<Constraint>) -> Vec<String> {
        let differences = differences(&fields(vec![old]), &fields(new.into_iter().collect()));
        differences.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_constraint_is_looser_unless_its_comparison_shows_that_it_is_tighter() {
        let below = |value| Constraint::below("leak", "metadata.leak", value);
        assert_eq!(shown(below(5.0), Some(below(6.0))), ["constraint.leak.value 5.0 -> 6.0 LOOSER"]);
        assert_eq!(shown(below(5.0), Some(below(4.0))), ["constraint.leak.value 5.0 -> 4.0 tighter"]);
        let above = |value| Constraint::above("leak", "metadata.leak", value);
        assert_eq!(shown(above(5.0), Some(above(4.0))), ["constraint.leak.value 5.0 -> 4.0 LOOSER"]);
        assert_eq!(shown(below(5.0), Some(above(5.0))), ["constraint.leak.op \"<\" -> \">\" LOOSER"]);
        let at_most = Constraint::typed("leak", "metadata.leak", Op::AtMost, 5.0);
        assert_eq!(shown(below(5.0), Some(at_most.clone())), ["constraint.leak.op \"<\" -> \"<=\" LOOSER"]);
        assert_eq!(shown(at_most, Some(below(5.0))), ["constraint.leak.op \"<=\" -> \"<\" tighter"]);
    }

    #[test]
    fn a_number_of_one_slice_is_held_against_the_one_that_it_had_before() {
        let above = |value| Constraint::above("trades", "samples", value);
        let third = || above(100.0).on(Role::Test, 30.0);
        assert_eq!(shown(above(100.0), Some(third())), ["constraint.trades.test (none) -> 30.0 LOOSER"]);
        assert_eq!(shown(third(), Some(above(100.0))), ["constraint.trades.test 30.0 -> (none) tighter"]);
        assert_eq!(shown(third(), Some(third().on(Role::Test, 40.0))), ["constraint.trades.test 30.0 -> 40.0 tighter"]);
        let holdout = above(100.0).on(Role::Holdout, 200.0);
        assert_eq!(shown(above(100.0), Some(holdout)), ["constraint.trades.holdout (none) -> 200.0 tighter"]);
        let counts = |test| {
            let space = ParamSpace::new().float("x", 0.0..=1.0, 0.5);
            let mut declaration = Declaration::new("a", RunConfig::default(), space);
            declaration.config.thresholds.samples_min_test = test;
            declaration.fields()
        };
        let shown =
            |old, new| differences(&counts(old), &counts(new)).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(shown(None, Some(20)), ["gates.trade_count_min_test (none) -> 20 LOOSER"]);
        assert_eq!(shown(None, Some(60)), ["gates.trade_count_min_test (none) -> 60 tighter"]);
        assert_eq!(shown(Some(20), None), ["gates.trade_count_min_test 20 -> (none) tighter"]);
    }

    #[test]
    fn a_constraint_taken_away_is_looser_and_one_that_hides_behind_a_closure_too() {
        let typed = || Constraint::below("leak", "metadata.leak", 5.0);
        let gone = shown(typed(), None);
        assert_eq!(gone.len(), 3);
        assert!(gone.iter().all(|line| line.ends_with("(none) LOOSER")), "{gone:?}");
        let hidden = shown(typed(), Some(Constraint::opaque("leak", |_, _| true)));
        assert!(hidden.iter().all(|line| line.ends_with("LOOSER")), "{hidden:?}");
        let added = differences(&fields(Vec::new()), &fields(vec![typed()]));
        assert!(added.iter().all(|difference| difference.direction == Direction::Tighter), "{added:?}");
    }

    #[test]
    fn the_first_value_named_of_a_file_that_was_compared_whole_is_looser() {
        let shipping = |keys: &[&str], file: Option<&str>| {
            let space = ParamSpace::new().float("x", 0.0..=1.0, 0.5);
            let mut declaration = Declaration::new("a", RunConfig::default(), space);
            let keys = keys.iter().map(|key| ((*key).to_owned(), format!("params.{key}"))).collect();
            declaration.acceptance.ship = file.map(|file| Ship { file: file.to_owned(), keys, ..Ship::default() });
            declaration.fields()
        };
        let file = Some("tuned.json");
        let shown =
            |old, new| differences(old, new).iter().map(|one| (one.key.clone(), one.direction)).collect::<Vec<_>>();
        let one = |key: &str, direction| vec![(key.to_owned(), direction)];
        let (whole, x, both) = (shipping(&[], file), shipping(&["x"], file), shipping(&["x", "y"], file));
        assert_eq!(shown(&whole, &x), one("ship.keys.x", Direction::Looser));
        assert_eq!(shown(&x, &both), one("ship.keys.y", Direction::Tighter));
        assert_eq!(shown(&both, &x), one("ship.keys.y", Direction::Looser));
        let added = shown(&shipping(&[], None), &x);
        assert!(added.iter().all(|(_, direction)| *direction == Direction::Tighter), "{added:?}");
    }

    #[test]
    fn the_same_declaration_has_no_difference() {
        assert!(differences(&fields(Vec::new()), &fields(Vec::new())).is_empty());
    }
}

//! Keys of constraints, which omega.toml has as an array of tables.

use std::collections::HashMap;

use crate::audit::{Constraint, Metric, Op, Rule};
use crate::declaration::Declaration;
use crate::declaration::class::Class;
use crate::declaration::key::{Key, Sink, spread};
use crate::declaration::plain::{Plain, Shape};
use crate::objective::Role;

/// The array's name.
pub(in crate::internals::declaration) const TABLE: &str = "constraint";

pub(super) fn keys() -> Vec<Key> {
    vec![
        row("constraint.<name>.metric", Shape::Text, "what is measured", |d, sink| {
            typed(d).for_each(|(name, metric, ..)| sink(name, Plain::Text(metric.to_string())));
        }),
        row("constraint.<name>.op", Shape::Word(Op::ALL.map(Op::name).to_vec()), "how it compares", |d, sink| {
            typed(d).for_each(|(name, _, op, _)| sink(name, Plain::from(op.name())));
        }),
        row("constraint.<name>.value", Shape::Number, "with what", |d, sink| {
            typed(d).for_each(|(name, .., value)| sink(name, Plain::Number(value)));
        }),
        row("constraint.<name>.test", Shape::Number, "with what on test, if not with `value`", |d, sink| {
            elsewhere(d, Role::Test, sink);
        }),
        row(
            "constraint.<name>.validation",
            Shape::Number,
            "with what on validation, if not with `value`",
            |d, sink| {
                elsewhere(d, Role::Validation, sink);
            },
        ),
        row("constraint.<name>.holdout", Shape::Number, "with what on holdout, if not with `value`", |d, sink| {
            elsewhere(d, Role::Holdout, sink);
        }),
        row(
            "constraint.<name>.opaque",
            Shape::Switch,
            "a closure of the code, of which nothing but the name is locked",
            |d, sink| {
                let opaque = d.constraints.iter().filter(|constraint| constraint.is_opaque());
                opaque.for_each(|constraint| sink(&constraint.name, Plain::Switch(true)));
            },
        )
        .not_in_file(),
    ]
}

fn row(name: &'static str, shape: Shape, about: &'static str, list: fn(&Declaration, &mut Sink<'_>)) -> Key {
    spread(name, shape, Class::Constraint, about, list).of_search()
}

/// The slices that may have a number of their own, by the last part of their keys.
pub(in crate::internals::declaration) const ELSEWHERE: [Role; 3] = [Role::Test, Role::Validation, Role::Holdout];

fn elsewhere(declaration: &Declaration, role: Role, sink: &mut Sink<'_>) {
    for constraint in declaration.constraints.iter().filter(|constraint| !constraint.is_opaque()) {
        let own = constraint.elsewhere.iter().find(|(known, _)| *known == role);
        own.into_iter().for_each(|(_, value)| sink(&constraint.name, Plain::Number(*value)));
    }
}

fn typed(declaration: &Declaration) -> impl Iterator<Item = (&str, &Metric, Op, f64)> {
    declaration.constraints.iter().filter_map(|constraint| match &constraint.rule {
        Rule::Typed { metric, op, value } => Some((constraint.name.as_str(), metric, *op, *value)),
        Rule::Opaque(_) => None,
    })
}

/// The typed constraint of that name whose keys have these values; the key that is missing, or what is wrong with it.
pub(in crate::internals::declaration) fn constraint(
    name: &str,
    values: &HashMap<&str, Plain>,
) -> Result<Constraint, (&'static str, String)> {
    let value = |key| values.get(key).ok_or((key, "is missing".to_owned()));
    let (metric, symbol, number) = (value("metric")?.bare(), value("op")?.bare(), value("value")?);
    let op = Op::ALL.into_iter().find(|op| op.name() == symbol).ok_or_else(|| ("op", format!("is \"{symbol}\"")))?;
    let number = number.as_number().ok_or_else(|| ("value", "is no number".to_owned()))?;
    let mut constraint = Constraint::typed(name, &metric, op, number);
    for role in ELSEWHERE {
        let Some(plain) = values.get(role.name()) else { continue };
        constraint = constraint.on(role, plain.as_number().ok_or_else(|| (role.name(), "is no number".to_owned()))?);
    }
    constraint.check().map_err(|error| ("metric", format!("is wrong: {error}")))?;
    Ok(constraint)
}

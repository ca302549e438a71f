//! Keys of the baseline and of what is perturbed around it.

use std::collections::HashMap;

use crate::declaration::Declaration;
use crate::declaration::class::Class::Moves;
use crate::declaration::key::{Key, key, spread};
use crate::declaration::plain::{Plain, Shape};
use crate::objective::{ParamError, ParamKind, Params, Value};

/// The key of a baseline's value.
pub(in crate::internals::declaration) const BASE: &str = "base.<name>";

pub(super) fn keys() -> Vec<Key> {
    let keys = vec![
        // kc2 judges the stresses of these, by these steps.
        key("stress.subset", Moves, "which parameters are perturbed; all, where it is absent", |d| {
            &mut d.config.stress.subset
        }),
        spread("stress.epsilons.<name>", Shape::Number, Moves, "by how much, in the parameter's unit", |d, sink| {
            d.config.stress.epsilons.iter().for_each(|(name, step)| sink(name, Plain::Number(*step)))
        })
        .put_with(|d, name, plain| {
            let step = plain.as_number().ok_or("is no number")?;
            d.config.stress.epsilons.insert(name.to_owned(), step);
            Ok(())
        }),
        // Read whole, by `set_base`: what a value means is for the space to say, and each alone would copy them all.
        spread(BASE, Shape::Value, Moves, "the baseline; other parameters are neutral", |d, sink| {
            let base = d.config.base_params.iter().flat_map(Params::iter);
            base.for_each(|(name, value)| sink(name, value.into()));
        }),
    ];
    keys.into_iter().map(Key::of_search).collect()
}

/// Puts values over the baseline; the others stay, or are neutral.
pub(in crate::internals::declaration) fn set_base(
    declaration: &mut Declaration,
    values: impl IntoIterator<Item = (String, Plain)>,
) -> Result<(), ParamError> {
    let Declaration { space, config, .. } = declaration;
    let mut over = HashMap::new();
    for (name, plain) in values {
        let value = match (&space.get(&name)?.kind, plain) {
            (ParamKind::Float { .. }, Plain::Whole(whole)) => Value::Float(whole as f64),
            (_, Plain::Whole(whole)) => Value::Int(i64::try_from(whole).unwrap_or(i64::MAX)),
            (_, Plain::Number(number)) => Value::Float(number),
            (_, Plain::Switch(switch)) => Value::Bool(switch),
            (_, text) => Value::from(text.bare().as_str()),
        };
        over.insert(name, value);
    }
    if !over.is_empty() {
        let base = config.base_params.take().unwrap_or_else(|| space.neutral());
        let pairs = base.iter().map(|(name, value)| (name, over.get(name).unwrap_or(value).clone()));
        config.base_params = Some(Params::new(pairs));
    }
    Ok(())
}

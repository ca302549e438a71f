//! Keys of the space and the slices, which the target says; the space of a calibration without code can be declared.

use std::collections::HashMap;

use crate::declaration::Declaration;
use crate::declaration::class::Class::{Moves, Slice};
use crate::declaration::key::{Key, spread};
use crate::declaration::plain::{Holds, Plain, Shape};
use crate::objective::{ParamKind, ParamSpec, Role, Scale};

pub(super) fn keys() -> Vec<Key> {
    let keys = vec![
        row("space.<name>.place", Shape::Count, "its place, from 0", |place, _| Some(Plain::Whole(place as i128))),
        row(
            "space.<name>.kind",
            Shape::Word(vec!["float", "int", "bool", "choice"]),
            "what values it has",
            |_, spec| Some(Plain::from(spec.neutral().kind())),
        ),
        row("space.<name>.neutral", Shape::Value, "its baseline", |_, spec| Some(Plain::from(&spec.neutral()))),
        row("space.<name>.suppressed", Shape::Switch, "whether it may be left out of the search", |_, spec| {
            Some(Plain::Switch(spec.stress_suppressed))
        }),
        row("space.<name>.low", Shape::Value, "its smallest value", |_, spec| match spec.kind {
            ParamKind::Float { low, .. } => Some(Plain::Number(low)),
            ParamKind::Int { low, .. } => Some(Plain::Whole(low.into())),
            _ => None,
        }),
        row("space.<name>.high", Shape::Value, "its largest value", |_, spec| match spec.kind {
            ParamKind::Float { high, .. } => Some(Plain::Number(high)),
            ParamKind::Int { high, .. } => Some(Plain::Whole(high.into())),
            _ => None,
        }),
        row("space.<name>.scale", Scale::kind().shape, "what counts as evenly spaced", |_, spec| match spec.kind {
            ParamKind::Float { scale, .. } | ParamKind::Int { scale, .. } => Some(Plain::from(scale.name())),
            _ => None,
        }),
        row("space.<name>.step", Shape::Value, "how far apart its values are", |_, spec| {
            spec.step.as_ref().map(Plain::from)
        }),
        row("space.<name>.choices", Shape::Texts, "its alternatives", |_, spec| match &spec.kind {
            ParamKind::Choice { choices, .. } => Some(Plain::Texts(choices.iter().map(ToString::to_string).collect())),
            _ => None,
        }),
        spread("roles.<role>", Shape::Text, Slice, "the slice, as its target identifies it", |d, sink| {
            // Of windows each part has a field of its own.
            let of_windows = |role: Role| !d.windows.is_empty() && matches!(role, Role::Train | Role::Test);
            let roles = d.roles.iter().filter(|(role, _)| !of_windows(*role));
            roles.for_each(|(role, identity)| sink(role.name(), Plain::from(identity.as_str())));
        })
        .put_with(|d, name, plain| {
            let role = Role::ALL.into_iter().find(|role| role.name() == name).ok_or("is no slice")?;
            d.roles.push((role, plain.bare()));
            d.roles.sort_by_key(|(role, _)| *role);
            Ok(())
        }),
    ];
    // The place is that in the file, and what is said of a slice is read whole.
    let written = |key: Key| match key.name() {
        "space.<name>.place" | "roles.<role>" => key.not_in_file(),
        _ => key.without_code(),
    };
    keys.into_iter().map(written).collect()
}

/// One thing that is known of every parameter, with its place.
fn row(name: &'static str, shape: Shape, about: &'static str, of: fn(usize, &ParamSpec) -> Option<Plain>) -> Key {
    spread(name, shape, Moves, about, move |declaration: &Declaration, sink| {
        for (place, spec) in declaration.space.specs().iter().enumerate() {
            if let Some(plain) = of(place, spec) {
                sink(&spec.name, plain);
            }
        }
    })
    .of_search()
}

/// The parameter that these are the values of, and its place; what is missing or wrong.
pub(in crate::internals::declaration) fn spec(
    name: &str,
    values: &HashMap<&str, Plain>,
) -> Result<(u64, ParamSpec), String> {
    let read = Values { name, values };
    let scale = || read.get::<Scale>("scale");
    let mut spec = match read.get::<String>("kind")?.as_str() {
        "float" => ParamSpec::float(name, read.get("low")?..=read.get("high")?, read.get("neutral")?).scaled(scale()?),
        "int" => {
            let whole = |key| match read.plain(key)? {
                Plain::Whole(whole) => i64::try_from(*whole).map_err(|_| read.wrong(key, "a whole number")),
                _ => Err(read.wrong(key, "a whole number")),
            };
            ParamSpec::int(name, whole("low")?..=whole("high")?, whole("neutral")?).scaled(scale()?)
        }
        "bool" => ParamSpec::bool(name, read.get("neutral")?),
        _ => match read.plain("choices")? {
            Plain::Texts(choices) => {
                ParamSpec::choice(name, choices.iter().map(String::as_str), &read.get::<String>("neutral")?)
            }
            _ => return Err(read.wrong("choices", "an array of texts")),
        },
    };
    let wrong_step = || read.wrong("step", "a number above 0");
    spec = match values.get("step") {
        Some(Plain::Whole(step)) => spec.step(i64::try_from(*step).map_err(|_| wrong_step())?),
        Some(Plain::Number(step)) => spec.step(*step),
        Some(_) => return Err(wrong_step()),
        None => spec,
    };
    spec.stress_suppressed = read.get("suppressed")?;
    Ok((read.get("place")?, spec))
}

#[cfg(feature = "committed")]
/// The parameter as omega.toml declares it, where what is usual need not be said.
pub(in crate::internals::declaration) fn spec_of(
    name: &str,
    values: &HashMap<&str, Plain>,
) -> Result<(u64, ParamSpec), String> {
    let kind = values.get("kind").map(Plain::bare).unwrap_or_default();
    let keys: &[&str] = match kind.as_str() {
        "float" | "int" => &["low", "high", "scale", "step"],
        "choice" => &["choices"],
        _ => &[],
    };
    let foreign = |key: &&&str| !["place", "kind", "neutral", "suppressed"].contains(*key) && !keys.contains(*key);
    if let Some(key) = values.keys().filter(|_| !kind.is_empty()).find(foreign) {
        return Err(format!("`space.{}.{key}` does not apply to kind \"{kind}\"", name.escape_debug()));
    }
    let mut values = values.clone();
    values.entry("suppressed").or_insert(Plain::Switch(false));
    values.entry("scale").or_insert(Plain::from(Scale::Linear.name()));
    spec(name, &values)
}

struct Values<'v> {
    name: &'v str,
    values: &'v HashMap<&'v str, Plain>,
}

impl Values<'_> {
    fn plain(&self, key: &str) -> Result<&Plain, String> {
        let field = || format!("`space.{}.{key}` is missing", self.name.escape_debug());
        self.values.get(key).ok_or_else(field)
    }

    fn get<T: Holds>(&self, key: &str) -> Result<T, String> {
        T::of(self.plain(key)?.clone()).ok_or_else(|| self.wrong(key, &T::kind().expected()))
    }

    fn wrong(&self, key: &str, expected: &str) -> String {
        let found = self.values.get(key).map(Plain::to_string).unwrap_or_default();
        format!("`space.{}.{key}` is {found}, expected {expected}", self.name.escape_debug())
    }
}

//! A declaration read back from the fields it was written down as.

use std::collections::{HashMap, HashSet};

use super::plain::Plain;
use super::{Declaration, DeclarationError, keys, table};
use crate::audit::Constraint;
use crate::objective::{ParamSpace, spelling};
use crate::pipeline::{RunConfig, SearchMethod};

/// Key and value of a field.
type Pair = (String, String);

/// Values by what they are of and by the last part of their keys.
type Whole<'f> = HashMap<&'f str, HashMap<&'f str, Plain>>;

impl Declaration {
    /// The declaration of a calibration that has these fields, keys and values as [`fields`](Self::fields) spells them;
    /// `constraints` are the names in order of declaration.
    ///
    /// A closure is not among the fields: an opaque constraint that is read back keeps its name and never holds.
    ///
    /// # Errors
    /// If a field is missing, unknown or not of this version; what is read back has exactly the fields it was read from.
    pub fn recorded(
        calibration: &str,
        fields: &[(String, String)],
        constraints: &[String],
    ) -> Result<Self, DeclarationError> {
        let mut read = Self::new(calibration, RunConfig::default(), ParamSpace::new());
        let (mut params, mut conditions) = (Whole::new(), Whole::new());
        let (mut base, mut alone) = (Vec::new(), Vec::new());
        for (key, value) in fields {
            let (place, row, name) = placed(key)?;
            // What omega.toml cannot say: the optimizer is the code's.
            if row.name() == "search.method" && value == "\"own\"" {
                read.config.search = SearchMethod::Own { name: String::new() };
                continue;
            }
            let plain = Plain::parse(value).and_then(|plain| row.kind.read(plain));
            let plain = plain.ok_or_else(|| {
                wrong(format!("`{}` is {value}, expected {}", key.escape_debug(), row.kind.expected()))
            })?;
            let last = row.name().rsplit('.').next().unwrap_or_default();
            match row.table() {
                _ if row.name() == table::BASE => base.push((name.to_owned(), plain)),
                "space" => drop(params.entry(name).or_default().insert(last, plain)),
                table::CONSTRAINT => drop(conditions.entry(name).or_default().insert(last, plain)),
                _ => alone.push((place, row, name, plain)),
            }
        }
        read.space = space(&params)?;
        alone.sort_by_key(|(place, ..)| *place);
        for (_, row, name, plain) in alone {
            row.put(&mut read, name, plain)
                .map_err(|problem| wrong(format!("`{}` {problem}", row.field(name).escape_debug())))?;
        }
        table::set_base(&mut read, base).map_err(|error| wrong(error.to_string()))?;
        for name in constraints {
            read.constraints.push(condition(name, &conditions)?);
        }
        let again: Vec<Pair> = read.fields().into_iter().map(|field| (field.key, field.value)).collect();
        match surplus(fields, &again).or(surplus(&again, fields)) {
            Some((key, value)) => {
                Err(wrong(format!("`{} = {value}` is of another version of the declaration", key.escape_debug())))
            }
            None => Ok(read),
        }
    }
}

fn wrong(message: String) -> DeclarationError {
    DeclarationError::new(None, message, None)
}

/// The row of a field, with its place in the table and the name in the key.
fn placed(key: &str) -> Result<(usize, &'static super::Key, &str), DeclarationError> {
    let found = keys().iter().enumerate().find_map(|(place, row)| Some((place, row, row.matches(key)?)));
    found.ok_or_else(|| {
        let nearest = spelling::nearest(key, keys().iter().map(super::Key::name));
        let help = nearest.map(|nearest| format!("the nearest key is `{nearest}`"));
        DeclarationError::new(None, format!("unknown key `{}`", key.escape_debug()), help)
    })
}

fn space(params: &Whole<'_>) -> Result<ParamSpace, DeclarationError> {
    let specs = params.iter().map(|(name, values)| table::spec(name, values).map_err(wrong));
    let mut specs = specs.collect::<Result<Vec<_>, _>>()?;
    specs.sort_by_key(|(place, _)| *place);
    let space = specs.into_iter().fold(ParamSpace::new(), |space, (_, spec)| space.param(spec));
    space.check().map_err(|error| wrong(error.to_string()))?;
    Ok(space)
}

fn condition(name: &str, conditions: &Whole<'_>) -> Result<Constraint, DeclarationError> {
    let values =
        conditions.get(name).ok_or_else(|| wrong(format!("constraint `{}` has no field", name.escape_debug())))?;
    if values.contains_key("opaque") {
        return Ok(Constraint::opaque(name, |_, _| false));
    }
    table::constraint(name, values)
        .map_err(|(key, problem)| wrong(format!("`constraint.{}.{key}` {problem}", name.escape_debug())))
}

/// The first of `left` that is not in `right`.
fn surplus(left: &[Pair], right: &[Pair]) -> Option<Pair> {
    let right: HashSet<&Pair> = right.iter().collect();
    left.iter().find(|field| !right.contains(field)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_another_version_is_named() {
        let space = ParamSpace::new().float("x", 0.0..=1.0, 0.5);
        let declaration = Declaration::new("s", RunConfig::default(), space);
        let mut fields: Vec<Pair> = declaration.fields().into_iter().map(|field| (field.key, field.value)).collect();
        let refused = |fields: &[Pair]| Declaration::recorded("s", fields, &[]).unwrap_err().to_string();
        let old = fields.iter_mut().find(|(key, _)| key == "gates.gini_min").unwrap();
        "0.20".clone_into(&mut old.1);
        assert!(refused(&fields).contains("`gates.gini_min = 0.20` is of another version"), "{}", refused(&fields));
        fields.retain(|(key, _)| key != "gates.gini_min");
        assert!(refused(&fields).contains("`gates.gini_min = 0.2`"));
        fields.push(("gates.gni_min".to_owned(), "0.2".to_owned()));
        assert!(refused(&fields).contains("unknown key `gates.gni_min`\nhelp: the nearest key is `gates.gini_min`"));
        fields.pop();
        fields.push(("gates.gini_min".to_owned(), "\"off\"".to_owned()));
        assert!(refused(&fields).contains("`gates.gini_min` is \"off\", expected a finite number"));
    }
}

//! Which columns are parameters, by the patterns of `--params`.

use std::cell::Cell;

use glob::Pattern;
use omega_lock::internals::objective::spelling::nearest;

use super::Told;
use crate::failure::Failure;

/// The patterns that were given, each with whether it has matched something.
#[derive(Debug)]
pub(crate) struct Patterns(Vec<(Pattern, Cell<bool>)>);

impl Patterns {
    /// Compiles them. None were given: nobody asked.
    pub(crate) fn of(told: &Told) -> Result<Self, Failure> {
        let compiled = told.params.iter().map(|text| match Pattern::new(text) {
            Ok(pattern) => Ok((pattern, Cell::new(false))),
            Err(error) => {
                let message = format!("--params `{}`: {} at letter {}", text.escape_debug(), error.msg, error.pos + 1);
                Err(Failure::usage(message).help("`*` stands for any letters, `?` for one, `[[]` for a bracket"))
            }
        });
        compiled.collect::<Result<_, _>>().map(Self)
    }

    /// Whether none were given.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one matches this name. A name that is spelled like a pattern matches itself.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let mut matches = false;
        for (pattern, met) in &self.0 {
            if pattern.as_str() == name || pattern.matches(name) {
                met.set(true);
                matches = true;
            }
        }
        matches
    }

    /// Whether a column that the tool calls a parameter is meant: all of them if nobody asked.
    pub(crate) fn keep(&self, name: &str) -> bool {
        self.is_empty() || self.matches(name)
    }

    /// Fails if one of them has matched nothing, and names the nearest of `names`.
    pub(crate) fn all_met(&self, told: &Told, names: &[String]) -> Result<(), Failure> {
        let Some((pattern, _)) = self.0.iter().find(|(_, met)| !met.get()) else { return Ok(()) };
        let message =
            format!("`{}` has no parameter that --params `{}` matches", told.file, pattern.as_str().escape_debug());
        Err(Failure::usage(message).help(choice(pattern.as_str(), names)))
    }
}

/// How many names a message lists.
const LISTED: usize = 12;

/// The name that was probably meant, or those that there are.
pub(crate) fn choice(asked: &str, names: &[String]) -> String {
    if let Some(near) = nearest(asked, names.iter().map(String::as_str)) {
        return format!("did you mean `{}`?", near.escape_debug());
    }
    let listed: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{}`", name.escape_debug())).collect();
    match names.len().saturating_sub(LISTED) {
        _ if names.is_empty() => "it has none at all".to_owned(),
        0 => format!("it has {}", listed.join(", ")),
        more => format!("it has {} and {more} more", listed.join(", ")),
    }
}

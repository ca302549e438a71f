//! The table of all keys, in the order in which their values are put into a declaration: what decides whether another key
//! applies stands before it.

/// Rows whose value has one place: name, class, place in the declaration, meaning, and what else is known.
macro_rules! rows {
    ($($name:literal, $class:expr, $part:ident $(.$field:ident)+ $(? $(.$inner:ident)+)?, $about:literal
        $(=> $($with:ident($($argument:expr),*)),+)?;)*) => {
        vec![$(
            $crate::declaration::key::key_if($name, $class, $about, |d| rows!(@ d.$part$(.$field)+ $(, $(.$inner)+)?))
                $($(.$with($($argument),*))+)?
        ),*]
    };
    (@ $place:expr) => { Some(&mut $place) };
    (@ $place:expr, $(.$inner:ident)+) => { $place.as_mut().map(|place| &mut place$(.$inner)+) };
}

mod acceptance;
mod constraint;
mod gates;
mod holdout;
mod run;
mod search;
mod ship;
mod space;
mod stress;
mod worker;

use std::sync::LazyLock;

pub(super) use constraint::{ELSEWHERE, TABLE as CONSTRAINT, constraint};
pub(super) use space::spec;
#[cfg(feature = "committed")]
pub(super) use space::spec_of;
pub(super) use stress::{BASE, set_base};

use super::key::Key;
use crate::objective::Role;

static TABLE: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let parts = [
        run::keys(),
        search::keys(),
        gates::keys(),
        holdout::keys(),
        stress::keys(),
        acceptance::keys(),
        ship::keys(),
        constraint::keys(),
        worker::keys(),
        space::keys(),
    ];
    parts.into_iter().flatten().collect()
});

/// Every key of a declaration.
pub fn keys() -> &'static [Key] {
    &TABLE
}

/// The key that a field is of, and the name of the user's in it, empty if it has no place for one.
pub(super) fn find(field: &str) -> Option<(&'static Key, &str)> {
    keys().iter().find_map(|key| Some((key, key.matches(field)?)))
}

/// Whether another value of a field is another question to a slice: it decides what was searched and selected, or what the
/// test slice was asked.
pub fn asks(field: &str, role: Role) -> bool {
    find(field).is_some_and(|(key, _)| key.asks(role))
}

/// The key that a row's own dotted name, or the end of it, names: `gates.pearson_min`, `pearson_min`.
pub fn keys_called(name: &str) -> impl Iterator<Item = &'static Key> {
    let ends =
        move |key: &&Key| key.name().strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let exact = find(name).map(|(key, _)| key);
    let others = keys().iter().filter(ends).filter(move |key| exact.is_none_or(|exact| exact.name() != key.name()));
    exact.into_iter().chain(others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declaration::Declaration;
    use crate::objective::ParamSpace;
    use crate::pipeline::{Profile, RunConfig};

    #[test]
    fn no_key_has_two_rows_and_every_condition_stands_before_what_depends_on_it() {
        for (place, key) in keys().iter().enumerate() {
            let (first, _) = find(key.name()).unwrap();
            assert_eq!(first.name(), key.name(), "another row matches it");
            let Some((selector, _)) = key.when else { continue };
            let before = keys().iter().position(|other| other.name() == selector).expect(selector);
            assert!(before < place || selector.contains('<'), "{}: {selector}", key.name());
        }
    }

    #[test]
    fn a_key_holds_a_value_exactly_where_its_condition_is_met() {
        for method in ["grid", "zoom", "random", "tpe"] {
            let mut declaration = Declaration::new("a", RunConfig::of(Profile::Strict), ParamSpace::new());
            find("search.method").unwrap().0.put(&mut declaration, "", method.into()).unwrap();
            for key in keys().iter().filter(|key| key.table() == "search" && key.in_file) {
                let applies = key.when.is_none_or(|(_, methods)| methods.contains(&method));
                assert_eq!(key.values(&mut declaration).len(), usize::from(applies), "{} under {method}", key.name());
            }
        }
    }

    #[test]
    fn a_default_is_within_its_own_domain() {
        for profile in Profile::ALL {
            let mut declaration = Declaration::new("a", RunConfig::of(profile), ParamSpace::new());
            for key in keys() {
                assert_eq!(key.check(&mut declaration), Ok(()), "{}", key.name());
            }
        }
    }
}

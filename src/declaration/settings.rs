//! What omega.toml says of one calibration, and how it goes over what the code says.

use std::collections::BTreeMap;

use super::plain::Plain;
use super::{Declaration, Key, Slice, keys, table};
use crate::audit::Constraint;
use crate::objective::{ParamError, WindowData};
use crate::pipeline::Profile;

/// One `[calibration.NAME]` table; what is absent leaves the code's value alone.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub(super) given: Vec<Given>,
    pub(super) constraints: Vec<Constraint>,
    /// What a worker is told of each slice, with the slice's word.
    pub(super) slices: Vec<(String, Slice)>,
}

/// One value that the table has.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) key: &'static Key,
    /// The name of the user's in the key, empty if it has no place for one.
    pub(super) name: String,
    pub(super) plain: Plain,
    /// Where it stands, from 1.
    pub(super) line: usize,
}

impl Given {
    pub(super) fn field(&self) -> String {
        self.key.field(&self.name)
    }
}

impl Settings {
    pub(super) fn new(mut given: Vec<Given>, constraints: Vec<Constraint>) -> Self {
        let place = |given: &Given| keys().iter().position(|key| key.name() == given.key.name());
        given.sort_by_key(place);
        Self { given, constraints, slices: Vec::new() }
    }

    pub(super) fn with_slices(self, slices: Vec<(String, Slice)>) -> Self {
        Self { slices, ..self }
    }

    /// The value of a field, if the table has it.
    fn said(&self, field: &str) -> Option<&Plain> {
        self.given.iter().find(|given| given.field() == field).map(|given| &given.plain)
    }

    /// The profile that the file names.
    pub fn profile(&self) -> Option<Profile> {
        let said = self.said("profile")?.bare();
        Profile::ALL.into_iter().find(|profile| profile.name() == said)
    }

    /// Whether the file itself says the value of a field of the resolved declaration.
    pub fn gives(&self, field: &str) -> bool {
        let constraint = field.strip_prefix("constraint.").and_then(|rest| rest.split('.').next());
        let slice = field.strip_prefix("roles.");
        self.said(field).is_some()
            || self.slices.iter().any(|(word, _)| Some(word.as_str()) == slice)
            || constraint.is_some_and(|name| self.constraints.iter().any(|known| known.name == name))
    }

    /// What the file gives the target of each window, train and test, as JSON: the tables `windows.1`, `windows.2` and so on.
    ///
    /// # Errors
    /// If a window is named otherwise than by its number, left out, or lacks one of its two parts; the text names it.
    pub fn windows(&self) -> Result<Vec<WindowData>, String> {
        let given = self.given.iter().filter(|given| given.key.table() == "windows");
        let mut windows: BTreeMap<u64, [Option<String>; 2]> = BTreeMap::new();
        for given in given {
            let number = given.name.parse().ok().filter(|number: &u64| number.to_string() == given.name);
            let number = number.ok_or_else(|| {
                format!("`{}` names no window, expected its number, from 1", given.field().escape_debug())
            })?;
            let place = usize::from(given.key.name().ends_with(".test"));
            windows.entry(number).or_default()[place] = Some(given.plain.bare());
        }
        let whole = |(expected, (number, parts)): (u64, (u64, [Option<String>; 2]))| match parts {
            _ if number != expected => Err(format!("`windows.{expected}` is missing, and there is `windows.{number}`")),
            [Some(train), Some(test)] => Ok(WindowData { train, test }),
            [None, _] => Err(format!("`windows.{number}.train` is missing")),
            [_, None] => Err(format!("`windows.{number}.test` is missing")),
        };
        (1..).zip(windows).map(whole).collect()
    }

    /// The constraints that the file declares.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// Puts what the file says over `declaration`, except constraints and the baseline, which needs the space: either the
    /// keys that decide whether others apply, or these others, so far as they apply.
    pub(super) fn put(&self, declaration: &mut Declaration, deciding: bool) {
        // The space of a calibration without code is put together where the target is made.
        let aside = |given: &&Given| is_base(given) || given.key.table() == "space";
        for Given { key, name, plain, .. } in self.given.iter().filter(|given| !aside(given)) {
            if key.decides() == deciding && key.refused(declaration).is_none() {
                // What a reader took is of the key's kind, and a key that applies has a place.
                key.put(declaration, name, plain.clone()).ok();
            }
        }
    }

    /// A field that the file says although it does not apply to what is declared; what it does not apply to, and what it
    /// applies to.
    pub fn inapplicable(&self, declaration: &Declaration) -> Option<(String, String, String)> {
        let mut copy = declaration.clone();
        self.given.iter().find_map(|given| {
            let foreign = given.key.refused(&mut copy)?;
            Some((given.field(), foreign, given.key.applies_to()?))
        })
    }

    /// Puts the baseline values of the file over those of `declaration`, which has its space; others stay, or are neutral.
    ///
    /// # Errors
    /// If a name is no parameter. Ranges are checked with the declaration.
    pub fn apply_base(&self, declaration: &mut Declaration) -> Result<(), ParamError> {
        let base = self.given.iter().filter(|given| is_base(given));
        table::set_base(declaration, base.map(|given| (given.name.clone(), given.plain.clone())))
    }
}

fn is_base(given: &Given) -> bool {
    given.key.name() == table::BASE
}

//! One key of a declaration: everything that is known of it.

use std::ops::{Bound, RangeBounds};

use super::class::Class;
use super::plain::{Holds, Kind, Plain, Shape};
use super::{Acceptance, Declaration, table};
use crate::objective::{ParamSpace, Role};
use crate::pipeline::{ConfigError, Profile, RunConfig};

/// Receives the name behind the key, empty where it has no `<..>`, and the value.
pub(super) type Sink<'s> = dyn FnMut(&str, Plain) + 's;
type List = Box<dyn Fn(&mut Declaration, &mut Sink<'_>) + Send + Sync>;
type Put = Box<dyn Fn(&mut Declaration, &str, Plain) -> Result<(), String> + Send + Sync>;

/// One key of omega.toml, or one field that code and target decide.
///
/// Reading omega.toml, the fields of a declaration, reading these back, the check of values, the JSON Schema, what a
/// difference means and the reference are made from the rows of one table of these.
pub struct Key {
    /// Dotted; a segment `<..>` stands for a name of the user's.
    name: &'static str,
    pub(super) kind: Kind,
    pub(super) class: Class,
    about: &'static str,
    /// Another key, and the values of it that this one applies to; any but off where none is listed.
    pub(super) when: Option<(&'static str, &'static [&'static str])>,
    bounds: (Bound<f64>, Bound<f64>),
    /// What a number of it is called.
    noun: Option<&'static str>,
    /// What is expected beside the other keys, where this one does not fit them.
    rule: Option<fn(&Declaration) -> Option<String>>,
    /// Whose question it is a part of: that of train decides what is searched and selected, that of test only what is
    /// asked of the test slice.
    question: Option<Role>,
    /// Whether omega.toml can say it.
    pub(super) in_file: bool,
    /// Whether it says that only of a calibration without code.
    without_code: bool,
    /// What holds of a name that nothing is declared for.
    pub(super) absent: Option<fn(&str) -> Plain>,
    /// The key whose value holds where this one is not said.
    pub(super) silent_as: Option<&'static str>,
    list: List,
    /// Absent where a value alone means nothing: the space and the constraints are read whole.
    put: Option<Put>,
}

/// A key that one place of the declaration holds.
pub(super) fn key<T: Holds + 'static>(
    name: &'static str,
    class: Class,
    about: &'static str,
    at: fn(&mut Declaration) -> &mut T,
) -> Key {
    key_if(name, class, about, move |declaration| Some(at(declaration)))
}

/// A key whose place is there only where another key says so.
pub(super) fn key_if<T: Holds + 'static>(
    name: &'static str,
    class: Class,
    about: &'static str,
    at: impl Fn(&mut Declaration) -> Option<&mut T> + Copy + Send + Sync + 'static,
) -> Key {
    let list: List = Box::new(move |declaration, sink| {
        if let Some(plain) = at(declaration).and_then(|place| place.get()) {
            sink("", plain);
        }
    });
    let put: Put = Box::new(move |declaration, _, plain| store(at(declaration).ok_or("does not apply here")?, plain));
    Key { put: Some(put), ..Key::new(name, T::kind(), class, about, list) }
}

/// A key that no single place holds.
pub(super) fn spread(
    name: &'static str,
    shape: Shape,
    class: Class,
    about: &'static str,
    list: impl Fn(&Declaration, &mut Sink<'_>) + Send + Sync + 'static,
) -> Key {
    Key::new(name, shape.into(), class, about, Box::new(move |declaration, sink| list(declaration, sink)))
}

/// Puts a value where it belongs.
pub(super) fn store<T: Holds>(place: &mut T, plain: Plain) -> Result<(), String> {
    *place = T::of(plain).ok_or_else(|| format!("is of another kind, expected {}", T::kind().expected()))?;
    Ok(())
}

impl Key {
    fn new(name: &'static str, kind: Kind, class: Class, about: &'static str, list: List) -> Self {
        Self {
            name,
            kind,
            class,
            about,
            when: None,
            bounds: (Bound::Unbounded, Bound::Unbounded),
            noun: None,
            rule: None,
            question: None,
            in_file: true,
            without_code: false,
            absent: None,
            silent_as: None,
            list,
            put: None,
        }
    }

    pub(super) fn put_with(
        mut self,
        put: impl Fn(&mut Declaration, &str, Plain) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.put = Some(Box::new(put));
        self
    }

    /// Only where the other key has one of these values.
    pub(super) fn when(mut self, other: &'static str, values: &'static [&'static str]) -> Self {
        self.when = Some((other, values));
        self
    }

    pub(super) fn strict(self) -> Self {
        self.when("profile", &["strict"])
    }

    /// Only where blocks are declared.
    pub(super) fn with_blocks(self) -> Self {
        self.when("blocks", &[])
    }

    pub(super) fn within(mut self, range: impl RangeBounds<f64>) -> Self {
        self.bounds = (range.start_bound().cloned(), range.end_bound().cloned());
        self
    }

    pub(super) fn called(mut self, noun: &'static str) -> Self {
        self.noun = Some(noun);
        self
    }

    pub(super) fn rule(mut self, rule: fn(&Declaration) -> Option<String>) -> Self {
        self.rule = Some(rule);
        self
    }

    /// Decides what is searched and selected.
    pub(super) fn of_search(self) -> Self {
        Self { question: Some(Role::Train), ..self }
    }

    /// Decides what the test slice is asked, beside what was selected.
    pub(super) fn of_test(self) -> Self {
        Self { question: Some(Role::Test), ..self }
    }

    /// Whether another value is another question to a slice.
    pub(super) fn asks(&self, role: Role) -> bool {
        self.question.is_some_and(|asked| asked == Role::Train || asked == role)
    }

    /// Said by code and target, never by omega.toml's table of a calibration.
    pub(super) fn not_in_file(mut self) -> Self {
        self.in_file = false;
        self
    }

    /// Said by omega.toml of a calibration without code, else by code and target.
    pub(super) fn without_code(self) -> Self {
        Self { without_code: true, ..self }
    }

    pub(super) fn absent(mut self, absent: fn(&str) -> Plain) -> Self {
        self.absent = Some(absent);
        self
    }

    /// Where it is not said, the other key's value holds for it.
    pub(super) fn silent_as(self, other: &'static str) -> Self {
        Self { silent_as: Some(other), ..self }
    }

    /// Dotted, below the calibration's table; a segment in `<>` stands for a name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it means, as a fragment.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// What it takes, with its domain.
    pub fn takes(&self) -> String {
        match self.bounds {
            (Bound::Unbounded, Bound::Unbounded) => self.kind.expected(),
            _ => self.kind.or_off(&self.domain()),
        }
    }

    /// What it is where nobody says it, under each profile that differs; absent where it has no value then.
    pub fn default(&self) -> Option<String> {
        // That of a metric is the metric's own, and nobody's constraint has one.
        if self.name.contains('<') {
            return None;
        }
        if self.name == "profile" {
            return Some(format!("\"{}\"", Profile::default()));
        }
        let under = |profile: Profile| {
            let mut declaration = Declaration::new("", RunConfig::of(profile), ParamSpace::new());
            declaration.acceptance = Acceptance::of_profile(profile);
            // A key of another method or pipeline has the default of that one.
            if let Some((selector, values)) = self.when.filter(|(selector, _)| *selector != "profile") {
                let (row, name) = table::find(selector)?;
                // As many blocks as anything else of which no value is listed.
                let value = values.first().map_or(Plain::Whole(8), |value| Plain::from(*value));
                row.put(&mut declaration, name, value).ok()?;
            }
            let value = self.values(&mut declaration).into_iter().next().map(|(_, plain)| plain);
            value.or(self.absent.map(|absent| absent(""))).map(|plain| plain.to_string())
        };
        match (under(Profile::Strict), under(Profile::Reference)) {
            (Some(strict), Some(reference)) if strict != reference => {
                Some(format!("{strict} under `strict`, {reference} under `reference`"))
            }
            (strict, reference) => strict.or(reference),
        }
    }

    /// Where it applies, as `search.method = "zoom"`; absent if everywhere.
    pub fn applies_to(&self) -> Option<String> {
        if self.without_code {
            return Some("worker.command = [..]".to_owned());
        }
        let (other, values) = self.when?;
        if values.is_empty() {
            return Some(format!("{other} = 8"));
        }
        let spelled = |value: &&str| match *value {
            "true" | "false" => (*value).to_owned(),
            word => format!("\"{word}\""),
        };
        Some(format!("{other} = {}", values.iter().map(spelled).collect::<Vec<_>>().join(" or ")))
    }

    /// What another value of it means for the bar.
    pub fn means(&self) -> String {
        self.class.about()
    }

    /// Whether omega.toml can say it, rather than code and target.
    pub fn is_said_by_the_file(&self) -> bool {
        self.in_file
    }

    #[cfg(feature = "committed")]
    /// Whether another key applies or not by the value of this one.
    pub(super) fn decides(&self) -> bool {
        table::keys().iter().any(|key| key.when.is_some_and(|(selector, _)| selector == self.name))
    }

    /// The first part of the dotted name.
    pub(super) fn table(&self) -> &'static str {
        self.name.split('.').next().unwrap_or(self.name)
    }

    /// The dotted name with a name of the user's in its place.
    pub(super) fn field(&self, name: &str) -> String {
        match (self.name.find('<'), self.name.find('>')) {
            (Some(start), Some(end)) => format!("{}{name}{}", &self.name[..start], &self.name[end + 1..]),
            _ => self.name.to_owned(),
        }
    }

    /// The name of the user's in a dotted name that this row stands for; empty where it has no place for one.
    pub(super) fn matches<'k>(&self, field: &'k str) -> Option<&'k str> {
        match (self.name.find('<'), self.name.find('>')) {
            (Some(start), Some(end)) => field.strip_prefix(&self.name[..start])?.strip_suffix(&self.name[end + 1..]),
            _ => (field == self.name).then_some(""),
        }
    }

    /// Its values, by name; none where it does not apply. The declaration is only looked at.
    pub(super) fn values(&self, declaration: &mut Declaration) -> Vec<(String, Plain)> {
        let mut values = Vec::new();
        if self.refused(declaration).is_none() {
            (self.list)(declaration, &mut |name, plain| values.push((name.to_owned(), plain)));
        }
        values
    }

    /// Puts a value of its kind into the declaration.
    pub(super) fn put(&self, declaration: &mut Declaration, name: &str, plain: Plain) -> Result<(), String> {
        match &self.put {
            Some(put) => put(declaration, name, plain),
            None => Err("cannot be said alone".to_owned()),
        }
    }

    /// What it does not apply to, if it does not: `profile "reference"`.
    pub(super) fn refused(&self, declaration: &mut Declaration) -> Option<String> {
        let (other, values) = self.when?;
        // A condition on a neighbour of the same name is the list's own to keep.
        let (row, _) = table::find(other).filter(|_| !other.contains('<'))?;
        let found = row.values(declaration).into_iter().next().map(|(_, plain)| plain);
        let found = found.or(row.absent.map(|absent| absent("")))?;
        (!is_met(values, &found)).then(|| refusal(other, &found))
    }

    /// Whether its values are within their domain and fit the others.
    pub(super) fn check(&self, declaration: &mut Declaration) -> Result<(), ConfigError> {
        let values = self.values(declaration);
        for (name, plain) in &values {
            if !self.allows(plain) {
                return Err(ConfigError::new(&self.field(name), plain.bare(), &self.domain()));
            }
        }
        match (values.first(), self.rule.and_then(|rule| rule(declaration))) {
            (Some((name, plain)), Some(expected)) => {
                let found = if plain.bare().is_empty() { "empty".to_owned() } else { plain.bare() };
                Err(ConfigError::new(&self.field(name), found, &expected))
            }
            _ => Ok(()),
        }
    }

    /// Whether a value is within the domain, the other keys aside.
    pub(super) fn allows(&self, plain: &Plain) -> bool {
        plain.as_number().is_none_or(|number| number.is_finite() && self.bounds.contains(&number))
    }

    /// The domain, worded as an expectation.
    pub(super) fn domain(&self) -> String {
        let whole = self.kind.shape == Shape::Count;
        let noun = self.noun.unwrap_or(if whole { "a whole number" } else { "a number" });
        match self.bounds {
            (Bound::Unbounded, Bound::Unbounded) => self.kind.expected(),
            (Bound::Included(low), Bound::Unbounded) if whole => format!("{noun} of at least {low}"),
            (low, high) => {
                let low = match low {
                    Bound::Included(low) => format!(" from {low}"),
                    Bound::Excluded(low) => format!(" above {low}"),
                    Bound::Unbounded => String::new(),
                };
                let high = match high {
                    Bound::Included(high) if low.is_empty() => format!(" of at most {high}"),
                    Bound::Included(high) => format!(" to {high}"),
                    Bound::Excluded(high) => format!(" and below {high}"),
                    Bound::Unbounded => String::new(),
                };
                format!("{noun}{low}{high}")
            }
        }
    }

    pub(super) fn bounds(&self) -> (Bound<f64>, Bound<f64>) {
        self.bounds
    }
}

/// Whether a key has one of the values that another applies to.
pub(super) fn is_met(values: &[&str], found: &Plain) -> bool {
    if values.is_empty() { *found != Plain::off() } else { values.contains(&found.bare().as_str()) }
}

/// What a key does not apply to.
pub(super) fn refusal(other: &str, found: &Plain) -> String {
    match other.rsplit('.').next() {
        _ if *found == Plain::from("own") => "the optimizer that the code brings along".to_owned(),
        Some(last) => format!("{last} {found}"),
        None => found.to_string(),
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("name", &self.name).field("class", &self.class).finish_non_exhaustive()
    }
}

//! One table of omega.toml, read key by key.
//!
//! Every key that is asked for counts as known, so that what is left over at the end is unknown and the nearest known
//! key can be named.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::DeclarationError;
use super::error::line_of;
use crate::objective::{Value, spelling};

/// A table and the keys asked for so far.
pub(super) struct Keys<'d> {
    text: &'d str,
    path: String,
    table: &'d DeTable<'d>,
    known: Vec<&'static str>,
    line: Cell<usize>,
    /// Shared with the tables below: the whole path of every value that is there and was asked for.
    given: Rc<RefCell<Vec<String>>>,
}

type Found<T> = Result<Option<T>, DeclarationError>;

impl<'d> Keys<'d> {
    pub(super) fn new(text: &'d str, path: String, table: &'d DeTable<'d>) -> Self {
        Self { text, path, table, known: Vec::new(), line: Cell::new(1), given: Rc::default() }
    }

    /// Collects the paths of the values that are there, below this table and without its own path.
    pub(super) fn given(&self) -> Given {
        Given { paths: Rc::clone(&self.given), below: format!("{}.", self.path) }
    }

    /// The line the table's own key stands on.
    pub(super) fn line(&self) -> usize {
        self.line.get()
    }

    pub(super) fn table(&mut self, key: &'static str) -> Found<Keys<'d>> {
        let Some(value) = self.take(key) else { return Ok(None) };
        self.as_table(key, value).map(Some)
    }

    /// The tables of an array of tables.
    pub(super) fn tables(&mut self, key: &'static str) -> Result<Vec<Keys<'d>>, DeclarationError> {
        let Some(value) = self.take(key) else { return Ok(Vec::new()) };
        let DeValue::Array(array) = value.get_ref() else {
            return Err(self.wrong(key, value, "an array of tables"));
        };
        array.iter().enumerate().map(|(index, item)| self.as_table(&format!("{key}[{index}]"), item)).collect()
    }

    /// Every entry of this table as a table, by name.
    pub(super) fn entries(&self) -> Result<Vec<(String, Keys<'d>)>, DeclarationError> {
        let entry = |(key, value): (&Spanned<_>, &'d Spanned<DeValue<'d>>)| {
            let name = String::from(std::ops::Deref::deref(key.get_ref()));
            let keys = self.as_table(&name, value)?;
            keys.line.set(line_of(self.text, key.span().start));
            Ok((name, keys))
        };
        self.table.iter().map(entry).collect()
    }

    /// Every entry of this table as a finite number, by name.
    pub(super) fn numbers(&self) -> Result<Vec<(String, f64)>, DeclarationError> {
        let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let name = String::from(std::ops::Deref::deref(key.get_ref()));
            match number(value).filter(|number| number.is_finite()) {
                Some(number) => Ok((self.note(name), number)),
                None => Err(self.wrong(&name, value, "a finite number")),
            }
        };
        self.table.iter().map(entry).collect()
    }

    /// Every entry of this table as a value of a parameter, by name.
    pub(super) fn values(&self) -> Result<Vec<(String, Value)>, DeclarationError> {
        let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let name = String::from(std::ops::Deref::deref(key.get_ref()));
            let read = match value.get_ref() {
                DeValue::Boolean(switch) => Some(Value::Bool(*switch)),
                DeValue::Integer(_) => whole(value).map(Value::Int),
                DeValue::Float(_) => number(value).filter(|number| number.is_finite()).map(Value::Float),
                DeValue::String(text) => Some(Value::from(&**text)),
                _ => None,
            };
            match read {
                Some(read) => Ok((self.note(name), read)),
                None => Err(self.wrong(&name, value, "a finite number, a whole number, a bool or a text")),
            }
        };
        self.table.iter().map(entry).collect()
    }

    pub(super) fn number(&mut self, key: &'static str) -> Found<f64> {
        self.read(key, "a finite number", |value| number(value).filter(|number| number.is_finite()))
    }

    /// A number, or `"off"`, which is `Some(None)`.
    pub(super) fn number_or_off(&mut self, key: &'static str) -> Found<Option<f64>> {
        self.read(key, "a finite number or \"off\"", |value| match off(value) {
            true => Some(None),
            false => number(value).filter(|number| number.is_finite()).map(Some),
        })
    }

    pub(super) fn count(&mut self, key: &'static str) -> Found<u64> {
        self.read(key, "a whole number that is not negative", |value| u64::try_from(whole(value)?).ok())
    }

    /// A count, or `"off"`, which is `Some(None)`.
    pub(super) fn count_or_off(&mut self, key: &'static str) -> Found<Option<u64>> {
        self.read(key, "a whole number that is not negative, or \"off\"", |value| match off(value) {
            true => Some(None),
            false => u64::try_from(whole(value)?).ok().map(Some),
        })
    }

    pub(super) fn size(&mut self, key: &'static str) -> Found<usize> {
        Ok(self.count(key)?.map(|count| usize::try_from(count).unwrap_or(usize::MAX)))
    }

    pub(super) fn switch(&mut self, key: &'static str) -> Found<bool> {
        self.read(key, "true or false", |value| value.get_ref().as_bool())
    }

    pub(super) fn text(&mut self, key: &'static str) -> Found<String> {
        self.read(key, "a text", |value| value.get_ref().as_str().map(str::to_owned))
    }

    pub(super) fn texts(&mut self, key: &'static str) -> Found<Vec<String>> {
        self.read(key, "an array of texts", |value| {
            let array = value.get_ref().as_array()?;
            array.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
        })
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Found<T> {
        let Some(found) = self.text(key)? else { return Ok(None) };
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == found) {
            return Ok(Some(*meaning));
        }
        let all: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let help = spelling::nearest(&found, words.iter().map(|(word, _)| *word));
        Err(self.error(
            key,
            format!("is \"{}\", expected one of {}", found.escape_debug(), all.join(", ")),
            help.map(|word| format!("the nearest is \"{word}\"")),
        ))
    }

    /// Refuses a key that is there although it does not apply.
    pub(super) fn refuse(&mut self, key: &'static str, reason: &str) -> Result<(), DeclarationError> {
        match self.take(key) {
            Some(_) => Err(self.error(key, reason.to_owned(), None)),
            None => Ok(()),
        }
    }

    /// Refuses whatever was not asked for.
    pub(super) fn finish(self) -> Result<(), DeclarationError> {
        for (key, _) in self.table {
            let name = std::ops::Deref::deref(key.get_ref());
            if self.known.contains(&name) {
                continue;
            }
            let help = spelling::nearest(name, self.known.iter().copied());
            return Err(DeclarationError::new(
                Some(line_of(self.text, key.span().start)),
                format!("unknown key `{}`", self.path_to(name)),
                help.map(|nearest| format!("the nearest key is `{nearest}`")),
            ));
        }
        Ok(())
    }

    /// An error about the value of a key, with its line.
    pub(super) fn error(&self, key: &str, problem: String, help: Option<String>) -> DeclarationError {
        let line = self.find(key).map(|value| line_of(self.text, value.span().start));
        DeclarationError::new(line.or(Some(self.line())), format!("`{}` {problem}", self.path_to(key)), help)
    }

    fn read<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        read: impl FnOnce(&Spanned<DeValue<'_>>) -> Option<T>,
    ) -> Found<T> {
        let Some(value) = self.take(key) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.wrong(key, value, expected))
    }

    fn take(&mut self, key: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.known.push(key);
        let found = self.find(key)?;
        self.note(key.to_owned());
        Some(found)
    }

    fn note(&self, key: String) -> String {
        self.given.borrow_mut().push(self.path_to(&key));
        key
    }

    fn find(&self, key: &str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.table.iter().find(|(name, _)| std::ops::Deref::deref(name.get_ref()) == key).map(|(_, value)| value)
    }

    fn as_table(&self, key: &str, value: &'d Spanned<DeValue<'d>>) -> Result<Self, DeclarationError> {
        match value.get_ref() {
            DeValue::Table(table) => {
                let keys = Self { given: Rc::clone(&self.given), ..Self::new(self.text, self.path_to(key), table) };
                keys.line.set(line_of(self.text, value.span().start));
                Ok(keys)
            }
            _ => Err(self.wrong(key, value, "a table")),
        }
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) -> DeclarationError {
        let found = match value.get_ref() {
            DeValue::Float(float) if !number(value).is_some_and(f64::is_finite) => float.as_str().to_owned(),
            DeValue::Integer(integer) => integer.as_str().to_owned(),
            DeValue::String(text) => format!("\"{}\"", text.escape_debug()),
            other => {
                let kind = other.type_str();
                format!("{} {kind}", if kind.starts_with('a') { "an" } else { "a" })
            }
        };
        DeclarationError::new(
            Some(line_of(self.text, value.span().start)),
            format!("`{}` is {found}, expected {expected}", self.path_to(key)),
            None,
        )
    }

    fn path_to(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// What a table holds, however deep, while it is read.
pub(super) struct Given {
    paths: Rc<RefCell<Vec<String>>>,
    below: String,
}

impl Given {
    pub(super) fn paths(&self) -> Vec<String> {
        let paths = self.paths.borrow();
        paths.iter().filter_map(|path| path.strip_prefix(&self.below).map(str::to_owned)).collect()
    }
}

fn off(value: &Spanned<DeValue<'_>>) -> bool {
    value.get_ref().as_str() == Some("off")
}

fn whole(value: &Spanned<DeValue<'_>>) -> Option<i64> {
    let integer = value.get_ref().as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// A float, or an integer where a float is meant.
fn number(value: &Spanned<DeValue<'_>>) -> Option<f64> {
    match value.get_ref() {
        DeValue::Float(float) => float.as_str().parse().ok(),
        DeValue::Integer(_) => whole(value).map(|integer| integer as f64),
        _ => None,
    }
}

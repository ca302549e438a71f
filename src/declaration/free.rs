//! Tables of omega.toml whose keys are the user's: what a worker is told of a slice.

use std::path::Path;

use serde_json::{Map, Value as Json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::DeclarationError;
use super::reader::{Reader, name_of};
use crate::objective::Role;

/// The word that stands beside the slices for their null version.
pub(super) const NULL: &str = "null";

/// What is said of one slice.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Slice {
    /// Patterns of the files that hold its data, relative to the root.
    pub files: Vec<String>,
    /// What the worker is told of it, the files aside.
    pub table: Map<String, Json>,
}

impl Slice {
    /// Reads the table of a slice.
    pub(super) fn read(reader: Reader<'_>, path: &str, table: &DeTable<'_>) -> Result<Self, DeclarationError> {
        let mut slice = Self::default();
        for (key, value) in table {
            let (name, path) = (name_of(key), format!("{path}.{}", name_of(key)));
            if name == FILES {
                slice.files = texts(value).ok_or_else(|| reader.wrong(value, &path, PATTERNS))?;
                if let Some(problem) = absolute(&slice.files) {
                    let help = "patterns start in the folder of omega.toml, so that every machine has the same ones: name a \
                                folder there, which may be a link";
                    return Err(reader.error(value, &path, &problem, Some(help.to_owned())));
                }
            } else {
                slice.table.insert(name.to_owned(), json(reader, &path, value)?);
            }
        }
        Ok(slice)
    }

    /// Reads the same table as JSON; what is wrong with it.
    pub(super) fn of_json(text: &str) -> Result<Self, String> {
        let Ok(Json::Object(mut table)) = serde_json::from_str(text) else { return Err("is no table".to_owned()) };
        let files = match table.remove(FILES) {
            None => Vec::new(),
            Some(files) => serde_json::from_value(files).map_err(|_| format!("has `{FILES}`, expected {PATTERNS}"))?,
        };
        absolute(&files).map_or(Ok(Self { files, table }), Err)
    }
}

/// The key of a slice's files, and what it holds.
const FILES: &str = "files";
const PATTERNS: &str = "an array of patterns of files, relative to the root of the workspace";

/// What is wrong with a pattern that only one machine has.
fn absolute(patterns: &[String]) -> Option<String> {
    let of_one_machine = |pattern: &&String| pattern.starts_with(['/', '\\']) || Path::new(pattern).is_absolute();
    let pattern = patterns.iter().find(of_one_machine)?;
    Some(format!("has `{}`, which is an absolute path", pattern.escape_debug()))
}

/// The slices of a `roles` table, each with its word and its line.
pub(super) fn roles(
    reader: Reader<'_>,
    path: &str,
    value: &Spanned<DeValue<'_>>,
) -> Result<Vec<(String, Slice)>, DeclarationError> {
    let DeValue::Table(table) = value.get_ref() else { return Err(reader.wrong(value, path, "a table")) };
    let mut slices = Vec::new();
    for (key, value) in table {
        let (name, path) = (name_of(key), format!("{path}.{}", name_of(key)));
        if !words().any(|word| word == name) {
            return Err(reader.unknown(key, &path, words()));
        }
        let DeValue::Table(table) = value.get_ref() else { return Err(reader.wrong(value, &path, "a table")) };
        let slice = Slice::read(reader, &path, table)?;
        if name == NULL && slice.table.contains_key("seed") {
            let problem = "is said by the harness: each null version has a seed of its own";
            return Err(reader.error(value, &format!("{path}.seed"), problem, None));
        }
        if name == NULL && !slice.files.is_empty() {
            let problem = "has no place here: a null version has the files of the slices";
            return Err(reader.error(value, &format!("{path}.files"), problem, None));
        }
        slices.push((name.to_owned(), slice));
    }
    Ok(slices)
}

/// What a `roles` table may hold.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    Role::ALL.into_iter().map(Role::name).chain([NULL])
}

fn texts(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    let DeValue::Array(array) = value.get_ref() else { return None };
    array.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
}

/// A value as JSON has it; a date is the text that it is written as.
fn json(reader: Reader<'_>, path: &str, value: &Spanned<DeValue<'_>>) -> Result<Json, DeclarationError> {
    Ok(match value.get_ref() {
        DeValue::Boolean(switch) => Json::from(*switch),
        DeValue::Integer(integer) => {
            let whole = i64::from_str_radix(integer.as_str(), integer.radix());
            Json::from(whole.map_err(|_| reader.wrong(value, path, "a whole number of at most 64 bits"))?)
        }
        DeValue::Float(float) => {
            let number = float.as_str().parse::<f64>().ok().and_then(serde_json::Number::from_f64);
            Json::Number(number.ok_or_else(|| reader.wrong(value, path, "a finite number"))?)
        }
        DeValue::String(text) => Json::from(&**text),
        DeValue::Datetime(date) => Json::from(date.to_string()),
        DeValue::Array(array) => {
            array.iter().map(|item| json(reader, path, item)).collect::<Result<Vec<_>, _>>()?.into()
        }
        DeValue::Table(table) => {
            let below = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
                let name: &str = name_of(key);
                Ok((name.to_owned(), json(reader, &format!("{path}.{name}"), value)?))
            };
            Json::Object(table.iter().map(below).collect::<Result<_, DeclarationError>>()?)
        }
    })
}

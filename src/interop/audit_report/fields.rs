//! An object whose fields are asked for by name and type.

use super::super::json::{Dict, Integer, Text, Value};
use super::error::ReportError;

/// An object and its place in the document.
#[derive(Clone, Copy)]
pub(in crate::interop) struct Fields<'a> {
    pub(in crate::interop) dict: &'a Dict,
    section: &'static str,
    row: Option<usize>,
}

impl<'a> Fields<'a> {
    pub(in crate::interop) fn of_document(value: &'a Value) -> Result<Self, ReportError> {
        match value {
            Value::Dict(dict) => Ok(Self { dict, section: "", row: None }),
            other => Err(ReportError {
                path: "$".to_owned(),
                found: other.kind().to_owned(),
                expected: "an object".to_owned(),
            }),
        }
    }

    /// Where `key` of this object is: `runs[3].fitness`.
    pub(in crate::interop) fn path(&self, key: &str) -> String {
        match (self.section, self.row) {
            ("", _) => key.to_owned(),
            (section, None) => format!("{section}.{key}"),
            (section, Some(row)) => format!("{section}[{row}].{key}"),
        }
    }

    /// The value of a key, whatever it is; an absent one is an error.
    pub(in crate::interop) fn any(&self, key: &str) -> Result<&'a Value, ReportError> {
        self.pick(key, "a value", Some)
    }

    /// The value of a key where `convert` takes it.
    pub(super) fn pick<T>(
        &self,
        key: &str,
        expected: &str,
        convert: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<T, ReportError> {
        let value = self.dict.get(key);
        value.and_then(convert).ok_or_else(|| ReportError {
            path: self.path(key),
            found: value.map_or("nothing", Value::kind).to_owned(),
            expected: expected.to_owned(),
        })
    }

    /// The same for a key that may be absent.
    pub(super) fn optional<T>(
        &self,
        key: &str,
        expected: &str,
        convert: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, ReportError> {
        self.dict.get(key).map(|_| self.pick(key, expected, convert)).transpose()
    }

    pub(super) fn text(&self, key: &str) -> Result<&'a Text, ReportError> {
        self.pick(key, "a text", text)
    }

    pub(super) fn integer(&self, key: &str) -> Result<&'a Integer, ReportError> {
        self.pick(key, "an integer", integer)
    }

    pub(super) fn count(&self, key: &str) -> Result<u64, ReportError> {
        self.pick(key, "an integer from 0 to 2^64-1", count)
    }

    pub(super) fn number(&self, key: &str) -> Result<f64, ReportError> {
        self.pick(key, "a number", number)
    }

    /// An object that may be absent.
    pub(in crate::interop) fn dict(&self, key: &str) -> Result<Option<&'a Dict>, ReportError> {
        self.optional(key, "an object", dict)
    }

    /// A list that may be absent.
    pub(in crate::interop) fn list(&self, key: &str) -> Result<Option<&'a [Value]>, ReportError> {
        self.optional(key, "a list", list)
    }

    /// A list of texts; empty where it is absent.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<&'a Text>, ReportError> {
        let texts = self.optional(key, "a list of texts", |value| list(value)?.iter().map(text).collect())?;
        Ok(texts.unwrap_or_default())
    }

    /// Names and scores; none where they are null or absent.
    pub(in crate::interop) fn ranking(&self) -> Result<Option<Vec<(&'a Text, f64)>>, ReportError> {
        let pair = |item| match list(item)? {
            [name, score] => Some((text(name)?, number(score)?)),
            _ => None,
        };
        let ranking = self.optional("stress_ranking", "a list of names and scores", |value| match value {
            Value::Null => Some(None),
            _ => list(value)?.iter().map(pair).collect::<Option<_>>().map(Some),
        })?;
        Ok(ranking.flatten())
    }

    /// The object under a key that may be absent.
    pub(in crate::interop) fn section(&self, key: &'static str) -> Result<Option<Self>, ReportError> {
        Ok(self.dict(key)?.map(|dict| Self { dict, section: key, row: None }))
    }

    /// A list of objects that may be absent.
    pub(in crate::interop) fn rows(&self, key: &'static str) -> Result<Option<Vec<Self>>, ReportError> {
        let Some(items) = self.list(key)? else { return Ok(None) };
        let rows = items.iter().enumerate().map(|(row, item)| {
            let dict = dict(item).ok_or_else(|| ReportError {
                path: format!("{}[{row}]", self.path(key)),
                found: item.kind().to_owned(),
                expected: "an object".to_owned(),
            })?;
            Ok(Self { dict, section: key, row: Some(row) })
        });
        rows.collect::<Result<_, _>>().map(Some)
    }
}

pub(super) fn text(value: &Value) -> Option<&Text> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

fn integer(value: &Value) -> Option<&Integer> {
    if let Value::Integer(integer) = value { Some(integer) } else { None }
}

pub(super) fn count(value: &Value) -> Option<u64> {
    integer(value)?.to_u64()
}

fn number(value: &Value) -> Option<f64> {
    if let Value::Float(float) = value { Some(*float) } else { integer(value).map(Integer::to_f64) }
}

fn dict(value: &Value) -> Option<&Dict> {
    if let Value::Dict(dict) = value { Some(dict) } else { None }
}

fn list(value: &Value) -> Option<&[Value]> {
    if let Value::List(items) = value { Some(items) } else { None }
}

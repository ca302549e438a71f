//! An object whose fields are asked for by name and type.

use super::audit_report::ReportError;
use super::json::{Dict, Integer, Text, Value};

/// An object and its place in the document.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) dict: &'a Dict,
    section: &'static str,
    row: Option<usize>,
}

impl<'a> Fields<'a> {
    pub(super) fn of_document(value: &'a Value) -> Result<Self, ReportError> {
        match value {
            Value::Dict(dict) => Ok(Self::root(dict)),
            other => Err(ReportError {
                path: "$".to_owned(),
                found: other.kind().to_owned(),
                expected: "an object".to_owned(),
            }),
        }
    }

    /// An object by itself: its places are counted from here.
    pub(super) fn root(dict: &'a Dict) -> Self {
        Self { dict, section: "", row: None }
    }

    /// Where `key` of this object is: `runs[3].fitness`.
    pub(super) fn path(&self, key: &str) -> String {
        match (self.section, self.row) {
            ("", _) => key.to_owned(),
            (section, None) => format!("{section}.{key}"),
            (section, Some(row)) => format!("{section}[{row}].{key}"),
        }
    }

    /// The value of a key, whatever it is; an absent one is an error.
    pub(super) fn any(&self, key: &str) -> Result<&'a Value, ReportError> {
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
    pub(super) fn dict(&self, key: &str) -> Result<Option<&'a Dict>, ReportError> {
        self.optional(key, "an object", dict)
    }

    /// A list that may be absent.
    pub(super) fn list(&self, key: &str) -> Result<Option<&'a [Value]>, ReportError> {
        self.optional(key, "a list", list)
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, ReportError> {
        self.pick(key, "a boolean", |value| if let Value::Bool(flag) = value { Some(*flag) } else { None })
    }

    /// An object that must be there.
    pub(super) fn object(&self, key: &str) -> Result<&'a Dict, ReportError> {
        self.pick(key, "an object", dict)
    }

    /// A number, or null.
    pub(super) fn number_or_null(&self, key: &str) -> Result<Option<f64>, ReportError> {
        self.pick(key, "a number or null", |value| or_null(value, number))
    }

    /// A list of numbers that must be there.
    pub(super) fn numbers(&self, key: &str) -> Result<Vec<f64>, ReportError> {
        self.pick(key, "a list of numbers", |value| list(value)?.iter().map(number).collect())
    }

    /// A list of integers that must be there.
    pub(super) fn integers(&self, key: &str) -> Result<Vec<&'a Integer>, ReportError> {
        self.pick(key, "a list of integers", |value| list(value)?.iter().map(integer).collect())
    }

    /// A list of texts that must be there.
    pub(super) fn names(&self, key: &str) -> Result<Vec<&'a Text>, ReportError> {
        self.pick(key, "a list of texts", list_of_texts)
    }

    /// What `read` makes of the object under a key, which must be there.
    pub(super) fn nested<T>(
        &self,
        key: &str,
        read: impl FnOnce(Self) -> Result<T, ReportError>,
    ) -> Result<T, ReportError> {
        read(Self::root(self.object(key)?)).map_err(|error| error.within(&self.path(key)))
    }

    /// The same where null may stand.
    pub(super) fn nested_or_null<T>(
        &self,
        key: &str,
        read: impl FnOnce(Self) -> Result<T, ReportError>,
    ) -> Result<Option<T>, ReportError> {
        match self.any(key)? {
            Value::Null => Ok(None),
            _ => self.nested(key, read).map(Some),
        }
    }

    /// What `read` makes of each object of a list, which must be there.
    pub(super) fn each<T>(
        &self,
        key: &str,
        read: impl Fn(Self) -> Result<T, ReportError>,
    ) -> Result<Vec<T>, ReportError> {
        let items = self.pick(key, "a list", list)?;
        let item = |(row, item): (usize, &'a Value)| {
            let path = || format!("{}[{row}]", self.path(key));
            Self::of_document(item).and_then(&read).map_err(|error| error.within(&path()))
        };
        items.iter().enumerate().map(item).collect()
    }

    /// Refuses a key that is in none of these lists.
    pub(super) fn only(&self, known: &[&[&'static str]]) -> Result<(), ReportError> {
        let known = || known.iter().flat_map(|keys| keys.iter().copied());
        let stranger = self.dict.iter().map(|(key, _)| key).find(|key| !known().any(|known| **key == *known));
        let Some(key) = stranger else { return Ok(()) };
        let expected = match key.as_str().and_then(|key| nearest(key, known())) {
            Some(nearest) => format!("a key that is written there, such as `{nearest}`"),
            None => "only keys that are written there".to_owned(),
        };
        Err(ReportError { path: self.path(&key.to_string()), found: "an unknown key".to_owned(), expected })
    }

    /// A list of texts; empty where it is absent.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<&'a Text>, ReportError> {
        let texts = self.optional(key, "a list of texts", list_of_texts)?;
        Ok(texts.unwrap_or_default())
    }

    /// Names and scores; none where they are null or absent.
    pub(super) fn ranking(&self) -> Result<Option<Vec<(&'a Text, f64)>>, ReportError> {
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
    pub(super) fn section(&self, key: &'static str) -> Result<Option<Self>, ReportError> {
        Ok(self.dict(key)?.map(|dict| Self { dict, section: key, row: None }))
    }

    /// A list of objects that may be absent.
    pub(super) fn rows(&self, key: &'static str) -> Result<Option<Vec<Self>>, ReportError> {
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

pub(super) fn list_of_texts(value: &Value) -> Option<Vec<&Text>> {
    list(value)?.iter().map(text).collect()
}

/// None where the value is null; nothing where `convert` does not take it.
fn or_null<'a, T>(value: &'a Value, convert: impl FnOnce(&'a Value) -> Option<T>) -> Option<Option<T>> {
    if *value == Value::Null { Some(None) } else { convert(value).map(Some) }
}

/// The known key that `key` may have been meant to be.
pub(super) fn nearest(key: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    // A hostile key of megabytes is nobody's slip of the finger.
    if key.len() > 64 {
        return None;
    }
    let near = known.map(|known| (strsim::osa_distance(key, known), known)).filter(|(distance, _)| *distance <= 2);
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
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

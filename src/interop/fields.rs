//! An object whose fields are asked for by name and type.

use super::audit_report::{Format, ReportError};
use super::json::{Dict, Integer, Text, Value};

/// An object, its place in the document, and the format of that.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) dict: &'a Dict,
    pub(super) format: Format,
    section: &'static str,
    row: Option<usize>,
}

impl<'a> Fields<'a> {
    pub(super) fn of_document(value: &'a Value) -> Result<Self, ReportError> {
        let dict = dict(value).ok_or_else(|| ReportError {
            path: "$".to_owned(),
            found: value.kind().to_owned(),
            expected: "an object".to_owned(),
        })?;
        Ok(Self { dict, format: Format::V1, section: "", row: None })
    }

    /// The object in the format that it says: the second one under `schema`, the first without a word.
    pub(super) fn in_format(self, schema: &str) -> Result<Self, ReportError> {
        let format = match self.dict.get("schema_version") {
            None => Format::V1,
            Some(Value::Text(version)) if *version == *schema => Format::V2,
            Some(other) => {
                return Err(ReportError {
                    path: self.path("schema_version"),
                    found: text(other).map_or_else(|| other.kind().to_owned(), |version| format!("`{version}`")),
                    expected: format!("`{schema}`"),
                });
            }
        };
        Ok(Self { format, ..self })
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

    /// What stands under a key; none where the key is absent.
    pub(super) fn absent<T: Read<'a>>(self, key: &str) -> Result<Option<T>, ReportError> {
        self.dict.get(key).map(|_| T::read(self, key)).transpose()
    }

    /// The same, what counts for an absent one where the key is absent.
    pub(super) fn or_default<T: Read<'a> + Default>(self, key: &str) -> Result<T, ReportError> {
        self.absent(key).map(Option::unwrap_or_default)
    }

    /// The same, none where the key is absent or null.
    pub(super) fn absent_or_null<T: Read<'a>>(self, key: &str) -> Result<Option<T>, ReportError> {
        if self.dict.get(key) == Some(&Value::Null) { Ok(None) } else { self.absent(key) }
    }

    /// What must stand under a key in the second format.
    pub(super) fn second<T: Read<'a>>(self, key: &str) -> Result<Option<T>, ReportError> {
        (self.format == Format::V2).then(|| T::read(self, key)).transpose()
    }

    /// The same where null may stand.
    pub(super) fn second_or_null<T: Read<'a>>(self, key: &str) -> Result<Option<T>, ReportError> {
        self.second(key).map(Option::flatten)
    }

    /// What `read` makes of the object under a key, which must be there.
    pub(super) fn nested<T>(
        self,
        key: &str,
        read: impl FnOnce(Self) -> Result<T, ReportError>,
    ) -> Result<T, ReportError> {
        let dict = <&Dict>::read(self, key)?;
        read(Self { dict, section: "", row: None, ..self }).map_err(|error| error.within(&self.path(key)))
    }

    /// What `read` makes of each object of a list, which must be there.
    pub(super) fn each<T>(
        self,
        key: &str,
        read: impl Fn(Self) -> Result<T, ReportError>,
    ) -> Result<Vec<T>, ReportError> {
        let items = self.pick(key, "a list", list)?;
        let item = |(row, item): (usize, &'a Value)| {
            let fields = Self::of_document(item).map(|fields| Self { format: self.format, ..fields });
            fields.and_then(&read).map_err(|error| error.within(&format!("{}[{row}]", self.path(key))))
        };
        items.iter().enumerate().map(item).collect()
    }

    /// Refuses a key that is in neither list; the other one is that of the second format.
    pub(super) fn only(self, keys: &[&'static str], added: &[&'static str]) -> Result<Self, ReportError> {
        let added = if self.format == Format::V2 { added } else { &[] };
        let known = || keys.iter().chain(added).copied();
        let stranger = self.dict.iter().map(|(key, _)| key).find(|key| !known().any(|known| **key == *known));
        let Some(key) = stranger else { return Ok(self) };
        let expected = match key.as_str().and_then(|key| nearest(key, known())) {
            Some(nearest) => format!("a key that is written there, such as `{nearest}`"),
            None => "only keys that are written there".to_owned(),
        };
        Err(ReportError { path: self.path(&key.to_string()), found: "an unknown key".to_owned(), expected })
    }

    /// Names and scores; none where they are null or absent.
    pub(super) fn ranking(self, key: &str) -> Result<Option<Vec<(&'a Text, f64)>>, ReportError> {
        let pair = |item| match list(item)? {
            [name, score] => Some((text(name)?, number(score)?)),
            _ => None,
        };
        let ranking = |value| list(value)?.iter().map(pair).collect();
        match self.dict.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.pick(key, "a list of names and scores", ranking).map(Some),
        }
    }

    /// The object under a key that may be absent.
    pub(super) fn section(&self, key: &'static str) -> Result<Option<Self>, ReportError> {
        Ok(self.absent(key)?.map(|dict| Self { dict, section: key, ..*self }))
    }

    /// A list of objects that may be absent.
    pub(super) fn rows(&self, key: &'static str) -> Result<Option<Vec<Self>>, ReportError> {
        let Some(items) = self.absent::<&[Value]>(key)? else { return Ok(None) };
        let rows = items.iter().enumerate().map(|(row, item)| {
            let dict = dict(item).ok_or_else(|| ReportError {
                path: format!("{}[{row}]", self.path(key)),
                found: item.kind().to_owned(),
                expected: "an object".to_owned(),
            })?;
            Ok(Self { dict, section: key, row: Some(row), ..*self })
        });
        rows.collect::<Result<_, _>>().map(Some)
    }
}

/// What can stand under a key.
pub(super) trait Read<'a>: Sized {
    /// What stands under `key`, which must be there.
    fn read(fields: Fields<'a>, key: &str) -> Result<Self, ReportError>;

    /// The same where null may stand.
    fn read_or_null(fields: Fields<'a>, key: &str) -> Result<Option<Self>, ReportError> {
        match fields.any(key)? {
            Value::Null => Ok(None),
            _ => Self::read(fields, key).map(Some),
        }
    }
}

impl<'a> Read<'a> for Format {
    fn read(fields: Fields<'a>, _: &str) -> Result<Self, ReportError> {
        Ok(fields.format)
    }
}

impl<'a, T: Read<'a>> Read<'a> for Option<T> {
    fn read(fields: Fields<'a>, key: &str) -> Result<Self, ReportError> {
        T::read_or_null(fields, key)
    }
}

/// What a value by itself is called, alone and in a list, and how it is taken.
macro_rules! scalars {
    ($($type:ty, $one:literal, $many:literal, $take:ident;)*) => {$(
        impl<'a> Read<'a> for $type {
            fn read(fields: Fields<'a>, key: &str) -> Result<Self, ReportError> {
                fields.pick(key, $one, $take)
            }

            fn read_or_null(fields: Fields<'a>, key: &str) -> Result<Option<Self>, ReportError> {
                let take = |value: &'a Value| if *value == Value::Null { Some(None) } else { $take(value).map(Some) };
                fields.pick(key, concat!($one, " or null"), take)
            }
        }

        impl<'a> Read<'a> for Vec<$type> {
            fn read(fields: Fields<'a>, key: &str) -> Result<Self, ReportError> {
                let take = |value: &'a Value| list(value)?.iter().map($take).collect();
                fields.pick(key, concat!("a list of ", $many), take)
            }
        }
    )*};
}

scalars! {
    &'a Text, "a text", "texts", text;
    &'a Integer, "an integer", "integers", integer;
    &'a Dict, "an object", "objects", dict;
    &'a [Value], "a list", "lists", list;
    bool, "a boolean", "booleans", flag;
    u64, "an integer from 0 to 2^64-1", "integers from 0 to 2^64-1", count;
    f64, "a number", "numbers", number;
}

/// Declares objects of the Python package. A key stands once: its name is that of the field (or stands behind `as`), what
/// may stand under it is the field's type, and where that does not say it all, a reader stands behind `=`.
///
/// `added` holds the keys that only the second format has. An unknown key is refused, unless another check is given.
macro_rules! record {
    ($(
        $(#[$meta:meta])*
        struct $name:ident {
            $($(#[$doc:meta])* $field:ident $(as $key:literal)?: $type:ty $(= $read:expr)?,)*
        }
        $(added {
            $($(#[$later_doc:meta])* $later:ident $(as $later_key:literal)?: $later_type:ty = $later_read:expr,)*
        })?
        $(checked by $check:expr;)?
    )*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name<'a> {
            $($(#[$doc])* pub $field: $type,)*
            $($($(#[$later_doc])* pub $later: $later_type,)*)?
        }

        impl<'a> $name<'a> {
            /// The keys of both formats.
            pub(in crate::internals::interop) const KEYS: &'static [&'static str] = &[$(record!(@key $field $($key)?)),*];
            /// The keys that not every document has.
            pub(in crate::internals::interop) const ADDED: &'static [&'static str] =
                &[$($(record!(@key $later $($later_key)?)),*)?];

            pub(in crate::internals::interop) fn of_fields(fields: Fields<'a>) -> Result<Self, ReportError> {
                let fields = record!(@check $($check)?)(fields, Self::KEYS, Self::ADDED)?;
                Ok(Self {
                    $($field: record!(@read $($read)?)(fields, record!(@key $field $($key)?))?,)*
                    $($($later: $later_read(fields, record!(@key $later $($later_key)?))?,)*)?
                })
            }
        }

        impl<'a> Read<'a> for $name<'a> {
            fn read(fields: Fields<'a>, key: &str) -> Result<Self, ReportError> {
                fields.nested(key, Self::of_fields)
            }
        }

        impl<'a> Read<'a> for Vec<$name<'a>> {
            fn read(fields: Fields<'a>, key: &str) -> Result<Self, ReportError> {
                fields.each(key, $name::of_fields)
            }
        }
    )*};
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    (@read) => { Read::read };
    (@read $read:expr) => { $read };
    (@check) => { Fields::only };
    (@check $check:expr) => { $check };
}
pub(super) use record;

/// The known key that `key` may have been meant to be.
pub(super) fn nearest(key: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    // A hostile key of megabytes is nobody's slip of the finger.
    if key.len() > 64 {
        return None;
    }
    let near = known.map(|known| (strsim::osa_distance(key, known), known)).filter(|(distance, _)| *distance <= 2);
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

pub(super) fn text(value: &Value) -> Option<&Text> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

pub(super) fn texts(value: &Value) -> Option<Vec<&Text>> {
    list(value)?.iter().map(text).collect()
}

fn flag(value: &Value) -> Option<bool> {
    if let Value::Bool(flag) = value { Some(*flag) } else { None }
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

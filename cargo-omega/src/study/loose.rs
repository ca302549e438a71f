//! JSON as tools in Python write it: with `NaN` and `Infinity`, and with names whose order means something.

use std::borrow::Cow;
use std::fmt;

use omega_lock::internals::artifacts::{Number, Ordered, StudyValue};
use serde::de::{self, DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// What a number that JSON does not have is rewritten to; no tool writes a text that begins so.
const MARK: char = '\0';

/// A value of such a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Loose {
    Nothing,
    Bool(bool),
    Int(i64),
    /// Every other number, the largest whole ones among them.
    Float(f64),
    Text(String),
    List(Vec<Loose>),
    Object(Vec<(String, Loose)>),
}

impl Loose {
    /// The number that it is or stands for; nothing stands for one that is none.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Nothing => Some(f64::NAN),
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Text(text) => super::cell::score(text),
            Self::Bool(_) | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// As a parameter's value. Lists and objects, which our form does not have, become their text.
    pub(crate) fn into_value(self) -> StudyValue {
        match self {
            Self::Nothing => StudyValue::Nothing,
            Self::Bool(value) => StudyValue::Bool(value),
            Self::Int(value) => StudyValue::Int(value),
            Self::Float(value) => StudyValue::Float(Number(value)),
            Self::Text(text) => StudyValue::Text(text),
            nested => StudyValue::Text(nested.into_json().to_string()),
        }
    }

    /// As strict JSON, where numbers that it does not have are words.
    pub(crate) fn into_json(self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Bool(value) => value.into(),
            Self::Int(value) => value.into(),
            Self::Float(value) => omega_lock::internals::number::strict_json(value),
            Self::Text(text) => text.into(),
            Self::List(items) => items.into_iter().map(Self::into_json).collect(),
            Self::Object(fields) => {
                fields.into_iter().map(|(name, value)| (name, value.into_json())).collect::<Map<_, _>>().into()
            }
        }
    }
}

/// Reads one document.
///
/// # Errors
/// In serde_json's words, if it is none.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(&strict(bytes))
}

/// The same text as strict JSON: what is outside of strings and spells a number that JSON does not have becomes a marked
/// text.
fn strict(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut strict: Vec<u8> = Vec::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'a'..=b'z' | b'A'..=b'Z' => {
                let end =
                    bytes[at..].iter().position(|byte| !byte.is_ascii_alphabetic()).map_or(bytes.len(), |n| at + n);
                let begin = if at > 0 && matches!(bytes[at - 1], b'-' | b'+') { at - 1 } else { at };
                // An exponent is no word.
                let is_word = at == 0 || !bytes[at - 1].is_ascii_digit() && bytes[at - 1] != b'.';
                if let Some(word) = is_word.then(|| word(&bytes[begin..end])).flatten() {
                    strict.extend_from_slice(&bytes[copied..begin]);
                    strict.extend_from_slice(format!("\"\\u0000{word}\"").as_bytes());
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(bytes);
    }
    strict.extend_from_slice(&bytes[copied..]);
    Cow::Owned(strict)
}

/// Where a string that begins at `at` is over.
fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn word(bytes: &[u8]) -> Option<&'static str> {
    let (sign, name) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
    match (is("nan"), is("infinity") || is("inf"), sign) {
        (true, _, _) => Some("nan"),
        (_, true, true) => Some("-inf"),
        (_, true, false) => Some("inf"),
        _ => None,
    }
}

/// The number that a marked text stands for.
fn marked(text: &str) -> Option<f64> {
    text.strip_prefix(MARK).and_then(omega_lock::internals::number::word_value)
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose::Nothing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Loose, E> {
        Ok(Loose::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Loose, E> {
        Ok(Loose::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Loose, E> {
        Ok(i64::try_from(value).map_or(Loose::Float(value as f64), Loose::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Loose, E> {
        Ok(Loose::Float(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Loose, E> {
        Ok(marked(text).map_or_else(|| Loose::Text(text.to_owned()), Loose::Float))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Loose, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Loose::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Loose, A::Error> {
        // A name that occurs twice is refused there: which of the two the tool meant, nobody knows.
        Ordered::deserialize(de::value::MapAccessDeserializer::new(map)).map(|fields| Loose::Object(fields.0))
    }
}

/// A number of such a text, one that JSON does not have among them; `null` is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Real(pub(crate) f64);

impl<'de> Deserialize<'de> for Real {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Loose::deserialize(deserializer)?;
        let number = match value {
            Loose::Nothing | Loose::Int(_) | Loose::Float(_) => value.number(),
            _ => None,
        };
        number.map(Real).ok_or_else(|| de::Error::custom("expected a number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_json_does_not_have_are_read_where_they_are_no_part_of_a_text() {
        let found: Loose = read(
            br#"{"b": [NaN, -Infinity, Infinity, nan, -inf, 1e5, -2E-3, true], "a": "NaN \" Infinity", "NaN": null}"#,
        )
        .unwrap();
        let Loose::Object(fields) = found else { panic!("{found:?}") };
        assert_eq!(fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["b", "a", "NaN"]);
        let Loose::List(items) = &fields[0].1 else { panic!("{fields:?}") };
        assert!(matches!(items[0], Loose::Float(value) if value.is_nan()));
        assert!(matches!(items[3], Loose::Float(value) if value.is_nan()));
        assert_eq!(items[1], Loose::Float(f64::NEG_INFINITY));
        assert_eq!(items[2], Loose::Float(f64::INFINITY));
        assert_eq!(
            items[4..],
            [Loose::Float(f64::NEG_INFINITY), Loose::Float(1e5), Loose::Float(-2e-3), Loose::Bool(true)]
        );
        assert_eq!(fields[1].1, Loose::Text("NaN \" Infinity".to_owned()));
    }

    #[test]
    fn a_text_without_such_numbers_is_left_as_it_is() {
        for text in [r#"{"a": [1, 2.5e3, "nan"]}"#, "", "\"", "\\", "\"\\"] {
            assert!(matches!(strict(text.as_bytes()), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn a_name_that_occurs_twice_is_refused() {
        assert!(read::<Loose>(br#"{"a": 1, "a": 2}"#).is_err());
    }
}

//! Values of parameters in a study, each kind with a spelling of its own.

use std::fmt;

use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::Number;
use crate::number::{repr, word_value};

/// A parameter's value in a study. Other tools have one that our spaces have not: nothing.
///
/// In JSON: `null`, a bool, a whole number, a number with a point or an exponent, a text. A text may be `"inf"`, so a real
/// number that is not finite is `{"number":"inf"}`.
#[derive(Debug, Clone, PartialEq)]
pub enum StudyValue {
    /// Python's `None` as a choice.
    Nothing,
    /// A switch.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A real number.
    Float(Number),
    /// A text.
    Text(String),
}

/// The one key of the object that a number which is not finite is spelled as.
const NUMBER: &str = "number";

/// As people read it: numbers as Python prints them, a text in quotes.
impl fmt::Display for StudyValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => f.write_str(&repr(value.0)),
            Self::Text(value) => write!(f, "{value:?}"),
        }
    }
}

impl Serialize for StudyValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(Number(value)) if value.is_finite() => serializer.serialize_f64(*value),
            Self::Float(value) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(NUMBER, value)?;
                map.end()
            }
            Self::Text(value) => serializer.serialize_str(value),
        }
    }
}

impl<'de> Deserialize<'de> for StudyValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = StudyValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a bool, a number, a text or {\"number\":\"inf\"}")
    }

    fn visit_unit<E: Error>(self) -> Result<StudyValue, E> {
        Ok(StudyValue::Nothing)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<StudyValue, E> {
        Ok(StudyValue::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<StudyValue, E> {
        Ok(StudyValue::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<StudyValue, E> {
        i64::try_from(value).map(StudyValue::Int).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<StudyValue, E> {
        Ok(StudyValue::Float(Number(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<StudyValue, E> {
        Ok(StudyValue::Text(value.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StudyValue, A::Error> {
        let wrong = || A::Error::invalid_type(Unexpected::Map, &ValueVisitor);
        let (key, word) = map.next_entry::<String, String>()?.ok_or_else(wrong)?;
        let value = word_value(&word).filter(|_| key == NUMBER).ok_or_else(wrong)?;
        if map.next_key::<String>()?.is_some() {
            return Err(wrong());
        }
        Ok(StudyValue::Float(Number(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_as_the_kind_it_was() {
        let texts = ["inf", "nan", "", "1", "null", "{\"number\":\"inf\"}"];
        let texts = texts.map(|text| StudyValue::Text(text.to_owned()));
        let floats = [17.0, -0.0, 5e-324, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
        let floats = floats.map(|value| StudyValue::Float(Number(value)));
        let ints = [i64::MIN, 0, i64::MAX].map(StudyValue::Int);
        let others = [StudyValue::Nothing, StudyValue::Bool(true)];
        for value in texts.into_iter().chain(floats).chain(ints).chain(others) {
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<StudyValue>(&text).unwrap(), value, "{text}");
        }
        let wrong =
            ["18446744073709551615", "{}", "{\"number\":\"1\"}", "{\"number\":1}", "{\"other\":\"inf\"}", "[1]"];
        for text in wrong.into_iter().chain(["{\"number\":\"inf\",\"number\":\"inf\"}"]) {
            assert!(serde_json::from_str::<StudyValue>(text).is_err(), "{text}");
        }
    }
}

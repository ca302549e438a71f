//! Parameter values in JSON.

use serde::{Deserialize, Serialize};
use serde_json::Map;

use super::Number;
use crate::target::{Params, Value};

/// A parameter's value: a bool, a whole number (without a point), a real one (with a point or an exponent) or a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParamValue {
    /// A switch.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A real number.
    Float(Number),
    /// A choice. `"inf"`, `"-inf"` and `"nan"` read as real numbers; the space tells what a parameter is.
    Choice(String),
}

impl From<&Value> for ParamValue {
    fn from(value: &Value) -> Self {
        match value {
            Value::Float(value) => Self::Float(Number(*value)),
            Value::Int(value) => Self::Int(*value),
            Value::Bool(value) => Self::Bool(*value),
            Value::Choice(value) => Self::Choice(value.to_string()),
        }
    }
}

/// Parameters by name, in the order of the run.
///
/// A list of pairs in memory and an object in JSON, because the order means something and maps may sort.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParamMap(pub Vec<(String, ParamValue)>);

impl From<&Params> for ParamMap {
    fn from(params: &Params) -> Self {
        Self(params.iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
    }
}

impl Serialize for ParamMap {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for ParamMap {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ParamMapVisitor)
    }
}

struct ParamMapVisitor;

impl<'de> serde::de::Visitor<'de> for ParamMapVisitor {
    type Value = ParamMap;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of parameter values")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<ParamMap, A::Error> {
        let mut pairs: Vec<(String, ParamValue)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, ParamValue>()? {
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(serde::de::Error::custom(format!("parameter `{name}` occurs twice")));
            }
            pairs.push((name, value));
        }
        Ok(ParamMap(pairs))
    }
}

/// Metadata as an artifact holds it.
pub(super) type Metadata = Map<String, serde_json::Value>;

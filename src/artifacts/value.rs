//! Parameter values in JSON.

use serde::{Deserialize, Serialize};
use serde_json::Map;

use super::{Number, Ordered};
use crate::number::repr;
use crate::objective::{Params, Value};

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

/// As people read it: numbers as Python prints them, a text in quotes.
impl std::fmt::Display for ParamValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => f.write_str(&repr(value.0)),
            Self::Choice(value) => write!(f, "{value:?}"),
        }
    }
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
pub type ParamMap = Ordered<ParamValue>;

impl From<&Params> for ParamMap {
    fn from(params: &Params) -> Self {
        Self(params.iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
    }
}

/// Metadata as an artifact holds it.
pub(super) type Metadata = Map<String, serde_json::Value>;

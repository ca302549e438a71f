//! A value of Python's JSON.

use super::dict::Dict;
use super::integer::Integer;
use super::text::Text;

/// A value of Python's JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without `.`, `e` and `E`.
    Integer(Integer),
    /// Any other number, `NaN`, `Infinity` or `-Infinity`.
    Float(f64),
    /// A string.
    Text(Text),
    /// An array.
    List(Vec<Self>),
    /// An object.
    Dict(Dict),
}

impl Value {
    /// What it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Dict(_) => "an object",
        }
    }
}

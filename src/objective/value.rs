//! One parameter's value.

use std::fmt;
use std::sync::Arc;

/// A value of one parameter, of the kind its [`ParamSpec`](super::ParamSpec) names.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A real number.
    Float(f64),
    /// A whole number.
    Int(i64),
    /// A switch.
    Bool(bool),
    /// One of several named alternatives.
    Choice(Arc<str>),
}

impl Value {
    /// The value as a number: a switch is 0 or 1, a choice has no number.
    #[expect(clippy::cast_precision_loss, reason = "ranges of whole-number parameters are far below 2^53")]
    pub fn as_f64(&self) -> Option<f64> {
        match *self {
            Self::Float(value) => Some(value),
            Self::Int(value) => Some(value as f64),
            Self::Bool(value) => Some(f64::from(u8::from(value))),
            Self::Choice(_) => None,
        }
    }

    /// Whether it is the other value to the last bit: -0 is not 0 here, and a NaN is itself.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(value), Self::Float(other)) => value.to_bits() == other.to_bits(),
            _ => self == other,
        }
    }

    /// `float`, `int`, `bool` or `choice`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Float(_) => "float",
            Self::Int(_) => "int",
            Self::Bool(_) => "bool",
            Self::Choice(_) => "choice",
        }
    }
}

/// The shortest decimal that reads back as the same value; a choice in quotes, control characters spelt out.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Choice(value) => write!(f, "{value:?}"),
        }
    }
}

macro_rules! from {
    ($($Plain:ty => $Kind:ident),+) => {
        $(impl From<$Plain> for Value {
            fn from(value: $Plain) -> Self {
                Self::$Kind(value.into())
            }
        })+
    };
}
from!(f64 => Float, i64 => Int, i32 => Int, bool => Bool, &str => Choice);

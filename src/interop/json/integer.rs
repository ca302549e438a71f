//! An integer of any size.

use std::fmt;

/// An integer of any size, as its digits. Zero has no sign, as in Python.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Integer(Box<str>);

impl Integer {
    /// From a token that the grammar allows: no plus, no leading zeros.
    pub(super) fn from_token(token: &str) -> Self {
        Self(if token == "-0" { "0" } else { token }.into())
    }

    /// Its digits, with a minus where it is negative.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a machine integer, where it fits.
    pub fn to_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// As an unsigned machine integer, where it fits.
    pub fn to_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// The nearest double; infinite where it is too large for one.
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl From<u64> for Integer {
    fn from(value: u64) -> Self {
        Self(value.to_string().into())
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

//! One figure of a gate beside what is required of it, in numbers.

use std::fmt;
use std::str::FromStr;

use crate::number::{Op, fixed, general};

/// One figure of a gate beside what is required of it. Whoever shows it spells it; here are the numbers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Measure {
    /// Name of the figure.
    pub metric: String,
    /// What was measured; absent if there is no figure, and the report's message says why.
    pub measured: Option<Reading>,
    /// What stands behind it, such as `n = 10`; empty if nothing has to be said.
    pub note: String,
    /// What is required; absent if nothing is.
    pub required: Option<Required>,
    /// How its numbers are rounded where they are shown.
    pub digits: Digits,
    /// The unit of its numbers; empty if they have none or nobody knows it.
    pub unit: String,
    /// Whether it holds.
    pub ok: bool,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Reading {
    /// A number.
    Number(f64),
    /// Something that has no number: `satisfied`, or why a correlation cannot be computed.
    Word(String),
}

/// What is required of a figure.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Required {
    /// How it is compared.
    pub op: Op,
    /// With what; absent if that could not be measured.
    pub bound: Option<f64>,
    /// What the bound is, such as `the baseline's`; empty for a declared number.
    pub of: String,
}

/// How a number is rounded where it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// This many behind the point: `.3f`.
    Fixed(u8),
    /// This many significant ones: `.6g`.
    General(u8),
}

impl Digits {
    /// As many behind the point, at least one, as it takes to tell two numbers apart.
    pub fn telling(one: f64, other: f64) -> Self {
        (1..9).map(Self::Fixed).find(|digits| digits.spell(one) != digits.spell(other)).unwrap_or(Self::Fixed(9))
    }

    /// The number as it is shown.
    pub fn spell(self, value: f64) -> String {
        match self {
            Self::Fixed(digits) => fixed(value, digits.into()),
            Self::General(digits) => general(value, digits.into()),
        }
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(digits) => write!(f, ".{digits}f"),
            Self::General(digits) => write!(f, ".{digits}g"),
        }
    }
}

/// A text that says nothing about digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no number of digits, expected `.3f` or `.6g`", .0.escape_debug())]
pub struct NoDigits(String);

impl FromStr for Digits {
    type Err = NoDigits;

    fn from_str(text: &str) -> Result<Self, NoDigits> {
        let digits = text.strip_prefix('.').and_then(|rest| {
            let number = |digits: &str| digits.parse().ok();
            rest.strip_suffix('f')
                .and_then(number)
                .map(Self::Fixed)
                .or_else(|| rest.strip_suffix('g').and_then(number).map(Self::General))
        });
        // `.+3f` would not come out as it went in.
        digits.filter(|digits| digits.to_string() == text).ok_or_else(|| NoDigits(text.to_owned()))
    }
}

/// A number in a message, or that there is none.
pub(super) fn shown(value: Option<f64>, digits: Digits) -> String {
    value.map_or_else(|| "none".to_owned(), |value| digits.spell(value))
}

impl Measure {
    /// A figure of which nothing is required.
    pub(super) fn shown(metric: &str, measured: Option<f64>, digits: Digits) -> Self {
        let (metric, measured) = (metric.to_owned(), measured.map(Reading::Number));
        Self { metric, measured, note: String::new(), required: None, digits, unit: String::new(), ok: true }
    }

    /// A figure beside a declared number. That it holds is said by the gate, which compares as its rule does.
    pub(super) fn new(metric: &str, measured: Option<f64>, op: Op, bound: f64, digits: Digits, ok: bool) -> Self {
        let required = Some(Required { op, bound: Some(bound), of: String::new() });
        Self { required, ok, ..Self::shown(metric, measured, digits) }
    }

    /// A count beside the count that is required.
    pub(super) fn count(metric: &str, count: u64, op: Op, bound: u64) -> Self {
        let (count, bound) = (count as f64, bound as f64);
        Self::new(metric, Some(count), op, bound, Digits::Fixed(0), op.holds(count, bound))
    }

    /// The same with a word about what stands behind it.
    pub(super) fn noted(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_as_they_are_written_and_nothing_else_is() {
        for text in [".0f", ".3f", ".6g"] {
            assert_eq!(text.parse::<Digits>().unwrap().to_string(), text);
        }
        for text in ["", "3f", ".f", ".+3f", ".3e", ".300f"] {
            assert_eq!(text.parse::<Digits>(), Err(NoDigits(text.to_owned())));
        }
        assert_eq!((Digits::Fixed(3).spell(0.5), Digits::General(6).spell(f64::NAN)), ("0.500".into(), "nan".into()));
    }
}

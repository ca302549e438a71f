//! What a file says, and how that differs from gold.

use std::fmt;

use crate::artifacts::ParamValue;

/// One value that a file has.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    /// From 1, where it is known.
    pub(super) line: Option<usize>,
    pub(super) name: String,
    /// Whether it stands where parameters stand; the language may keep them apart from what is said of the review.
    pub(super) is_param: bool,
    pub(super) value: ParamValue,
}

/// A file that is not what is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unread {
    pub(super) line: Option<usize>,
    /// What is there, and what was expected.
    pub(super) problem: String,
}

impl Unread {
    pub(super) fn at(line: usize, problem: String) -> Self {
        Self { line: Some(line), problem }
    }
}

/// Something in a file that is not as gold has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Where it stands, from 1; absent where it is missing, or the language does not say.
    pub line: Option<usize>,
    /// The parameter, or another name of the file, or the line that cannot be read.
    pub what: String,
    /// What the file has; absent if it has nothing of it.
    pub found: Option<String>,
    /// What gold has; absent if the file cannot be read further.
    pub gold: Option<String>,
}

/// `gain is 3.01 in line 9, gold has 3.0`.
impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, what, found, gold } = self;
        let line = line.map_or_else(String::new, |line| format!(" in line {line}"));
        match (found, gold) {
            (Some(found), Some(gold)) => write!(f, "{what} is {found}{line}, gold has {gold}"),
            (Some(found), None) => write!(f, "{what} is {found}{line}"),
            (None, Some(gold)) => write!(f, "{what} is missing{line}, gold has {gold}"),
            (None, None) => write!(f, "{what} is missing{line}"),
        }
    }
}

//! What can be wrong with a trail, and where.

use std::fmt;

/// The first thing that is wrong with a trail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {row} (byte {offset}): {kind}")]
#[non_exhaustive]
pub struct TrailDamage {
    /// The row, from 0: the header is row 0.
    pub row: u64,
    /// The byte of the file that the row begins at.
    pub offset: u64,
    /// What is wrong with it.
    pub kind: DamageKind,
}

/// A way in which a row can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DamageKind {
    /// The line is not `{"h":"<64 hex digits>","b":<body>}`.
    Frame,
    /// The digest is not that of the body behind the rows before it.
    Digest,
    /// The line is longer than a row may be.
    TooLong,
    /// The file ends within this row.
    Torn,
    /// The header names another version of the format: this one.
    Version(String),
    /// The body is no row of this format; the text says why.
    Body(String),
    /// A row of another kind belongs here; the text says which.
    Order(&'static str),
    /// The end row counts other rows than there are.
    Count {
        /// What it says.
        said: u64,
        /// How many there are.
        found: u64,
    },
    /// The call index is not the next one.
    CallIndex {
        /// What the row says.
        said: u64,
        /// What comes next.
        expected: u64,
    },
    /// The file has no row at all.
    Empty,
    /// The file ends before its end row, where there has to be one.
    Unended,
    /// A kept attachment is not what the row says; the text says how.
    Attachment(String),
}

impl DamageKind {
    /// The kind in a word, for tools.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Digest => "digest",
            Self::TooLong => "too-long",
            Self::Torn => "torn",
            Self::Version(_) => "version",
            Self::Body(_) => "body",
            Self::Order(_) => "order",
            Self::Count { .. } => "count",
            Self::CallIndex { .. } => "call-index",
            Self::Empty => "empty",
            Self::Unended => "unended",
            Self::Attachment(_) => "attachment",
        }
    }
}

impl fmt::Display for DamageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame => f.write_str("the line is not a row, expected `{\"h\":\"<64 hex digits>\",\"b\":<body>}`"),
            Self::Digest => f.write_str("the digest does not follow from the row and those before it"),
            Self::TooLong => write!(f, "the line is longer than {} MiB", super::lines::LONGEST >> 20),
            Self::Torn => f.write_str("the file ends within this row"),
            Self::Version(found) => write!(
                f,
                "the format is `{}`, and this version of omega-lock reads `{}`",
                found.escape_debug(),
                super::body::SCHEMA
            ),
            Self::Body(reason) => write!(f, "the body is no row of this format: {reason}"),
            Self::Order(expected) => write!(f, "the row is out of place, expected {expected}"),
            Self::Count { said, found } => write!(f, "the end row counts {said} rows, there are {found}"),
            Self::CallIndex { said, expected } => write!(f, "the call index is {said}, expected {expected}"),
            Self::Empty => f.write_str("the file has no row, expected at least the header"),
            Self::Unended => f.write_str("the file ends before its end row"),
            Self::Attachment(problem) => write!(f, "attachment {problem}"),
        }
    }
}

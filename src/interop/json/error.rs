//! Why a text is not Python's JSON.

use super::position::Position;

/// A text that is not Python's JSON, or asks for more than the rules allow: where, what was found, what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: found {found}, expected {expected}")]
pub struct JsonError {
    /// Where reading stopped.
    pub at: Position,
    /// What kind of fault it is.
    pub kind: JsonErrorKind,
    /// What stands there; safe to show on a terminal.
    pub found: String,
    /// What could have stood there.
    pub expected: String,
}

/// The kinds of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonErrorKind {
    /// The bytes are not UTF-8.
    Encoding,
    /// The grammar does not allow it.
    Syntax,
    /// A key stands twice in one object.
    RepeatedKey,
    /// A limit of the rules is exceeded.
    Limit,
}

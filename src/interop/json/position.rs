//! A place in a text.

use std::fmt;

/// A place in a text, as an editor and as a program count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Bytes before it.
    pub offset: usize,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {} (byte {})", self.line, self.column, self.offset)
    }
}

/// Finds positions of rising offsets in one pass, so that a hostile text of repeated keys costs no more than its length.
pub(super) struct Positions<'a> {
    bytes: &'a [u8],
    here: Position,
}

impl<'a> Positions<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, here: Position { offset: 0, line: 1, column: 1 } }
    }

    pub(super) fn at(&mut self, offset: usize) -> Position {
        for byte in self.bytes.get(self.here.offset..offset).unwrap_or_default() {
            match byte {
                b'\n' => (self.here.line, self.here.column) = (self.here.line + 1, 1),
                // The later bytes of a character.
                0x80..0xc0 => {}
                _ => self.here.column += 1,
            }
        }
        self.here.offset = offset;
        self.here
    }
}

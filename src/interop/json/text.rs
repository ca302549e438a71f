//! A Python string.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// A Python string: code points, lone surrogates included. Ordered by code point, as Python orders strings.
///
/// Held as UTF-8 with a surrogate spelled in three bytes like any other code point of its size (WTF-8), so that the
/// order of the bytes is the order of the code points.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Box<[u8]>);

impl Text {
    pub(super) fn from_wtf8(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    /// As a Rust string, unless it holds a lone surrogate.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// As it is; lone surrogates, which no Rust string can hold, are spelt out.
    pub fn plain(&self) -> Cow<'_, str> {
        self.as_str().map_or_else(|| Cow::Owned(self.to_string()), Cow::Borrowed)
    }

    /// Its code points, surrogates included.
    pub fn code_points(&self) -> impl Iterator<Item = u32> {
        CodePoints(&self.0)
    }
}

/// The bytes of a code point, a surrogate included.
pub(super) fn push_code_point(bytes: &mut Vec<u8>, point: u32) {
    match char::from_u32(point) {
        Some(character) => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        None => {
            bytes.extend([0xe0 | (point >> 12) as u8, 0x80 | (point >> 6 & 0x3f) as u8, 0x80 | (point & 0x3f) as u8])
        }
    }
}

struct CodePoints<'a>(&'a [u8]);

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (&lead, rest) = self.0.split_first()?;
        let (more, bits) = match lead {
            0..0x80 => (0, lead),
            0x80..0xe0 => (1, lead & 0x1f),
            0xe0..0xf0 => (2, lead & 0x0f),
            _ => (3, lead & 0x07),
        };
        let (tail, rest) = rest.split_at(more.min(rest.len()));
        self.0 = rest;
        Some(tail.iter().fold(u32::from(bits), |point, byte| point << 6 | u32::from(byte & 0x3f)))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

/// Safe to show: what a terminal could take as a command, and lone surrogates, are escaped.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code_points().try_for_each(|point| match char::from_u32(point) {
            Some(character @ ('"' | '\'')) => f.write_char(character),
            Some(character) => write!(f, "{}", character.escape_debug()),
            None => write!(f, "\\u{{{point:x}}}"),
        })
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(points: &[u32]) -> Text {
        let mut bytes = Vec::new();
        points.iter().for_each(|&point| push_code_point(&mut bytes, point));
        Text::from_wtf8(bytes)
    }

    #[test]
    fn code_points_come_back_and_order_texts() {
        let points = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdfff, 0xe000, 0xffff, 0x1_0000, 0x10_ffff];
        assert!(of(&points).code_points().eq(points));
        for pair in points.windows(2) {
            assert!(of(&pair[..1]) < of(&pair[1..]));
        }
        assert_eq!(of(&[0xd800]).as_str(), None);
        assert_eq!(of(&[0xe9, 0x1_f600]).as_str(), Some("é😀"));
    }

    #[test]
    fn what_is_shown_holds_nothing_a_terminal_obeys() {
        let text = of(&[0x1b, 0x202e, 0x9b, 0xd800, 0xe9, 0x22, 0x0a]);
        assert_eq!(text.to_string(), "\\u{1b}\\u{202e}\\u{9b}\\u{d800}é\"\\n");
    }
}

//! Text of unknown origin made safe for a terminal.
//!
//! Summaries and failure texts hold what a user's target said; a cursor movement, a colour or a reversed writing
//! direction in them could show a pass where there was none.

use std::fmt;

use crate::number::general;
use crate::words::misleads;

/// Characters of one text that a page shows; a page is for people.
const LONGEST: usize = 400;

/// Bytes of a text that is there to be copied.
const LONGEST_COPY: usize = 64 * 1024;

/// Text of any origin, safe to show. Control characters and marks that reorder what is shown are spelt out when it is
/// made; HTML escapes it wherever it is drawn. A page knows no other way to show what an artifact says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Text(String);

impl Text {
    pub(super) fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        Self(match text.char_indices().nth(LONGEST) {
            Some((cut, _)) => format!("{}...", escaped_line(&text[..cut])),
            None => escaped_line(text),
        })
    }

    /// Several lines, whole, so that they can be copied; nothing if they are too long for a page.
    pub(super) fn lines(text: &str) -> Self {
        if text.len() > LONGEST_COPY { Self::default() } else { Self(escaped(text.trim_end())) }
    }

    /// A figure with six digits.
    pub(super) fn number(value: f64) -> Self {
        Self(general(value, 6))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The first characters, for a place in a picture that has no room for more.
    #[cfg(feature = "html")]
    pub(super) fn short(&self, most: usize) -> Self {
        match self.0.char_indices().nth(most) {
            Some((cut, _)) => Self(format!("{}..", &self.0[..cut])),
            None => self.clone(),
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(feature = "html")]
impl maud::Render for Text {
    fn render_to(&self, buffer: &mut String) {
        use std::fmt::Write;
        // Writing to a String cannot fail.
        let _ = maud::Escaper::new(buffer).write_str(&self.0);
    }
}

/// `text` with every control character but the newline spelt out.
pub fn escaped(text: &str) -> String {
    spell_out(&text.replace("\r\n", "\n"), |character| character == '\n')
}

/// `text` on one line, with every control character spelt out.
pub fn escaped_line(text: &str) -> String {
    spell_out(text, |_| false)
}

fn spell_out(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if keep(character) || !misleads(character) {
            safe.push(character);
        } else {
            safe.extend(character.escape_default());
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{escaped, escaped_line};

    #[test]
    fn control_characters_are_spelt_out_and_letters_are_not() {
        assert_eq!(escaped_line("a\u{1b}[2Jb\u{9b}0mc\u{7}"), "a\\u{1b}[2Jb\\u{9b}0mc\\u{7}");
        assert_eq!(escaped_line("größe ≥ 3 µ 測"), "größe ≥ 3 µ 測");
        assert_eq!(escaped_line("abc\u{202e}ssap"), "abc\\u{202e}ssap");
        assert_eq!(escaped_line("\u{feff}a\u{200b}b\u{e0041}"), "\\u{feff}a\\u{200b}b\\u{e0041}");
    }

    #[test]
    fn newlines_stay_only_where_lines_are_wanted() {
        assert_eq!(escaped("a\r\nb\rc\td\n"), "a\nb\\rc\\td\n");
        assert_eq!(escaped_line("a\nb"), "a\\nb");
    }
}

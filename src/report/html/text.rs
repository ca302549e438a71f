//! Foreign text, made safe by its type.

use maud::{Escaper, Render};

use crate::number::general;
use crate::report::escaped_line;

/// Characters of one text that are shown; a page is for people.
const LONGEST: usize = 400;

/// Text of any origin. Made once, with control characters and marks that reorder what is shown spelt out; escaped as
/// HTML wherever it is drawn. Drawing knows no other way to show what an artifact says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Text(String);

impl Text {
    pub(super) fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        Self(match text.char_indices().nth(LONGEST) {
            Some((cut, _)) => format!("{}...", escaped_line(&text[..cut])),
            None => escaped_line(text),
        })
    }

    /// A figure with six digits.
    pub(super) fn number(value: f64) -> Self {
        Self(general(value, 6))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The first characters, for a place in a picture that has no room for more.
    pub(super) fn short(&self, most: usize) -> Self {
        match self.0.char_indices().nth(most) {
            Some((cut, _)) => Self(format!("{}..", &self.0[..cut])),
            None => self.clone(),
        }
    }
}

impl Render for Text {
    fn render_to(&self, buffer: &mut String) {
        use std::fmt::Write;
        // Writing to a String cannot fail.
        let _ = Escaper::new(buffer).write_str(&self.0);
    }
}

//! Text of unknown origin made safe for a terminal.
//!
//! Summaries and failure texts hold what a user's target said; a cursor movement, a colour or a reversed writing
//! direction in them could show a pass where there was none.

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
        if keep(character) || !is_unsafe(character) {
            safe.push(character);
        } else {
            safe.extend(character.escape_default());
        }
    }
    safe
}

/// Control characters, the two Unicode line breaks and the marks that reorder what is shown.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{escaped, escaped_line};

    #[test]
    fn control_characters_are_spelt_out_and_letters_are_not() {
        assert_eq!(escaped_line("a\u{1b}[2Jb\u{9b}0mc\u{7}"), "a\\u{1b}[2Jb\\u{9b}0mc\\u{7}");
        assert_eq!(escaped_line("größe ≥ 3 µ 測"), "größe ≥ 3 µ 測");
        assert_eq!(escaped_line("abc\u{202e}ssap"), "abc\\u{202e}ssap");
    }

    #[test]
    fn newlines_stay_only_where_lines_are_wanted() {
        assert_eq!(escaped("a\r\nb\rc\td\n"), "a\nb\\rc\\td\n");
        assert_eq!(escaped_line("a\nb"), "a\\nb");
    }
}

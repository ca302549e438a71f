//! Enums whose values are words: one list holds the values, their docs and how each is spelled.

use std::fmt;

/// Whether a character may show a reader something else than is there: control characters, the two line breaks of Unicode,
/// marks that reorder what is shown, and those that show nothing.
pub(crate) fn misleads(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}'
        )
}

/// A JSON text in which such characters, which can only stand in its strings, are spelt out; it means the same.
pub(crate) fn plain_json(text: String) -> String {
    let unsafe_there = |character: char| character != '\n' && misleads(character);
    if !text.contains(unsafe_there) {
        return text;
    }
    let mut plain = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if unsafe_there(character) {
            plain.extend(character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            plain.push(character);
        }
    }
    plain
}

/// A value that omega.toml, an artifact or a message spells as one word of a closed list.
pub trait Word: Copy + Sized + 'static {
    /// Every value, in the order of the list.
    const WORDS: &'static [Self];

    /// How it is spelled.
    fn word(self) -> &'static str;

    /// The value that is spelled like this, if there is one.
    fn of_word(text: &str) -> Option<Self> {
        Self::WORDS.iter().copied().find(|value| value.word() == text)
    }
}

/// A text that is no word of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    found: String,
    known: String,
}

impl UnknownWord {
    /// Says which words `T` has.
    pub fn of<T: Word>(text: &str) -> Self {
        let known: Vec<String> = T::WORDS.iter().map(|value| format!("`{}`", value.word())).collect();
        Self { found: text.escape_debug().to_string(), known: known.join(", ") }
    }
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is none of {}", self.found, self.known)
    }
}

impl std::error::Error for UnknownWord {}

/// Declares an enum of words: `Required = "required"`. Gives it `ALL`, `name`, [`Word`],
/// [`Display`](std::fmt::Display) and [`FromStr`](std::str::FromStr).
macro_rules! words {
    (
        $(#[$about:meta])*
        $vis:vis enum $Enum:ident {
            $($(#[$doc:meta])* $Value:ident = $word:literal),+ $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $vis enum $Enum {
            $($(#[$doc])* $Value),+
        }

        impl $Enum {
            /// Every value, in order.
            $vis const ALL: [Self; [$($word),+].len()] = [$(Self::$Value),+];

            /// How it is spelled.
            $vis const fn name(self) -> &'static str {
                match self {
                    $(Self::$Value => $word),+
                }
            }
        }

        impl $crate::words::Word for $Enum {
            const WORDS: &'static [Self] = &Self::ALL;

            fn word(self) -> &'static str {
                self.name()
            }
        }

        impl std::str::FromStr for $Enum {
            type Err = $crate::words::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::words::Word::of_word(text).ok_or_else(|| $crate::words::UnknownWord::of::<Self>(text))
            }
        }

        impl std::fmt::Display for $Enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::Word;

    words! {
        /// A colour.
        #[derive(Default)]
        enum Colour {
            /// Like blood.
            #[default]
            Red = "red",
            /// Like grass.
            Green = "green",
        }
    }

    #[test]
    fn a_word_is_found_by_its_spelling_and_by_no_other() {
        assert_eq!(Colour::of_word("green"), Some(Colour::Green));
        assert_eq!(Colour::of_word("Green"), None);
        assert_eq!("Green".parse::<Colour>().unwrap_err().to_string(), "`Green` is none of `red`, `green`");
        assert_eq!(Colour::ALL.map(Colour::name), ["red", "green"]);
        assert_eq!(Colour::default().to_string(), "red");
    }
}

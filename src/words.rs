//! Enums whose values are words: one list holds the values, their docs and how each is spelled.

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

/// Declares an enum of words: `Required = "required"`. Gives it `ALL`, `name`, [`Word`] and [`Display`](std::fmt::Display).
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

        impl std::fmt::Display for $Enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
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
        assert_eq!(Colour::ALL.map(Colour::name), ["red", "green"]);
        assert_eq!(Colour::default().to_string(), "red");
    }
}

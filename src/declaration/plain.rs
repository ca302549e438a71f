//! A value as omega.toml and the fields of a declaration spell it, and what a key takes.

use std::fmt;

use crate::number::repr;
use crate::objective::Value;
use crate::words::{Word, plain_json};

/// A value without its meaning.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Plain {
    Number(f64),
    /// Wide enough for a count and for a whole number of either sign.
    Whole(i128),
    Switch(bool),
    Text(String),
    Texts(Vec<String>),
}

impl Plain {
    /// What switches a bar off.
    pub(super) fn off() -> Self {
        Self::Text("off".to_owned())
    }

    /// Reads the spelling of a field; `None` if nothing that writes fields spells a value like this.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "true" => Some(Self::Switch(true)),
            "false" => Some(Self::Switch(false)),
            // Written with JSON's escapes, all of which TOML has, too.
            _ if text.starts_with('"') => serde_json::from_str(text).ok().map(Self::Text),
            _ if text.starts_with('[') => serde_json::from_str(text).ok().map(Self::Texts),
            _ => text.parse().map(Self::Whole).or_else(|_| text.parse().map(Self::Number)).ok(),
        }
    }

    /// Without quotes, a number as messages show it.
    pub(super) fn bare(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            other => other.to_string(),
        }
    }

    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Whole(whole) => Some(*whole as f64),
            _ => None,
        }
    }
}

/// In TOML's spelling.
impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.write_str(&repr(*number)),
            Self::Whole(whole) => write!(f, "{whole}"),
            Self::Switch(switch) => write!(f, "{switch}"),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Texts(texts) => {
                let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                write!(f, "[{}]", quoted.join(", "))
            }
        }
    }
}

impl From<&Value> for Plain {
    fn from(value: &Value) -> Self {
        match value {
            Value::Float(number) => Self::Number(*number),
            Value::Int(whole) => Self::Whole(i128::from(*whole)),
            Value::Bool(switch) => Self::Switch(*switch),
            Value::Choice(text) => Self::Text(text.to_string()),
        }
    }
}

impl From<&str> for Plain {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A TOML basic string: JSON's escapes are valid in it, and it wants one more.
pub(super) fn quoted(text: &str) -> String {
    plain_json(serde_json::Value::from(text).to_string())
}

/// What a key takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Number,
    /// From 0.
    Count,
    Switch,
    Text,
    Texts,
    /// One of these.
    Word(Vec<&'static str>),
    /// A value of a parameter, which the space knows the kind of.
    Value,
    /// A table of whatever the target knows; its text is JSON with sorted keys.
    Table,
}

/// What a key takes, and whether it can be switched off.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kind {
    pub(super) shape: Shape,
    pub(super) off: bool,
}

impl From<Shape> for Kind {
    fn from(shape: Shape) -> Self {
        Self { shape, off: false }
    }
}

impl Kind {
    /// The value as this kind has it; `None` if it is of another.
    pub(super) fn read(&self, found: Plain) -> Option<Plain> {
        if self.off && found == Plain::off() {
            return Some(found);
        }
        match (&self.shape, found) {
            // TOML writes `1` where a number is meant.
            (Shape::Number, Plain::Whole(whole)) => Some(Plain::Number(whole as f64)),
            (Shape::Number | Shape::Value, Plain::Number(number)) => {
                Some(Plain::Number(number)).filter(|_| number.is_finite())
            }
            (Shape::Count, Plain::Whole(whole)) => u64::try_from(whole).ok().map(|count| Plain::Whole(count.into())),
            (Shape::Value, Plain::Whole(whole)) => i64::try_from(whole).ok().map(|whole| Plain::Whole(whole.into())),
            (Shape::Word(words), Plain::Text(text)) => words.contains(&text.as_str()).then_some(Plain::Text(text)),
            (Shape::Switch | Shape::Value, found @ Plain::Switch(_))
            | (Shape::Text | Shape::Value | Shape::Table, found @ Plain::Text(_))
            | (Shape::Texts, found @ Plain::Texts(_)) => Some(found),
            _ => None,
        }
    }

    /// Worded as an expectation.
    pub(super) fn expected(&self) -> String {
        let shape = match &self.shape {
            Shape::Number => "a finite number",
            Shape::Count => "a whole number that is not negative",
            Shape::Switch => "true or false",
            Shape::Text => "a text",
            Shape::Texts => "an array of texts",
            Shape::Word(words) => return one_of(words),
            Shape::Value => "a finite number, a whole number, a bool or a text",
            Shape::Table => "a table of numbers, texts, bools, arrays and tables",
        };
        self.or_off(shape)
    }

    pub(super) fn or_off(&self, text: &str) -> String {
        match (self.off, text.contains(' ') && self.shape == Shape::Count) {
            (false, _) => text.to_owned(),
            (true, false) => format!("{text} or \"off\""),
            (true, true) => format!("{text}, or \"off\""),
        }
    }
}

fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.as_slice() {
        [only] => only.clone(),
        _ => format!("one of {}", quoted.join(", ")),
    }
}

/// A place in a declaration that one key says.
pub(super) trait Holds: Sized {
    fn kind() -> Kind;

    /// What it holds; `None` if that needs no field.
    fn get(&self) -> Option<Plain>;

    /// What a value of that kind means.
    fn of(plain: Plain) -> Option<Self>;
}

/// A type of one shape: what it holds as it is spelled, and the spelling that means it.
macro_rules! holds {
    ($Type:ty, $shape:expr, $held:ident => $get:expr, $($spelled:pat => $value:expr),+) => {
        impl Holds for $Type {
            fn kind() -> Kind {
                $shape.into()
            }

            fn get(&self) -> Option<Plain> {
                let $held = self;
                $get
            }

            fn of(plain: Plain) -> Option<Self> {
                match plain {
                    $($spelled => $value,)+
                    _ => None,
                }
            }
        }
    };
}

holds!(f64, Shape::Number, number => Some(Plain::Number(*number)),
    Plain::Number(number) => Some(number), Plain::Whole(whole) => Some(whole as f64));
holds!(u64, Shape::Count, count => Some(Plain::Whole(i128::from(*count))), Plain::Whole(whole) => whole.try_into().ok());
// Larger than memory is as good as any larger number: its domain refuses it.
holds!(usize, Shape::Count, size => (*size as u64).get(),
    Plain::Whole(whole) => u64::try_from(whole).ok().map(|count| count.try_into().unwrap_or(usize::MAX)));
holds!(bool, Shape::Switch, switch => Some(Plain::Switch(*switch)), Plain::Switch(switch) => Some(switch));
holds!(String, Shape::Text, text => Some(Plain::Text(text.clone())), Plain::Text(text) => Some(text));
holds!(Option<Vec<String>>, Shape::Texts, texts => texts.clone().map(Plain::Texts),
    Plain::Texts(texts) => Some(Some(texts)));

/// A bar that can be switched off.
trait Bar: Holds {}
impl Bar for f64 {}
impl Bar for u64 {}

impl<T: Bar> Holds for Option<T> {
    fn kind() -> Kind {
        Kind { off: true, ..T::kind() }
    }

    fn get(&self) -> Option<Plain> {
        self.as_ref().map_or(Some(Plain::off()), T::get)
    }

    fn of(plain: Plain) -> Option<Self> {
        if plain == Plain::off() { Some(None) } else { T::of(plain).map(Some) }
    }
}

impl<W: Word> Holds for W {
    fn kind() -> Kind {
        Shape::Word(W::WORDS.iter().map(|word| word.word()).collect()).into()
    }

    fn get(&self) -> Option<Plain> {
        Some(Plain::from(self.word()))
    }

    fn of(plain: Plain) -> Option<Self> {
        match plain {
            Plain::Text(text) => W::of_word(&text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_back_from_its_spelling() {
        for plain in [
            Plain::Number(1e-300),
            Plain::Number(-0.0),
            Plain::Number(f64::INFINITY),
            Plain::Whole(i128::from(u64::MAX)),
            Plain::Whole(i128::from(i64::MIN)),
            Plain::Switch(true),
            Plain::from("a = \"b\"\n\u{7f}"),
            Plain::Texts(vec!["x".to_owned(), "größe, \"y\"".to_owned()]),
        ] {
            assert_eq!(Plain::parse(&plain.to_string()), Some(plain.clone()), "{plain}");
        }
        assert_eq!(Plain::parse("1979-05-27"), None);
    }

    #[test]
    fn off_is_a_value_only_of_what_can_be_switched_off() {
        assert_eq!(<Option<f64> as Holds>::kind().read(Plain::off()), Some(Plain::off()));
        assert_eq!(f64::kind().read(Plain::off()), None);
        assert_eq!(Option::<u64>::of(Plain::off()), Some(None));
    }
}

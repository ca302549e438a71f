//! A word of a closed list, as artifacts hold it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::words::Word;

/// Written as its word; a reader refuses any other and names those it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelled<T>(pub T);

impl<T: Word> Serialize for Spelled<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}

impl<'de, T: Word> Deserialize<'de> for Spelled<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        T::of_word(&text).map(Self).ok_or_else(|| {
            let known: Vec<String> = T::WORDS.iter().map(|value| format!("`{}`", value.word())).collect();
            serde::de::Error::custom(format!("`{}` is none of {}", text.escape_debug(), known.join(", ")))
        })
    }
}

impl<T: Word> fmt::Display for Spelled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.word())
    }
}

impl<T> From<T> for Spelled<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

//! A JSON object as it stood in the text.

use super::text::Text;
use super::value::Value;

/// Keys and values in the order of the text, repeated keys included; the last one counts, as in Python.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dict(Vec<(Text, Value)>);

impl Dict {
    /// The value that counts for `key`; walks the entries from the end.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(text, _)| text == key).map(|(_, value)| value)
    }

    /// The entries as they stood, repeated ones included.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Text, &Value)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries that count, by code points of the key.
    pub fn sorted(&self) -> Vec<(&Text, &Value)> {
        let mut entries: Vec<_> = self.iter().collect();
        entries.sort_by_key(|(key, _)| *key);
        // The sort is stable: of equal keys the last one of the text stands last.
        entries.dedup_by(|later, kept| {
            let repeated = later.0 == kept.0;
            if repeated {
                kept.1 = later.1;
            }
            repeated
        });
        entries
    }

    pub(super) fn push(&mut self, key: Text, value: Value) {
        self.0.push((key, value));
    }

    /// The entries whose key stood before, by index.
    pub(super) fn repeated(&self) -> Vec<usize> {
        let key = |index: usize| self.0.get(index).map(|(key, _)| key);
        let mut order: Vec<usize> = (0..self.0.len()).collect();
        order.sort_by_key(|&index| key(index));
        order.windows(2).filter(|pair| key(pair[0]) == key(pair[1])).map(|pair| pair[1]).collect()
    }
}

impl FromIterator<(Text, Value)> for Dict {
    fn from_iter<I: IntoIterator<Item = (Text, Value)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

//! An object whose order means something.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::declaration::Field;

/// A list of pairs in memory and an object in JSON, because the order means something and maps may sort. A key that
/// occurs twice is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered<V, K = String>(pub Vec<(K, V)>);

impl<V, K> Default for Ordered<V, K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl Ordered<String> {
    /// The value of a field of a declaration, in TOML's spelling; absent if the declaration has no such field.
    pub fn field(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str())
    }

    /// Every field of a declaration.
    pub fn fields(&self) -> Vec<Field> {
        let field = |(key, value): &(String, String)| Field { key: key.clone(), value: value.clone() };
        self.0.iter().map(field).collect()
    }
}

impl<V: Serialize, K: Serialize> Serialize for Ordered<V, K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de, V: Deserialize<'de>, K: Deserialize<'de> + AsRef<str>> Deserialize<'de> for Ordered<V, K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OrderedVisitor(PhantomData))
    }
}

struct OrderedVisitor<V, K>(PhantomData<(V, K)>);

impl<'de, V: Deserialize<'de>, K: Deserialize<'de> + AsRef<str>> Visitor<'de> for OrderedVisitor<V, K> {
    type Value = Ordered<V, K>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered<V, K>, A::Error> {
        let mut pairs: Vec<(K, V)> = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        let mut known = HashSet::with_capacity(pairs.len());
        match pairs.iter().find(|(name, _)| !known.insert(name.as_ref())) {
            Some((name, _)) => Err(A::Error::custom(format!("`{}` occurs twice", name.as_ref().escape_debug()))),
            None => Ok(Ordered(pairs)),
        }
    }
}

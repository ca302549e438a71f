//! An object whose order means something.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A list of pairs in memory and an object in JSON, because the order means something and maps may sort. A key that
/// occurs twice is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered<V, K = String>(pub Vec<(K, V)>);

impl<V, K> Default for Ordered<V, K> {
    fn default() -> Self {
        Self(Vec::new())
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

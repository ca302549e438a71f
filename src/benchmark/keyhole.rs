//! A target with a known answer, by name and seed.

use super::KnownAnswer;
use crate::objective::TargetError;

type Make = dyn Fn(u64) -> Result<Box<dyn KnownAnswer + Sync>, TargetError> + Send + Sync;

/// A family of targets, one per seed. Another seed is another slice of the same structure, hence also the test slice.
pub struct Keyhole {
    name: String,
    make: Box<Make>,
}

impl Keyhole {
    /// A keyhole whose target is made from a seed.
    pub fn new<K: KnownAnswer + Sync + 'static>(
        name: impl Into<String>,
        make: impl Fn(u64) -> Result<K, TargetError> + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), make: Box::new(move |seed| Ok(Box::new(make(seed)?))) }
    }

    /// What it is called in rows.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn target(&self, seed: u64) -> Result<Box<dyn KnownAnswer + Sync>, TargetError> {
        (self.make)(seed)
    }
}

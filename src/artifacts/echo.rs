//! What a harness process was told, as it understood it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a harness process found when it was started. Whoever started it holds this against what it said: a variable can be
/// forced on the way, by `[env]` of cargo's configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Echo {
    /// Every variable that changes what a harness does, if it is set, by name.
    pub variables: BTreeMap<String, String>,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Root of the workspace whose committed files it reads; empty if it did not come so far.
    pub root: String,
    /// The test binary.
    pub binary: String,
}

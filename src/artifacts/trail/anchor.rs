//! The two values that stand for a whole trail.

use serde::{Deserialize, Serialize};

/// How many rows a trail has and the digest of the last one. Who keeps it elsewhere can tell any other trail from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Number of rows, header and end row included.
    pub rows: u64,
    /// Digest of the last row, hex.
    pub head: String,
}

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} rows, head {}", self.rows, self.head)
    }
}

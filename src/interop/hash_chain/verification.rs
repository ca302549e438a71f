//! The verdict on a report.

use std::fmt;

use super::super::json::Document;
use super::ground::Ground;
use super::inspection::{inspect, number_like_keys};
use super::peer::{Peer, PeerVerify};

/// What the Python package says of a report, and what there is against accepting it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The answer of the Python package.
    pub peer_verify: PeerVerify,
    /// The first row at which chain and runs differ.
    pub first_bad: Option<usize>,
    /// The digest of each run, computed from the runs alone; none where the runs cannot be read.
    pub hashes: Vec<String>,
    /// Every reason not to accept the report, ours included.
    pub grounds: Vec<Ground>,
}

/// What is worth keeping outside of a report, so that it cannot be cut or computed again unseen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The number of runs.
    pub rows: usize,
    /// The digest of the last one.
    pub head: Option<String>,
}

/// Judges a report by its chain and by everything else that must hold in it.
///
/// Read the document with [`Rules::PYTHON`](crate::interop::json::Rules::PYTHON): repeated keys are then named among the
/// grounds instead of ending the reading. No ground against a report does not say that it is genuine; what the file alone
/// cannot show is in the [module's text](super).
pub fn verify(document: &Document) -> Verification {
    let Peer { verify, hashes, broken } = Peer::of(&document.value);
    let mut grounds = match &verify {
        PeerVerify::Holds | PeerVerify::Broken => Vec::new(),
        PeerVerify::Missing => vec![Ground::NoChain],
        PeerVerify::Refused(error) => vec![Ground::NotAReport(error.clone())],
    };
    grounds.extend(broken.map(|(row, fault)| Ground::Chain {
        row,
        fault,
        number_like_keys: number_like_keys(&document.value, row),
    }));
    grounds.extend(document.repeated_keys.iter().cloned().map(Ground::RepeatedKey));
    for ground in inspect(&document.value) {
        if !matches!(ground, Ground::NotAReport(_)) || !grounds.contains(&ground) {
            grounds.push(ground);
        }
    }
    Verification { peer_verify: verify, first_bad: broken.map(|(row, _)| row), hashes, grounds }
}

impl Verification {
    /// Whether nothing speaks against the report.
    pub fn holds(&self) -> bool {
        self.grounds.is_empty() && self.peer_verify == PeerVerify::Holds
    }

    /// What is worth keeping outside of this report.
    pub fn anchor(&self) -> Anchor {
        Anchor { rows: self.hashes.len(), head: self.hashes.last().cloned() }
    }

    /// The same verdict with the report held against what was kept outside of it.
    #[must_use]
    pub fn against(mut self, expected: &Anchor) -> Self {
        let found = self.anchor();
        if found != *expected {
            self.grounds.push(Ground::Anchor { found, expected: expected.clone() });
        }
        self
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows, head {}", self.rows, self.head.as_deref().unwrap_or("none"))
    }
}

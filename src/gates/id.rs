//! How a gate is spelled.

use std::fmt;
use std::str::FromStr;

use super::{Applies, Asked, GateId};

impl GateId {
    /// The spelling in trial names, omega.toml and messages: `kc4`, `constraint::leakage`.
    pub fn id(&self) -> String {
        self.spelled(self.about().id, "::")
    }

    /// The spelling in the verdict and in the keys that the Python package writes too: `KC-4`, `CONSTRAINT:leakage`.
    pub fn peer_name(&self) -> String {
        self.spelled(self.about().peer_name, ":")
    }

    /// Whether another value of a parameter, tried by hand, says more of why it failed.
    pub const fn is_tried_by_hand(&self) -> bool {
        matches!(
            self,
            Self::Kc4 | Self::Improvement | Self::Selected | Self::Transfer | Self::Margin | Self::Constraint(_)
        )
    }

    /// Its part of a case's name: a kind is a path segment, because a bracketed one breaks filters.
    pub fn case(&self) -> String {
        match self {
            Self::Constraint(_) | Self::Holdout => self.id(),
            _ => format!("gate::{self}"),
        }
    }

    /// Whether a declaration has it.
    pub fn applies(&self, asked: &Asked<'_>) -> Applies {
        (self.about().applies)(asked)
    }

    fn spelled(&self, kind: &str, separator: &str) -> String {
        self.given_name().map_or_else(|| kind.to_owned(), |name| format!("{kind}{separator}{name}"))
    }

    /// The gate that [`GateId::peer_name`] spells like this.
    pub(super) fn of_peer_name(text: &str) -> Option<Self> {
        let name = text.split_once(':').map_or("", |(_, name)| name);
        Self::every(&[name]).into_iter().find(|gate| gate.peer_name() == text)
    }
}

impl fmt::Display for GateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.id())
    }
}

/// A text that names no gate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no gate; `cargo omega explain` lists them", .0.escape_debug())]
pub struct NoGate(String);

impl FromStr for GateId {
    type Err = NoGate;

    fn from_str(text: &str) -> Result<Self, NoGate> {
        let name = text.split_once("::").map_or("", |(_, name)| name);
        let found = Self::every(&[name]).into_iter().find(|gate| gate.id() == text);
        found.ok_or_else(|| NoGate(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gate_is_read_as_it_is_spelled_in_either_way() {
        let all = GateId::every(&["leakage", "read"]);
        for gate in &all {
            assert_eq!(gate.id().parse(), Ok(gate.clone()));
            assert_eq!(GateId::of_peer_name(&gate.peer_name()), Some(gate.clone()));
        }
        let mut spelled: Vec<String> = all.iter().map(GateId::peer_name).collect();
        spelled.sort();
        spelled.dedup();
        assert_eq!(spelled.len(), all.len());
        for text in ["", "KC-4", "constraint", "kc4::x", "read"] {
            assert_eq!(text.parse::<GateId>(), Err(NoGate(text.to_owned())));
        }
    }
}

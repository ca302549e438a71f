//! omega.ledger.jsonl: the looks at every holdout, and the questions to every test slice, one line each.
//!
//! A holdout tells the truth once; whoever tries again until it likes a candidate learns nothing from it. A test slice is
//! asked more often, and each question is one more chance to be told yes. The same run made again is the same look.

use camino::Utf8Path;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{ArtifactError, append_line, read_text};
use crate::objective::Role;

/// One look at data that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Look {
    /// Which data: SHA-256, hex, over what its target says that it is.
    pub holdout: String,
    /// The slice, `test` or `holdout`; a line that does not say is about a holdout.
    #[serde(default = "of_holdout", skip_serializing_if = "is_of_holdout")]
    pub role: String,
    /// Name of the calibration that looked.
    pub calibration: String,
    /// Digest of its declaration, hex.
    pub declaration: String,
    /// Chain hash of the last row of its trail, hex.
    pub head: String,
}

fn of_holdout() -> String {
    Role::Holdout.name().to_owned()
}

fn is_of_holdout(role: &str) -> bool {
    role == Role::Holdout.name()
}

impl Look {
    /// The name of the data that a target says it holds; one that says nothing is that of its calibration alone.
    pub fn data(role: Role, calibration: &str, identity: &str) -> String {
        let named = if identity.is_empty() { format!("the {role} of {calibration}") } else { identity.to_owned() };
        Sha256::digest(named.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Every look that was written down, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    looks: Vec<Look>,
}

impl Ledger {
    /// The file's name; it lies at the root of the workspace.
    pub const FILE: &str = "omega.ledger.jsonl";

    /// Reads the text of a ledger.
    ///
    /// # Errors
    /// If a line is no look; the text names it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let look = |(index, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| format!("line {}: {error}", index + 1))
        };
        Ok(Self { looks: text.lines().enumerate().map(look).collect::<Result<_, _>>()? })
    }

    /// Every look.
    pub fn looks(&self) -> &[Look] {
        &self.looks
    }

    /// Which look at its data this one is, from 1, and whether it was written down already.
    pub fn place(&self, look: &Look) -> (u64, bool) {
        let mut at = self.looks.iter().filter(|other| (&other.role, &other.holdout) == (&look.role, &look.holdout));
        let same = |other: &Look| other.declaration == look.declaration && other.head == look.head;
        match at.clone().position(same) {
            Some(place) => (place as u64 + 1, true),
            None => (at.by_ref().count() as u64 + 1, false),
        }
    }
}

/// Reads omega.ledger.jsonl at `root`; empty if it is not there.
///
/// # Errors
/// The outer one if the file cannot be read, the inner one if it is damaged.
pub fn read_ledger(root: &Utf8Path) -> Result<Result<Ledger, String>, ArtifactError> {
    let text = read_text(&root.join(Ledger::FILE))?.unwrap_or_default();
    Ok(Ledger::parse(&text).map_err(|problem| format!("`{}` is damaged: {problem}", Ledger::FILE)))
}

/// Writes a look down. Whoever calls keeps other writers out.
///
/// # Errors
/// If the file cannot be written.
pub fn append_look(look: &Look, root: &Utf8Path) -> Result<(), ArtifactError> {
    append_line(look, &root.join(Ledger::FILE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(holdout: &str, declaration: &str, head: &str) -> Look {
        let [holdout, declaration, head] = [holdout, declaration, head].map(str::to_owned);
        Look { holdout, role: of_holdout(), calibration: "a".to_owned(), declaration, head }
    }

    #[test]
    fn the_same_run_is_the_same_look_and_every_other_one_is_the_next() {
        let ledger = Ledger { looks: vec![look("h", "d", "1"), look("other", "d", "1"), look("h", "d", "2")] };
        assert_eq!(ledger.place(&look("h", "d", "1")), (1, true));
        assert_eq!(ledger.place(&look("h", "d", "2")), (2, true));
        assert_eq!(ledger.place(&look("h", "e", "1")), (3, false));
        assert_eq!(ledger.place(&look("new", "d", "1")), (1, false));
        let test = Look { role: Role::Test.name().to_owned(), ..look("h", "d", "1") };
        assert_eq!(ledger.place(&test), (1, false), "another slice of the same name");
    }

    #[test]
    fn a_line_that_is_no_look_is_named() {
        assert_eq!(Ledger::parse(""), Ok(Ledger::default()));
        let text = serde_json::to_string(&look("h", "d", "1")).unwrap();
        assert_eq!(Ledger::parse(&format!("{text}\n")).unwrap().looks().len(), 1);
        assert!(Ledger::parse(&format!("{text}\n{{}}\n")).unwrap_err().starts_with("line 2: "));
    }
}

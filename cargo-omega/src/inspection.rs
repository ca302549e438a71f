//! What can be said of an artifact from its file alone.

use std::fmt;

use camino::Utf8Path;
use omega_lock::interop::artifact::{Artifact as PeerArtifact, Format, Kind as PeerKind, findings};
use omega_lock::interop::hash_chain::{Ground, LinkFault, PeerVerify, Verification, verify};
use omega_lock::interop::json::place;
use omega_lock::report::escaped_line;

use crate::artifact::{Artifact, Kind};
use crate::failure::Failure;

/// Damages that are shown of one file; what is left out is counted.
const SHOWN: usize = 20;

/// What holds in a file, and every damage that it shows.
#[derive(Debug)]
pub(crate) struct Inspection {
    /// What the file is.
    kind: String,
    /// One line each about its size, its chain and its anchor.
    facts: Vec<String>,
    pub(crate) damage: Vec<Damage>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Damage {
    /// Its class, one word.
    class: &'static str,
    /// Bytes before it, where it has a place of its own.
    offset: Option<usize>,
    message: String,
}

impl Inspection {
    /// Looks at a file, by its kind.
    pub(crate) fn of(artifact: &Artifact) -> Result<Self, Failure> {
        match artifact.kind {
            Kind::Peer(PeerKind::AuditReport) => Ok(Self::of_audit_report(artifact)),
            Kind::Peer(kind) => Ok(Self::of_peer(artifact, kind)),
            Kind::Result => artifact.result().map(|_| Self::without_chain("result of omega-lock for Rust".to_owned())),
            Kind::Benchmark => {
                artifact.benchmark().map(|_| Self::without_chain("benchmark of omega-lock for Rust".to_owned()))
            }
        }
    }

    fn of_audit_report(artifact: &Artifact) -> Self {
        let verification = verify(&artifact.document);
        let damage = verification.grounds.iter().map(|ground| Damage::of(ground, artifact)).collect();
        let rows = verification.hashes.len();
        let kind = peer_kind(artifact, PeerKind::AuditReport);
        Self { kind, facts: vec![format!("rows {rows}"), chain(&verification), "anchor none".to_owned()], damage }
    }

    fn of_peer(artifact: &Artifact, kind: PeerKind) -> Self {
        let mut inspection = Self::without_chain(peer_kind(artifact, kind));
        let repeated = artifact.document.repeated_keys.iter().map(|repeated| Damage {
            class: "repeated-key",
            offset: Some(repeated.at.offset),
            message: format!("the key `{}` again; one tool reads the first value, another the last", repeated.key),
        });
        inspection.damage.extend(repeated);
        let at = |path: &str| Some(place(&artifact.bytes, path).offset);
        match PeerArtifact::of(kind, &artifact.document.value) {
            Ok(peer) => inspection.damage.extend(findings(&peer).into_iter().map(|finding| Damage {
                class: "contradiction",
                offset: at(&finding.path),
                message: finding.to_string(),
            })),
            Err(error) => {
                inspection.damage.push(Damage { class: "schema", offset: at(&error.path), message: error.to_string() })
            }
        }
        inspection
    }

    fn without_chain(kind: String) -> Self {
        Self { kind, facts: vec!["no chain: this kind of file has none".to_owned()], damage: Vec::new() }
    }

    /// The lines about a file.
    pub(crate) fn text(&self, path: &Utf8Path) -> String {
        let mut lines = vec![format!("{}: {}", escaped_line(path.as_str()), self.kind)];
        lines.extend(self.facts.iter().map(|fact| format!("  {fact}")));
        lines.extend(
            self.damage.iter().take(SHOWN).map(|damage| format!("  damage {}", escaped_line(&damage.to_string()))),
        );
        if self.damage.len() > SHOWN {
            lines.push(format!("  ... and {} more", self.damage.len() - SHOWN));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

fn peer_kind(artifact: &Artifact, kind: PeerKind) -> String {
    let peer = PeerArtifact::of(kind, &artifact.document.value).ok();
    let format = peer.as_ref().and_then(PeerArtifact::format).map_or("", |format| match format {
        Format::V1 => ", first format",
        Format::V2 => ", second format",
    });
    let writer = peer.as_ref().and_then(PeerArtifact::writer).map(|version| format!(" {version}")).unwrap_or_default();
    format!("{kind} of omega-lock{writer} for Python{format}")
}

fn chain(verification: &Verification) -> String {
    match (&verification.peer_verify, verification.first_bad) {
        (_, Some(row)) => format!("chain broken at row {row}"),
        (PeerVerify::Missing, _) => "no chain".to_owned(),
        (PeerVerify::Refused(_), _) => "chain not read".to_owned(),
        (PeerVerify::Holds | PeerVerify::Broken, None) => "chain ok".to_owned(),
    }
}

impl Damage {
    /// The class of a report without a chain, which was written so or had it removed.
    const NO_CHAIN: &'static str = "no-chain";

    /// Whether there is only less than there could be, and nothing wrong with what is there.
    pub(crate) fn is_an_absence(&self) -> bool {
        self.class == Self::NO_CHAIN
    }

    fn of(ground: &Ground, artifact: &Artifact) -> Self {
        let (class, path) = match ground {
            Ground::NotAReport(error) => ("schema", Some(error.path.clone())),
            Ground::NoChain => (Self::NO_CHAIN, None),
            Ground::Chain { row, fault, .. } => {
                let list = if *fault == LinkFault::NoRun { "hash_chain" } else { "runs" };
                (link_class(*fault), Some(format!("{list}[{row}]")))
            }
            Ground::RepeatedKey(_) => ("repeated-key", None),
            Ground::UnknownKey { path, .. } => ("unknown-key", Some(path.clone())),
            Ground::AbsentKey { path } => ("absent-key", Some(path.clone())),
            Ground::NotATime { path } => ("time", Some(path.clone())),
            Ground::Summary { key, .. } => ("summary", Some(format!("summary.{key}"))),
            Ground::Constraints { row } => ("constraints", Some(format!("runs[{row}]"))),
            Ground::CallIndex { row } => ("call-index", Some(format!("runs[{row}].call_index"))),
            Ground::Anchor { .. } => ("anchor", None),
        };
        let offset = path.map(|path| place(&artifact.bytes, &path).offset);
        Self { class, offset, message: ground.to_string() }
    }
}

fn link_class(fault: LinkFault) -> &'static str {
    match fault {
        LinkFault::RunHash => "run-hash",
        LinkFault::PreviousHash => "previous-hash",
        LinkFault::CallIndex => "link-index",
        LinkFault::NoLink => "link-missing",
        LinkFault::NoRun => "run-missing",
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] ", self.class)?;
        if let Some(offset) = self.offset {
            write!(f, "byte {offset}: ")?;
        }
        f.write_str(&self.message)
    }
}

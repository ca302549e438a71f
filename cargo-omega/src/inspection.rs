//! What can be said of an artifact from its file alone.

use std::fmt;

use camino::Utf8Path;
use omega_lock::internals::interop::artifact::{
    Artifact as PeerArtifact, Finding, Format, Kind as PeerKind, ReportError, findings,
};
use omega_lock::internals::interop::hash_chain::{Ground, LinkFault, PeerVerify, Verification, verify};
use omega_lock::internals::interop::json::{RepeatedKey, place};
use omega_lock::internals::report::escaped_line;

use crate::artifact::{Artifact, Kind};
use crate::failure::Failure;

/// Damages of one file that are looked up in its text and shown; what is left out is counted.
const SHOWN: usize = 20;
const NO_CHAIN: &str = "no chain: this kind of file has none";

/// What holds in a file, and every damage that it shows.
#[derive(Debug)]
pub(crate) struct Inspection {
    /// What the file is.
    kind: String,
    /// One line each about its size, its chain and its anchor.
    facts: Vec<String>,
    /// The first damages.
    pub(crate) damage: Vec<Damage>,
    /// How many there are beside these.
    pub(crate) more: usize,
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
    pub(crate) fn of(artifact: &Artifact) -> Result<Self, Failure> {
        match artifact.kind {
            Kind::Peer(PeerKind::AuditReport) => Ok(Self::of_audit_report(artifact)),
            Kind::Peer(kind) => Ok(Self::of_peer(artifact, kind)),
            Kind::Result => artifact.result().map(|_| Self::without_chain("result of omega-lock for Rust")),
            Kind::Benchmark => artifact.benchmark().map(|_| Self::without_chain("benchmark of omega-lock for Rust")),
        }
    }

    fn of_audit_report(artifact: &Artifact) -> Self {
        let verification = verify(&artifact.document);
        let facts = vec![format!("rows {}", verification.hashes.len()), chain(&verification), "anchor none".to_owned()];
        let faults = verification.grounds.iter().map(Fault::of_ground);
        Self::new(peer_kind(artifact, PeerKind::AuditReport), facts, faults, artifact)
    }

    fn of_peer(artifact: &Artifact, kind: PeerKind) -> Self {
        let repeated = artifact.document.repeated_keys.iter().map(Fault::of_repeated_key);
        let others: Vec<Fault> = match PeerArtifact::of(kind, &artifact.document.value) {
            Ok(peer) => findings(&peer).into_iter().map(Fault::of_finding).collect(),
            Err(error) => vec![Fault::of_schema(&error)],
        };
        Self::new(peer_kind(artifact, kind), vec![NO_CHAIN.to_owned()], repeated.chain(others), artifact)
    }

    fn without_chain(kind: &str) -> Self {
        Self { kind: kind.to_owned(), facts: vec![NO_CHAIN.to_owned()], damage: Vec::new(), more: 0 }
    }

    fn new(kind: String, facts: Vec<String>, faults: impl Iterator<Item = Fault>, artifact: &Artifact) -> Self {
        let mut faults = faults;
        // A place is found by walking through the text: not for a million faults of a hostile one.
        let damage = faults.by_ref().take(SHOWN).map(|fault| fault.placed(&artifact.bytes)).collect();
        Self { kind, facts, damage, more: faults.count() }
    }

    pub(crate) fn text(&self, path: &Utf8Path) -> String {
        let mut lines = vec![format!("{}: {}", escaped_line(path.as_str()), self.kind)];
        lines.extend(self.lines());
        lines.push(String::new());
        lines.join("\n")
    }

    /// The text without its title.
    pub(crate) fn lines(&self) -> Vec<String> {
        let facts = self.facts.iter().map(|fact| format!("  {fact}"));
        let damage = self.damage.iter().map(|damage| format!("  damage {}", escaped_line(&damage.to_string())));
        let more = (self.more > 0).then(|| format!("  ... and {} more", self.more));
        facts.chain(damage).chain(more).collect()
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

/// A damage that was not looked up in the text yet.
struct Fault {
    class: &'static str,
    at: Place,
    message: String,
}

/// Where a fault is.
enum Place {
    /// In the document as a whole, or as its message says.
    Told,
    /// At a byte.
    Byte(usize),
    /// At the value under a path.
    Path(String),
}

impl Fault {
    fn of_ground(ground: &Ground) -> Self {
        let (class, at) = match ground {
            Ground::NotAReport(error) => return Self::of_schema(error),
            Ground::NoChain => (Damage::NO_CHAIN, Place::Told),
            Ground::Chain { row, fault, .. } => {
                let list = if *fault == LinkFault::NoRun { "hash_chain" } else { "runs" };
                (link_class(*fault), Place::Path(format!("{list}[{row}]")))
            }
            Ground::RepeatedKey(repeated) => return Self::of_repeated_key(repeated),
            Ground::UnknownKey { path, .. } => ("unknown-key", Place::Path(path.clone())),
            Ground::AbsentKey { path } => ("absent-key", Place::Path(path.clone())),
            Ground::NotATime { path } => ("time", Place::Path(path.clone())),
            Ground::Summary { key, .. } => ("summary", Place::Path(format!("summary.{key}"))),
            Ground::Constraints { row } => ("constraints", Place::Path(format!("runs[{row}]"))),
            Ground::CallIndex { row } => ("call-index", Place::Path(format!("runs[{row}].call_index"))),
            Ground::Anchor { .. } => ("anchor", Place::Told),
        };
        Self { class, at, message: ground.to_string() }
    }

    fn of_repeated_key(repeated: &RepeatedKey) -> Self {
        let (key, line) = (&repeated.key, repeated.at.line);
        let message = format!("line {line}: the key `{key}` again; one tool reads the first value, another the last");
        Self { class: "repeated-key", at: Place::Byte(repeated.at.offset), message }
    }

    fn of_schema(error: &ReportError) -> Self {
        Self { class: "schema", at: Place::Path(error.path.clone()), message: error.to_string() }
    }

    fn of_finding(finding: Finding) -> Self {
        Self { class: "contradiction", message: finding.to_string(), at: Place::Path(finding.path) }
    }

    fn placed(self, bytes: &[u8]) -> Damage {
        let offset = match self.at {
            Place::Told => None,
            Place::Byte(offset) => Some(offset),
            Place::Path(path) => Some(place(bytes, &path).offset),
        };
        Damage { class: self.class, offset, message: self.message }
    }
}

impl Damage {
    /// The class of a report without a chain, which was written so or had it removed.
    const NO_CHAIN: &'static str = "no-chain";

    /// Whether there is only less than there could be, and nothing wrong with what is there.
    pub(crate) fn is_an_absence(&self) -> bool {
        self.class == Self::NO_CHAIN
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

//! `cargo omega show`: the scorecard of any artifact.

use omega_lock::artifacts::ExitCode;
use omega_lock::interop::artifact::Artifact as PeerArtifact;
use omega_lock::report::{self, Scorecard};

use crate::artifact::{Artifact, Kind, damaged};
use crate::cli::ShowArgs;
use crate::failure::Failure;
use crate::inspection::Inspection;
use crate::ui::Ui;

/// Shows a file; what speaks against it is said beside it and decides the exit code.
pub(crate) fn run(arguments: &ShowArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let artifact = Artifact::open(&arguments.path)?;
    ui.results(&page(&artifact)?);
    let inspection = Inspection::of(&artifact)?;
    let wrong: Vec<_> = inspection.damage.iter().filter(|damage| !damage.is_an_absence()).collect();
    if let Some(first) = wrong.first() {
        let more = match wrong.len() - 1 + inspection.more {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let help = format!("see `cargo omega verify {}`", artifact.path);
        return Err(damaged(format!("`{}` is damaged: {first}{more}", artifact.path)).help(help));
    }
    Ok(ExitCode::Pass)
}

fn page(artifact: &Artifact) -> Result<String, Failure> {
    match artifact.kind {
        Kind::Peer(kind) => {
            let peer = PeerArtifact::of(kind, &artifact.document.value)
                .map_err(|error| damaged(format!("`{}`: {error}", artifact.path)))?;
            Ok(match &peer {
                PeerArtifact::P1(result) => Scorecard::from(result).page(),
                PeerArtifact::Iterative(result) => Scorecard::from(result).page(),
                PeerArtifact::P2(result) => Scorecard::from(result).page(),
                PeerArtifact::AuditReport(report) => Scorecard::from(report).page(),
                PeerArtifact::Benchmark(benchmark) => report::peer_benchmark(benchmark),
            })
        }
        Kind::Result => Ok(Scorecard::from(&artifact.result()?).page()),
        Kind::Benchmark => Ok(report::benchmark(&artifact.benchmark()?)),
    }
}

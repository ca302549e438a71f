//! `cargo omega show`: the scorecard of any artifact.

use camino::Utf8Path;
use omega_lock::artifacts::{ExitCode, TrailReadError, TrailReader, open_regular_file};
use omega_lock::interop::artifact::Artifact as PeerArtifact;
use omega_lock::report::{self, Scorecard};

use crate::artifact::{Artifact, Kind, damaged};
use crate::cli::ShowArgs;
use crate::failure::Failure;
use crate::inspection::Inspection;
use crate::trail;
use crate::ui::Ui;

/// Shows a file; what speaks against it is said beside it and decides the exit code.
pub(crate) fn run(arguments: &ShowArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let ShowArgs { path, declaration, cargo } = arguments;
    if let Some(name) = declaration {
        return super::declaration::run(name, cargo, ui);
    }
    let Some(path) = path else { return Err(Failure::usage("neither an artifact nor a calibration is named")) };
    if let Some(trail) = trail::meant(path).filter(|trail| trail == path || path.is_dir()) {
        return of_trail(&trail, ui);
    }
    let artifact = Artifact::open(path)?;
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

fn of_trail(path: &Utf8Path, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let file = open_regular_file(path).map_err(|error| Failure::usage(error.to_string()))?;
    match Scorecard::of_trail(&mut TrailReader::new(file)) {
        Ok(card) => {
            ui.results(&card.page());
            Ok(ExitCode::Pass)
        }
        Err(TrailReadError::Damage(damage)) => Err(damaged(format!("`{path}` is damaged: {damage}"))),
        Err(TrailReadError::Io(error)) => Err(Failure::internal(format!("`{path}` could not be read: {error}"))),
    }
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

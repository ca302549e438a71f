//! The HTML page of an artifact: what is shown, and what was held against what before.

use camino::Utf8Path;
use omega_lock::artifacts::{ExitCode, GoldDocument, RunResult, TrailReader, open_regular_file};
use omega_lock::gold::Comparison;
use omega_lock::interop::artifact::Artifact as PeerArtifact;
use omega_lock::report::{Page, Trust};

use crate::artifact::{Artifact, Kind, damaged};
use crate::failure::Failure;
use crate::inspection::Inspection;
use crate::trail::{self, Asked, TrailInspection};

/// A page, and the exit code that what was verified comes to.
pub(crate) struct Rendered {
    pub(crate) html: String,
    pub(crate) code: ExitCode,
}

/// The page of an artifact or of the folder of a run. `gold` finds what a result is compared with.
pub(crate) fn render(
    path: &Utf8Path,
    gold: impl FnOnce(&GoldDocument) -> Result<Option<Comparison>, Failure>,
) -> Result<Rendered, Failure> {
    let trail = trail::meant(path);
    let result = match &trail {
        Some(trail) => trail.with_file_name("result.json"),
        None if path.is_dir() => path.join("result.json"),
        None => path.to_owned(),
    };
    let artifact = Artifact::open(&result)?;
    let (page, compared) = match artifact.kind {
        Kind::Result => {
            let result = artifact.result()?;
            (Page::from(&result), Some(result))
        }
        Kind::Peer(kind) => {
            let peer = PeerArtifact::of(kind, &artifact.document.value)
                .map_err(|error| damaged(format!("`{}`: {error}", artifact.path)))?;
            (Page::of_peer(&peer).ok_or_else(|| many_runs(&result))?, None)
        }
        Kind::Benchmark => return Err(many_runs(&result)),
    };
    let page = match &compared {
        Some(result) => match gold(&GoldDocument::new(result, None))? {
            Some(comparison) => page.beside_gold(&comparison),
            None => page,
        },
        None => page,
    };
    match (&trail, &compared) {
        (Some(trail), Some(result)) => with_trail(page, trail, result),
        _ => alone(page, &artifact),
    }
}

/// A result with the trail beside it, which decides.
fn with_trail(mut page: Page, trail: &Utf8Path, result: &RunResult) -> Result<Rendered, Failure> {
    let asked = Asked { anchor: result.trail.clone(), ..Asked::default() };
    let inspection = TrailInspection::of(trail, &asked)?;
    let trust = match (inspection.code, inspection.proves_the_result) {
        _ if page.contradicts_itself() => Trust::Damaged,
        (ExitCode::Pass, true) => Trust::Proven,
        (ExitCode::Pass, false) => Trust::Claimed,
        // A run that has not ended has no result; one that lies beside it is of another run.
        _ => Trust::Damaged,
    };
    let file = open_regular_file(trail).map_err(|error| Failure::usage(error.to_string()))?;
    // Rows behind a damage are not shown, and the inspection has said why.
    let _ = page.follow(&mut TrailReader::new(file));
    let code = if trust == Trust::Damaged { ExitCode::Damaged } else { ExitCode::Pass };
    // The first line names the file by the path it was given, which says nothing about it.
    let lines = inspection.lines().iter().skip(1).cloned();
    Ok(Rendered { html: page.checked(trust, lines).html(), code })
}

/// A file by itself, which shows damage but proves nothing.
fn alone(page: Page, artifact: &Artifact) -> Result<Rendered, Failure> {
    let inspection = Inspection::of(artifact)?;
    let is_whole = inspection.damage.iter().all(|damage| damage.is_an_absence()) && inspection.more == 0;
    let is_sound = is_whole && !page.contradicts_itself();
    let (trust, code) = if is_sound { (Trust::Claimed, ExitCode::Pass) } else { (Trust::Damaged, ExitCode::Damaged) };
    Ok(Rendered { html: page.checked(trust, inspection.lines()).html(), code })
}

fn many_runs(path: &Utf8Path) -> Failure {
    Failure::usage(format!("`{path}` is a benchmark, and a page is about one run"))
        .help(format!("see `cargo omega show {path}`"))
}

//! The page of an artifact: what is shown, and what it was held against.

use camino::{Utf8Path, Utf8PathBuf};
use omega_lock::internals::artifacts::{
    ExitCode, GoldDocument, Recheck, RunResult, TrailReadError, TrailReader, read_json, refusals,
};
use omega_lock::internals::gold::Comparison;
use omega_lock::internals::interop::artifact::Artifact as PeerArtifact;
use omega_lock::internals::regular_file::open_regular_file;
use omega_lock::internals::report::{self, Page, Trust};

use crate::artifact::{Artifact, Kind, damaged};
use crate::failure::Failure;
use crate::inspection::Inspection;
use crate::trail::{self, Asked, Followed, TrailInspection};
use crate::under_way;

/// A page, and the exit code that what was verified comes to.
pub(crate) struct Rendered {
    pub(crate) html: String,
    pub(crate) code: ExitCode,
}

/// An artifact that is about one run, and the trail beside it.
struct Opened {
    page: Page,
    artifact: Artifact,
    /// The result, if it is one of ours.
    result: Option<RunResult>,
    trail: Option<Utf8PathBuf>,
}

impl Opened {
    /// Opens a file or the folder of a run; a benchmark, which is about many runs, is handed back.
    fn open(path: &Utf8Path) -> Result<Result<Self, Artifact>, Failure> {
        let trail = trail::meant(path);
        let artifact = Artifact::open(&result_of(path, trail.as_deref()))?;
        let (page, result) = match artifact.kind {
            Kind::Result => {
                let result = artifact.result()?;
                let folder = artifact.path.parent().unwrap_or(Utf8Path::new(""));
                let page = Page::from(&result).refused(result.verdict.0.clone(), &refusals(folder, &result));
                (Some(page), Some(result))
            }
            Kind::Peer(_) => (Page::of_peer(&peer(&artifact)?), None),
            Kind::Benchmark => (None, None),
        };
        Ok(match page {
            Some(page) => Ok(Self { page, artifact, result, trail }),
            None => Err(artifact),
        })
    }
}

/// The result in the folder of a run, or the file itself.
fn result_of(path: &Utf8Path, trail: Option<&Utf8Path>) -> Utf8PathBuf {
    match trail {
        Some(trail) => trail.with_file_name("result.json"),
        None if path.is_dir() => path.join("result.json"),
        None => path.to_owned(),
    }
}

fn peer(artifact: &Artifact) -> Result<PeerArtifact<'_>, Failure> {
    let Kind::Peer(kind) = artifact.kind else { unreachable!("it was asked for its kind") };
    PeerArtifact::of(kind, &artifact.document.value).map_err(|error| damaged(format!("`{}`: {error}", artifact.path)))
}

/// The page of a file or of the folder of a run as plain text, and what speaks against it.
pub(crate) fn text(path: &Utf8Path) -> Result<(String, Result<(), Failure>), Failure> {
    if let Some(found) = under_way::Found::in_folder(path) {
        let trail = path.join("trail.jsonl");
        let growing = match open_regular_file(&trail) {
            Ok(file) => Page::of_growing_trail(&mut TrailReader::new(file)).map_err(|error| unread(&trail, error))?,
            // It has not begun to write one.
            Err(_) => None,
        };
        let page = growing.map(|page| format!("\n{}", page.text())).unwrap_or_default();
        return Ok((found.text(path) + &page, Ok(())));
    }
    if let Some(trail) = trail::meant(path).filter(|trail| !trail.with_file_name("result.json").is_file()) {
        // A run that has not ended has no result.
        let page = Page::of_trail(&mut reader(&trail)?).map_err(|error| unread(&trail, error))?;
        return Ok((page.text(), Ok(())));
    }
    let Opened { mut page, artifact, result, trail } = match Opened::open(path)? {
        Ok(opened) => opened,
        Err(benchmark) => return Ok((of_benchmark(&benchmark)?, sound(&benchmark))),
    };
    let (Some(trail), Some(result)) = (trail, result) else { return Ok((page.text(), sound(&artifact))) };
    let mut reader = reader(&trail)?;
    let followed = page.follow(&mut reader).map_err(|error| unread(&trail, error)).and_then(|()| {
        let (found, expected) = (reader.anchor(), result.trail.as_ref());
        if expected.is_some_and(|expected| *expected != found) {
            let message =
                format!("`{}` was made from another trail than the one beside it, which has {found}", artifact.path);
            return Err(damaged(message).help(format!("see `cargo omega verify {trail}`")));
        }
        Ok(())
    });
    Ok((page.text(), followed))
}

pub(crate) fn reader(trail: &Utf8Path) -> Result<TrailReader<impl std::io::BufRead>, Failure> {
    let file = open_regular_file(trail).map_err(|error| Failure::usage(error.to_string()))?;
    Ok(TrailReader::new(file))
}

pub(crate) fn unread(trail: &Utf8Path, error: TrailReadError) -> Failure {
    match error {
        TrailReadError::Damage(damage) => damaged(format!("`{trail}` is damaged: {damage}")),
        TrailReadError::Io(error) => Failure::internal(format!("`{trail}` could not be read: {error}")),
    }
}

fn of_benchmark(artifact: &Artifact) -> Result<String, Failure> {
    if artifact.kind == Kind::Benchmark {
        return Ok(report::benchmark(&artifact.benchmark()?));
    }
    Ok(match peer(artifact)? {
        PeerArtifact::Benchmark(benchmark) => report::peer_benchmark(&benchmark),
        other => Page::of_peer(&other).as_ref().map(Page::text).unwrap_or_default(),
    })
}

/// What a file shows of itself being damaged.
fn sound(artifact: &Artifact) -> Result<(), Failure> {
    let inspection = Inspection::of(artifact)?;
    let wrong: Vec<_> = inspection.damage.iter().filter(|damage| !damage.is_an_absence()).collect();
    let Some(first) = wrong.first() else { return Ok(()) };
    let more = match wrong.len() - 1 + inspection.more {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let help = format!("see `cargo omega verify {}`", artifact.path);
    Err(damaged(format!("`{}` is damaged: {first}{more}", artifact.path)).help(help))
}

/// The page of an artifact or of the folder of a run in HTML. `gold` finds what a result is compared with; a trail that was
/// `followed` is not followed once more.
pub(crate) fn render(
    path: &Utf8Path,
    followed: Option<Followed>,
    gold: impl FnOnce(&GoldDocument) -> Result<Option<Comparison>, Failure>,
) -> Result<Rendered, Failure> {
    if let Some(trail) = trail::meant(path).filter(|trail| is_a_recheck(trail)) {
        return of_recheck(&trail);
    }
    let Ok(Opened { mut page, artifact, result, trail }) = Opened::open(path)? else {
        return Err(Failure::usage(format!("`{path}` is a benchmark, and a page is about one run"))
            .help(format!("see `cargo omega show {path}`")));
    };
    if let Some(result) = &result
        && let Some(comparison) = gold(&GoldDocument::new(result, None))?
    {
        page = page.beside_gold(&comparison);
    }
    match (&trail, &result) {
        (Some(trail), Some(result)) => with_trail(page, trail, result, followed),
        _ => alone(page, &artifact),
    }
}

/// Whether a recheck, and no run, left this trail.
pub(crate) fn is_a_recheck(trail: &Utf8Path) -> bool {
    trail.with_file_name(Recheck::FILE).is_file() && !trail.with_file_name("result.json").is_file()
}

/// A recheck beside its trail, which decides.
fn of_recheck(trail: &Utf8Path) -> Result<Rendered, Failure> {
    let path = trail.with_file_name(Recheck::FILE);
    let recheck: Recheck = read_json(&path).map_err(|error| damaged(error.to_string()))?;
    let inspection = TrailInspection::of(trail, &Asked::default())?;
    // The first line names the file by the path it was given, which says nothing about it.
    let lines: Vec<String> = inspection.lines.iter().skip(1).cloned().collect();
    let html = report::recheck_page(&recheck, inspection.agrees && inspection.code == ExitCode::Pass, &lines);
    Ok(Rendered { html, code: inspection.code })
}

/// A result with the trail beside it, which decides.
fn with_trail(
    mut page: Page,
    trail: &Utf8Path,
    result: &RunResult,
    followed: Option<Followed>,
) -> Result<Rendered, Failure> {
    let asked = Asked { anchor: result.trail.clone(), ..Asked::default() };
    let mut shown = reader(trail)?;
    let inspection = std::thread::scope(|scope| {
        // Rows behind a damage are not shown, and the inspection says why.
        scope.spawn(|| page.follow(&mut shown).is_ok());
        match followed {
            Some(followed) => TrailInspection::again(trail, &asked, followed),
            None => TrailInspection::of(trail, &asked),
        }
    })?;
    let trust = match (inspection.code, inspection.proves_the_result) {
        _ if page.contradicts_itself() => Trust::Damaged,
        (ExitCode::Pass, true) => Trust::Proven,
        (ExitCode::Pass, false) => Trust::Claimed,
        // A run that has not ended has no result; one that lies beside it is of another run.
        _ => Trust::Damaged,
    };
    let code = if trust == Trust::Damaged { ExitCode::Damaged } else { ExitCode::Pass };
    // The first line names the file by the path it was given, which says nothing about it.
    let lines = inspection.lines.iter().skip(1).cloned();
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

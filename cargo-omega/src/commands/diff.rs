//! `cargo omega diff`: two artifacts of one kind beside each other.

use camino::{Utf8Path, Utf8PathBuf};
use omega_lock::internals::artifacts::{DiffDocument, ExitCode, document_text};
use omega_lock::internals::gold::{Artifact, ArtifactProblem, diff, diff_trails};
use omega_lock::internals::regular_file::open_regular_file;
use omega_lock::internals::report::{diff_markdown, diff_text, escaped_line, unified};

use crate::cli::{DiffArgs, DiffFormat, ManifestArgs};
use crate::disk;
use crate::environment;
use crate::failure::Failure;
use crate::gold::Gold;
use crate::project::Project;
use crate::runs;
use crate::study;
use crate::trail;
use crate::ui::Ui;

/// What can be compared.
const COMPARABLE: &str =
    "two results, trails, gold files or omega.lock can be, and two results or audit reports of the Python package";

/// Lines of two runs that are shown; the others are behind `--full`.
const MOST: usize = 10;

pub(crate) fn run(arguments: &DiffArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let (before, after) = &match &arguments.after {
        Some(after) => (runs::meant(&arguments.before)?, runs::meant(after)?),
        None => gold_and_last_run(&arguments.before)?,
    };
    let result = |path: &Utf8Path| Some(path.join("result.json")).filter(|result| path.is_dir() && result.is_file());
    if let (Some(before), Some(after)) = (result(before), result(after)) {
        return files(&before, &after, arguments, Some(MOST), ui);
    }
    if arguments.after.is_none() {
        return files(before, after, arguments, Some(MOST), ui);
    }
    // The result that lies beside a trail is compared as what it is.
    let trail = |path: &Utf8Path| trail::meant(path).filter(|trail| trail == path || path.is_dir());
    match (trail(before), trail(after)) {
        (Some(old), Some(new)) => {
            let open = |path: &Utf8Path| open_regular_file(path).map_err(|error| Failure::usage(error.to_string()));
            let document = diff_trails(open(&old)?, open(&new)?).map_err(|problem| failure(&problem, None))?;
            return show(&document, (before, after), arguments, (None, None), ui);
        }
        (None, None) => {}
        _ => return Err(Failure::usage("a trail cannot be compared with another kind of artifact").help(COMPARABLE)),
    }
    files(before, after, arguments, None, ui)
}

/// The gold of a calibration and what its last run left.
fn gold_and_last_run(name: &Utf8Path) -> Result<(Utf8PathBuf, Utf8PathBuf), Failure> {
    let alone = || {
        Failure::usage(format!(
            "`{name}` is compared with nothing: alone stands the name of a calibration that has run"
        ))
        .help("name two artifacts, or a calibration: `cargo omega show` lists those that have run")
    };
    let folder = runs::meant(name)?;
    if folder.as_path() == name {
        return Err(alone());
    }
    let project = Project::load(&ManifestArgs::default(), None)?;
    // Below the root of the workspace, wherever this was typed.
    let gold = Gold::of(&project)?.store.path(name.as_str());
    let here = environment::current_directory().ok();
    let gold = here.and_then(|here| gold.strip_prefix(here).ok().map(Utf8Path::to_owned)).unwrap_or(gold);
    if !gold.is_file() {
        return Err(Failure::usage(format!("`{name}` has no gold to be compared with: {gold} is not there"))
            .help(format!("accept what it came to: cargo omega update-gold {name}::gold --reason \"...\"")));
    }
    Ok((gold, folder.join("result.json")))
}

/// Two files, of which the first so many lines are shown.
fn files(
    before: &Utf8Path,
    after: &Utf8Path,
    arguments: &DiffArgs,
    most: Option<usize>,
    ui: &mut Ui,
) -> Result<ExitCode, Failure> {
    // Before its text is read, which may be larger than a document.
    if let Some(path) = [before, after].into_iter().find(|path| trail::is_a_study(path)) {
        return Err(no_study(path));
    }
    let (old, new) = (disk::text(before)?, disk::text(after)?);
    let artifacts = (read(before, &old)?, read(after, &new)?);
    let document = diff(&artifacts.0, &artifacts.1).map_err(|problem| failure(&problem, None))?;
    let texts = Some((old.as_str(), new.as_str()));
    show(&document, (before, after), arguments, (texts, most), ui)
}

/// Shows what differs; the texts of the files are there unless they are trails, which may be larger than memory.
fn show(
    document: &DiffDocument,
    (before, after): (&Utf8Path, &Utf8Path),
    arguments: &DiffArgs,
    (texts, most): (Option<(&str, &str)>, Option<usize>),
    ui: &mut Ui,
) -> Result<ExitCode, Failure> {
    let DiffArgs { full, format, .. } = arguments;
    let of = document.calibration.as_ref().map_or_else(String::new, |name| format!(" of {name}"));
    ui.status("Comparing", &format!("{before} -> {after} ({}{of})", document.kind));
    let mut shown = match format {
        DiffFormat::Text => diff_text(document, most.filter(|_| !full).unwrap_or(usize::MAX)),
        DiffFormat::Markdown => diff_markdown(document),
        DiffFormat::Json => document_text(document).map_err(|error| Failure::internal(error.to_string()))?,
    };
    if let Some((old, new)) = texts.filter(|_| *full && *format != DiffFormat::Json) {
        let lines = unified(old, new, usize::MAX);
        let lines: Vec<String> = lines.iter().map(|line| escaped_line(line)).collect();
        let (open, close) = if *format == DiffFormat::Markdown { ("\n```diff\n", "\n```\n") } else { ("\n", "\n") };
        shown = [&shown, open, &lines.join("\n"), close].concat();
    }
    ui.results(&shown);
    Ok(if document.regressed > 0 { ExitCode::No } else { ExitCode::Pass })
}

fn no_study(path: &Utf8Path) -> Failure {
    Failure::usage(format!("`{path}` is the study of another tool, and those are not compared"))
        .help(format!("`cargo omega study {path}` says what it can show; {COMPARABLE}"))
}

fn read(path: &Utf8Path, text: &str) -> Result<Artifact, Failure> {
    if study::begins_as_one(text.as_bytes()) {
        return Err(no_study(path));
    }
    Artifact::parse(text).map_err(|problem| failure(&problem, Some(path)))
}

fn failure(problem: &ArtifactProblem, path: Option<&Utf8Path>) -> Failure {
    let place = path.map_or_else(String::new, |path| format!("`{path}`: "));
    match problem {
        ArtifactProblem::Damaged(what) => {
            Failure { code: ExitCode::Damaged, message: format!("{place}damaged: {what}") }
        }
        ArtifactProblem::Unreadable(what) => Failure::internal(format!("{place}{what}")),
        other => Failure::usage(format!("{place}{other}")).help(COMPARABLE),
    }
}

//! `cargo omega diff`: two artifacts of one kind beside each other.

use camino::Utf8Path;
use omega_lock::internals::artifacts::{DiffDocument, ExitCode, document_text};
use omega_lock::internals::gold::{Artifact, ArtifactProblem, diff, diff_trails};
use omega_lock::internals::regular_file::open_regular_file;
use omega_lock::internals::report::{diff_markdown, diff_text, escaped_line, unified};

use crate::cli::{DiffArgs, DiffFormat};
use crate::disk;
use crate::failure::Failure;
use crate::runs;
use crate::trail;
use crate::ui::Ui;

/// What can be compared.
const COMPARABLE: &str =
    "two results, trails, gold files or omega.lock can be, and two results or audit reports of the Python package";

pub(crate) fn run(arguments: &DiffArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let (before, after) = (&runs::meant(&arguments.before)?, &runs::meant(&arguments.after)?);
    // The result that lies beside a trail is compared as what it is.
    let trail = |path: &Utf8Path| trail::meant(path).filter(|trail| trail == path || path.is_dir());
    match (trail(before), trail(after)) {
        (Some(before), Some(after)) => {
            let open = |path: &Utf8Path| open_regular_file(path).map_err(|error| Failure::usage(error.to_string()));
            let document = diff_trails(open(&before)?, open(&after)?).map_err(|problem| failure(&problem, None))?;
            return show(&document, arguments, None, ui);
        }
        (None, None) => {}
        _ => return Err(Failure::usage("a trail cannot be compared with another kind of artifact").help(COMPARABLE)),
    }
    let (old, new) = (disk::text(before)?, disk::text(after)?);
    let artifacts = (read(before, &old)?, read(after, &new)?);
    let document = diff(&artifacts.0, &artifacts.1).map_err(|problem| failure(&problem, None))?;
    show(&document, arguments, Some((&old, &new)), ui)
}

/// Shows what differs; the texts of the files are there unless they are trails, which may be larger than memory.
fn show(
    document: &DiffDocument,
    arguments: &DiffArgs,
    texts: Option<(&str, &str)>,
    ui: &mut Ui,
) -> Result<ExitCode, Failure> {
    let DiffArgs { before, after, full, format } = arguments;
    let of = document.calibration.as_ref().map_or_else(String::new, |name| format!(" of {name}"));
    ui.status("Comparing", &format!("{before} -> {after} ({}{of})", document.kind));
    let mut shown = match format {
        DiffFormat::Text => diff_text(document),
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

fn read(path: &Utf8Path, text: &str) -> Result<Artifact, Failure> {
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

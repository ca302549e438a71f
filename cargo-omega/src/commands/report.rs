//! `cargo omega report`: an artifact as one HTML page.

use camino::Utf8PathBuf;
use omega_lock::internals::artifacts::{
    ArtifactError, ExitCode, GoldDocument, Recheck, SuiteResults, read_json, write_text,
};
use omega_lock::internals::declaration::Acceptance;
use omega_lock::internals::gold::compare;

use crate::artifact::damaged;
use crate::cli::{ManifestArgs, ReportArgs};
use crate::disk;
use crate::failure::Failure;
use crate::gold::Gold;
use crate::page::render;
use crate::project::Project;
use crate::runs;
use crate::ui::Ui;

/// Writes the page of an artifact; what speaks against the artifact stands in it, and decides the exit code.
pub(crate) fn run(arguments: &ReportArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let ReportArgs { path, output, gold } = arguments;
    let Some(path) = path else { return beside_every_run(ui) };
    let path = &runs::meant(path)?;
    let Some(output) = output else {
        let Ok(project) = Project::load(&ManifestArgs::default(), None) else {
            return Err(Failure::usage("outside a project a page is written where `--output` says"));
        };
        return beside(&project, std::slice::from_ref(path), ui);
    };
    let gold = gold.as_deref().map(read_json::<GoldDocument>).transpose();
    let gold = gold.map_err(|error| Failure::usage(error.to_string()))?;
    let step = ui.step(&format!("reading and verifying `{path}`"));
    let page = render(path, None, |new| Ok(gold.as_ref().map(|gold| compare(gold, new, &Acceptance::default()))));
    drop(step);
    let page = page?;
    write_text(&page.html, output).map_err(unwritten)?;
    ui.status("Wrote", output.as_str());
    if page.code == ExitCode::Damaged {
        return Err(damaged(format!("`{path}` is damaged; `{output}` says so"))
            .help(format!("see `cargo omega verify {path}`")));
    }
    Ok(page.code)
}

/// The largest trail whose page is made with the run, in bytes: proving a page reads the trail three times over, which
/// takes half a second for so many and grows with it.
const AT_ONCE: u64 = 16 << 20;

/// The pages of a test run.
#[derive(Default)]
pub(crate) struct Pages {
    /// Why some could not be written.
    pub(crate) failures: Vec<Failure>,
    /// The runs whose page is made when somebody asks for it.
    pub(crate) on_demand: Vec<String>,
}

/// Writes the page of every run that left a result, beside it, but for those that would keep everybody waiting.
pub(crate) fn after_a_test(project: &Project, suites: &[SuiteResults]) -> Pages {
    let mut pages = Pages::default();
    let mut folders = Vec::new();
    for run in suites.iter().flat_map(|suite| &suite.runs) {
        let Some(folder) = run.artifacts.as_deref().map(|folder| project.target_directory().join(folder)) else {
            continue;
        };
        match disk::length(&folder.join("trail.jsonl")) {
            Ok(length) if length > AT_ONCE => pages.on_demand.push(run.calibration.clone()),
            _ => folders.push(folder),
        }
    }
    pages.failures = written_beside(project, &folders).into_iter().filter_map(|(_, page)| page.err()).collect();
    pages
}

fn beside_every_run(ui: &mut Ui) -> Result<ExitCode, Failure> {
    let project = Project::load(&ManifestArgs::default(), None)?;
    let folders: Vec<_> = runs::all(&project)?.into_iter().map(|run| run.folder).collect();
    beside(&project, &folders, ui)
}

/// Writes the page of each run beside its result, and says so.
fn beside(project: &Project, folders: &[Utf8PathBuf], ui: &mut Ui) -> Result<ExitCode, Failure> {
    let step = ui.step("reading and verifying the runs");
    let written = written_beside(project, folders);
    drop(step);
    if written.is_empty() {
        return Err(Failure::usage("there is no run with a result").help("`cargo omega show` lists the runs"));
    }
    let mut codes = Vec::new();
    for (folder, page) in written {
        match page {
            Ok(code) => {
                ui.status("Wrote", &project.shown(&folder.join("report.html")));
                codes.push(code);
            }
            Err(failure) => {
                ui.error(&failure.message);
                codes.push(failure.code);
            }
        }
    }
    Ok(ExitCode::strongest(codes))
}

/// The runs among these that left a result, and what became of the page of each.
fn written_beside(project: &Project, folders: &[Utf8PathBuf]) -> Vec<(Utf8PathBuf, Result<ExitCode, Failure>)> {
    // Gold that cannot be read has failed its own case; the pages do without it.
    let gold = if folders.is_empty() { None } else { Gold::of(project).ok() };
    let page = |folder: &Utf8PathBuf| {
        let page = render(folder, None, |new| {
            let found = gold.as_ref().and_then(|gold| gold.compared(new).ok().flatten());
            Ok(found.map(|(_, comparison)| comparison))
        })?;
        write_text(&page.html, &folder.join("report.html")).map_err(unwritten)?;
        Ok(page.code)
    };
    let left = |folder: &&Utf8PathBuf| ["result.json", Recheck::FILE].iter().any(|name| folder.join(name).is_file());
    let with_a_result = folders.iter().filter(left);
    with_a_result.map(|folder| (folder.clone(), page(folder))).collect()
}

fn unwritten(error: ArtifactError) -> Failure {
    Failure::internal(error.to_string())
}

//! `cargo omega report`: an artifact as one HTML page.

use omega_lock::artifacts::{ArtifactError, ExitCode, GoldDocument, SuiteResults, read_json, write_text};
use omega_lock::declaration::Acceptance;
use omega_lock::gold::compare;

use crate::artifact::damaged;
use crate::cli::ReportArgs;
use crate::failure::Failure;
use crate::gold::Gold;
use crate::page::render;
use crate::project::Project;
use crate::ui::Ui;

/// Writes the page of an artifact; what speaks against the artifact stands in it, and decides the exit code.
pub(crate) fn run(arguments: &ReportArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let ReportArgs { path, output, gold } = arguments;
    let gold = gold.as_deref().map(read_json::<GoldDocument>).transpose();
    let gold = gold.map_err(|error| Failure::usage(error.to_string()))?;
    let page = render(path, |new| Ok(gold.as_ref().map(|gold| compare(gold, new, &Acceptance::default()))))?;
    write_text(&page.html, output).map_err(unwritten)?;
    ui.status("Wrote", output.as_str());
    if page.code == ExitCode::Damaged {
        return Err(damaged(format!("`{path}` is damaged; `{output}` says so"))
            .help(format!("see `cargo omega verify {path}`")));
    }
    Ok(page.code)
}

/// Writes the page of every run that left a result, beside it.
pub(crate) fn after_a_test(project: &Project, suites: &[SuiteResults]) -> Vec<Failure> {
    let runs = suites.iter().flat_map(|suite| &suite.runs).filter_map(|run| run.artifacts.as_deref());
    let folders: Vec<_> = runs.map(|folder| project.target_directory().join(folder)).collect();
    // Gold that cannot be read has failed its own case; the pages do without it.
    let gold = if folders.is_empty() { None } else { Gold::of(project).ok() };
    let written = folders.iter().filter(|folder| folder.join("result.json").is_file()).map(|folder| {
        let page = render(folder, |new| {
            let found = gold.as_ref().and_then(|gold| gold.compared(new).ok().flatten());
            Ok(found.map(|(_, comparison)| comparison))
        })?;
        write_text(&page.html, &folder.join("report.html")).map_err(unwritten)
    });
    written.filter_map(Result::err).collect()
}

fn unwritten(error: ArtifactError) -> Failure {
    Failure::internal(error.to_string())
}

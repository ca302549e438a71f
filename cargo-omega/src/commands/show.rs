//! `cargo omega show`: the page of any artifact as plain text, or which runs there are.

use omega_lock::internals::artifacts::ExitCode;

use crate::cli::ShowArgs;
use crate::failure::Failure;
use crate::project::Project;
use crate::ui::Ui;
use crate::{candidate, page, runs, trail};

/// Shows a file or a run; what speaks against it is said beside it and decides the exit code.
pub(crate) fn run(arguments: &ShowArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let ShowArgs { path, candidate, declaration, cargo } = arguments;
    if let Some(name) = declaration {
        return super::declaration::run(name, cargo, ui);
    }
    let Some(path) = path else {
        let project = Project::load(&cargo.manifest, cargo.build.target_dir.as_deref())?;
        let step = ui.step("reading the runs");
        let listed = runs::listed(&project)?;
        drop(step);
        ui.results(&listed);
        return Ok(ExitCode::Pass);
    };
    let path = runs::meant(path)?;
    if let Some(number) = candidate {
        let Some(trail) = trail::meant(&path) else {
            return Err(Failure::usage(format!("`{path}` has no trail, and every candidate is in a trail alone"))
                .help("name a calibration that has run, or the folder of its run"));
        };
        let step = ui.step(&format!("reading `{trail}`"));
        let text = candidate::text(trail.parent().unwrap_or(&path), &trail, *number)?;
        drop(step);
        ui.results(&text);
        return Ok(ExitCode::Pass);
    }
    let step = ui.step(&format!("reading `{path}`"));
    let (text, against) = page::text(&path)?;
    drop(step);
    ui.results(&text);
    against.map(|()| ExitCode::Pass)
}

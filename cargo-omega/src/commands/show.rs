//! `cargo omega show`: the page of any artifact as plain text, or which runs there are.

use omega_lock::internals::artifacts::ExitCode;

use crate::cli::ShowArgs;
use crate::failure::Failure;
use crate::project::Project;
use crate::ui::Ui;
use crate::{page, runs};

/// Shows a file or a run; what speaks against it is said beside it and decides the exit code.
pub(crate) fn run(arguments: &ShowArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let ShowArgs { path, declaration, cargo } = arguments;
    if let Some(name) = declaration {
        return super::declaration::run(name, cargo, ui);
    }
    let Some(path) = path else {
        let project = Project::load(&cargo.manifest, cargo.build.target_dir.as_deref())?;
        ui.results(&runs::listed(&project)?);
        return Ok(ExitCode::Pass);
    };
    let (text, against) = page::text(&runs::meant(path)?)?;
    ui.results(&text);
    against.map(|()| ExitCode::Pass)
}

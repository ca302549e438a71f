//! `cargo omega show --declaration`: what a calibration is judged by, and who said so.

use omega_lock::internals::artifacts::ExitCode;
use omega_lock::internals::objective::spelling::nearest;
use omega_lock::internals::report::declaration_page;

use crate::cli::CargoArgs;
use crate::failure::Failure;
use crate::project::Project;
use crate::session;
use crate::ui::Ui;

/// Resolves the declarations, evaluates nothing, and shows the one of this name.
pub(crate) fn run(name: &str, cargo: &CargoArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let project = Project::load(&cargo.manifest, cargo.build.target_dir.as_deref())?;
    let documents = session::declarations(&project, &cargo.whole_workspace(), ui)?;
    let all = || documents.iter().flat_map(|document| &document.declarations);
    let mut found = false;
    for declaration in all().filter(|declaration| declaration.calibration == name) {
        ui.results(&declaration_page(declaration));
        found = true;
    }
    if found {
        return Ok(ExitCode::Pass);
    }
    let names: Vec<&str> = all().map(|declaration| declaration.calibration.as_str()).collect();
    let near = nearest(name, names.iter().copied());
    let message = format!("no calibration `{name}`; there is `{}`", names.join("`, `"));
    Err(Failure::usage(message).help_if(near.map(|near| format!("did you mean `{near}`?"))))
}

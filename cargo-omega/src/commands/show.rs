//! `cargo omega show`: the page of any artifact as plain text.

use omega_lock::artifacts::ExitCode;

use crate::cli::ShowArgs;
use crate::failure::Failure;
use crate::page;
use crate::ui::Ui;

/// Shows a file or a run; what speaks against it is said beside it and decides the exit code.
pub(crate) fn run(arguments: &ShowArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let ShowArgs { path, declaration, cargo } = arguments;
    if let Some(name) = declaration {
        return super::declaration::run(name, cargo, ui);
    }
    let Some(path) = path else { return Err(Failure::usage("neither an artifact nor a calibration is named")) };
    let (text, against) = page::text(path)?;
    ui.results(&text);
    against.map(|()| ExitCode::Pass)
}

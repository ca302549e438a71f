//! `cargo omega demo`: what a gate is good for, in a second and without a project.

use omega_lock::internals::artifacts::ExitCode;
use omega_lock::internals::benchmark::case_study;
use omega_lock::internals::report::demo;

use crate::failure::Failure;
use crate::ui::Ui;

/// Runs the case study and shows it.
pub(crate) fn run(ui: &mut Ui) -> Result<ExitCode, Failure> {
    let study =
        case_study().map_err(|error| Failure::internal(format!("the demonstration could not be run: {error}")))?;
    ui.results(&demo(&study));
    Ok(ExitCode::Pass)
}

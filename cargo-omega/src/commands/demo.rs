//! `cargo omega demo`: what a gate is good for, in a second and without a project.

use omega_lock::internals::artifacts::ExitCode;
use omega_lock::internals::benchmark::{case_study, tour};
use omega_lock::internals::report::demo;

use crate::failure::Failure;
use crate::ui::Ui;

/// Runs the case study and the tour and shows them.
pub(crate) fn run(ui: &mut Ui) -> Result<ExitCode, Failure> {
    let failed = |error| Failure::internal(format!("the demonstration could not be run: {error}"));
    let (study, tour) = (case_study().map_err(failed)?, tour().map_err(failed)?);
    ui.results(&demo(&study, &tour));
    Ok(ExitCode::Pass)
}

//! `cargo omega verify`: what a file shows of itself being damaged.

use omega_lock::artifacts::ExitCode;

use crate::artifact::Artifact;
use crate::cli::VerifyArgs;
use crate::failure::Failure;
use crate::inspection::Inspection;
use crate::ui::Ui;

/// Looks at each file and says what holds and what does not; the strongest exit code of all of them counts.
pub(crate) fn run(arguments: &VerifyArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let mut codes = Vec::new();
    for path in &arguments.paths {
        match Artifact::open(path).and_then(|artifact| Inspection::of(&artifact)) {
            Ok(inspection) => {
                ui.results(&inspection.text(path));
                codes.push(if inspection.damage.is_empty() { ExitCode::Pass } else { ExitCode::Damaged });
            }
            Err(failure) => {
                ui.error(&failure.message);
                codes.push(failure.code);
            }
        }
    }
    Ok(ExitCode::strongest(codes))
}

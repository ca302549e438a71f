//! `cargo omega check`: a calibration looked at before hours are spent on it.

use omega_lock::internals::artifacts::{ExitCode, Ordered, ParamMap, Spelled, TryQuestion, TryStart, TryWhat};
use omega_lock::internals::objective::Role;
use omega_lock::internals::report::tried_findings;

use crate::cli::CheckCalibrationArgs;
use crate::failure::Failure;
use crate::project::Project;
use crate::tried;
use crate::ui::Ui;

pub(crate) fn run(arguments: &CheckCalibrationArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let CheckCalibrationArgs { name, cargo } = arguments;
    let project = Project::load(&cargo.manifest, cargo.build.target_dir.as_deref())?;
    let question = TryQuestion {
        schema_version: TryQuestion::SCHEMA.to_owned(),
        calibration: name.clone(),
        what: Spelled(TryWhat::Check),
        slice: Spelled(Role::Train),
        start: Spelled(TryStart::Baseline),
        given: ParamMap::default(),
        typed: Ordered::default(),
        count_a_look: false,
    };
    let tried = tried::asked(&project, &cargo.whole_workspace(), &question, ui)?;
    ui.results(&tried_findings(&tried));
    Ok(if tried.findings.iter().all(|finding| finding.ok) { ExitCode::Pass } else { ExitCode::No })
}

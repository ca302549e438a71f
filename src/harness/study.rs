//! The study in the place of a search, read from its file.

use camino::Utf8PathBuf;

use super::plan::Plan;
use super::project::Project;
use crate::artifacts::{ExitCode, Problem, StudyError, study_again};
use crate::declaration::Declaration;
use crate::pipeline::{SearchMethod, Study};

/// Reads the study that a declaration names, and puts its digest there; none where something is searched.
pub(super) fn resolve(plan: &Plan, declaration: &mut Declaration, project: &Project) -> Result<Option<Study>, Problem> {
    let SearchMethod::Study { file, .. } = &declaration.config.search else { return Ok(None) };
    let shown = Utf8PathBuf::from(file);
    let path = plan.study.clone().unwrap_or_else(|| project.root.join(file));
    let study = study_again(&path, &shown, &declaration.config, &declaration.space).map_err(|error| {
        let code = if error.is_damage() { ExitCode::Damaged } else { code_of(&error) };
        Problem::new(code, format!("calibration `{}`: {error}", plan.name))
    })?;
    declaration.config.search = SearchMethod::Study { file: shown.into_string(), digest: study.digest.clone() };
    Ok(Some(study))
}

fn code_of(error: &StudyError) -> ExitCode {
    if error.is_of_the_disk() { ExitCode::Internal } else { ExitCode::Usage }
}

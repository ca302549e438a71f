//! One question about parameters by hand, put to the harness that has the calibration.

use omega_lock::internals::artifacts::{Tried, TryQuestion};
use omega_lock::internals::objective::spelling::nearest;

use crate::cli::TestArgs;
use crate::failure::Failure;
use crate::project::Project;
use crate::session;
use crate::ui::Ui;

/// The answer of the first harness that has the calibration.
pub(crate) fn asked(
    project: &Project,
    arguments: &TestArgs,
    question: &TryQuestion,
    ui: &mut Ui,
) -> Result<Tried, Failure> {
    let name = question.calibration.as_str();
    match session::tried(project, arguments, question, ui)? {
        Ok(tried) => Ok(tried),
        Err(names) => {
            let near = nearest(name, names.iter().map(String::as_str));
            let message = format!("no calibration `{name}`; there is `{}`", names.join("`, `"));
            Err(Failure::usage(message).help_if(near.map(|near| format!("did you mean `{near}`?"))))
        }
    }
}

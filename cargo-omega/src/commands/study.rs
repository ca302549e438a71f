//! `cargo omega study`: what somebody else's study can show, and no more.

use omega_lock::internals::artifacts::{ExitCode, StudyReport, document_text, write_text};
use omega_lock::internals::report::study_text;

use super::study_again;
use crate::cli::{ColorWhen, DirectionWord, StudyArgs, StudyFormat};
use crate::disk;
use crate::failure::Failure;
use crate::study::{self, Other, Question};
use crate::ui::Ui;

/// Shows the study at the level that the arguments give it. Nothing is evaluated, so no answer of this is a pass.
pub(crate) fn run(arguments: &StudyArgs, color: Option<ColorWhen>, ui: &mut Ui) -> Result<ExitCode, Failure> {
    if let Some(calibration) = &arguments.calibration {
        return study_again::run(&arguments.from, calibration, color, ui);
    }
    let told = arguments.from.told();
    if arguments.report.as_ref() == Some(&told.file) {
        return Err(
            Failure::usage(format!("`--report` is the study itself, `{}`", told.file)).help("name another file")
        );
    }
    if let Some(path) = &arguments.report {
        disk::nameable(path)?;
    }
    let reader = study::open(&told)?;
    let score = study::score(reader.head(), &told, &reader.told())?;
    let direction = arguments.other_direction.map_or(score.direction.0, DirectionWord::direction);
    let other = arguments.other.as_deref().map(Other::named);
    let page = study::survey(reader, &Question { score, other, other_direction: direction })?;
    let report = page.report().ok_or_else(|| Failure::internal("the study was not looked through"))?;
    if let Some(path) = &arguments.report {
        write_text(&page.html(), path).map_err(|error| Failure::internal(error.to_string()))?;
        ui.status("Wrote", path.as_str());
    }
    match arguments.format {
        StudyFormat::Text => ui.results(&study_text(report)),
        StudyFormat::Json => {
            ui.json(&document_text(report).map_err(|error| Failure::internal(error.to_string()))?);
        }
    }
    Ok(code(report, arguments.allow_unproven))
}

/// Ranks, and parts that the search saw, are taken for an answer only where that was asked for. Parts can speak against a record
/// and never for it: they are no reason for a 0.
fn code(report: &StudyReport, allow_unproven: bool) -> ExitCode {
    match report.answer().filter(|_| allow_unproven) {
        Some(true) => ExitCode::Pass,
        Some(false) => ExitCode::No,
        None => ExitCode::NothingEvaluated,
    }
}

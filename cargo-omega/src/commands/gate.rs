//! `cargo omega gate`: does the ranking of somebody else's candidates transfer to data the search did not see?

use std::error::Error;

use camino::Utf8Path;
use omega_lock::internals::artifacts::{ArtifactError, ExitCode, Scores, read_python_json};
use omega_lock::internals::gates::{Thresholds, gate_scores_exact};
use omega_lock::internals::regular_file::FileErrorKind;
use omega_lock::internals::report::score_verdict;

use crate::cli::GateArgs;
use crate::failure::Failure;
use crate::ui::Ui;

pub(crate) fn run(arguments: &GateArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let mut thresholds = Thresholds::pure_objective();
    if let Some(minimum) = arguments.pearson_min {
        if !(0.0..=1.0).contains(&minimum) {
            let message = format!("`--pearson-min` is {minimum}, expected a correlation from 0 to 1");
            return Err(Failure::usage(message).help("below 0 a reversed ranking would pass"));
        }
        thresholds.pearson_min = minimum;
    }
    let (train, holdout) = (scores(&arguments.train)?, scores(&arguments.holdout)?);
    let verdict = gate_scores_exact(&train, &holdout, &thresholds);
    ui.results(&score_verdict(&verdict, train.len()));
    Ok(if verdict.passed { ExitCode::Pass } else { ExitCode::No })
}

fn scores(path: &Utf8Path) -> Result<Vec<f64>, Failure> {
    let wrong =
        |fault: String| Failure::usage(fault).help("a file of scores holds one number per candidate: [0.91, 0.84]");
    let scores: Scores = read_python_json(path).map_err(|error| wrong(fault(path, &error)))?;
    scores.finite().map_err(|error| wrong(format!("`{path}`: {error}")))
}

/// What is wrong with a file, told apart as the Python package tells it.
fn fault(path: &Utf8Path, error: &ArtifactError) -> String {
    let cause = error.source();
    let unreadable = cause.and_then(|cause| cause.downcast_ref::<FileErrorKind>());
    let unfit = cause.and_then(|cause| cause.downcast_ref::<serde_json::Error>());
    match (unreadable, unfit) {
        (Some(cause), _) if cause.is_absence() => format!("file not found: `{path}`"),
        (Some(cause), _) => format!("`{path}` {cause}"),
        (_, Some(cause)) if cause.is_data() => format!("`{path}` must contain a JSON array of numbers: {cause}"),
        (_, Some(cause)) => format!("invalid JSON in `{path}`: {cause}"),
        (None, None) => error.to_string(),
    }
}

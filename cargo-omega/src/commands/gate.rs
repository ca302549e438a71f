//! `cargo omega gate`: does the ranking of somebody else's candidates transfer to data the search did not see?

use camino::Utf8Path;
use omega_lock::artifacts::{ExitCode, Scores, read_python_json};
use omega_lock::gates::{Thresholds, gate_scores_exact};
use omega_lock::report::score_verdict;

use crate::cli::GateArgs;
use crate::failure::Failure;
use crate::ui::Ui;

/// Judges two files of scores.
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
    let wrong = |error: &dyn std::fmt::Display| {
        Failure::usage(error.to_string()).help("a file of scores is a JSON array of numbers, one per candidate")
    };
    let scores: Scores = read_python_json(path).map_err(|error| wrong(&error))?;
    scores.finite().map_err(|error| wrong(&format!("`{path}`: {error}")))
}

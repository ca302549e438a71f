//! A run as JUnit XML, which most CI services show: one test case per trial.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::selected::{fitness, selected_line};
use super::{escaped, escaped_line, gain_line};
use crate::artifacts::{Problem, RunSummary, SuiteResults, TestRun, TrialResult, TrialStatus};

/// Parameters that are properties of a case; what is left out is counted.
const MOST_PARAMS: usize = 60;

/// The document. What is required of a figure and what was measured, the trail's head and rows and the seeds are
/// properties of the case, what would ship those of the first case of its run; a problem that belongs to no case is a case of its own, so that it is not overlooked.
///
/// # Errors
/// If the document cannot be made; the text says why.
pub fn junit(run: &TestRun) -> Result<String, String> {
    let mut report = Report::new("omega-lock");
    for suite in &run.suites {
        report.add_test_suite(test_suite(suite));
    }
    if !run.problems.is_empty() {
        let mut problems = TestSuite::new("cargo omega test");
        problems.add_test_cases(
            run.problems
                .iter()
                .enumerate()
                .map(|(index, problem)| problem_case(&format!("problem {}", index + 1), problem)),
        );
        report.add_test_suite(problems);
    }
    if let Some(against) = run.against.as_ref() {
        let mut suite = TestSuite::new("against");
        let lines: Vec<String> = against
            .changes
            .iter()
            .map(|change| format!("{} {}: {}", change.kind, change.calibration, change.text))
            .collect();
        let status = if against.accepted {
            TestCaseStatus::success()
        } else {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message("a change needs an approval, or a merge").set_description(text(&lines.join("\n")));
            status
        };
        suite.add_test_case(TestCase::new(line(&format!("since {}", against.revision)), status));
        report.add_test_suite(suite);
    }
    report.to_string().map_err(|error| error.to_string())
}

fn test_suite(suite: &SuiteResults) -> TestSuite {
    let mut shown = TestSuite::new(line(&format!("{}::{}", suite.package, suite.suite)));
    let mut told: Vec<&str> = Vec::new();
    shown.add_test_cases(suite.trials.iter().map(|trial| {
        let run = suite.runs.iter().find(|run| run.calibration == trial.calibration);
        let mut case = test_case(trial, run);
        // Once a run, with the first of its cases.
        if let Some(run) = run.filter(|run| !told.contains(&run.calibration.as_str())) {
            told.push(&run.calibration);
            let searched = run.verdict.as_ref().filter(|verdict| verdict.searched().is_some());
            searched.into_iter().for_each(|verdict| _ = case.add_property(property("verdict", &verdict.to_string())));
            winner(run).into_iter().for_each(|property| _ = case.add_property(property));
        }
        case
    }));
    shown.add_test_cases(suite.problem.iter().map(|problem| problem_case("suite", problem)));
    shown
}

fn test_case(trial: &TrialResult, run: Option<&RunSummary>) -> TestCase {
    let mut status = match (trial.status, &trial.problem) {
        (TrialStatus::Error, _) | (_, Some(_)) => TestCaseStatus::non_success(NonSuccessKind::Error),
        (TrialStatus::Fail, None) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        (TrialStatus::Skip, None) => TestCaseStatus::skipped(),
        (TrialStatus::Pass | TrialStatus::Advisory, None) => TestCaseStatus::success(),
    };
    if !matches!(trial.status, TrialStatus::Pass | TrialStatus::Advisory) || trial.problem.is_some() {
        status.set_message(line(&trial.summary));
        let problem = trial.problem.as_ref().map_or("", |problem| problem.message.as_str());
        let body = [trial.details.trim_end(), problem].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        if !body.is_empty() {
            status.set_description(text(&body.join("\n")));
        }
    }
    let mut case = TestCase::new(line(&trial.name), status);
    case.set_classname(line(&trial.calibration));
    case.set_time(Duration::try_from_secs_f64(trial.seconds).unwrap_or_default());
    for measure in &trial.measures {
        case.add_property(property(&format!("{}.measured", measure.metric), &measure.measured));
        case.add_property(property(&format!("{}.required", measure.metric), &measure.required));
    }
    if trial.measures.is_empty() && !trial.summary.is_empty() {
        case.add_property(property("summary", &trial.summary));
    }
    if let Some(run) = run {
        if let Some(trail) = &run.trail {
            case.add_property(property("head", &trail.head)).add_property(property("rows", &trail.rows.to_string()));
        }
        let seeds: Vec<String> = run.seeds.iter().map(|(name, seed)| format!("{name} {seed}")).collect();
        if !seeds.is_empty() {
            case.add_property(property("seed", &seeds.join(", ")));
        }
    }
    case
}

/// What would ship, or whose verdict it was: in words, then its figures and its parameters each by itself.
fn winner(run: &RunSummary) -> Vec<Property> {
    let Some(selected) = &run.selected else { return Vec::new() };
    let mut properties = vec![property("selected", &selected_line(selected))];
    for level in &selected.slices {
        properties.push(property(&format!("selected.{}", level.slice), &fitness(level)));
    }
    for gain in &run.gains {
        properties.push(property(&format!("gain.{}", gain.slice), &gain_line(gain)));
    }
    for param in selected.params.iter().take(MOST_PARAMS) {
        properties.push(property(&format!("selected.param.{}", param.name), &param.after.to_string()));
    }
    let more = selected.params.len().saturating_sub(MOST_PARAMS);
    properties.extend((more > 0).then(|| property("selected.param", &format!("and {more} more"))));
    properties
}

fn problem_case(name: &str, problem: &Problem) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status
        .set_message(line(problem.message.lines().next().unwrap_or_default()))
        .set_description(text(&problem.message));
    TestCase::new(name, status)
}

fn property(name: &str, value: &str) -> Property {
    Property::new(line(name), line(value))
}

/// For an attribute, in which a line break would be lost.
fn line(text: &str) -> String {
    without_noncharacters(&escaped_line(text))
}

/// For the text of an element.
fn text(text: &str) -> String {
    without_noncharacters(&escaped(text))
}

/// Control characters are spelt out by then; these two are all that XML 1.0 forbids beside them, and one of them would
/// cost a reader the whole file.
fn without_noncharacters(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "")
}

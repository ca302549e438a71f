//! `cargo omega test`: runs the harnesses and shows every case.

use camino::Utf8Path;
use omega_lock::artifacts::{ExitCode, SuiteResults, TestRun, write_json};
use omega_lock::target::spelling::similar;

use crate::cargo_command;
use crate::cli::{ColorWhen, TestArgs};
use crate::disk::{self, FreshFolder};
use crate::failure::Failure;
use crate::harness_target::{self, HarnessPackage};
use crate::project::Project;
use crate::report::{self, counted};
use crate::results::{self, Collected};
use crate::runner;
use crate::tally::{self, Tally};
use crate::ui::Ui;

/// How many near names are worth reading.
const SUGGESTIONS: usize = 3;

/// Runs, shows, and keeps the results as data whatever came of it.
pub(crate) fn run(arguments: &TestArgs, color: Option<ColorWhen>, ui: &mut Ui) -> Result<ExitCode, Failure> {
    ui.quiet = arguments.quiet;
    let project = Project::load(&arguments.manifest, arguments.build.target_dir.as_deref())?;
    let path = project.omega_directory().join("results.json");
    if asks_the_harness(arguments) {
        return ask(&project, arguments, color, ui);
    }
    // A killed run must not be mistaken for an earlier one.
    disk::remove(&path)?;
    let mut seconds = 0.0;
    let mut collected = Collected::default();
    let stopped = evaluate(&project, arguments, color, ui, &mut seconds, &mut collected).err();
    collected.failures.extend(stopped);

    let mut suites = collected.suites;
    show(&project, arguments, ui, &suites, seconds, &path);
    let failures = closing(arguments, &suites, collected.failures, ui);

    suites.sort_by(|left, right| (&left.package, &left.suite).cmp(&(&right.package, &right.suite)));
    let problems = failures.iter().map(Failure::to_problem).collect();
    let mut run = TestRun { schema_version: TestRun::SCHEMA.to_owned(), exit_code: 0, problems, suites };
    let code = tally::exit_code(&run);
    run.exit_code = code.number();
    if let Err(error) = write_json(&run, &path) {
        ui.error(&error.to_string());
        return Ok(ExitCode::strongest([code, ExitCode::Internal]));
    }
    Ok(code)
}

/// Whether the harness is asked for its list or its help, and evaluates nothing.
fn asks_the_harness(arguments: &TestArgs) -> bool {
    let question = |word: &std::ffi::OsString| ["--list", "--help", "-h"].iter().any(|known| word == known);
    arguments.harness_args.iter().any(question)
}

/// Passes a question on to the harnesses, and their answers back.
fn ask(project: &Project, arguments: &TestArgs, color: Option<ColorWhen>, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let harnesses = harnesses(project, arguments, ui)?;
    let directory = FreshFolder::below(&project.omega_directory())?;
    for harness in &harnesses {
        let mut command = cargo_command::test(harness, &harnesses, arguments, color);
        cargo_command::tell_harness(&mut command, project, directory.path(), arguments, ui.colours_stderr());
        let finished = runner::run(&mut command, |bytes| ui.passed_through(bytes)).map_err(could_not_run)?;
        if !finished.status.success() {
            let message = format!("the harnesses of `{}` did not answer: {}", harness.package.name, finished.status);
            return Err(Failure::internal(message));
        }
    }
    Ok(ExitCode::Pass)
}

/// Runs every harness and shows its cases as soon as they are known.
fn evaluate(
    project: &Project,
    arguments: &TestArgs,
    color: Option<ColorWhen>,
    ui: &mut Ui,
    seconds: &mut f64,
    collected: &mut Collected,
) -> Result<(), Failure> {
    let harnesses = harnesses(project, arguments, ui)?;
    let raw = arguments.harness_args.iter().any(|word| word == "--no-capture" || word == "--nocapture");
    let everything = arguments.filters.is_empty() && arguments.skip.is_empty() && arguments.harness_args.is_empty();
    for harness in &harnesses {
        let package = harness.package;
        ui.status("Starting", &format!("{} v{} ({})", package.name, package.version, harness.tests.join(", ")));
        let directory = FreshFolder::below(&project.omega_directory())?;
        let mut command = cargo_command::test(harness, &harnesses, arguments, color);
        cargo_command::tell_harness(&mut command, project, directory.path(), arguments, ui.colours_stderr());
        let output = |bytes: &[u8]| {
            if raw {
                ui.passed_through(bytes)
            }
        };
        let mut finished = runner::run(&mut command, output).map_err(could_not_run)?;
        if raw {
            finished.tail.clear();
        }
        *seconds += finished.seconds;
        let mut found = results::collect(directory.path(), harness, &finished, everything);
        for suite in &found.suites {
            ui.results(&report::trials(suite, arguments.quiet, arguments.verbose));
        }
        collected.suites.append(&mut found.suites);
        collected.failures.append(&mut found.failures);
    }
    Ok(())
}

fn harnesses<'a>(
    project: &'a Project,
    arguments: &'a TestArgs,
    ui: &mut Ui,
) -> Result<Vec<HarnessPackage<'a>>, Failure> {
    let (packages, useless) = project.select(&arguments.packages)?;
    for name in useless {
        ui.warning(&format!("no package of the workspace matches `--exclude {name}`"));
    }
    let harnesses = harness_target::find(&packages, &arguments.packages.test)?;
    if harnesses.is_empty() {
        let elsewhere = harness_target::find(&project.members(), &[]).unwrap_or_default();
        return Err(harness_target::none_found(&packages, &elsewhere));
    }
    Ok(harnesses)
}

fn could_not_run(error: std::io::Error) -> Failure {
    Failure::internal(format!("could not run cargo: {error}"))
}

/// The failures in full, the verdicts, the counts and where to look.
fn show(
    project: &Project,
    arguments: &TestArgs,
    ui: &mut Ui,
    suites: &[SuiteResults],
    seconds: f64,
    results: &Utf8Path,
) {
    let tally = Tally::of(suites);
    if tally.cases == 0 {
        return;
    }
    let mut text = report::failures(suites) + &report::verdicts(suites) + &report::summary(&tally, seconds);
    if !arguments.quiet {
        let folders = suites.iter().flat_map(|suite| &suite.runs).filter_map(|run| run.artifacts.as_deref());
        let folders = folders.map(|folder| project.target_directory().join(folder));
        let paths: Vec<_> = folders.chain([results.to_owned()]).map(|path| project.shown(&path)).collect();
        text += &report::artifacts(&paths);
    }
    ui.results(&text);
}

/// Says what kept the run from passing, and gives it back as data: what was known and, if nothing was evaluated
/// without any other reason, that.
fn closing(arguments: &TestArgs, suites: &[SuiteResults], mut failures: Vec<Failure>, ui: &mut Ui) -> Vec<Failure> {
    let tally = Tally::of(suites);
    for suite in suites {
        let name = format!("{}::{}", suite.package, suite.suite);
        match &suite.problem {
            Some(problem) => ui.error(&format!("`{name}`: {}", problem.message)),
            None if suite.declared.is_empty() => ui.warning(&format!("`{name}` declares no case")),
            None => {}
        }
    }
    for name in tally::unclaimed(suites) {
        ui.warning(&format!("omega.toml has a table for `{name}`, which no suite that ran declares"));
    }
    for (calibration, verdict) in tally::hidden_verdicts(suites) {
        ui.warning(&format!("the verdict of `{calibration}` is `{verdict}`, and none of the cases shown says so"));
    }
    failures.extend(tally::declared_twice(suites));
    let stopped = !failures.is_empty() || suites.iter().any(|suite| suite.problem.is_some());
    let names = || suites.iter().flat_map(|suite| &suite.declared).map(String::as_str);
    let matches = |filter: &str, name: &str| {
        if arguments.exact { name == filter } else { name.contains(filter) }
    };
    let missed = arguments.filters.iter().filter(|filter| !names().any(|name| matches(filter, name)));
    if !stopped && tally.evaluated() == 0 {
        failures.push(nothing(arguments, &tally, names().collect()));
    } else if !stopped {
        for filter in missed {
            ui.warning(&format!("no case matches `{filter}`"));
        }
    }
    for failure in &failures {
        ui.error(&failure.message);
    }
    let bad = tally.failed + tally.errors;
    if bad > 0 {
        ui.error(&format!("{bad} of {} failed", counted(tally.cases, "case")));
    }
    failures
}

/// Why nothing was evaluated, and what could have been.
fn nothing(arguments: &TestArgs, tally: &Tally, names: Vec<&str>) -> Failure {
    let there = format!("({}, {} declared)", counted(tally.declared_runs, "run"), counted(tally.declared, "case"));
    if tally.declared == 0 {
        return Failure::nothing_evaluated("nothing was evaluated: no case is declared")
            .help("add a calibration to the suite: `Suite::new().add(Calibration::new(..))`");
    }
    if tally.cases > 0 {
        let skipped = counted(tally.skipped, "matching case");
        return Failure::nothing_evaluated(format!("nothing was evaluated: {skipped} skipped {there}"));
    }
    let typed: Vec<_> = arguments.filters.iter().map(|filter| format!("`{filter}`")).collect();
    let message = match typed.as_slice() {
        [] => format!("no case is left to evaluate {there}"),
        typed => format!("no case matches {} {there}", typed.join(" or ")),
    };
    let near: Vec<_> =
        arguments.filters.iter().flat_map(|filter| similar(filter, names.iter().copied(), SUGGESTIONS)).collect();
    let help = (!near.is_empty()).then(|| format!("similar: {}", near.join(", ")));
    Failure::nothing_evaluated(message).help_if(help)
}

//! One sitting with the harnesses of the project: they are built and run, each through one `cargo test`, and what they
//! leave is collected.

use cargo_metadata::Package;
use omega_lock::internals::artifacts::{Declarations, ExitCode, Ledger, SuiteResults};
use omega_lock::internals::harness::variables::{self, Mode};

use crate::cargo_command;
use crate::cli::{ColorWhen, TestArgs};
use crate::disk::{self, FreshFolder};
use crate::failure::Failure;
use crate::harness_target::{self, HarnessPackage};
use crate::interrupt;
use crate::project::Project;
use crate::results::{self, Collected};
use crate::runner;
use crate::tally;
use crate::told::Told;
use crate::ui::Ui;

/// Passes a question on to the harnesses, and their answers back.
pub(crate) fn ask(
    project: &Project,
    arguments: &TestArgs,
    color: Option<ColorWhen>,
    ui: &mut Ui,
) -> Result<ExitCode, Failure> {
    let harnesses = harnesses(project, arguments, ui)?;
    let directory = FreshFolder::below(&project.omega_directory(), project.target_directory())?;
    for harness in &harnesses {
        let mut command = cargo_command::test(harness, &harnesses, arguments, color);
        cargo_command::tell_harness(&mut command, project, directory.path(), arguments, Mode::Run, ui.colours_stderr());
        let finished =
            runner::run(&mut command, &directory, |bytes| ui.passed_through(bytes)).map_err(could_not_run)?;
        if !finished.status.success() {
            let message = format!("the harnesses of `{}` did not answer: {}", harness.package.name, finished.status);
            return Err(Failure::internal(message));
        }
    }
    Ok(ExitCode::Pass)
}

/// Runs every harness and shows of its cases what `shown` makes of them, as soon as they are known. Looks
/// that are `accepted` elsewhere count before those of the workspace.
pub(crate) fn evaluate(
    project: &Project,
    arguments: &TestArgs,
    (color, mode): (Option<ColorWhen>, Mode),
    accepted: Option<&Ledger>,
    ui: &mut Ui,
    shown: impl Fn(&SuiteResults) -> String,
    collected: &mut Collected,
) -> Result<(), Failure> {
    let harnesses = harnesses(project, arguments, ui)?;
    interrupt::listen();
    let raw = arguments.harness_args.iter().any(|word| word == "--no-capture" || word == "--nocapture");
    let everything = arguments.filters.is_empty() && arguments.skip.is_empty() && arguments.harness_args.is_empty();
    let all = harness_target::find(&project.members(), &[]).unwrap_or_default();
    collected.filtered = !everything;
    collected.partial = !everything || all != harnesses;
    let asked = |package: &Package| harnesses.iter().any(|harness| harness.package.id == package.id);
    let left_out = all.iter().filter(|other| !asked(other.package));
    collected.left_out = left_out.map(|other| other.package.name.to_string()).collect();
    for harness in &harnesses {
        let package = harness.package;
        ui.status("Starting", &format!("{} v{} ({})", package.name, package.version, harness.tests.join(", ")));
        let directory = FreshFolder::below(&project.omega_directory(), project.target_directory())?;
        let mut command = cargo_command::test(harness, &harnesses, arguments, color);
        cargo_command::tell_harness(&mut command, project, directory.path(), arguments, mode, ui.colours_stderr());
        if let Some(accepted) = accepted {
            let path = directory.path().join("accepted.ledger.jsonl");
            disk::append(&path, &accepted.text())?;
            command.env(variables::LEDGER, path);
        }
        let told = Told::of(&command);
        let output = |bytes: &[u8]| {
            if raw {
                ui.passed_through(bytes)
            }
        };
        let mut finished = runner::run(&mut command, &directory, output).map_err(could_not_run)?;
        if raw {
            finished.tail.clear();
        }
        if finished.left_behind {
            let name = &package.name;
            ui.warning(&format!(
                "a process that `{name}` started is still there and holds its output; nobody waits for it"
            ));
        }
        collected.seconds += finished.seconds;
        let mut found = results::collect(directory.path(), harness, &finished, &told, everything);
        for suite in &mut found.suites {
            again(suite, &cargo_command::typed_again(arguments));
        }
        if cargo_command::sets_aside(arguments) {
            found.failures.extend(found.suites.iter().filter_map(tally::continuation));
        }
        for suite in &found.suites {
            ui.results(&shown(suite));
        }
        collected.suites.append(&mut found.suites);
        // What else is missing is missing for this reason.
        interrupt::check()?;
        collected.failures.append(&mut found.failures);
    }
    Ok(())
}

/// Lets the commands in what failed ask for the same harness and the same build. It is the harness that names them, and it
/// does not know how it was asked for.
fn again(suite: &mut SuiteResults, typed: &str) {
    let command = |line: &str| {
        let line = line.trim_start();
        line.contains(": cargo omega test ") || line.contains(": cargo omega update-gold ")
    };
    for trial in &mut suite.trials {
        let lines =
            trial.details.split('\n').map(|line| if command(line) { [line, typed].concat() } else { line.to_owned() });
        trial.details = lines.collect::<Vec<_>>().join("\n");
    }
}

/// The resolved declarations of every harness, in the order asked; nothing is evaluated.
pub(crate) fn declarations(project: &Project, arguments: &TestArgs, ui: &mut Ui) -> Result<Vec<Declarations>, Failure> {
    let harnesses = harnesses(project, arguments, ui)?;
    let mut all = Vec::new();
    for harness in &harnesses {
        let directory = FreshFolder::below(&project.omega_directory(), project.target_directory())?;
        let mut command = cargo_command::test(harness, &harnesses, arguments, None);
        cargo_command::tell_harness(&mut command, project, directory.path(), arguments, Mode::Declare, false);
        let told = Told::of(&command);
        let finished = runner::run(&mut command, &directory, |_| {}).map_err(could_not_run)?;
        all.extend(results::declarations(directory.path(), harness, &finished, &told)?);
    }
    Ok(all)
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

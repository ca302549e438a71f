//! One sitting with the harnesses of the project: they are built and run, each through one `cargo test`, and what they
//! leave is collected.

use std::process::Command;

use omega_lock::internals::artifacts::{
    Declarations, ExitCode, Ledger, RecheckBase, SuiteResults, Tried, TryAnswer, TryQuestion, write_json,
};
use omega_lock::internals::harness::variables::{self, Mode};

use crate::cargo_command;
use crate::cli::{ColorWhen, TestArgs};
use crate::disk::{self, FreshFolder};
use crate::failure::Failure;
use crate::harness_target::{self, HarnessPackage};
use crate::interrupt;
use crate::itself;
use crate::progress::{Progress, Screen, Shown};
use crate::project::Project;
use crate::results::{self, Collected};
use crate::runner::{self, Seen};
use crate::tally;
use crate::told::Told;
use crate::ui::Ui;

/// Passes a question on to the harnesses, and their answers back.
pub(crate) fn ask(
    project: &Project,
    arguments: &TestArgs,
    (color, mode): (Option<ColorWhen>, Mode),
    ui: &mut Ui,
) -> Result<ExitCode, Failure> {
    let asked = Asked::of(project, arguments, ui)?;
    let mut taken = Vec::new();
    for harness in asked.in_turn() {
        let Some(mut command) = asked.command(harness, arguments, (color, None), &taken)? else { continue };
        let directory = FreshFolder::below(&project.omega_directory(), project.target_directory())?;
        cargo_command::tell_harness(&mut command, project, directory.path(), arguments, mode, ui.colours_stderr());
        let built = harness.package.is_none();
        let finished = runner::run(&mut command, &directory, built, None, |seen| {
            if let Seen::Output(bytes) = seen {
                ui.passed_through(bytes);
            }
        });
        let finished = finished.map_err(could_not_run)?;
        if !finished.status.success() {
            let message = format!("the harnesses of `{}` did not answer: {}", harness.name, finished.status);
            // A harness has said why. What it cannot say by its status, such as that it crashed, is a defect.
            let code = finished.status.code().and_then(|code| u8::try_from(code).ok());
            return Err(Failure { code: ExitCode::of_problem(code.unwrap_or_default()), message });
        }
        taken.extend(results::declared(directory.path())?);
    }
    Ok(ExitCode::Pass)
}

/// What the base of a comparison has accepted, as far as harnesses ask for it.
pub(crate) struct Base {
    /// Its looks, which count before those of the workspace.
    pub(crate) looks: Ledger,
    /// What a recheck is held against.
    pub(crate) recheck: RecheckBase,
}

/// Runs every harness and shows of its cases what `shown` makes of them, as soon as they are known.
pub(crate) fn evaluate(
    project: &Project,
    arguments: &TestArgs,
    (color, mode): (Option<ColorWhen>, Mode),
    base: Option<&Base>,
    ui: &mut Ui,
    shown: impl Fn(&SuiteResults) -> String,
    collected: &mut Collected,
) -> Result<(), Failure> {
    let asked = Asked::of(project, arguments, ui)?;
    interrupt::listen();
    let raw = arguments.harness_args.iter().any(|word| word == "--no-capture" || word == "--nocapture");
    let everything = arguments.filters.is_empty() && arguments.skip.is_empty() && arguments.harness_args.is_empty();
    let all = harness_target::find(&project.members(), &[]).unwrap_or_default();
    collected.filtered = !everything;
    let live = ui.progress() == Shown::Live;
    // A cargo whose messages are passed on does not see the terminal.
    let color = color.or((live && ui.colours_stderr()).then_some(ColorWhen::Always));
    let drawn = (color, live.then(Screen::width));
    collected.partial = !everything || all != asked.harnesses;
    let left_out = all.iter().filter(|other| !asked.harnesses.iter().any(|harness| harness.name == other.name));
    collected.left_out = left_out.map(|other| other.name.clone()).collect();
    for harness in asked.in_turn() {
        let unclear = || !collected.failures.is_empty() || collected.suites.iter().any(|suite| suite.problem.is_some());
        if harness.package.is_none() && unclear() {
            // A suite that could not say what it has may have taken them in.
            break;
        }
        let taken: Vec<String> = collected.suites.iter().flat_map(results::calibrations).collect();
        let Some(mut command) = asked.command(harness, arguments, drawn, &taken)? else { continue };
        ui.status("Starting", &harness.shown());
        let directory = FreshFolder::below(&project.omega_directory(), project.target_directory())?;
        cargo_command::tell_harness(&mut command, project, directory.path(), arguments, mode, ui.colours_stderr());
        if let Some(Base { looks, recheck }) = base {
            let path = directory.path().join("accepted.ledger.jsonl");
            disk::append(&path, &looks.text())?;
            command.env(variables::LEDGER, path);
            if mode.rechecks() {
                // Not called as a document, which answers are.
                let path = directory.path().join("base");
                write_json(recheck, &path).map_err(|error| Failure::internal(error.to_string()))?;
                command.env(variables::BASE, path);
            }
        }
        let told = Told::of(&command);
        let built = harness.package.is_none();
        let package = project.omega_directory().join(&harness.name);
        let mut progress = Progress::of(ui.progress(), package, directory.path().file_name().unwrap_or_default());
        let screen = progress.screen().cloned();
        let finished = runner::run(&mut command, &directory, built, screen.as_ref(), |seen| match seen {
            Seen::Output(bytes) if raw => match &screen {
                Some(screen) => screen.aside(|| ui.passed_through(bytes)),
                None => ui.passed_through(bytes),
            },
            Seen::Output(_) => {}
            Seen::Tick(now) => progress.look(now).iter().for_each(|line| ui.note(line)),
        });
        drop(progress);
        let mut finished = finished.map_err(could_not_run)?;
        if raw {
            finished.tail.clear();
        }
        if finished.left_behind {
            let name = &harness.name;
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
    let taken: Vec<String> = collected.suites.iter().flat_map(results::calibrations).collect();
    if asked.leaves_out(&taken) {
        collected.partial = true;
        collected.left_out.push(itself::PACKAGE.to_owned());
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
    let asked = Asked::of(project, arguments, ui)?;
    let mut all: Vec<Declarations> = Vec::new();
    for harness in asked.in_turn() {
        let taken = all.iter().flat_map(|document| &document.declarations);
        let taken: Vec<String> = taken.map(|declaration| declaration.calibration.clone()).collect();
        let Some(mut command) = asked.command(harness, arguments, (None, None), &taken)? else { continue };
        let directory = FreshFolder::below(&project.omega_directory(), project.target_directory())?;
        cargo_command::tell_harness(&mut command, project, directory.path(), arguments, Mode::Declare, false);
        let told = Told::of(&command);
        let built = harness.package.is_none();
        let finished = runner::run(&mut command, &directory, built, None, |_| {}).map_err(could_not_run)?;
        all.extend(results::emitted(directory.path(), harness, &finished, &told)?);
    }
    Ok(all)
}

/// The answer of the first harness that has the calibration of a question; where none has it, the names of those there are.
pub(crate) fn tried(
    project: &Project,
    arguments: &TestArgs,
    question: &TryQuestion,
    ui: &mut Ui,
) -> Result<Result<Tried, Vec<String>>, Failure> {
    let asked = Asked::of(project, arguments, ui)?;
    interrupt::listen();
    let mut names: Vec<String> = Vec::new();
    for harness in asked.in_turn() {
        let Some(mut command) = asked.command(harness, arguments, (None, None), &names)? else { continue };
        let directory = FreshFolder::below(&project.omega_directory(), project.target_directory())?;
        cargo_command::tell_harness(&mut command, project, directory.path(), arguments, Mode::Try, false);
        // Not called as a document, which answers are.
        let path = directory.path().join("question");
        write_json(question, &path).map_err(|error| Failure::internal(error.to_string()))?;
        command.env(variables::QUESTION, &path);
        let told = Told::of(&command);
        let built = harness.package.is_none();
        let finished = runner::run(&mut command, &directory, built, None, |_| {}).map_err(could_not_run)?;
        interrupt::check()?;
        let answers: Vec<TryAnswer> = results::emitted(directory.path(), harness, &finished, &told)?;
        for answer in answers {
            if let Some(tried) = answer.tried {
                return Ok(Ok(tried));
            }
            names.extend(answer.calibrations);
        }
    }
    Ok(Err(names))
}

/// The harnesses that a command means.
struct Asked<'a> {
    /// Those that cargo builds.
    harnesses: Vec<HarnessPackage<'a>>,
    /// This program, for what omega.toml declares without code.
    itself: Option<HarnessPackage<'a>>,
    /// What omega.toml declares without code.
    without_code: Vec<String>,
}

impl<'a> Asked<'a> {
    fn of(project: &'a Project, arguments: &'a TestArgs, ui: &mut Ui) -> Result<Self, Failure> {
        let (packages, useless) = project.select(&arguments.packages)?;
        for name in useless {
            ui.warning(&format!("no package of the workspace matches `--exclude {name}`"));
        }
        let harnesses = harness_target::find(&packages, &arguments.packages.test)?;
        let names = itself::names(project.workspace_root());
        if harnesses.is_empty() && !project.is_without_packages() {
            // There is no harness to tell what is wrong with omega.toml.
            names.clone()?;
        }
        let without_code = names.unwrap_or_default();
        let wanted = project.is_without_packages() || !without_code.is_empty();
        let itself = (wanted && project.selects_workers(&arguments.packages)).then(HarnessPackage::itself);
        if let Some(itself) = &itself
            && let Some(other) =
                harnesses.iter().find(|other| itself.tests.iter().any(|t| other.test_of(&itself.name, t).is_some()))
        {
            let (package, suite) = (itself::PACKAGE, itself::SUITE);
            let message = format!(
                "`{}` has a suite `{suite}`, and so is called what omega.toml declares without code",
                other.shown()
            );
            let help = format!(
                "give the package another name than `{package}`, or the test target another one than `{suite}`"
            );
            return Err(Failure::usage(message).help(help));
        }
        if harnesses.is_empty() && itself.is_none() {
            let elsewhere = harness_target::find(&project.members(), &[]).unwrap_or_default();
            return Err(harness_target::none_found(&packages, &elsewhere));
        }
        if project.is_without_packages() && without_code.is_empty() {
            itself::declares_something(project.workspace_root())?;
        }
        Ok(Self { harnesses, itself, without_code })
    }

    /// This program last: what a suite takes in is not run twice.
    fn in_turn(&self) -> impl Iterator<Item = &HarnessPackage<'a>> {
        self.harnesses.iter().chain(&self.itself)
    }

    /// Whether nobody was asked for something that omega.toml declares without code: no suite that has taken it in, either.
    fn leaves_out(&self, taken: &[String]) -> bool {
        self.itself.is_none() && self.without_code.iter().any(|name| !taken.contains(name))
    }

    /// What starts a harness; `None` if suites have taken in everything that it would run.
    fn command(
        &self,
        harness: &HarnessPackage<'_>,
        arguments: &TestArgs,
        (color, columns): (Option<ColorWhen>, Option<u16>),
        taken: &[String],
    ) -> Result<Option<Command>, Failure> {
        let Some(package) = harness.package else {
            let others = self.without_code.iter().filter(|name| taken.contains(name));
            if others.clone().count() == self.without_code.len() {
                return Ok(None);
            }
            let mut command = itself::command(others.map(String::as_str))?;
            cargo_command::ask(&mut command, arguments);
            return Ok(Some(command));
        };
        Ok(Some(cargo_command::test(package, harness, &self.harnesses, arguments, color, columns)))
    }
}

fn could_not_run(error: std::io::Error) -> Failure {
    Failure::internal(format!("could not run a harness: {error}"))
}

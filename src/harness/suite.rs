//! The calibrations of a test binary, and its `main`.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use camino::Utf8PathBuf;

use super::arguments::{Arguments, USAGE};
use super::calibration::{AnyCalibration, Calibration};
use super::companion;
use super::environment::{self, Environment};
use super::plan::Plan;
use super::project::{Host, Project};
use super::provenance::Provenance;
use super::recheck::only_a_search;
use super::results::{leave, with_problem};
use super::run::{resolve, with_targets};
use super::session::Session;
use super::tried;
use super::variables::Mode;
#[cfg(feature = "worker")]
use super::workers;
use crate::artifacts::{
    DeclarationEntry, Declarations, Echo, ExitCode as Code, Problem, SuiteResults, TryAnswer, TryQuestion, read_json,
    write_json,
};
#[cfg(feature = "worker")]
use crate::declaration::DeclarationError;
use crate::declaration::DeclarationFile;
use crate::objective::Target;
use crate::report::escaped;

/// The calibrations of one test binary. Its `main` is [`Suite::run`].
///
/// ```no_run
/// use omega_lock::prelude::*;
///
/// fn main() -> std::process::ExitCode {
///     let target = || Ok(FnTarget::new(ParamSpace::new().float("x", -2.0..=2.0, 0.0), |params| {
///         Ok(Evaluation::new(-params.float("x")?.powi(2)).samples(100))
///     }));
///     Suite::new().add(Calibration::new("parabola", target)).run()
/// }
/// ```
#[derive(Default)]
pub struct Suite {
    calibrations: Vec<Arc<dyn AnyCalibration>>,
    /// Whether those that omega.toml declares without code are taken in, and all but which.
    without_code: Option<Vec<String>>,
}

impl Suite {
    /// A suite without calibrations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a calibration.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "adding to a suite is no arithmetic")]
    pub fn add<T: Target + 'static>(mut self, calibration: Calibration<T>) -> Self {
        self.calibrations.push(Arc::new(calibration));
        self
    }

    /// Takes in the calibrations that omega.toml declares without any code: `cargo test` and nextest then show them too.
    /// `cargo omega` runs them by itself where no suite does. Two suites that take them in are refused.
    #[cfg(feature = "worker")]
    #[must_use]
    pub fn workers(self) -> Self {
        self.workers_but(Vec::new())
    }

    /// The same, without those of these names.
    #[cfg(feature = "worker")]
    pub(super) fn workers_but(self, others: Vec<String>) -> Self {
        Self { without_code: Some(others), ..self }
    }

    /// Lists or runs the trials that the command line asks for.
    ///
    /// Exits with 0 if all of them passed, 101 if one failed, as test binaries do; with 2 on a wrong command line or
    /// declaration, with 5 if results could not be written.
    #[must_use = "return it from `main`, or a failed gate ends as a success"]
    pub fn run(self) -> ExitCode {
        let given = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
        self.run_as(Host::Cargo, given.collect())
    }

    /// Runs with these arguments.
    pub(super) fn run_as(self, host: Host, given: Vec<String>) -> ExitCode {
        let listing = given.iter().any(|argument| argument == "--list");
        let mut echo = Echo {
            variables: environment::told(),
            arguments: given.clone(),
            binary: std::env::current_exe().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default(),
            ..Echo::default()
        };
        match self.try_run(host, given, &mut echo) {
            Ok(code) => code,
            Err(problem) => {
                let (code, said) = (problem.exit_code, format!("error: {}", escaped(&problem.message)));
                // Whoever asked for results learns the reason from them, whatever went wrong, and tells it.
                let (package, suite) = host.names();
                let left = match (environment::results_dir().filter(|_| !listing), package) {
                    (Some(folder), Some(package)) => {
                        let results = with_problem(&package, &suite.unwrap_or_default(), problem);
                        leave(&SuiteResults { echo: Some(echo), ..results }, &folder).map_err(|error| error.to_string())
                    }
                    _ => Err(String::new()),
                };
                if let Err(error) = left {
                    say(&said);
                    if !error.is_empty() {
                        say(&format!("error: {}", escaped(&error)));
                    }
                }
                ExitCode::from(code)
            }
        }
    }

    fn try_run(self, host: Host, given: Vec<String>, echo: &mut Echo) -> Result<ExitCode, Problem> {
        let usage = |message: String| Problem::new(Code::Usage, message);
        let arguments = Arguments::parse(given)
            .map_err(|error| usage(format!("{error}\nhelp: `--help` shows what can be asked")))?;
        if arguments.help {
            show(USAGE);
            return Ok(ExitCode::SUCCESS);
        }
        let environment = Environment::read().map_err(|error| usage(error.to_string()))?;
        // The answer is written before it is dropped.
        let _at_work = environment.results_dir.as_deref().and_then(companion::at_work);
        let project = Project::find(&environment, host, arguments.list)
            .map_err(|error| Problem::new(error.exit_code(), error.to_string()))?;
        echo.root = project.root.to_string();
        let member = environment.manifest_dir.as_deref().filter(|_| host == Host::Cargo).unwrap_or(&project.root);
        let misplaced = DeclarationFile::nothing_misplaced(&project.root, member);
        let misplaced = misplaced.err().map(|error| usage(error.to_string()));
        let file = DeclarationFile::load(&project.root).map_err(|error| usage(error.to_string()))?;
        #[cfg(feature = "worker")]
        let suite = self.taking_in(&file, &project, &environment)?;
        #[cfg(not(feature = "worker"))]
        let suite = self;
        let mut plans = suite.plans(&project, &file, environment.study.as_ref())?;
        for (plan, calibration) in plans.iter_mut().zip(&suite.calibrations) {
            if environment.mode == Mode::RecheckOrSearch {
                plan.not_rechecked = only_a_search(&**calibration, plan, &project, &environment, arguments.list);
            }
            if environment.mode.rechecks() && plan.not_rechecked.is_none() {
                plan.recheck(&calibration.roles());
            }
        }
        if environment.mode == Mode::Declare {
            misplaced.map_or(Ok(()), Err)?;
            return suite.declare(&plans, &file, &project, &environment, echo);
        }
        if environment.mode == Mode::Try {
            misplaced.map_or(Ok(()), Err)?;
            return suite.tried(&plans, &project, &environment, echo);
        }
        let echo = echo.clone();
        let calibrations = suite.calibrations;
        Session { calibrations, plans, file, project, environment, arguments, echo, misplaced }.run()
    }

    /// With what omega.toml declares without code, if this suite takes that in.
    #[cfg(feature = "worker")]
    fn taking_in(self, file: &DeclarationFile, project: &Project, environment: &Environment) -> Result<Self, Problem> {
        let Some(others) = &self.without_code else { return Ok(self) };
        let path = project.root.join(DeclarationFile::NAME);
        let wrong = |error: DeclarationError| Problem::new(Code::Usage, error.in_file(&path).to_string());
        let declared = file.without_code().map_err(wrong)?;
        let wanted = declared.into_iter().filter(|declared| !others.contains(&declared.name));
        let taken = wanted.map(|declared| {
            let calibration: Arc<dyn AnyCalibration> =
                Arc::new(workers::calibration(declared, &project.root, &environment.launcher));
            calibration
        });
        let taken: Vec<_> = taken.collect();
        Ok(Self { calibrations: [self.calibrations, taken].concat(), ..self })
    }

    fn plans(
        &self,
        project: &Project,
        file: &DeclarationFile,
        study: Option<&(String, Utf8PathBuf)>,
    ) -> Result<Vec<Plan>, Problem> {
        let input = |message: String| Problem::new(Code::Usage, message);
        if self.calibrations.is_empty() {
            let help = match self.without_code {
                None => "add one with `Suite::add`; a suite without calibrations would pass unseen",
                Some(_) => "omega.toml declares none without code either: say `[calibration.NAME.worker]` there",
            };
            return Err(input(format!("the suite `{}` has no calibrations\nhelp: {help}", project.suite)));
        }
        let declared: Vec<&str> = self.calibrations.iter().map(|calibration| calibration.name()).collect();
        let mut plans: Vec<Plan> = Vec::new();
        for calibration in &self.calibrations {
            let plan = Plan::new(&**calibration, file, &declared, study).map_err(|error| input(error.to_string()))?;
            if plans.iter().any(|earlier| earlier.name == plan.name) {
                return Err(input(format!("calibration `{}` is declared twice\nhelp: rename one", plan.name)));
            }
            plans.push(plan);
        }
        Ok(plans)
    }

    /// Emits the resolved declarations; nothing is evaluated.
    fn declare(
        &self,
        plans: &[Plan],
        file: &DeclarationFile,
        project: &Project,
        environment: &Environment,
        echo: &Echo,
    ) -> Result<ExitCode, Problem> {
        let mut entries = Vec::new();
        for (calibration, plan) in self.calibrations.iter().zip(plans) {
            let (declaration, _) = with_targets(&**calibration, |subjects| resolve(plan, subjects, project))?;
            let provenance = Provenance::new(&declaration, calibration.code(), file);
            entries.push(DeclarationEntry::new(&declaration, |field| provenance.of(field)));
        }
        let Some(folder) = &environment.results_dir else {
            let message = "OMEGA_LOCK_MODE is `declare` but OMEGA_LOCK_RESULTS_DIR is not set".to_owned();
            return Err(Problem::new(Code::Usage, message));
        };
        let name = format!("{}-{}-{}.json", project.package, project.suite, std::process::id());
        let document = Declarations::new(&project.package, &project.suite, echo.clone(), entries);
        write_json(&document, &folder.join(name)).map_err(internal)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Suite {
    /// Leaves the answer to one question about parameters.
    fn tried(
        &self,
        plans: &[Plan],
        project: &Project,
        environment: &Environment,
        echo: &Echo,
    ) -> Result<ExitCode, Problem> {
        let (Some(folder), Some(question)) = (&environment.results_dir, &environment.question) else {
            let message =
                "OMEGA_LOCK_MODE is `try` but OMEGA_LOCK_RESULTS_DIR or OMEGA_LOCK_QUESTION is not set".to_owned();
            return Err(Problem::new(Code::Usage, message));
        };
        let question: TryQuestion =
            read_json(question).map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
        let mut meant = self.calibrations.iter().zip(plans).filter(|(_, plan)| plan.name == question.calibration);
        let answered = meant
            .next()
            .map(|(calibration, plan)| tried::answered(&question, &**calibration, plan, project, environment));
        let answer = TryAnswer {
            schema_version: TryAnswer::SCHEMA.to_owned(),
            package: project.package.clone(),
            suite: project.suite.clone(),
            echo: echo.clone(),
            calibrations: plans.iter().map(|plan| plan.name.clone()).collect(),
            tried: answered.transpose()?,
        };
        let name = format!("{}-{}-{}.json", project.package, project.suite, std::process::id());
        write_json(&answer, &folder.join(name)).map_err(internal)?;
        Ok(ExitCode::SUCCESS)
    }
}

pub(super) fn internal(error: impl std::fmt::Display) -> Problem {
    Problem::new(Code::Internal, error.to_string())
}

/// Tells it on stderr; stdout is the list's. A terminal that was closed hears nothing, and the run does not end of it.
pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

#[expect(clippy::print_stdout, reason = "the usage is what `--help` asks for")]
fn show(text: &str) {
    print!("{text}");
}

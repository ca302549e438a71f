//! One invocation of a test binary: its cases are run, and what they found is left behind.

use std::process::ExitCode;
use std::sync::Arc;

use super::answer::{answer, skipped};
use super::arguments::Arguments;
use super::calibration::AnyCalibration;
use super::committed::{self, Committed};
use super::environment::Environment;
use super::interrupt;
use super::judged::leave_judged;
use super::libtest::{self, Case, Ending};
use super::plan::Plan;
use super::project::Project;
use super::recheck::recheck;
use super::record::{RunRecord, SharedRecord};
use super::results::{Collector, judge_committed, leave, suite_results, summary};
use super::run::run;
use super::stopwatch::Stopwatch;
use super::suite::{internal, say};
use super::test_run;
use super::trial::{Subject, TrialDeclaration};
use super::variables::Mode;
use crate::artifacts::{Echo, ExitCode as Code, Problem, Recheck, TrialStatus};
use crate::declaration::DeclarationFile;
use crate::report::{colored, escaped};
use crate::run_store::RunStore;

/// One invocation of the test binary.
pub(super) struct Session {
    pub(super) calibrations: Vec<Arc<dyn AnyCalibration>>,
    pub(super) plans: Vec<Plan>,
    pub(super) file: DeclarationFile,
    pub(super) project: Project,
    pub(super) environment: Environment,
    pub(super) arguments: Arguments,
    pub(super) echo: Echo,
    /// A declaration that nobody reads; nothing is judged beside it.
    pub(super) misplaced: Option<Problem>,
}

impl Session {
    pub(super) fn run(self) -> Result<ExitCode, Problem> {
        let declared: Vec<String> =
            self.plans.iter().flat_map(|plan| plan.trials.iter().map(|trial| trial.name.clone())).collect();
        let selected = |trial: &&TrialDeclaration| self.arguments.selects(&trial.name);
        let chosen = self.plans.iter().flat_map(|plan| &plan.trials).filter(selected).count();
        if self.environment.process_per_test && self.arguments.exact && !self.arguments.list && chosen != 1 {
            let message = format!(
                "nextest asks for `{}`, which names {chosen} of the {} trials of this suite\nhelp: rebuild the tests",
                escaped(&self.arguments.filters.join(" ")),
                declared.len()
            );
            return Err(Problem::new(Code::Usage, message));
        }
        if self.environment.mode.rechecks() && !self.arguments.list {
            self.may_recheck()?;
        }
        let shared = self.shared_records()?;
        let collector = Arc::new(Collector::default());
        let context = Arc::new((self.project.clone(), self.environment.clone(), self.misplaced.clone()));
        let mut cases = Vec::new();
        for ((calibration, plan), record) in self.calibrations.iter().zip(&self.plans).zip(&shared) {
            let plan = Arc::new(plan.clone());
            for trial in plan.trials.iter().filter(|trial| self.arguments.selects(&trial.name)) {
                let (calibration, plan, record) = (Arc::clone(calibration), Arc::clone(&plan), Arc::clone(record));
                let (collector, context, trial) = (Arc::clone(&collector), Arc::clone(&context), trial.clone());
                cases.push(Case {
                    name: trial.name.clone(),
                    ignored: trial.skip.is_some(),
                    body: Box::new(move || {
                        let (project, environment, misplaced) = &*context;
                        let made = || match misplaced {
                            Some(problem) => RunRecord::Unanswered(problem.clone()),
                            None if plan.rechecked => recheck(&*calibration, &plan, project, environment),
                            None => run(&*calibration, &plan, project, environment),
                        };
                        // A committed file beside another is looked at without a run.
                        let made = (trial.subject != Subject::Shipped || misplaced.is_some()).then_some(made);
                        conclude(&trial, &plan, &record, made, project, environment, &collector)
                    }),
                });
            }
        }
        if !self.arguments.list {
            interrupt::listen();
        }
        let test_threads = self.arguments.test_threads.or(self.environment.test_threads).map(|threads| threads.max(1));
        let code = libtest::run(&self.arguments, test_threads, cases);
        let accepted = self.environment.mode == Mode::UpdateGold && collector.only_gold_differs();
        let code = if accepted { ExitCode::SUCCESS } else { code };
        let judged = collector.in_order(&declared);
        for (plan, shared) in self.plans.iter().zip(&shared) {
            let folder = self.project.artifacts_dir(&plan.name);
            let left = match shared.peek() {
                Some(RunRecord::Finished { result, .. }) => Some((folder, result.trail.clone())),
                Some(RunRecord::Rechecked(record)) => {
                    Some((folder.join(Recheck::FOLDER), record.document.trail.clone()))
                }
                _ => None,
            };
            if let Some((folder, Some(trail))) = left {
                leave_judged(&judged, plan, &self.project, (&folder, trail), self.environment.process_per_test)
                    .map_err(internal)?;
            }
        }
        if let Some(folder) = self.environment.results_dir.as_deref() {
            if self.arguments.list {
                let results = suite_results(&self.project.package, &self.project.suite, declared);
                leave(&results, folder).map_err(internal)?;
                return Ok(code);
            }
            for trial in self.plans.iter().flat_map(|plan| &plan.trials).filter(selected) {
                let shown = self.arguments.ignored || self.arguments.include_ignored;
                if let Some(reason) = trial.skip.filter(|_| !shown) {
                    collector.push(skipped(trial, reason));
                }
            }
            let mut results = suite_results(&self.project.package, &self.project.suite, declared);
            results.echo = Some(self.echo);
            let claimed = |name: &str| self.plans.iter().any(|plan| plan.name == name);
            let others = |names: Vec<String>| names.into_iter().filter(|name| !claimed(name)).collect();
            results.unclaimed = others(self.file.names().map(str::to_owned).collect());
            let (locks, gold) = committed::names(&self.project, self.file.gold_dir());
            (results.unclaimed_locks, results.unclaimed_gold) = (others(locks), others(gold));
            results.trials = collector.in_order(&results.declared);
            let records = self.plans.iter().zip(&shared);
            let known = records
                .filter_map(|(plan, shared)| Some(summary(plan, &self.project, &self.environment, shared.peek()?)));
            results.runs = known.collect();
            judge_committed(&mut results);
            leave(&results, folder).map_err(internal)?;
        }
        Ok(code)
    }

    /// Whether what is asked for may be rechecked at all: each calibration declares it, and where CI is set a base says what was
    /// accepted, for the files here may say anything.
    fn may_recheck(&self) -> Result<(), Problem> {
        let asked = |plan: &&Plan| plan.trials.iter().any(|trial| self.arguments.selects(&trial.name));
        let undeclared = |plan: &&Plan| plan.rechecked && plan.acceptance.recheck_max_age_days.is_none();
        let names: Vec<String> =
            self.plans.iter().filter(asked).filter(undeclared).map(|plan| format!("`{}`", plan.name)).collect();
        if !names.is_empty() {
            let does = if names.len() == 1 { "does" } else { "do" };
            let message = format!(
                "{} {does} not declare `recheck.max_age_days`, so only a search will do\nhelp: say `recheck = {{ max_age_days = 7 \
                 }}` in the calibration's table of omega.toml, or let `cargo omega test --recheck=or-search` search what does not",
                names.join(", ")
            );
            return Err(Problem::new(Code::Usage, message));
        }
        if self.environment.in_ci && self.environment.base.is_none() {
            let message =
                "where CI is set a recheck is held against a base, and none is named\nhelp: add `--against BASE`";
            return Err(Problem::new(Code::Usage, message.to_owned()));
        }
        Ok(())
    }

    /// One record per calibration: in this process, or through the store with the other processes of a nextest run.
    fn shared_records(&self) -> Result<Vec<Arc<SharedRecord>>, Problem> {
        let binary = self.project.binary.file();
        let run = self.environment.shared_run().filter(|_| !self.arguments.list);
        let run = run.and_then(|run| Some((run, test_run::mark(binary)?)));
        let record = |plan: &Plan| {
            let store = match &run {
                None => None,
                Some((run_id, mark)) => {
                    let key = [self.project.package.as_str(), &self.project.suite, &plan.name];
                    Some(RunStore::new(&self.project.runs_dir(), run_id, mark.clone(), key).map_err(internal)?)
                }
            };
            Ok(Arc::new(SharedRecord::new(store)))
        };
        self.plans.iter().map(record).collect()
    }
}

/// Lets a trial answer, of the run that `made` makes if it needs one, and tells libtest how it ended.
fn conclude(
    trial: &TrialDeclaration,
    plan: &Plan,
    record: &SharedRecord,
    made: Option<impl FnOnce() -> RunRecord>,
    project: &Project,
    environment: &Environment,
    collector: &Collector,
) -> Ending {
    if let Some(reason) = trial.skip {
        collector.push(skipped(trial, reason));
        return Ending::Ignored(reason.to_owned());
    }
    let watch = Stopwatch::start();
    let folder = project.artifacts_dir(&trial.calibration);
    let folder = folder.strip_prefix(&project.root).unwrap_or(&folder);
    let committed = Committed::new(&plan.acceptance, project, environment);
    let mut result = match made {
        Some(made) => answer(trial, record.get(made), Some(folder.as_str()), &committed),
        None => committed.shipped(trial),
    };
    result.seconds = watch.read().as_secs_f64();
    if let (Subject::Run, Some(reason)) = (&trial.subject, &plan.not_rechecked) {
        result.summary = format!("{}; not rechecked: {reason}", result.summary);
    }
    let ending = match result.status {
        TrialStatus::Pass | TrialStatus::Advisory => Ending::Passed,
        TrialStatus::Skip => Ending::Ignored(result.summary.clone()),
        TrialStatus::Fail | TrialStatus::Error => {
            let text = escaped(&result.details);
            if environment.results_dir.is_some() {
                // `cargo omega` shows the text; the same twice helps nobody.
                Ending::Failed(String::new())
            } else if environment.nextest_run.is_some() {
                // nextest takes the message of a failure from stderr, from a line that starts like this.
                say(&format!("Error: {}: {}\n{text}", trial.name, escaped(&result.summary)));
                Ending::Failed(String::new())
            } else {
                Ending::Failed(if environment.color { colored(&text) } else { text })
            }
        }
    };
    collector.push(result);
    ending
}

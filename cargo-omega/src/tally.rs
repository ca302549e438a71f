//! What the results come to: the counts, and the exit code they ask for.

use std::collections::BTreeSet;

use omega_lock::Verdict;
use omega_lock::internals::artifacts::{ExitCode, Problem, SuiteResults, TestRun, TrialResult, TrialStatus};
use omega_lock::internals::declaration::{Field, Lock, differences};
use omega_lock::internals::objective::spelling::nearest;

use crate::failure::Failure;
use crate::results::calibrations;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    /// Calibrations with a case shown.
    pub(crate) runs: usize,
    /// Cases shown.
    pub(crate) cases: usize,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) errors: usize,
    pub(crate) advisory: usize,
    pub(crate) skipped: usize,
    /// Cases there are, shown or not.
    pub(crate) declared: usize,
    /// Calibrations there are.
    pub(crate) declared_runs: usize,
}

impl Tally {
    pub(crate) fn of(suites: &[SuiteResults]) -> Self {
        let trials = || suites.iter().flat_map(|suite| &suite.trials);
        let declared = || suites.iter().flat_map(|suite| &suite.declared);
        let count = |status| trials().filter(|trial| trial.status == status).count();
        Self {
            runs: trials().map(|trial| trial.calibration.as_str()).collect::<BTreeSet<_>>().len(),
            cases: trials().count(),
            passed: count(TrialStatus::Pass),
            failed: count(TrialStatus::Fail),
            errors: count(TrialStatus::Error),
            advisory: count(TrialStatus::Advisory),
            skipped: count(TrialStatus::Skip),
            declared: declared().count(),
            declared_runs: declared().filter_map(|name| name.split("::").next()).collect::<BTreeSet<_>>().len(),
        }
    }

    /// Cases that were evaluated, whatever came of it.
    pub(crate) fn evaluated(&self) -> usize {
        self.cases - self.skipped
    }
}

/// The exit code of a whole run: from what was reported, never from the code of a process.
pub(crate) fn exit_code(run: &TestRun) -> ExitCode {
    let of_problem = |problem: &Problem| ExitCode::of_problem(problem.exit_code);
    let of_trials = run.suites.iter().flat_map(|suite| &suite.trials).map(trial_code);
    let of_suites = run.suites.iter().filter_map(|suite| suite.problem.as_ref()).map(of_problem);
    let nothing = (Tally::of(&run.suites).evaluated() == 0).then_some(ExitCode::NothingEvaluated);
    let lowered = run.against.as_ref().filter(|against| !against.accepted).map(|_| ExitCode::No);
    let of_own = run.problems.iter().map(|problem| match problem.exit_code {
        code if code == ExitCode::No.number() => ExitCode::No,
        code => ExitCode::of_problem(code),
    });
    let of_run = of_own.chain(nothing).chain(lowered);
    ExitCode::strongest(of_trials.chain(of_suites).chain(of_run))
}

/// Whether nothing in `suite` failed, so that its process should have ended well.
pub(crate) fn holds(suite: &SuiteResults) -> bool {
    suite.problem.is_none() && suite.trials.iter().all(|trial| trial_code(trial) == ExitCode::Pass)
}

/// A verdict that says no although every case of its calibration was shown and none failed: one of both is wrong, and
/// it must not be a pass.
pub(crate) fn contradiction(suite: &SuiteResults) -> Option<Failure> {
    let shown = |name: &String| suite.trials.iter().any(|trial| trial.name == *name);
    suite.runs.iter().find_map(|run| {
        let verdict = run.verdict.as_ref().filter(|verdict| !verdict.is_pass())?;
        let prefix = format!("{}::", run.calibration);
        let complete = suite.declared.iter().filter(|name| name.starts_with(&prefix)).all(shown);
        let holds = suite
            .trials
            .iter()
            .filter(|trial| trial.calibration == run.calibration)
            .all(|trial| trial_code(trial) == ExitCode::Pass);
        (complete && holds).then(|| {
            let name = &run.calibration;
            Failure::internal(format!("the verdict of `{name}` is `{verdict}`, but none of its cases failed"))
                .help("this is a defect of omega-lock; please report it")
        })
    })
}

/// A run that continued what an earlier one left, which nothing here was to believe.
pub(crate) fn continuation(suite: &SuiteResults) -> Option<Failure> {
    suite.runs.iter().find_map(|run| {
        let (name, continued) = (&run.calibration, run.continued.as_ref()?);
        let message = format!("the run of `{name}` was to begin anew and is {continued}");
        let help = "something sets the variable OMEGA_LOCK_FRESH in its place: look at `[env]` in .cargo/config.toml";
        Some(Failure::internal(message).help(help))
    })
}

/// Verdicts that say no while no case that was shown does: the filter left those out that would.
pub(crate) fn hidden_verdicts(suites: &[SuiteResults]) -> Vec<(&str, &Verdict)> {
    let runs = suites.iter().flat_map(|suite| suite.runs.iter().map(move |run| (suite, run)));
    runs.filter_map(|(suite, run)| {
        let verdict = run.verdict.as_deref().filter(|verdict| !verdict.is_pass())?;
        let mut shown = suite.trials.iter().filter(|trial| trial.calibration == run.calibration);
        shown.all(|trial| trial_code(trial) == ExitCode::Pass).then_some((run.calibration.as_str(), verdict))
    })
    .collect()
}

/// What the committed files say of calibrations that none of the suites declares; `compared` with a base, lock and gold
/// are told already.
pub(crate) fn left_over(suites: &[SuiteResults], compared: bool) -> Vec<Failure> {
    let declared = || suites.iter().flat_map(|suite| &suite.declared).filter_map(|name| name.split("::").next());
    let tables = unclaimed(suites, |suite| &suite.unclaimed).into_iter();
    let mut failures: Vec<Failure> = tables.map(|name| unknown_table(name, declared())).collect();
    let kinds = [
        (
            "omega.lock has an entry for",
            unclaimed(suites, |suite| &suite.unclaimed_locks),
            "`cargo omega lock` takes it out",
        ),
        ("there is gold of", unclaimed(suites, |suite| &suite.unclaimed_gold), "delete the file"),
    ];
    for (what, names, cure) in kinds.into_iter().filter(|_| !compared) {
        failures.extend(names.into_iter().map(|name| {
            let message = format!("{what} `{name}`, which nothing in the workspace declares");
            let help = format!("if the calibration was taken out on purpose: {cure}");
            Failure { code: ExitCode::No, message }.help(help)
        }));
    }
    failures
}

/// omega.toml speaks of a calibration that is none of `declared`.
pub(crate) fn unknown_table<'a>(stranger: &str, declared: impl Iterator<Item = &'a str>) -> Failure {
    let near = nearest(stranger, declared).map(|name| format!("did you mean `{name}`?"));
    Failure::usage(format!("omega.toml has a table for `{stranger}`, which nothing in the workspace declares"))
        .help(near.unwrap_or_else(|| "take it out, or declare the calibration".to_owned()))
}

/// Names in committed files that none of the suites declares a calibration for; `of` picks the kind of file.
fn unclaimed(suites: &[SuiteResults], of: fn(&SuiteResults) -> &Vec<String>) -> Vec<&str> {
    let Some((first, others)) = suites.split_first() else { return Vec::new() };
    let everywhere = |name: &&String| others.iter().all(|suite| of(suite).contains(name));
    of(first).iter().filter(everywhere).map(String::as_str).collect()
}

/// What is wrong with a calibration that two suites declare: they have one entry in omega.lock and one gold.
pub(crate) fn declared_twice(suites: &[SuiteResults]) -> Option<Failure> {
    for (place, suite) in suites.iter().enumerate() {
        for other in &suites[..place] {
            if let Some(name) = calibrations(other).intersection(&calibrations(suite)).next() {
                let owner = |suite: &SuiteResults| format!("{}::{}", suite.package, suite.suite);
                return Some(declared_by_two(name, &owner(other), &owner(suite)));
            }
        }
    }
    None
}

/// A calibration has one name in the workspace.
pub(crate) fn declared_by_two(name: &str, first: &str, second: &str) -> Failure {
    Failure::usage(format!("calibration `{name}` is declared by `{first}` and by `{second}`"))
        .help("both would have the same entry and the same gold: rename one")
}

/// Runs that were judged under something else than what the workspace declares.
pub(crate) fn judged_otherwise(suites: &[SuiteResults], declared: &Lock) -> Vec<Failure> {
    let runs = suites.iter().flat_map(|suite| &suite.runs).filter(|run| run.verdict.is_some());
    runs.filter_map(|run| {
        let name = &run.calibration;
        let judged: Vec<Field> = run.fields.iter().map(Field::from).collect();
        let Some(entry) = declared.entry(name) else {
            return Some(Failure::internal(format!("`{name}` was judged, and nothing in the workspace declares it")));
        };
        let found = differences(&entry.fields, &judged);
        let same = found.is_empty() && run.declaration_digest == entry.digest();
        (!same).then(|| {
            let lines: Vec<String> = found.iter().map(|difference| format!("\n  {difference}")).collect();
            let message = format!("`{name}` was judged under another declaration than it declares:{}", lines.concat());
            Failure::internal(message)
                .help("its identity or its code differs between two processes; nothing counts as passed")
        })
    })
    .collect()
}

/// The suite that declares a calibration.
pub(crate) struct Owner {
    pub(crate) calibration: String,
    pub(crate) package: String,
    pub(crate) suite: String,
}

impl Owner {
    pub(crate) fn shown(&self) -> String {
        format!("{}::{}", self.package, self.suite)
    }
}

/// Calibrations that a suite declares when it is asked for its declarations, and does not have when it runs; where nothing is
/// `filtered`, also those that it does not judge.
pub(crate) fn declared_only(suites: &[SuiteResults], owners: &[Owner], filtered: bool) -> Vec<Failure> {
    let lost = |Owner { calibration, package, suite }: &&Owner| {
        let of_owner =
            suites.iter().find(|ran| ran.package == *package && ran.suite == *suite && ran.problem.is_none());
        of_owner.is_some_and(|ran| {
            let known = ran.declared.iter().any(|name| name.split("::").next() == Some(calibration));
            let judged = ran.runs.iter().any(|run| run.calibration == *calibration);
            !known || !(judged || filtered)
        })
    };
    let failure = |owner: &Owner| {
        let (name, place) = (&owner.calibration, owner.shown());
        Failure::internal(format!("`{place}` declares `{name}`, and did not judge it when it ran"))
            .help("its code asks what it is run for; nothing counts as passed")
    };
    owners.iter().filter(lost).map(failure).collect()
}

/// Cases that are declared but were not shown although nothing was filtered out: a gate must not pass by being lost.
pub(crate) fn omission(suite: &SuiteResults) -> Option<Failure> {
    let shown = |name: &&String| suite.trials.iter().any(|trial| trial.name == **name);
    let lost: Vec<_> = suite.declared.iter().filter(|name| !shown(name)).map(String::as_str).collect();
    (suite.problem.is_none() && !lost.is_empty()).then(|| {
        let name = format!("{}::{}", suite.package, suite.suite);
        Failure::internal(format!("`{name}` did not show {} of its cases: {}", lost.len(), lost.join(", ")))
            .help("this is a defect of omega-lock; please report it")
    })
}

fn trial_code(trial: &TrialResult) -> ExitCode {
    match (&trial.problem, trial.status) {
        (Some(problem), _) => ExitCode::of_problem(problem.exit_code),
        (None, TrialStatus::Fail) => ExitCode::No,
        (None, TrialStatus::Error) => ExitCode::Internal,
        (None, TrialStatus::Pass | TrialStatus::Skip | TrialStatus::Advisory) => ExitCode::Pass,
    }
}

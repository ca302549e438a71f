//! `cargo omega update-gold`: results become the accepted ones.

use omega_lock::internals::artifacts::{ExitCode, SuiteResults, TrialResult, TrialStatus};
use omega_lock::internals::gates::CommittedCase;
use omega_lock::internals::harness::variables::Mode;
use omega_lock::internals::report::escaped;

use crate::cli::{ColorWhen, UpdateGoldArgs};
use crate::environment;
use crate::failure::Failure;
use crate::gold::{self, Gold};
use crate::project::Project;
use crate::report;
use crate::results::Collected;
use crate::session;
use crate::shipping;
use crate::ui::{Role, Ui, verb};

pub(crate) fn run(arguments: &UpdateGoldArgs, color: Option<ColorWhen>, ui: &mut Ui) -> Result<ExitCode, Failure> {
    ui.quiet = arguments.test.quiet;
    if let Some(ci) = environment::ci() {
        return Err(Failure::usage(format!("refusing to write gold because CI is set ({ci})"))
            .help("run it on your own machine and commit; CI uploads `target/omega/pending` of a failed run"));
    }
    let reason = arguments.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let Some(reason) = reason else {
        return Err(Failure::usage("no reason is given, and gold does not change without one")
            .help("say it in one sentence: `cargo omega update-gold --reason \"...\"`"));
    };
    let project = Project::load(&arguments.test.manifest, arguments.test.build.target_dir.as_deref())?;
    let gold = Gold::of(&project)?;
    let mut collected = Collected::default();
    let how = (color, Mode::UpdateGold);
    session::evaluate(&project, &arguments.test, how, None, ui, |_| String::new(), &mut collected)?;
    let mut codes = Vec::new();
    for failure in &collected.failures {
        ui.error(&failure.message);
        codes.push(failure.code);
    }
    let mut cases = 0;
    for suite in &collected.suites {
        if let Some(problem) = &suite.problem {
            ui.error(&format!("`{}::{}`: {}", suite.package, suite.suite, problem.message));
            codes.push(ExitCode::of_problem(problem.exit_code));
        }
        for trial in suite.trials.iter().filter(|trial| trial.name == format!("{}::gold", trial.calibration)) {
            cases += 1;
            // What cannot be written of one keeps no other from being accepted.
            let updated = update(trial, suite, &gold, reason, arguments.accept_failing, ui);
            codes.push(updated.unwrap_or_else(|failure| {
                ui.error(&failure.message);
                failure.code
            }));
        }
    }
    if cases == 0 && codes.is_empty() {
        let message = match arguments.test.filters.as_slice() {
            [] => "no gold case was run".to_owned(),
            typed => format!("no gold case matches `{}`", typed.join("` or `")),
        };
        return Err(Failure::nothing_evaluated(message).help("a gold case is named `CALIBRATION::gold`"));
    }
    Ok(ExitCode::strongest(codes))
}

fn update(
    trial: &TrialResult,
    suite: &SuiteResults,
    gold: &Gold,
    reason: &str,
    accept_failing: bool,
    ui: &mut Ui,
) -> Result<ExitCode, Failure> {
    let name = &trial.calibration;
    if trial.status == TrialStatus::Skip {
        ui.results(&format!("{} {name}   {}\n", verb(Role::Caution, "Skipped"), trial.summary));
        return Ok(ExitCode::Pass);
    }
    if let Some(problem) = &trial.problem {
        // A run that did not finish has more to say than the case that waited for it.
        let told = report::blocker(std::slice::from_ref(suite), trial).unwrap_or(trial);
        let message = told.problem.as_ref().map_or(problem.message.as_str(), |problem| &problem.message);
        ui.error(&format!("{}: {}", told.name, escaped(message)));
        return Ok(ExitCode::of_problem(problem.exit_code));
    }
    let failed = |other: &&TrialResult| {
        other.calibration == *name
            && other.name != trial.name
            // It follows gold.
            && other.name != format!("{name}::{}", CommittedCase::Shipped)
            && matches!(other.status, TrialStatus::Fail | TrialStatus::Error)
    };
    let failed: Vec<&str> = suite.trials.iter().filter(failed).map(|other| other.name.as_str()).collect();
    let Some(new) = gold.store.pending(name).map_err(gold::failure)? else {
        ui.results(&format!("{} {}   {}\n", verb(Role::Good, "Unchanged"), gold.store.shown(name), trial.summary));
        // Its verdict is gold's, and gold may be one that failed.
        let accepted = gold.store.gold(name).map_err(gold::failure)?.map(|accepted| accepted.verdict);
        let why = match (accepted, failed.first()) {
            (Some(verdict), _) if verdict != "PASS" => Some(format!("its verdict is {}", escaped(&verdict))),
            (_, Some(failed)) => Some(format!("{failed} failed")),
            (..) => (trial.status != TrialStatus::Pass).then(|| format!("{} did not pass", trial.name)),
        };
        match why {
            None => gold.confirm(name, reason, ui)?,
            Some(why) if gold.is_rechecked(name) && !accept_failing => {
                let message = format!("`{}` was not confirmed: {why}", gold.store.shown(name));
                return Err(Failure { code: ExitCode::No, message }
                    .help("a recheck rests on a search that passed; mend that and run it again"));
            }
            Some(_) => {}
        }
        shipping::follow(gold, name, ui)?;
        return Ok(ExitCode::Pass);
    };
    ui.results(&format!("{} {name}\n{}", verb(Role::Note, "Changes"), gold.changes(&new)?));
    let verdict = (new.verdict != "PASS").then(|| format!("its verdict is {}", new.verdict));
    let why = verdict.or_else(|| failed.first().map(|name| format!("{name} failed")));
    match why {
        Some(why) if !accept_failing => {
            ui.error(&format!(
                "`{name}` was not written: {why}\nhelp: a baseline is a run that passed; if this one is to be accepted all \
                 the same, add `--accept-failing`"
            ));
            Ok(ExitCode::No)
        }
        why => {
            gold.accept(&new, reason, why.is_none(), ui)?;
            if let Some(why) = why {
                ui.warning(&format!("a run that failed is now the baseline of `{name}`: {why}"));
                shipping::not_followed(gold, name, ui);
            }
            Ok(ExitCode::Pass)
        }
    }
}

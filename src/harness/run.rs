//! Running one calibration and writing what it leaves behind.

use std::panic::{AssertUnwindSafe, catch_unwind};

use camino::Utf8Path;

use super::calibration::AnyCalibration;
use super::checked::span;
use super::committed::{self, Committed};
use super::digest::Taking;
use super::environment::Environment;
use super::git::{commit, is_clean};
use super::interrupt::{self, Stoppable};
use super::opening::{Opening, Uncounted};
use super::plan::Plan;
use super::programs::RunningPrograms;
use super::progress_line::{Progress, ProgressLine};
use super::project::Project;
use super::record::RunRecord;
use super::stopwatch::{PhaseTimer, Stopwatch, wall_clock};
use super::study;
use super::suite::say;
use crate::artifacts::{
    Artifacts, ExitCode, Number, Problem, RunLock, RunResult, Start, Timings, TrailError, TrailFile, UnderWay, Wait,
    clear, read_json, write,
};
use crate::audit::{Lend, Subject};
use crate::declaration::Declaration;
use crate::objective::{Halt, Phase, Role};
use crate::pipeline::{Pass, Planned, Proposer, RunError, Study};
use crate::report::{escaped, scorecard};
use crate::run::Run;

/// Makes the targets, runs, writes the artifacts; whatever goes wrong is in the record.
pub(super) fn run(
    calibration: &dyn AnyCalibration,
    plan: &Plan,
    project: &Project,
    environment: &Environment,
) -> RunRecord {
    let answered = catch_unwind(AssertUnwindSafe(|| attempt(calibration, plan, project, environment)));
    let problem = match answered {
        Ok(Ok(record)) => return record,
        Ok(Err(problem)) => problem,
        Err(_) => Problem::new(
            ExitCode::Internal,
            "the run panicked outside of an evaluation; the panic is on stderr\nhelp: unless it comes from the target's \
             `space` or `identity`, this is a defect of omega-lock: please report it",
        ),
    };
    RunRecord::Unanswered(problem)
}

/// The declaration of a calibration, resolved against the targets' space, and the study that it names in the place of a search.
pub(super) fn resolve(
    plan: &Plan,
    subjects: &[(Role, Subject<'_>)],
    project: &Project,
) -> Result<(Declaration, Option<Study>), Problem> {
    let space = match subjects.first() {
        Some((_, train)) => train.target().space(),
        None => return Err(Problem::new(ExitCode::Internal, "the calibration has no train target".to_owned())),
    };
    let Plan { name, config, constraints, acceptance, program, .. } = plan.clone();
    let mut declaration = Declaration { constraints, acceptance, program, ..Declaration::new(name, config, space) };
    let walked = declaration.config.windows.is_some();
    let of = |wanted: Role| subjects.iter().filter(move |(role, _)| walked && *role == wanted);
    for ((_, train), (_, test)) in of(Role::Train).zip(of(Role::Test)) {
        declaration = declaration.with_window(train.target(), test.target());
    }
    for (role, subject) in subjects.iter().filter(|(role, _)| !walked || !matches!(role, Role::Train | Role::Test)) {
        declaration = declaration.with(*role, subject.target());
    }
    if let Some(settings) = &plan.settings {
        settings.apply_base(&mut declaration).map_err(|error| input(plan, error))?;
    }
    committed::rebase(&mut declaration, project)?;
    // Before anything is written: a record of a space that cannot be read back could not be continued either.
    declaration.check().map_err(|error| input(plan, error))?;
    let study = study::resolve(plan, &mut declaration, project)?;
    Ok((declaration, study))
}

/// Makes the targets and hands them to `use_them`.
pub(super) fn with_targets<T>(
    calibration: &dyn AnyCalibration,
    use_them: impl FnOnce(&[(Role, Subject<'_>)]) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let mut use_them = Some(use_them);
    let mut answer = None;
    let made = calibration.with_targets(&mut |subjects| answer = use_them.take().map(|use_them| use_them(subjects)));
    match (made, answer) {
        (Err(error), _) => {
            let code = if error.unusable { ExitCode::Usage } else { ExitCode::TargetFailed };
            Err(Problem::new(code, format!("{}: {error}", calibration.name())))
        }
        (Ok(()), Some(answer)) => answer,
        (Ok(()), None) => Err(Problem::new(ExitCode::Internal, "no target was lent out".to_owned())),
    }
}

/// How many evaluations are planned and what for, and what the last run took, if its clock readings are there.
fn announced(name: &str, planned: &Planned, last: &Utf8Path) -> String {
    let phases: Vec<String> = planned.phases.iter().map(|(phase, count)| format!("{phase} {count}")).collect();
    let last = read_json::<Timings>(last).ok().filter(|last| last.resumptions.is_empty()).and_then(|last| {
        let made = last.phases.iter().fold(0u64, |sum, phase| sum.saturating_add(phase.evaluations));
        Some(format!("; the last run made {made} in {}", span(last.total_seconds?.0)))
    });
    let (total, last) = (planned.total(), last.unwrap_or_default());
    format!("`{name}`: about {total} evaluations: {}{last}", phases.join(", "))
}

fn attempt(
    calibration: &dyn AnyCalibration,
    plan: &Plan,
    project: &Project,
    environment: &Environment,
) -> Result<RunRecord, Problem> {
    if interrupt::asked() {
        return Err(interrupt::problem(&plan.name, 0));
    }
    let folder = project.artifacts_dir(&plan.name);
    let disk = |error: &dyn std::fmt::Display| Problem::new(ExitCode::Internal, format!("{}: {error}", plan.name));
    let told = |wait| match wait {
        Wait::Busy => say(&format!("waiting for another run of `{}`, which has `{folder}`", plan.name)),
        Wait::NoLocks => say(&format!(
            "warning: the file system of `{folder}` has no locks, so nothing keeps a second run of `{}` out\nhelp: run one at \
             a time, or put the target directory elsewhere (CARGO_TARGET_DIR)",
            plan.name
        )),
    };
    // Held until everything is written: whoever waits finds a whole run.
    let lock = RunLock::take(&folder, told).map_err(|error| disk(&error))?;
    clear(&folder).map_err(|error| disk(&error))?;
    let progress = looked_at(plan, &folder, environment);
    progress.step("making the targets");
    let making = Stopwatch::start();
    with_targets(calibration, |subjects| {
        let target_seconds = making.read();
        let (declaration, study) = resolve(plan, subjects, project)?;
        let base = declaration.config.base_params.clone().unwrap_or_else(|| declaration.space.neutral());
        let planned = Planned::of(&declaration.config, &declaration.space, &base);
        if let Some(planned) = planned.as_ref().filter(|_| environment.progress != Progress::Off) {
            say(&announced(&plan.name, planned, &folder.join("timings.json")));
        }
        let parallel = |(_, subject): &(Role, Subject<'_>)| matches!(subject, Subject::Parallel(_));
        let threads = if subjects.iter().any(parallel) { environment.threads(plan.processes()) } else { 1 };
        let start = Start { declaration: &declaration, binary: &project.binary, fresh: environment.fresh };
        let programs = RunningPrograms::of(subjects);
        programs.each().for_each(interrupt::evaluating);
        progress.step("taking the digests of the files that answers are made of");
        let inputs = programs.inputs().map_err(|why| Problem::new(ExitCode::Usage, format!("{}: {why}", plan.name)))?;
        progress.step("reading what an earlier run left");
        let mut trail = TrailFile::open_made_of(&lock, start, &inputs).map_err(|error| unrecorded(plan, &error))?;
        if let Some(notice) = trail.notice() {
            say(&escaped(notice));
        }
        programs.keep_what_they_say(&folder, trail.resumptions().is_empty()).map_err(|error| disk(&error))?;
        progress.step("asking git for the commit");
        let (commit, clean) = (commit(&project.root), is_clean(&project.root));
        let taking = Taking::begin(&project.binary, &folder);
        let acknowledged = trail.acknowledged();
        let mut stoppable = Stoppable::new(&mut trail);
        let null = |seed: u64, lend: &mut Lend<'_>| calibration.with_null(seed, lend);

        let started = wall_clock();
        let watch = Stopwatch::start();
        let mut timer = PhaseTimer::new(&watch);
        progress.plan(planned.as_ref().map(Planned::total), acknowledged.count());
        let mut counting = progress.counting(&mut timer);
        let proposer = study.as_ref().map_or_else(|| calibration.proposer(), Proposer::Study);
        let mut run = Run::of(&declaration).proposer(proposer).threads(threads).clock(&watch);
        for &(role, subject) in subjects {
            run = run.on(role, subject);
        }
        if declaration.config.null_declared {
            run = run.null(&null);
        }
        progress.programs(programs.clone());
        starting(&progress, programs.warm_up(threads));
        let opening = Opening::new(Committed::new(&declaration.acceptance, project, environment), &declaration);
        let open = |passes: &[Pass]| opening.open(passes);
        let outcome = run.opening(&open).record(&mut stoppable).observe(&mut counting).run();
        progress.step("writing down what it came to");
        drop(stoppable);
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) if interrupt::ended(&error) => {
                let mut problem = interrupt::problem(&plan.name, acknowledged.count());
                problem.message += &opening.unanswered(&error);
                return Err(problem);
            }
            Err(error) => {
                // A trail that could not be kept, does not fit or can be continued stays as it is: unfinished. What was answered
                // of two states of a file is continued by neither.
                let changed = programs.check().err();
                let ends = changed.is_some() || !error.leaves_record_unfinished();
                let mut problem = changed.map_or_else(|| unanswered(plan, &error), |why| mixed(plan, &why));
                // The record is the same whatever the ledger says.
                if ends {
                    trail.end(Err(&problem.message)).map_err(|error| unrecorded(plan, &error))?;
                    taking.needless();
                }
                problem.message += &opening.unanswered(&error);
                return Err(problem);
            }
        };
        if let Some(why) = opening.answered(&outcome) {
            say(&escaped(&format!("warning: {}: {why}", plan.name)));
        }
        if let Err(why) = programs.check() {
            let mut problem = mixed(plan, &why);
            trail.end(Err(&problem.message)).map_err(|error| unrecorded(plan, &error))?;
            taking.needless();
            problem.message += &opening.counted();
            return Err(problem);
        }
        let total = watch.read();
        let timings = Timings {
            commit,
            clean,
            launcher: if plan.program.is_some() { environment.launcher.clone() } else { Vec::new() },
            inputs,
            started: Some(started),
            threads,
            judged_seconds: outcome.judged_seconds().map(Number),
            total_seconds: Some(Number(total.as_secs_f64())),
            target_seconds: Some(Number(target_seconds.as_secs_f64())),
            phases: timer.phases,
            binary: project.binary.known().map(str::to_owned),
            resumptions: trail.resumptions().to_vec(),
            workers: programs.tally(),
            ..Timings::unmeasured(&plan.name)
        };
        let mut result = RunResult::new(&declaration, &outcome);
        let scorecard = scorecard(&result);
        let ending = trail.ending(Ok(&result.verdict)).map_err(|error| unrecorded(plan, &error))?;
        result.trail = Some(ending.anchor().clone());
        let artifacts = Artifacts { result: &result, timings: &timings, scorecard: &scorecard };
        write(artifacts, &folder).map_err(|error| disk(&error))?;
        // Last: the next run replaces a trail that has ended, and one whose result was never written is worth continuing.
        if let Err(error) = ending.write() {
            clear(&folder).map_err(|error| disk(&error))?;
            return Err(unrecorded(plan, &error));
        }
        taking.needless();
        let new_look = opening.is_new();
        Ok(RunRecord::Finished { result: Box::new(result), timings: Box::new(timings), new_look })
    })
}

/// Lets what happens in this folder be looked at while it goes on.
pub(super) fn looked_at(plan: &Plan, folder: &Utf8Path, environment: &Environment) -> ProgressLine {
    let asker = environment.results_dir.as_deref().and_then(Utf8Path::file_name);
    let beginning =
        UnderWay { asker: asker.map(str::to_owned), ..UnderWay::of(&plan.name, std::process::id(), wall_clock()) };
    ProgressLine::begin(beginning, folder, environment.progress)
}

/// Says that so many workers are being started.
pub(super) fn starting(progress: &ProgressLine, workers: usize) {
    match workers {
        0 => {}
        1 => progress.step("starting a worker and waiting for its first answer"),
        count => progress.step(format!("starting {count} workers and waiting for the first answer")),
    }
}

pub(super) fn input(plan: &Plan, error: impl std::fmt::Display) -> Problem {
    Problem::new(ExitCode::Usage, format!("calibration `{}`: {error}", plan.name))
}

/// What changed while it was evaluated is no one thing that a verdict could be about.
pub(super) fn mixed(plan: &Plan, why: &str) -> Problem {
    Problem::new(ExitCode::TargetFailed, format!("calibration `{}`: {why}", plan.name))
}

pub(super) fn unrecorded(plan: &Plan, error: &TrailError) -> Problem {
    let code = match error {
        TrailError::Damaged { .. } | TrailError::LeftOver { .. } => ExitCode::Damaged,
        TrailError::TooLong { .. } => ExitCode::TargetFailed,
        _ => ExitCode::Internal,
    };
    Problem::new(code, format!("calibration `{}`: {error}", plan.name))
}

pub(super) fn unanswered(plan: &Plan, error: &RunError) -> Problem {
    let allowed = matches!(error, RunError::Halt(Halt::TooManyFailures { phase, .. }) if *phase != Phase::Baseline);
    let (code, help) = if matches!(error, RunError::Baseline(failure) if failure.is_not_applicable()) {
        (
            ExitCode::Usage,
            "\nhelp: a run begins with parameters that go together: change the baselines in the target's space, or declare \
             others as `base` in the calibration's table",
        )
    } else if matches!(error, RunError::Halt(Halt::Lost { role: Role::Holdout, began: true, .. })) {
        (ExitCode::TargetFailed, "")
    } else if matches!(error, RunError::Halt(Halt::Lost { .. })) {
        let help = "\nhelp: nothing of it is recorded; once it can be answered, the next run continues from there";
        (ExitCode::TargetFailed, help)
    } else if error.is_target_failure() && !allowed {
        (ExitCode::TargetFailed, "")
    } else if error.is_target_failure() {
        (
            ExitCode::TargetFailed,
            "\nhelp: mend the target; if such evaluations may fail, declare `max_failed_evaluations` in the calibration's table",
        )
    } else if let RunError::Halt(Halt::Record(source)) = error {
        match source.downcast_ref::<TrailError>() {
            Some(trail) => return unrecorded(plan, trail),
            None => match source.downcast_ref::<Uncounted>() {
                Some(uncounted) => {
                    let help = "\nhelp: mend the file; what was evaluated is kept, and the next run continues there";
                    return Problem::new(uncounted.code, format!("calibration `{}`: {uncounted}{help}", plan.name));
                }
                None => (ExitCode::Internal, ""),
            },
        }
    } else if matches!(error, RunError::Halt(Halt::Diverged { .. })) {
        let help = "\nhelp: the same parameters have to be proposed and evaluated alike in every run; `--fresh` (or \
                    OMEGA_LOCK_FRESH=1) sets the trail aside and starts over";
        (ExitCode::Internal, help)
    } else {
        (ExitCode::Usage, "")
    };
    Problem::new(code, format!("calibration `{}`: {error}{help}", plan.name))
}

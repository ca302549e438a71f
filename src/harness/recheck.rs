//! A recheck of one calibration: whether what was accepted still stands, then what it does today, in a folder of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use super::calibration::AnyCalibration;
use super::digest::Taking;
use super::environment::Environment;
use super::git::{commit, is_clean};
use super::interrupt::{self, Interrupted, Stoppable};
use super::plan::Plan;
use super::programs::RunningPrograms;
use super::project::Project;
use super::rechecked::{cases, moved, verdict};
use super::record::RunRecord;
use super::run::{input, looked_at, mixed, resolve, starting, unanswered, unrecorded, with_targets};
use super::stopwatch::{PhaseTimer, Stopwatch, now, wall_clock};
use super::suite::say;
use super::typed;
use crate::artifacts::{
    ExitCode, GoldDocument, Look, Number, Ordered, ParamMap, Problem, Recheck, RecheckBase, RecheckedCase, RunLock,
    Start, Timings, TrailFile, TrialResult, clear, read_json, remove, write_json,
};
use crate::audit::Subject;
use crate::declaration::{Declaration, Lock};
use crate::gates::MarginEvidence;
use crate::gold::{GoldError, GoldStore, HISTORY, Standing, compare, digest, lines_about};
use crate::objective::{Halt, Params, Role};
use crate::pipeline::{Proposer, Rechecked, RunError, Study};
use crate::report::escaped;
use crate::run::Run;

/// A recheck that was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RecheckRecord {
    pub(super) document: Recheck,
    pub(super) timings: Timings,
    /// The question to the test slice, where its figures are not gold's.
    pub(super) question: Option<RecheckQuestion>,
}

/// A question that a recheck asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RecheckQuestion {
    pub(super) look: Look,
    /// Alpha of `margin`, and its p-value if it could be computed; absent where `margin` is not asked.
    pub(super) margin: Option<(f64, Option<f64>)>,
}

/// What may be evaluated again.
struct Accepted {
    /// When its search was accepted or confirmed last.
    searched: String,
    gold: GoldDocument,
    sha256: String,
    base: Option<String>,
}

/// Rechecks, writes what came of it; whatever goes wrong is in the record.
pub(super) fn recheck(
    calibration: &dyn AnyCalibration,
    plan: &Plan,
    project: &Project,
    environment: &Environment,
) -> RunRecord {
    let answered = catch_unwind(AssertUnwindSafe(|| attempt(calibration, plan, project, environment)));
    match answered {
        Ok(Ok(record)) => record,
        Ok(Err(problem)) => RunRecord::Unanswered(problem),
        Err(_) => RunRecord::Unanswered(Problem::new(
            ExitCode::Internal,
            "the recheck panicked outside of an evaluation; the panic is on stderr\nhelp: unless it comes from the target's \
             `space` or `identity`, this is a defect of omega-lock: please report it",
        )),
    }
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
    let disk = |error: &dyn std::fmt::Display| Problem::new(ExitCode::Internal, format!("{}: {error}", plan.name));
    let folder = project.artifacts_dir(&plan.name).join(Recheck::FOLDER);
    let waits = |_| say(&format!("waiting for another recheck of `{}`, which has `{folder}`", plan.name));
    let lock = RunLock::take(&folder, waits).map_err(|error| disk(&error))?;
    // Before it is known whether a recheck will do: where it is refused, that of yesterday would be taken for its answer.
    clear(&folder).and_then(|()| remove(&folder.join(Recheck::FILE))).map_err(|error| disk(&error))?;
    let making = Stopwatch::start();
    with_targets(calibration, |subjects| {
        let target_seconds = making.read();
        let (declaration, study) = resolve(plan, subjects, project)?;
        let accepted = match accepted(&declaration, project, environment)? {
            Ok(accepted) => accepted,
            Err(reason) => return Ok(RunRecord::Refused(reason)),
        };
        let base = declaration.config.base_params.clone().unwrap_or_else(|| declaration.space.neutral());
        let params = typed::with_values(&declaration.space, base, &accepted.gold.params)
            .map_err(|why| input(plan, format!("gold: {why}")))?;
        let ground = Ground { plan, project, environment, lock: &lock };
        let gold = (store(&declaration, project).shown(&plan.name), accepted.sha256.clone());
        let made = evaluated(calibration, ground, (&declaration, study.as_ref()), subjects, (&params, gold))?;
        let Made { found, mut timings, trail } = made;
        timings.target_seconds = Some(Number(target_seconds.as_secs_f64()));
        let (new, measured) = accepted.gold.rechecked(&declaration, &found);
        let comparison = compare(&accepted.gold, &new, &declaration.acceptance);
        let results = cases(plan, &found, &comparison, &measured, (&accepted.searched, accepted.base.as_deref()));
        let verdict = verdict(&found, &comparison).rechecked(accepted.searched.get(..10).unwrap_or_default());
        let case = |result: &TrialResult| RecheckedCase {
            case: result.name.trim_start_matches(&format!("{}::", plan.name)).to_owned(),
            status: result.status,
            summary: result.summary.clone(),
            details: result.details.clone(),
            measures: result.measures.clone(),
        };
        let fields = declaration.fields().into_iter().map(|field| (field.key, field.value));
        let ending = trail.ending(Ok(&verdict)).map_err(|error| unrecorded(plan, &error))?;
        let document = Recheck {
            schema_version: Recheck::SCHEMA.to_owned(),
            omega_lock_version: env!("CARGO_PKG_VERSION").to_owned(),
            calibration: plan.name.clone(),
            verdict: verdict.into(),
            searched: accepted.searched,
            base: accepted.base,
            gold_file: store(&declaration, project).shown(&plan.name),
            gold_sha256: accepted.sha256,
            declaration_digest: declaration.digest(),
            declaration: Ordered(fields.collect()),
            trail: Some(ending.anchor().clone()),
            params: ParamMap::from(&params),
            evaluations: (&found.counts).into(),
            cases: results.iter().map(case).collect(),
        };
        write_json(&timings, &lock.folder().join("timings.json")).map_err(|error| disk(&error))?;
        let path = lock.folder().join(Recheck::FILE);
        write_json(&document, &path).map_err(|error| disk(&error))?;
        if let Err(error) = ending.write() {
            remove(&path).map_err(|error| disk(&error))?;
            return Err(unrecorded(plan, &error));
        }
        let asked = found.accepted_on_test.is_some() && moved(&comparison, &measured);
        let margin = found.reports.iter().find_map(|report| report.evidence::<MarginEvidence>());
        let question = asked.then(|| RecheckQuestion {
            look: Look::rechecked(&declaration, &params, &found),
            margin: margin.map(|margin| (margin.alpha, margin.p())),
        });
        Ok(RunRecord::Rechecked(Box::new(RecheckRecord { document, timings, question })))
    })
}

/// Why only a search will do, as far as that is known before anything is evaluated; `None` if what is accepted can be
/// rechecked. A `listed` calibration makes no target, so that only what it declares decides.
pub(super) fn only_a_search(
    calibration: &dyn AnyCalibration,
    plan: &Plan,
    project: &Project,
    environment: &Environment,
    listed: bool,
) -> Option<String> {
    if plan.acceptance.recheck_max_age_days.is_none() {
        return Some("it does not declare `recheck.max_age_days`".to_owned());
    }
    if listed {
        return None;
    }
    let first_line = |problem: &Problem| problem.message.lines().next().unwrap_or_default().to_owned();
    let asked = || {
        with_targets(calibration, |subjects| {
            let (declaration, _) = resolve(plan, subjects, project)?;
            Ok(match accepted(&declaration, project, environment) {
                Ok(accepted) => accepted.err(),
                Err(problem) => {
                    // What is damaged here is said by a recheck and mended here. What the base has is mended by a search.
                    let mut own = environment.clone();
                    own.base = None;
                    accepted(&declaration, project, &own).is_ok().then(|| first_line(&problem))
                }
            })
        })
    };
    match catch_unwind(AssertUnwindSafe(asked)) {
        Ok(Ok(reason)) => reason,
        // The search meets it again, and says it as ever.
        Ok(Err(problem)) => Some(first_line(&problem)),
        Err(_) => Some("its target could not be made".to_owned()),
    }
}

fn store(declaration: &Declaration, project: &Project) -> GoldStore {
    GoldStore::new(&project.root, &declaration.acceptance.gold_dir, &project.omega_dir)
}

/// What is accepted, here and at the base, or why a recheck of it will not do.
fn accepted(
    declaration: &Declaration,
    project: &Project,
    environment: &Environment,
) -> Result<Result<Accepted, String>, Problem> {
    let name = declaration.name.as_str();
    let damaged = |problem: String| Problem::new(ExitCode::Damaged, format!("calibration `{name}`: {problem}"));
    let store = store(declaration, project);
    let unread = |error: GoldError| Problem::new(error.exit_code(), error.to_string());
    let lock = Lock::load(&project.root).map_err(|error| damaged(error.to_string()))?;
    let gold = store.gold(name).map_err(unread)?;
    let text = store.text(name).map_err(unread)?;
    let history = store.history().map_err(unread)?;
    let (Some(gold), Some(text)) = (gold, text) else {
        return Ok(Err(format!("{} is missing: nobody has accepted a result of it", store.shown(name))));
    };
    let own = Standing {
        whose: "this checkout",
        locked: lock.as_ref().and_then(|lock| lock.entry(name)),
        gold: Some(&gold),
        history: &history,
    };
    let mut searched = match own.of(declaration, &text, now()).map_err(damaged)? {
        Ok(searched) => searched,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut of_base = None;
    if let Some(path) = &environment.base {
        let base: RecheckBase = read_json(path).map_err(|error| Problem::new(ExitCode::Internal, error.to_string()))?;
        let lock = base.lock.as_deref().map(Lock::parse).transpose();
        let lock = lock.map_err(|error| damaged(format!("omega.lock of {}: {error}", base.revision)))?;
        let whose = base.revision.escape_debug().to_string();
        let standing = Standing {
            whose: &whose,
            locked: lock.as_ref().and_then(|lock| lock.entry(name)),
            gold: base.gold.get(name),
            history: &base.history,
        };
        searched = match standing.of(declaration, &text, now()).map_err(damaged)? {
            Ok(searched) => searched,
            Err(reason) => return Ok(Err(reason)),
        };
        // A search has to show them, whatever they say of their own age.
        if lines_about(name, &history).any(|line| !base.history.contains(line)) {
            let what = "says of a search that nothing but a search can show";
            return Ok(Err(format!("a line of {HISTORY} that {whose} has not {what}")));
        }
        of_base = Some(base.tip);
    }
    Ok(Ok(Accepted { searched, sha256: digest(&text), gold, base: of_base }))
}

/// What was evaluated, its trail not ended yet.
struct Made {
    found: Rechecked,
    timings: Timings,
    trail: TrailFile,
}

/// Where a recheck is made.
#[derive(Clone, Copy)]
struct Ground<'r> {
    plan: &'r Plan,
    project: &'r Project,
    environment: &'r Environment,
    lock: &'r RunLock,
}

fn evaluated(
    calibration: &dyn AnyCalibration,
    Ground { plan, project, environment, lock }: Ground<'_>,
    (declaration, study): (&Declaration, Option<&Study>),
    subjects: &[(Role, Subject<'_>)],
    (params, (gold, sha256)): (&Params, (String, String)),
) -> Result<Made, Problem> {
    let disk = |error: &dyn std::fmt::Display| Problem::new(ExitCode::Internal, format!("{}: {error}", plan.name));
    let folder = lock.folder();
    let progress = looked_at(plan, folder, environment);
    let programs = RunningPrograms::of(subjects);
    programs.each().for_each(interrupt::evaluating);
    let mut inputs = programs.inputs().map_err(|why| Problem::new(ExitCode::Usage, format!("{}: {why}", plan.name)))?;
    // What is evaluated comes from it: an interrupted recheck of other gold is not continued.
    inputs.insert(gold, sha256);
    let start = Start { declaration, binary: &project.binary, fresh: environment.fresh };
    let mut trail = TrailFile::open_made_of(lock, start, &inputs).map_err(|error| unrecorded(plan, &error))?;
    if let Some(notice) = trail.notice() {
        say(&escaped(notice));
    }
    programs.keep_what_they_say(folder, trail.resumptions().is_empty()).map_err(|error| disk(&error))?;
    let (commit, clean) = (commit(&project.root), is_clean(&project.root));
    let taking = Taking::begin(&project.binary, folder);
    let acknowledged = trail.acknowledged();
    let mut stoppable = Stoppable::new(&mut trail);
    let parallel = |(_, subject): &(Role, Subject<'_>)| matches!(subject, Subject::Parallel(_));
    let threads = if subjects.iter().any(parallel) { environment.threads(plan.processes()) } else { 1 };
    let null = |seed: u64, lend: &mut crate::audit::Lend<'_>| calibration.with_null(seed, lend);

    let started = wall_clock();
    let watch = Stopwatch::start();
    let mut timer = PhaseTimer::new(&watch);
    progress.plan(None, acknowledged.count());
    let mut counting = progress.counting(&mut timer);
    let proposer = study.map_or_else(|| calibration.proposer(), Proposer::Study);
    let mut run = Run::of(declaration).proposer(proposer).threads(threads).clock(&watch);
    for &(role, subject) in subjects {
        run = run.on(role, subject);
    }
    if declaration.config.null_declared {
        run = run.null(&null);
    }
    progress.programs(programs.clone());
    starting(&progress, programs.warm_up(threads));
    let outcome = run.record(&mut stoppable).observe(&mut counting).recheck(params);
    drop(stoppable);
    let changed = programs.check().err();
    let problem = match (&outcome, changed) {
        (Err(RunError::Halt(Halt::Record(source))), _) if source.is::<Interrupted>() => {
            return Err(interrupt::problem(&plan.name, acknowledged.count()));
        }
        // What workers had no time to answer.
        (Err(RunError::Halt(Halt::Lost { .. })), _) if interrupt::asked() => {
            return Err(interrupt::problem(&plan.name, acknowledged.count()));
        }
        (_, Some(why)) => Some(mixed(plan, &why)),
        (Err(error), None) if error.leaves_record_unfinished() => return Err(unanswered(plan, error)),
        (Err(error), None) => Some(unanswered(plan, error)),
        (Ok(_), None) => None,
    };
    let found = match (outcome, problem) {
        (Ok(found), None) => found,
        (_, problem) => {
            let problem = problem.unwrap_or_else(|| Problem::new(ExitCode::Internal, "nothing was answered"));
            trail.end(Err(&problem.message)).map_err(|error| unrecorded(plan, &error))?;
            taking.needless();
            return Err(problem);
        }
    };
    let total = watch.read();
    let timings = Timings {
        commit,
        clean,
        launcher: if plan.program.is_some() { environment.launcher.clone() } else { Vec::new() },
        inputs,
        started: Some(started),
        threads,
        total_seconds: Some(Number(total.as_secs_f64())),
        phases: timer.phases,
        binary: project.binary.known().map(str::to_owned),
        resumptions: trail.resumptions().to_vec(),
        workers: programs.tally(),
        ..Timings::unmeasured(&plan.name)
    };
    taking.needless();
    Ok(Made { found, timings, trail })
}

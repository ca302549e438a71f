//! What the strict profile evaluates, in which order, and that it leaves the same record whoever proposes.
#![expect(clippy::disallowed_methods, reason = "a test cuts the trail that a run left")]

use camino::Utf8Path;
use omega_lock::internals::artifacts::{Artifacts, Binary, RunLock, RunResult, Start, Timings, TrailFile, write};
use omega_lock::internals::audit::{Lend, Recorder, Subject, Trail};
use omega_lock::internals::gates::{GateId, GateReport, GateStatus, TransferEvidence};
use omega_lock::internals::pipeline::{MakeSearch, OwnLoop, Pass, Proposer, RunLoop, RunOutcome};
use omega_lock::internals::search::{RandomSearch, Search};
use omega_lock::internals::verify::{Regeneration, Unmade, read_trail, regenerate};
use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, scorecard};

fn declaration(search: SearchMethod, rounds: Option<Rounds>) -> Declaration {
    let config = RunConfig {
        search,
        thresholds: Thresholds::pure_objective(),
        null_declared: true,
        rounds,
        holdout: HoldoutRule { mode: HoldoutMode::Gate, min_fitness: Some(5.0), min_sample_ratio: None },
        ..RunConfig::default()
    };
    let [train, test, holdout] = slices();
    Declaration {
        config,
        constraints: vec![Constraint::above("active", "samples", 0.0)],
        ..Declaration::of("phantom", &train).with(Role::Test, &test).with(Role::Holdout, &holdout)
    }
}

/// Three seeds of one signal.
fn slices() -> [PhantomKeyhole; 3] {
    [42, 1337, 9].map(PhantomKeyhole::new)
}

/// What a run came to.
#[derive(Debug, PartialEq)]
struct Judged {
    result: RunResult,
    scorecard: String,
}

/// Runs on three seeds of one signal, with permuted labels for its null version.
fn run(declaration: &Declaration, proposer: Proposer<'_>, threads: usize, recorder: &mut dyn Recorder) -> Judged {
    let [train, test, holdout] = slices();
    let null = |seed: u64, lend: &mut Lend<'_>| {
        let (train, test) = (train.clone().permuted(seed), test.clone().permuted(seed));
        lend(&[(Role::Train, Subject::Parallel(&train)), (Role::Test, Subject::Parallel(&test))]);
        Ok(())
    };
    let run = Run::of(declaration).train(&train).test(&test).holdout(&holdout).null(&null).proposer(proposer);
    let outcome = run.record(recorder).threads(threads).run().expect("a verdict");
    let result = RunResult::new(declaration, &outcome);
    Judged { scorecard: scorecard(&result), result }
}

fn grid() -> SearchMethod {
    SearchMethod::Grid { points_per_axis: 5 }
}

#[test]
fn null_runs_are_a_phase_of_their_own_before_the_holdout_and_are_judged_once() {
    let mut trail = Trail::new();
    let judged = run(&declaration(grid(), None), Proposer::Declared, 1, &mut trail);
    assert_eq!(judged.result.verdict.to_string(), "PASS");
    let rows = trail.rows();
    let phases: Vec<&str> = rows.iter().map(|row| row.context.phase.name()).collect();
    let mut order = phases.clone();
    order.dedup();
    let expected =
        ["baseline", "stress", "search", "walk_forward", "transfer", "baseline", "repeat", "null", "holdout"];
    assert_eq!(order, expected);
    let null: Vec<_> = rows.iter().filter(|row| row.context.phase.name() == "null").collect();
    for number in 1..=19 {
        let run: Vec<_> = null.iter().filter(|row| row.context.round == number).collect();
        assert!(run.len() > 1 + 23, "baseline, perturbations, candidates: {}", run.len());
        let on_test = run.iter().filter(|row| row.context.role == Role::Test).count();
        assert_eq!((on_test, run.last().map(|row| row.context.role)), (1, Some(Role::Test)), "its winner, last");
    }
    assert!(null.iter().all(|row| (1..=19).contains(&row.context.round)));
}

#[test]
fn the_record_and_the_result_are_the_same_on_one_thread_and_on_many() {
    for search in [grid(), SearchMethod::tpe(30, 3)] {
        let declaration = declaration(search, None);
        let made = |threads| {
            let mut trail = Trail::new();
            let judged = run(&declaration, Proposer::Declared, threads, &mut trail);
            (judged, trail)
        };
        assert_eq!(made(1), made(4));
    }
}

#[test]
fn a_failed_gate_leaves_null_runs_and_holdout_unopened_and_says_which() {
    let mut declared = declaration(grid(), None);
    declared.config.strict.min_distinct = 1_000;
    let mut trail = Trail::new();
    let judged = run(&declared, Proposer::Declared, 1, &mut trail);
    assert_eq!(judged.result.verdict.to_string(), "FAIL:SEARCHED");
    assert!(trail.rows().iter().all(|row| !["null", "holdout"].contains(&row.context.phase.name())));
    for gate in ["null", "holdout"] {
        let entry = judged.result.gate(gate).expect("it is declared");
        assert_eq!(
            (entry.status.0, entry.blocked_by.as_deref()),
            (GateStatus::Fail, Some(&GateId::Searched)),
            "{gate}"
        );
    }
    declared.config.holdout = HoldoutRule::default();
    let judged = run(&declared, Proposer::Declared, 1, &mut Trail::new());
    let shown = judged.result.gate("holdout").expect("it is declared");
    assert_eq!((shown.status.0, shown.message.as_str()), (GateStatus::Advisory, "not opened: searched failed before"));
}

/// Two pairs of parameters that matter, one more than the other, on slices that agree. The null version is flat, or has
/// all there is to find.
fn descent(rounds: usize, flat_null: bool) -> (RunOutcome, Trail) {
    let space =
        ["a", "b", "c", "d", "e"].into_iter().fold(ParamSpace::new(), |space, name| space.float(name, 0.0..=1.0, 0.5));
    let target = |shift: f64| {
        FnTarget::new(space.clone(), move |params| {
            let at = |name: &str| params.float(name);
            let fitness = 100.0 * at("a")? + 40.0 * at("b")? + 4.0 * at("c")? + at("d")? + 0.1 * at("e")? + shift;
            Ok(Evaluation::new(fitness).samples(100))
        })
    };
    let (train, test, flat) = (target(0.0), target(1.0), FnTarget::new(space.clone(), |_| Ok(Evaluation::new(0.0))));
    let null = |_: u64, lend: &mut Lend<'_>| {
        let (train, test) = if flat_null { (&flat, &flat) } else { (&train, &test) };
        lend(&[(Role::Train, Subject::Parallel(train)), (Role::Test, Subject::Parallel(test))]);
        Ok(())
    };
    let mut trail = Trail::new();
    let rounds = Some(Rounds { max: rounds, ..Rounds::default() });
    let declaration = Declaration {
        config: RunConfig { unlock_k: 2, null_declared: true, rounds, ..RunConfig::default() },
        ..Declaration::of("descent", &train).with(Role::Test, &test).with(Role::Holdout, &test)
    };
    let run = Run::of(&declaration).train(&train).test(&test).holdout(&test).null(&null);
    let outcome = run.record(&mut trail).run().expect("a verdict");
    (outcome, trail)
}

#[test]
fn round_j_of_an_iterative_run_must_reach_the_jth_part_of_alpha_and_null_runs_come_once() {
    let (outcome, trail) = descent(2, true);
    assert_eq!(outcome.verdict.to_string(), "PASS");
    let alpha = |round: &Pass| match round.report(&GateId::Transfer).and_then(GateReport::evidence::<TransferEvidence>)
    {
        Some(evidence) => evidence.alpha,
        other => panic!("{other:?}"),
    };
    let alphas: Vec<f64> = outcome.passes.iter().map(alpha).collect();
    assert_eq!(alphas, [0.05 / 2.0, 0.05 / 6.0]);
    assert!(outcome.passes.iter().all(|round| round.report(&GateId::Null).is_none()));
    let null = outcome.ending.report(&GateId::Null).expect("judged over all rounds");
    assert_eq!(null.status, GateStatus::Pass);
    let rows = trail.rows();
    let first = rows.iter().position(|row| row.context.phase.name() == "null").expect("there are null runs");
    assert!(rows[first..].iter().all(|row| ["null", "holdout"].contains(&row.context.phase.name())));
    assert_eq!(rows.last().map(|row| row.context.role), Some(Role::Holdout));
}

#[test]
fn null_runs_as_good_as_the_rounds_fail_the_run_and_leave_its_holdout_closed() {
    let (outcome, trail) = descent(2, false);
    assert_eq!(outcome.verdict.to_string(), "FAIL:NULL");
    assert!(outcome.passes.iter().all(|round| round.verdict.is_pass()));
    assert!(trail.rows().iter().all(|row| row.context.role != Role::Holdout));
    let holdout = outcome.ending.report(&GateId::Holdout).expect("shown");
    assert_eq!((holdout.status, holdout.message.as_str()), (GateStatus::Advisory, "not opened: null failed before"));
}

fn own_search() -> Box<MakeSearch> {
    Box::new(|space, base, unlocked| Ok(Box::new(RandomSearch::new(space, base, unlocked, 40, 11)?) as Box<dyn Search>))
}

fn own_loop() -> Box<RunLoop> {
    Box::new(|own: &mut OwnLoop<'_>| {
        for step in 0..40 {
            let alpha = 0.02 * f64::from(step);
            let params = own.base().with("alpha", alpha)?.with("window", 3 + i64::from(step % 5))?;
            own.evaluate(&params.with("long_mode", step % 3 > 0)?)?;
        }
        Ok(())
    })
}

/// Runs with the trail in a folder, behind what is there already.
fn run_in(folder: &Utf8Path, declaration: &Declaration, proposer: Proposer<'_>) -> Judged {
    let lock = RunLock::take(folder, |_| ()).expect("the folder can be locked");
    let start = Start { declaration, binary: &Binary::known_as("this build"), fresh: None };
    let mut trail = TrailFile::open(&lock, start).expect("a trail");
    let mut judged = run(declaration, proposer, 2, &mut trail);
    let anchor = trail.end(Ok(&judged.result.verdict)).expect("it ends");
    judged.result.trail = Some(anchor);
    judged
}

#[test]
fn a_strict_run_cut_anywhere_goes_on_and_ends_with_the_same_bytes() {
    let declaration = declaration(grid(), None);
    let folder = tempfile::tempdir().expect("a folder");
    let folder = Utf8Path::from_path(folder.path()).expect("a UTF-8 path");
    let whole = run_in(folder, &declaration, Proposer::Declared);
    let path = folder.join("trail.jsonl");
    let bytes = std::fs::read(&path).expect("a trail");
    // Tenths of the trail: most of them lie in one null run or another.
    for tenth in 1..10 {
        std::fs::write(&path, &bytes[..bytes.len() * tenth / 10]).expect("the trail can be cut");
        assert_eq!(run_in(folder, &declaration, Proposer::Declared), whole, "cut at {tenth} tenths");
        assert!(std::fs::read(&path).expect("a trail") == bytes, "cut at {tenth} tenths");
    }
}

/// Leaves the files of a run in a folder, and makes them again from its trail alone.
fn made_again(declaration: &Declaration, proposer: Proposer<'_>) -> Result<Vec<(&'static str, Regeneration)>, Unmade> {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = Utf8Path::from_path(folder.path()).expect("a UTF-8 path");
    let Judged { result, scorecard, .. } = run_in(folder, declaration, proposer);
    let timings = Timings::unmeasured("phantom");
    write(Artifacts { result: &result, timings: &timings, scorecard: &scorecard }, folder).expect("written");
    let path = folder.join("trail.jsonl");
    regenerate(&path, &read_trail(&path).expect("a whole trail"))
}

#[test]
fn a_strict_run_with_null_runs_is_made_again_from_its_trail_whoever_proposed() {
    let (search, repeated) = (own_search(), own_loop());
    let own = || SearchMethod::Own { name: "somebody's".to_owned() };
    for (method, proposer) in [
        (grid(), Proposer::Declared),
        (SearchMethod::tpe(30, 3), Proposer::Declared),
        (own(), Proposer::Search(&*search)),
        (own(), Proposer::Loop(&*repeated)),
    ] {
        let again = made_again(&declaration(method.clone(), None), proposer).expect("made again");
        assert!(again.iter().all(|(_, found)| *found == Regeneration::Same), "{method:?}: {again:?}");
    }
    let rounds = declaration(grid(), Some(Rounds { max: 2, ..Rounds::default() }));
    let again = made_again(&rounds, Proposer::Declared).expect("made again");
    assert!(again.iter().all(|(_, found)| *found == Regeneration::Same), "{again:?}");
}

#[test]
fn a_null_version_that_cannot_be_made_or_has_another_space_ends_the_run_without_a_verdict() {
    let (target, test) = (PhantomKeyhole::new(42), PhantomKeyhole::new(1337));
    let other = FnTarget::new(ParamSpace::new().float("x", 0.0..=1.0, 0.5), |_| Ok(Evaluation::new(0.0)));
    let config = RunConfig { thresholds: Thresholds::pure_objective(), null_declared: true, ..RunConfig::default() };
    let declaration = Declaration { config, ..Declaration::of("phantom", &target).with(Role::Test, &test) };
    let ended = |null: &omega_lock::internals::audit::NullTargets<'_>| {
        let outcome = Run::of(&declaration).train(&target).test(&test).null(null).run();
        let error = outcome.expect_err("no verdict");
        assert!(error.is_target_failure());
        error.to_string()
    };
    assert_eq!(
        ended(&|_, _| Err(TargetError::new("no file `labels.csv`"))),
        "the null version of seed 1 could not be made: no file `labels.csv`"
    );
    let mismatch = ended(&|_, lend| {
        lend(&[(Role::Train, Subject::Parallel(&other)), (Role::Test, Subject::Parallel(&other))]);
        Ok(())
    });
    assert!(mismatch.contains("its train target has another space"), "{mismatch}");

    // Without a test slice there is nothing to hold winners against, and nothing is evaluated.
    let alone = Declaration { config: declaration.config.clone(), ..Declaration::of("phantom", &target) };
    let mut trail = Trail::new();
    let null = |_: u64, _: &mut Lend<'_>| Ok(());
    let refused = Run::of(&alone).train(&target).null(&null).record(&mut trail).run();
    assert_eq!(
        refused.expect_err("refused").to_string(),
        "`null.declared` is true, expected a test target to hold the winners against"
    );
    assert!(trail.rows().is_empty());
}

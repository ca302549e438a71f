//! What the strict profile evaluates, in which order, and that it leaves the same record whoever proposes.
#![expect(clippy::disallowed_methods, reason = "a test cuts the trail that a run left")]

use camino::Utf8Path;
use omega_lock::artifacts::{Artifacts, RunLock, Start, Timings, TrailFile, write};
use omega_lock::audit::{AuditedEvaluator, Lend, Recorder, Subject, Trail};
use omega_lock::declaration::Declaration;
use omega_lock::gates::{Detail, GateId, GateStatus};
use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::pipeline::{IterativeOutcome, MakeSearch, OwnLoop, P1Outcome, Proposer, RunLoop, run_iterative};
use omega_lock::prelude::*;
use omega_lock::run::{Judged, run_declared};
use omega_lock::search::{RandomSearch, Search};
use omega_lock::verify::{Regeneration, Unmade, read_trail, regenerate};

fn declaration(search: SearchMethod, rounds: Option<Rounds>) -> Declaration {
    let config = RunConfig {
        search,
        thresholds: Thresholds::pure_objective(),
        null_declared: true,
        rounds,
        holdout: HoldoutRule { mode: HoldoutMode::Gate, min_fitness: Some(5.0), min_trade_ratio: None },
        ..RunConfig::default()
    };
    Declaration {
        name: "phantom".to_owned(),
        config,
        space: PhantomKeyhole::new(42).space(),
        constraints: vec![Constraint::above("active", "samples", 0.0)],
        acceptance: omega_lock::declaration::Acceptance::default(),
        roles: [Role::Train, Role::Test, Role::Holdout].map(|role| (role, format!("phantom on {role}"))).to_vec(),
    }
}

/// Runs on three seeds of one signal, with permuted labels for its null version.
fn run(declaration: &Declaration, proposer: Proposer<'_>, threads: usize, recorder: &mut dyn Recorder) -> Judged {
    let (train, test, holdout) = (PhantomKeyhole::new(42), PhantomKeyhole::new(1337), PhantomKeyhole::new(9));
    let null = |seed: u64, lend: &mut Lend<'_>| {
        let (train, test) = (train.clone().permuted(seed), test.clone().permuted(seed));
        lend(&[(Role::Train, Subject::Parallel(&train)), (Role::Test, Subject::Parallel(&test))]);
        Ok(())
    };
    let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&train), &declaration.constraints, recorder)
        .and_then(|evaluator| evaluator.with(Role::Test, Subject::Parallel(&test)))
        .and_then(|evaluator| evaluator.with(Role::Holdout, Subject::Parallel(&holdout)))
        .expect("one space")
        .null(&null)
        .threads(threads);
    run_declared(declaration, proposer, &mut evaluator, &mut (), &()).expect("a verdict")
}

fn grid() -> SearchMethod {
    SearchMethod::Grid { points_per_axis: 5 }
}

#[test]
fn null_runs_are_a_phase_of_their_own_before_the_holdout_and_are_judged_once() {
    let mut trail = Trail::new();
    let judged = run(&declaration(grid(), None), Proposer::Declared, 1, &mut trail);
    assert_eq!(judged.result.verdict, "PASS");
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
    for search in [grid(), SearchMethod::Tpe { trials: 30, seed: 3 }] {
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
    assert_eq!(judged.result.verdict, "FAIL:SEARCHED");
    assert!(trail.rows().iter().all(|row| !["null", "holdout"].contains(&row.context.phase.name())));
    for gate in ["null", "holdout"] {
        let entry = judged.result.gate(gate).expect("it is declared");
        assert_eq!((entry.status.as_str(), entry.blocked_by.as_deref()), ("FAIL", Some("searched")), "{gate}");
    }
    declared.config.holdout = HoldoutRule::default();
    let judged = run(&declared, Proposer::Declared, 1, &mut Trail::new());
    let shown = judged.result.gate("holdout").expect("it is declared");
    assert_eq!((shown.status.as_str(), shown.message.as_str()), ("ADVISORY", "not opened: searched failed before"));
}

/// Two pairs of parameters that matter, one more than the other, on slices that agree.
fn descent(rounds: usize) -> (IterativeOutcome, Trail) {
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
        lend(&[(Role::Train, Subject::Parallel(&flat)), (Role::Test, Subject::Parallel(&flat))]);
        Ok(())
    };
    let mut trail = Trail::new();
    let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&train), &[], &mut trail)
        .and_then(|evaluator| evaluator.with(Role::Test, Subject::Parallel(&test)))
        .and_then(|evaluator| evaluator.with(Role::Holdout, Subject::Parallel(&test)))
        .expect("one space")
        .null(&null);
    let round = RunConfig { unlock_k: 2, null_declared: true, ..RunConfig::default() };
    let config = omega_lock::pipeline::IterativeConfig { rounds: Rounds { max: rounds, ..Rounds::default() }, round };
    let outcome = run_iterative(&config, &space, &[], &mut evaluator, &mut (), &()).expect("a verdict");
    (outcome, trail)
}

#[test]
fn round_j_of_an_iterative_run_must_reach_the_jth_part_of_alpha_and_null_runs_come_once() {
    let (outcome, trail) = descent(2);
    assert_eq!(outcome.verdict().to_string(), "PASS");
    let alpha = |round: &P1Outcome| match round.report(&GateId::Transfer).map(|report| &report.detail) {
        Some(Detail::TransferTest(evidence)) => evidence.alpha,
        other => panic!("{other:?}"),
    };
    let alphas: Vec<f64> = outcome.rounds.iter().map(alpha).collect();
    assert_eq!(alphas, [0.05 / 2.0, 0.05 / 6.0]);
    assert!(outcome.rounds.iter().all(|round| round.report(&GateId::Null).is_none()));
    let null = outcome.null_report.expect("judged over all rounds");
    assert_eq!(null.status, GateStatus::Pass);
    let rows = trail.rows();
    let first = rows.iter().position(|row| row.context.phase.name() == "null").expect("there are null runs");
    assert!(rows[first..].iter().all(|row| ["null", "holdout"].contains(&row.context.phase.name())));
    assert_eq!(rows.last().map(|row| row.context.role), Some(Role::Holdout));
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
    let lock = RunLock::take(folder, || ()).expect("the folder can be locked");
    let start = Start { declaration, binary: "this build", fresh: false };
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
        (SearchMethod::Tpe { trials: 30, seed: 3 }, Proposer::Declared),
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
    let target = PhantomKeyhole::new(42);
    let other = FnTarget::new(ParamSpace::new().float("x", 0.0..=1.0, 0.5), |_| Ok(Evaluation::new(0.0)));
    let config = RunConfig { thresholds: Thresholds::pure_objective(), null_declared: true, ..RunConfig::default() };
    let ended = |null: &omega_lock::audit::NullTargets<'_>| {
        let mut trail = Trail::new();
        let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&target), &[], &mut trail)
            .and_then(|evaluator| evaluator.with(Role::Test, Subject::Parallel(&target)))
            .expect("one space")
            .null(null);
        let outcome = omega_lock::pipeline::run_p1(&config, &target.space(), &[], &mut evaluator, &mut (), &());
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

    // Declared and not there, or not to be judged: nothing is evaluated.
    let mut trail = Trail::new();
    let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&target), &[], &mut trail).expect("a valid space");
    let refused = omega_lock::pipeline::run_p1(&config, &target.space(), &[], &mut evaluator, &mut (), &());
    assert_eq!(
        refused.expect_err("refused").to_string(),
        "`null.declared` is true, expected an evaluator that has the null version"
    );
    assert!(trail.rows().is_empty());
}

/// Two averages, of which the fast one has to be the faster: most pairs of them do not go together.
fn averages() -> FnTarget {
    let space = ParamSpace::new().int("fast", 1..=9, 3).int("slow", 1..=9, 6).float("level", 0.0..=1.0, 0.5);
    FnTarget::new(space, |params| {
        let (fast, slow, level) = (params.int("fast")?, params.int("slow")?, params.float("level")?);
        if fast >= slow {
            return Err(TargetError::not_applicable(format!("fast {fast} is not below slow {slow}")));
        }
        Ok(Evaluation::new((slow - fast) as f64 + 0.1 * level + 0.01 * fast as f64).samples(100))
    })
}

#[test]
fn parameters_that_do_not_go_together_are_told_apart_from_failures_and_never_ship() {
    let target = averages();
    for search in [grid(), SearchMethod::Random { samples: 40, seed: 3 }, SearchMethod::Tpe { trials: 40, seed: 3 }] {
        // Not a single evaluation may fail.
        let config = RunConfig { search, thresholds: Thresholds::pure_objective(), ..RunConfig::default() };
        let mut trail = Trail::new();
        let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&target), &[], &mut trail)
            .and_then(|evaluator| evaluator.with(Role::Test, Subject::Parallel(&target)))
            .expect("one space");
        let outcome = omega_lock::pipeline::run_p1(&config, &target.space(), &[], &mut evaluator, &mut (), &());
        let outcome = outcome.expect("a verdict");
        let apart = |row: &&omega_lock::audit::Row| row.outcome.is_not_applicable();
        let recorded = trail.rows().iter().filter(apart).count() as u64;
        assert!(recorded > 0);
        assert_eq!((outcome.counts.not_applicable, outcome.counts.failed), (recorded, 0));
        let said = trail.rows().iter().find(apart).and_then(|row| row.outcome.result.as_ref().err());
        let said = said.expect("there is one").to_string();
        assert!(said.starts_with("not_applicable: fast ") && said.contains(" is not below slow "), "{said}");
        let best = outcome.selected.expect("there is one").params;
        assert!(best.int("fast").unwrap() < best.int("slow").unwrap(), "{best}");
    }
}

#[test]
fn a_baseline_that_is_not_applicable_is_no_run() {
    let target = averages();
    let base = target.space().neutral().with("fast", 7).unwrap();
    let config = RunConfig { base_params: Some(base), ..RunConfig::default() };
    let mut trail = Trail::new();
    let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&target), &[], &mut trail).expect("a valid space");
    let ended = omega_lock::pipeline::run_p1(&config, &target.space(), &[], &mut evaluator, &mut (), &());
    let error = ended.expect_err("there is nothing to compare with");
    assert!(error.is_target_failure());
    assert_eq!(error.to_string(), "the baseline could not be evaluated: not_applicable: fast 7 is not below slow 6");
}

//! The time box of a strict run, by a clock that moves with the record: one second per evaluation.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use omega_lock::internals::audit::{Lend, RecordError, Recorder, Row, Subject, Trail};
use omega_lock::prelude::*;
use omega_lock::{Clock, Declaration, GateId, GateStatus, OwnLoop, Proposer, Run, RunResult};

/// `100 a + 10 b + c`, on every slice alike.
fn toy(scale: f64) -> FnTarget {
    let space = ParamSpace::new().float("a", 0.0..=1.0, 0.5).float("b", 0.0..=1.0, 0.5).float("c", 0.0..=1.0, 0.5);
    FnTarget::new(space, move |params| {
        let fitness = 100.0 * params.float("a")? + 10.0 * params.float("b")? + params.float("c")?;
        Ok(Evaluation::new(scale * fitness).samples(100))
    })
}

/// Under which a run passes that has time enough.
fn declaration(rounds: Option<Rounds>, seconds: f64) -> Declaration {
    let thresholds =
        Thresholds { time_box_seconds: seconds, gini_min: 0.0, top_bot_ratio_min: 0.0, ..Thresholds::pure_objective() };
    let mut config = RunConfig {
        search: SearchMethod::Grid { points_per_axis: 9 },
        unlock_k: 1,
        thresholds,
        null_declared: true,
        rounds,
        holdout: HoldoutRule { mode: HoldoutMode::Gate, min_fitness: Some(5.0), min_sample_ratio: None },
        ..RunConfig::default()
    };
    config.strict.min_distinct = 9;
    config.strict.transfer.alpha = 0.9;
    config.strict.transfer.lead_top = 1;
    config.strict.null.alpha = 0.5;
    config.strict.null.runs = 2;
    let toy = toy(1.0);
    Declaration {
        config,
        constraints: vec![Constraint::above("active", "samples", 0.0)],
        ..Declaration::of("toy", &toy).with(Role::Test, &toy).with(Role::Holdout, &toy)
    }
}

/// A record whose rows are the seconds of the clock.
struct Counted<'c> {
    trail: Trail,
    count: &'c AtomicU64,
}

impl Recorder for Counted<'_> {
    fn record(&mut self, row: Row) -> Result<(), RecordError> {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.trail.record(row)
    }

    fn recall(&mut self, call_index: u64) -> Result<Row, RecordError> {
        self.trail.recall(call_index)
    }
}

struct Rows<'c>(&'c AtomicU64);

impl Clock for Rows<'_> {
    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

fn run(declaration: &Declaration, proposer: Proposer<'_>, threads: usize) -> (RunResult, Vec<Row>) {
    let (train, test, holdout, nothing) = (toy(1.0), toy(1.0), toy(1.0), toy(0.0));
    let null = |_: u64, lend: &mut Lend<'_>| {
        lend(&[(Role::Train, Subject::Parallel(&train)), (Role::Test, Subject::Parallel(&nothing))]);
        Ok(())
    };
    let count = AtomicU64::new(0);
    let mut recorder = Counted { trail: Trail::new(), count: &count };
    let rows = Rows(&count);
    let mut run = Run::of(declaration).train(&train).test(&test).holdout(&holdout).proposer(proposer);
    if declaration.config.null_declared {
        run = run.null(&null);
    }
    let outcome = run.record(&mut recorder).clock(&rows).threads(threads).run().expect("a verdict");
    (RunResult::new(declaration, &outcome), recorder.trail.rows().to_vec())
}

/// Runs with a box of every length and holds each run against the one that had time enough.
fn ends_in_time(iterative: Option<Rounds>, stride: usize) {
    let (whole, rows) = run(&declaration(iterative, 1e9), Proposer::Declared, 1);
    assert_eq!(whole.verdict.to_string(), "PASS");
    let total = rows.len();
    for seconds in (0..total).step_by(stride).chain([total - 2, total - 1, total]) {
        let boxed = declaration(iterative, seconds as f64);
        let (result, made) = run(&boxed, Proposer::Declared, if seconds % 2 == 0 { 1 } else { 3 });
        // The last second belongs to the box, and what is begun in it is finished.
        assert_eq!(made.len(), total.min(seconds + 1), "evaluations in {seconds} s");
        assert_eq!(made, rows[..made.len()], "the same ones as without a box");
        let late = seconds < total;
        assert_eq!(!result.verdict.is_pass(), late, "{seconds} s: {}", result.verdict);
        assert_eq!(result.verdict.blames(&GateId::Kc1), late, "{seconds} s: {}", result.verdict);
        for (entry, in_time) in result.gates.iter().zip(&whole.gates) {
            let blocked = entry.status == GateStatus::Fail && entry.blocked_by.as_deref() == Some(&GateId::Kc1);
            match &entry.gate.0 {
                GateId::Kc1 => assert_eq!(entry.status == GateStatus::Fail, late, "{seconds} s"),
                gate => assert!(entry.status == in_time.status || late && blocked, "{seconds} s: {gate}: {entry:?}"),
            }
        }
        if made.len() < total {
            let holdout = result.gates.iter().find(|entry| entry.gate == GateId::Holdout).expect("it is declared");
            assert_eq!(holdout.blocked_by.as_deref(), Some(&GateId::Kc1), "{seconds} s");
        }
    }
}

#[test]
fn nothing_is_evaluated_after_the_time_box_wherever_it_ends() {
    ends_in_time(None, 1);
}

#[test]
fn the_time_box_is_that_of_all_rounds_together_with_null_runs_and_holdout() {
    ends_in_time(Some(Rounds { max: 2, ..Rounds::default() }), 1);
}

#[test]
fn a_loop_that_goes_on_after_the_time_box_is_not_asked() {
    let stubborn = |own: &mut OwnLoop<'_>| {
        let base = own.base().clone();
        for _ in 0..50 {
            // The error is not looked at.
            let _ended = own.evaluate(&base);
        }
        Ok(())
    };
    let mut boxed = declaration(None, 20.0);
    boxed.config.search = SearchMethod::Own { name: "stubborn".to_owned() };
    let (result, rows) = run(&boxed, Proposer::Loop(&stubborn), 1);
    assert_eq!((rows.len(), result.verdict.to_string().as_str()), (21, "FAIL:KC-1"));
}

#[test]
fn the_reference_profile_looks_at_the_clock_when_everything_is_evaluated() {
    let mut boxed = declaration(None, 0.0);
    boxed.config = RunConfig { thresholds: boxed.config.thresholds, ..RunConfig::reference() };
    let (result, rows) = run(&boxed, Proposer::Declared, 1);
    let last = rows.last().map(|row| row.context.role);
    assert_eq!((result.verdict.to_string().as_str(), last), ("FAIL:KC-1", Some(Role::Holdout)));
}

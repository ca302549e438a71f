//! The record of a run is the same for one thread and for many.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ThreadId;

use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, RunOutcome, RunResult, Subject, Trail};

/// Everything a run leaves behind: the record, and the bytes of its result.
fn run(target: &(dyn Target + Sync), threads: usize, allowed: u64) -> (Trail, RunOutcome, String) {
    let declaration = Declaration {
        config: RunConfig {
            sc2: true,
            search: SearchMethod::Zoom { points_per_axis: 5, rounds: 3, factor: 0.5 },
            max_failed_evaluations: allowed,
            ..RunConfig::reference()
        },
        constraints: vec![
            Constraint::above("fit", "fitness", -50.0),
            Constraint::opaque("even", |_, evaluation| evaluation.samples % 2 == 0),
        ],
        ..Declaration::of("threads", target).with(Role::Test, target)
    };
    let mut trail = Trail::new();
    let run =
        Run::of(&declaration).on(Role::Train, Subject::Parallel(target)).on(Role::Test, Subject::Parallel(target));
    let outcome = run.threads(threads).record(&mut trail).run().expect("the run finishes");
    let result = RunResult::new(&declaration, &outcome);
    let bytes = serde_json::to_string(&result).expect("a result is JSON");
    (trail, outcome, bytes)
}

fn assert_same_on_any_number_of_threads(target: &(dyn Target + Sync), allowed: u64) {
    let (trail, outcome, bytes) = run(target, 1, allowed);
    for threads in [2, 3, 8] {
        let (other_trail, other_outcome, other_bytes) = run(target, threads, allowed);
        // NaN is never equal to itself, so records are compared as they print.
        assert_eq!(format!("{trail:?}"), format!("{other_trail:?}"), "{threads} threads");
        assert_eq!(format!("{outcome:?}"), format!("{other_outcome:?}"), "{threads} threads");
        assert_eq!(bytes, other_bytes, "{threads} threads");
    }
}

#[test]
fn a_keyhole_is_recorded_alike_on_any_number_of_threads() {
    assert_same_on_any_number_of_threads(&PhantomKeyhole::new(42), 0);
}

/// Evaluates under a lock, with more than one thread at the door.
struct Locking {
    inner: PhantomKeyhole,
    lock: Mutex<HashSet<ThreadId>>,
}

impl Target for Locking {
    fn space(&self) -> ParamSpace {
        self.inner.space()
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let mut seen = self.lock.lock().map_err(|_| TargetError::new("poisoned"))?;
        seen.insert(std::thread::current().id());
        // Quick targets are not worth a second thread.
        std::thread::sleep(std::time::Duration::from_micros(50));
        self.inner.evaluate(params)
    }
}

#[test]
fn a_target_that_locks_is_recorded_alike_and_is_really_called_from_several_threads() {
    let target = Locking { inner: PhantomKeyhole::new(7), lock: Mutex::default() };
    assert_same_on_any_number_of_threads(&target, 0);
    assert!(target.lock.lock().expect("nobody panicked").len() > 2, "the evaluations ran on several threads");
}

/// Panics on some parameters, returns an error on others.
struct Failing {
    inner: PhantomKeyhole,
    panics: AtomicUsize,
}

impl Target for Failing {
    fn space(&self) -> ParamSpace {
        self.inner.space()
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        if params.float("alpha")? > 0.7 {
            self.panics.fetch_add(1, Ordering::Relaxed);
            panic!("alpha {} is out of the table", params.float("alpha")?);
        }
        if params.int("window")? > 25 {
            return Err(TargetError::new("not enough history"));
        }
        self.inner.evaluate(params)
    }
}

#[test]
fn a_target_that_panics_is_recorded_alike_with_the_reason_of_each_failure() {
    let target = Failing { inner: PhantomKeyhole::new(42), panics: AtomicUsize::new(0) };
    assert_same_on_any_number_of_threads(&target, 1_000);
    assert!(target.panics.load(Ordering::Relaxed) > 0);
    let (trail, outcome, _) = run(&target, 2, 1_000);
    let reasons: HashSet<String> =
        trail.rows().iter().filter_map(|row| row.outcome.result.as_ref().err().map(ToString::to_string)).collect();
    assert!(reasons.contains("panic: alpha 1 is out of the table"), "{reasons:?}");
    assert!(reasons.contains("error: not enough history"), "{reasons:?}");
    let selected = outcome.selected().expect("a candidate is selected");
    assert!(selected.outcome.result.is_ok(), "a failed evaluation is never selected");
}

#[test]
fn the_failure_that_is_one_too_many_ends_the_run_at_the_same_row() {
    let target = Failing { inner: PhantomKeyhole::new(42), panics: AtomicUsize::new(0) };
    let stopped = |threads: usize| {
        let mut trail = Trail::new();
        let config = RunConfig { max_failed_evaluations: 2, ..RunConfig::reference() };
        let declaration = Declaration { config, ..Declaration::of("failing", &target) };
        let run = Run::of(&declaration).train(&target).threads(threads).record(&mut trail);
        let error = run.run().expect_err("it fails");
        assert!(error.is_target_failure());
        (error.to_string(), format!("{trail:?}"))
    };
    let (text, trail) = stopped(1);
    assert!(text.contains("which makes 3 failed where at most 2 may (`max_failed_evaluations`)"), "{text}");
    assert_eq!((text, trail), stopped(4));
}

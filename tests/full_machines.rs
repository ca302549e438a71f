//! What goes out together on many threads, and that the record never shows it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use omega_lock::internals::audit::{Lend, RecordError, Recorder, Row, Subject, Trail};
use omega_lock::internals::objective::Phase;
use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::prelude::*;
use omega_lock::{Declaration, ParamSpace, Params, Run, RunError, RunResult};

/// Which evaluations there are, and which of them at the same time.
#[derive(Default)]
struct Spy(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    calls: usize,
    under_way: Vec<(Role, u64)>,
    together: BTreeSet<[(Role, u64); 2]>,
    most: usize,
    over: bool,
}

impl Spy {
    fn calls(&self) -> usize {
        self.0.lock().expect("nobody panicked").calls
    }

    /// Whether evaluations of these slices, each with the seed of its null version or 0, went on at the same time.
    fn together(&self, one: (Role, u64), other: (Role, u64)) -> bool {
        let mut pair = [one, other];
        pair.sort();
        self.0.lock().expect("nobody panicked").together.contains(&pair)
    }
}

/// A slice that is watched, and takes its time: nobody knows which of two evaluations comes first.
struct Watched<'s> {
    inner: PhantomKeyhole,
    role: Role,
    seed: u64,
    spy: &'s Spy,
    /// Microseconds, at most.
    pause: u64,
}

impl Target for Watched<'_> {
    fn space(&self) -> ParamSpace {
        self.inner.space()
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let this = (self.role, self.seed);
        {
            let seen = &mut *self.spy.0.lock().expect("nobody panicked");
            assert!(!seen.over, "an evaluation after the run");
            seen.calls += 1;
            for &other in &seen.under_way {
                let mut pair = [this, other];
                pair.sort();
                seen.together.insert(pair);
            }
            seen.under_way.push(this);
            seen.most = seen.most.max(seen.under_way.len());
        }
        let bytes = params.to_string().bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        thread::sleep(Duration::from_micros(bytes % (self.pause + 1)));
        let answer = self.inner.evaluate(params);
        let under_way = &mut self.spy.0.lock().expect("nobody panicked").under_way;
        let at = under_way.iter().position(|other| *other == this).expect("it began");
        under_way.swap_remove(at);
        answer
    }

    fn identity(&self) -> String {
        self.inner.identity()
    }
}

/// Rows that an earlier part of the run left, and an end behind some row.
struct Kept {
    trail: Trail,
    earlier: Vec<Row>,
    last: usize,
}

impl Recorder for Kept {
    fn recorded(&mut self, call_index: u64) -> Result<Option<Row>, RecordError> {
        Ok(self.earlier.get(call_index as usize).cloned())
    }

    fn record(&mut self, row: Row) -> Result<(), RecordError> {
        self.trail.record(row)?;
        if self.trail.rows().len() + self.earlier.len() == self.last { Err("pulled out".into()) } else { Ok(()) }
    }

    fn recall(&mut self, call_index: u64) -> Result<Row, RecordError> {
        match self.earlier.get(call_index as usize) {
            Some(row) => Ok(row.clone()),
            None => self.trail.recall(call_index),
        }
    }
}

fn declaration(search: SearchMethod) -> Declaration {
    let config = RunConfig {
        search,
        thresholds: Thresholds::pure_objective(),
        null_declared: true,
        holdout: HoldoutRule { mode: HoldoutMode::Gate, min_fitness: Some(5.0), min_sample_ratio: None },
        ..RunConfig::default()
    };
    let [train, test, judge, holdout] = slices();
    Declaration {
        config,
        constraints: vec![Constraint::above("active", "samples", 0.0)],
        ..Declaration::of("phantom", &train)
            .with(Role::Test, &test)
            .with(Role::Validation, &judge)
            .with(Role::Holdout, &holdout)
    }
}

fn slices() -> [PhantomKeyhole; 4] {
    [42, 1337, 77, 9].map(PhantomKeyhole::new)
}

fn run(
    declaration: &Declaration,
    threads: usize,
    pause: u64,
    spy: &Spy,
    recorder: &mut dyn Recorder,
) -> Result<RunResult, RunError> {
    let [train, test, judge, holdout] = slices();
    let watched = |inner: &PhantomKeyhole, role, seed| Watched { inner: inner.clone(), role, seed, spy, pause };
    let null = |seed: u64, lend: &mut Lend<'_>| {
        let (train, test) = (train.clone().permuted(seed), test.clone().permuted(seed));
        let (train, test) = (watched(&train, Role::Train, seed), watched(&test, Role::Test, seed));
        lend(&[(Role::Train, Subject::Parallel(&train)), (Role::Test, Subject::Parallel(&test))]);
        Ok(())
    };
    let [on_train, on_test] = [(&train, Role::Train), (&test, Role::Test)].map(|(inner, role)| watched(inner, role, 0));
    let (judge, last) = (watched(&judge, Role::Validation, 0), watched(&holdout, Role::Holdout, 0));
    let run = Run::of(declaration).train(&on_train).test(&on_test).validation(&judge).holdout(&last).null(&null);
    let outcome = run.record(recorder).threads(threads).run();
    spy.0.lock().expect("nobody panicked").over = true;
    outcome.map(|outcome| RunResult::new(declaration, &outcome))
}

fn methods() -> [SearchMethod; 4] {
    [
        SearchMethod::Grid { points_per_axis: 5 },
        SearchMethod::Zoom { points_per_axis: 3, rounds: 2, factor: 0.5 },
        SearchMethod::Random { samples: 60, seed: 5 },
        SearchMethod::Tpe { trials: 40, seed: 3, batch: 4, sampler: Default::default() },
    ]
}

#[test]
fn the_record_is_the_same_for_any_number_of_threads_and_everything_is_evaluated_once() {
    for search in methods() {
        let declaration = declaration(search.clone());
        let made = |threads, pause| {
            let (spy, mut trail) = (Spy::default(), Trail::new());
            let result = run(&declaration, threads, pause, &spy, &mut trail).expect("a verdict");
            let most = spy.0.lock().expect("nobody panicked").most;
            assert!(most <= threads, "{search:?}: {most} at once on {threads} threads");
            (result, trail, spy.calls())
        };
        let (result, alone, calls) = made(1, 0);
        assert_eq!(calls, alone.rows().len());
        for threads in [2, 8] {
            let (same, together, calls) = made(threads, 300);
            assert_eq!((&same, &together), (&result, &alone), "{search:?} on {threads} threads");
            let passed = result.verdict.is_pass();
            assert!(
                calls == together.rows().len() || !passed,
                "{search:?} on {threads} threads: {calls} evaluations, {} rows",
                together.rows().len()
            );
        }
    }
}

#[test]
fn null_runs_ranked_candidates_and_draws_go_out_together_and_the_holdout_last_and_alone() {
    let (spy, mut trail) = (Spy::default(), Trail::new());
    let result = run(&declaration(methods()[0].clone()), 8, 2_000, &spy, &mut trail).expect("a verdict");
    assert_eq!(result.verdict.to_string(), "PASS");
    let (train, test) = ((Role::Train, 0), (Role::Test, 0));
    assert!(spy.together(train, test), "draws, and ranked candidates");
    assert!(spy.together(test, (Role::Validation, 0)), "the best on test, and the judge");
    assert!(spy.together((Role::Train, 1), train) || spy.together((Role::Train, 1), test), "a null run fills the rest");
    // One that is done before the next one begins is as good.
    let overlap = |seed: &u64| spy.together((Role::Train, *seed), (Role::Train, *seed + 1));
    let overlapping = (1..19).filter(overlap).count();
    assert!(overlapping >= 9, "{overlapping} of 18 null runs go on while the next one does");
    let seen = spy.0.lock().expect("nobody panicked");
    assert_eq!(seen.most, 8);
    assert!(seen.together.iter().flatten().all(|(role, _)| *role != Role::Holdout), "{:?}", seen.together);
    assert_eq!(trail.rows().last().map(|row| row.context.role), Some(Role::Holdout));
    assert_eq!(trail.rows().iter().filter(|row| row.context.role == Role::Holdout).count(), 1);
}

#[test]
fn a_run_pulled_out_anywhere_starts_nothing_afterwards_and_goes_on_where_it_was() {
    let declaration = declaration(methods()[3].clone());
    let mut whole = Trail::new();
    let result = run(&declaration, 1, 0, &Spy::default(), &mut whole).expect("a verdict");
    let total = whole.rows().len();
    for part in 1..12 {
        let last = total * part / 12;
        let mut pulled = Kept { trail: Trail::new(), earlier: Vec::new(), last };
        // The spy does not take an evaluation after the end.
        run(&declaration, 6, 200, &Spy::default(), &mut pulled).expect_err("pulled out");
        assert_eq!(pulled.trail.rows(), &whole.rows()[..last], "pulled out behind row {last} of {total}");
        let earlier = pulled.trail.rows().to_vec();
        let (spy, mut rest) = (Spy::default(), Kept { trail: Trail::new(), earlier, last: usize::MAX });
        let again = run(&declaration, 6, 200, &spy, &mut rest).expect("a verdict");
        assert_eq!(again, result);
        assert_eq!(rest.trail.rows(), &whole.rows()[last..], "went on behind row {last} of {total}");
        assert_eq!(spy.calls(), total - last, "nothing on record is evaluated again");
    }
}

#[test]
fn failures_are_counted_in_the_order_of_the_record_whatever_fails_ahead_of_it() {
    let broken = |threads| {
        let space = ParamSpace::new().float("x", 0.0..=1.0, 0.5).float("y", 0.0..=1.0, 0.5);
        // In the search every seventh does, and of null runs all but the baseline.
        let target = |null: bool, scale: f64| {
            FnTarget::new(space.clone(), move |params| {
                let (x, y) = (params.float("x")?, params.float("y")?);
                let number = (1e6 * x) as u64;
                thread::sleep(Duration::from_micros(number % 300));
                match null && x != 0.5 || !null && number % 7 == 3 {
                    true => Err(TargetError::new(format!("no data at {x}"))),
                    false => Ok(Evaluation::new(scale * (3.0 * x + y)).samples(50)),
                }
            })
        };
        let (train, test, none) = (target(false, 1.0), target(false, 1.1), target(true, 1.0));
        let null = |_: u64, lend: &mut Lend<'_>| {
            lend(&[(Role::Train, Subject::Parallel(&none)), (Role::Test, Subject::Parallel(&none))]);
            Ok(())
        };
        let mut config = RunConfig {
            search: SearchMethod::Random { samples: 80, seed: 1 },
            thresholds: Thresholds::pure_objective(),
            null_declared: true,
            max_failed_evaluations: 60,
            ..RunConfig::default()
        };
        config.strict.transfer.alpha = 0.9;
        let declaration = Declaration { config, ..Declaration::of("broken", &train).with(Role::Test, &test) };
        let mut trail = Trail::new();
        let run = Run::of(&declaration).train(&train).test(&test).null(&null).record(&mut trail);
        let ended = run.threads(threads).run().map(|outcome| outcome.verdict.to_string());
        (ended.map_err(|error| error.to_string()), trail)
    };
    let alone = broken(1);
    let said = alone.0.clone().expect_err("too many failed");
    assert!(said.contains("which makes 61 failed where at most 60 may") && said.contains("null"), "{said}");
    assert_eq!(broken(8), alone);
    assert_eq!(alone.1.rows().iter().filter(|row| row.outcome.result.is_err()).count(), 61);
    assert_eq!(alone.1.rows().last().map(|row| row.context.phase), Some(Phase::Null));
}

//! Walk-forward over windows: searched one after the other, judged together, recorded and made again.

mod record;

use omega_lock::internals::artifacts::RunResult;
use omega_lock::internals::audit::{Lend, Row, Subject, Trail};
use omega_lock::internals::declaration::differences;
use omega_lock::internals::gates::{GateId, GateStatus, WindowsEvidence};
use omega_lock::internals::pipeline::{GateResult, RunOutcome, declared_gates};
use omega_lock::internals::report::Page;
use omega_lock::internals::rng::Generator;
use omega_lock::prelude::*;
use omega_lock::{Clock, Declaration, Phase, Run};

/// What makes the targets of a window, from 0.
pub(crate) type Make<'m> = &'m dyn Fn(usize) -> (FnTarget, FnTarget);

fn space() -> ParamSpace {
    ["a", "b", "c", "d"].into_iter().fold(ParamSpace::new(), |space, name| space.float(name, 0.0..=1.0, 0.0))
}

/// A slope that is worth `gain` in all, with the noise of its own blocks and of every point.
fn slope(gain: f64, noise: f64, slice: u64) -> FnTarget {
    let target = FnTarget::new(space(), move |params| {
        let at = ["a", "b", "c", "d"].map(|name| params.float(name).unwrap_or_default());
        let words: Vec<u32> = at.iter().map(|value| (4.0 * value) as u32).chain([slice as u32]).collect();
        let mut generator = Generator::from_seed_words(&words);
        let level = gain * (0.6 * at[0] + 0.3 * at[1] + 0.08 * at[2] + 0.02 * at[3]);
        let blocks: Vec<f64> = (0..8).map(|_| level + noise * generator.standard_normal()).collect();
        Ok(Evaluation::new(blocks.iter().sum::<f64>() / 8.0).samples(100).blocks(blocks))
    });
    target.identified_as(format!("slice {slice}"))
}

/// Windows whose test part has the same slope.
pub(crate) fn honest(window: usize) -> (FnTarget, FnTarget) {
    let slice = 2 * window as u64;
    (slope(1.0, 0.2, slice), slope(1.0, 0.2, slice + 1))
}

struct Judged {
    outcome: RunOutcome,
    rows: Vec<Row>,
    declaration: Declaration,
}

pub(crate) fn declared(parts: &[(FnTarget, FnTarget)], config: RunConfig) -> Declaration {
    let declaration = Declaration { config, ..Declaration::of("walk", &parts[0].0) };
    parts.iter().fold(declaration, |declaration, (train, test)| declaration.with_window(train, test))
}

pub(crate) fn parts(windows: usize, make: Make<'_>) -> Vec<(FnTarget, FnTarget)> {
    (0..windows).map(make).collect()
}

pub(crate) fn config() -> RunConfig {
    RunConfig { blocks: Some(8), ..RunConfig::default() }
}

fn run_as(windows: usize, make: Make<'_>, config: RunConfig) -> Judged {
    let parts = parts(windows, make);
    let declaration = declared(&parts, config);
    let mut trail = Trail::new();
    let run = parts.iter().fold(Run::of(&declaration), |run, (train, test)| run.window(train, test));
    let outcome = run.record(&mut trail).run().expect("a verdict");
    Judged { outcome, rows: trail.rows().to_vec(), declaration }
}

fn message(outcome: &RunOutcome, gate: &GateId) -> (GateStatus, String) {
    let report = outcome.report(gate).unwrap_or_else(|| panic!("{gate} was not judged"));
    (report.status, report.message.clone())
}

#[test]
fn every_window_is_searched_on_its_own_train_part_and_what_the_last_one_finds_ships() {
    let Judged { outcome, rows, declaration } = run_as(4, &honest, config());
    assert_eq!(outcome.verdict.to_string(), "PASS");
    assert_eq!(outcome.passes.iter().map(|pass| pass.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(rows.is_sorted_by_key(|row| row.context.round) && rows[0].context.round == 1);
    for (window, pass) in outcome.passes.iter().enumerate() {
        let (train, test) = honest(window);
        let own = || rows.iter().filter(move |row| row.context.round == pass.number);
        for row in own() {
            let target = if row.context.role == Role::Train { &train } else { &test };
            let again = target.evaluate(&row.params).expect("a fitness").fitness;
            assert_eq!(row.outcome.evaluation().map(|seen| seen.fitness), Some(again), "another window's data");
        }
        assert_eq!(own().filter(|row| row.context.phase == Phase::Search).count(), 125);
        assert!(own().all(|row| row.context.phase != Phase::Baseline || row.params == space().neutral()));
    }
    let repeats = rows.iter().filter(|row| row.context.phase == Phase::Repeat);
    assert_eq!(repeats.map(|row| row.context.round).collect::<Vec<_>>(), [4], "deterministic is asked once");
    let last = outcome.passes[3].selected.as_ref().map(|best| best.params.clone());
    assert_eq!(outcome.shipped, last);
    let (_, said) = message(&outcome, &GateId::Windows);
    assert!(said.starts_with("PASS: gain ") && said.contains("over 32 blocks of 4 windows), p=0.0"), "{said}");

    let result = RunResult::new(&declaration, &outcome);
    let skipped: Vec<String> = result.skipped().iter().map(ToString::to_string).collect();
    assert_eq!(skipped, ["kc2", "kc4", "transfer", "margin", "null", "holdout", "sc2"]);
    assert_eq!(result.rests_on(), ["windows 4", "blocks 8"]);
    let own = |pass: usize| result.passes[pass].gates.iter().map(|gate| gate.gate.to_string()).collect::<Vec<_>>();
    assert_eq!(own(0), ["finite", "searched"]);
    assert_eq!(own(3), ["kc1", "kc3", "finite", "searched", "improvement", "selected", "deterministic", "sc2"]);
    assert!(result.passes.iter().flat_map(|pass| &pass.gates).all(|gate| gate.status != GateStatus::Fail));
    assert_eq!(result.passes.iter().map(|pass| pass.locked_in).collect::<Vec<_>>(), [false, false, false, true]);
}

#[test]
fn what_wins_in_every_window_and_is_worth_nothing_in_the_data_that_follows_fails() {
    let noise = |window: usize| (slope(0.0, 1.0, 2 * window as u64), slope(0.0, 1.0, 2 * window as u64 + 1));
    let outcome = run_as(4, &noise, config()).outcome;
    assert!(outcome.verdict.blames(&GateId::Windows), "{}", outcome.verdict);
    let (_, said) = message(&outcome, &GateId::Windows);
    assert!(said.contains(">0.05; 32 blocks show gains above about "), "{said}");
    // Backwards in the last window alone: the procedure fails to convince, and the very winner that would ship does not hold.
    let turned = |window: usize| {
        let (train, test) = honest(window);
        if window == 3 { (train, slope(-9.0, 0.2, 7)) } else { (train, test) }
    };
    let outcome = run_as(4, &turned, config()).outcome;
    assert_eq!(outcome.verdict.to_string(), "FAIL:SELECTED,WINDOWS");
}

#[test]
fn without_blocks_the_windows_themselves_are_what_is_counted() {
    let Judged { outcome, declaration, .. } = run_as(4, &honest, RunConfig::default());
    let (status, said) = message(&outcome, &GateId::Windows);
    assert!(status == GateStatus::Pass && said.contains("over 4 windows), p="), "{said}");
    let result = RunResult::new(&declaration, &outcome);
    assert_eq!(result.rests_on(), ["windows 4"]);
    let line = "add `blocks = 8` to the calibration's table in omega.toml, and `windows` judges by all of them.";
    assert!(outcome.warnings.iter().any(|warning| warning.ends_with(line)), "{:?}", outcome.warnings);
}

/// Every gate that is declared has an answer, whatever became of the run.
fn answered(outcome: &RunOutcome) {
    for gate in declared_gates(&outcome.config, |role| role != Role::Validation && role != Role::Holdout, []) {
        let (_, result) = outcome.result_of(&gate);
        let missing = matches!(result, GateResult::Unreached(_));
        assert!(!missing, "{} has no answer", gate.gate);
    }
}

#[test]
fn a_window_that_finds_nothing_eligible_fails_by_its_number_and_the_others_are_walked_all_the_same() {
    let parts = parts(4, &|window| {
        let (train, test) = honest(window);
        let space = space();
        let whole = FnTarget::new(space, move |params| {
            let seen = train.evaluate(params)?;
            Ok(seen.with_metric("kept", if window == 1 { 0.0 } else { 1.0 }))
        });
        (whole.identified_as(format!("slice {}", 2 * window)), test)
    });
    let mut declaration = declared(&parts, config());
    // On test nobody says it, so only train is judged by it.
    declaration.constraints.push(Constraint::above("kept", "metadata.kept", 0.5));
    declaration.config.constraint_policy = ConstraintPolicy::PreferFeasible;
    let run = parts.iter().fold(Run::of(&declaration), |run, (train, test)| run.window(train, test));
    let outcome = run.run().expect("a verdict");
    answered(&outcome);
    assert_eq!(outcome.passes.len(), 4);
    assert!(outcome.verdict.blames(&GateId::Searched) && outcome.verdict.blames(&GateId::Windows));
    let result = RunResult::new(&declaration, &outcome);
    assert_eq!(result.gate("searched").and_then(|gate| gate.round), Some(2));
    let (_, said) = message(&outcome, &GateId::Windows);
    assert!(said.starts_with("FAIL: the gains cannot be computed: window "), "{said}");
    let windows = result.ending.windows.expect("the windows were judged");
    assert!(windows.over_all.is_none() && windows.gains[1].is_none());
}

#[test]
fn windows_that_are_one_fail_slices_by_identity_and_by_their_figures() {
    let same = |_: usize| honest(0);
    let outcome = run_as(4, &same, config()).outcome;
    let (status, said) = message(&outcome, &GateId::Slices);
    assert_eq!(status, GateStatus::Fail);
    assert!(said.contains("test of window 1 and test of window 2 have one identity, `slice 1`"), "{said}");
    assert!(said.contains("figures on test of windows 3 and 4 are alike bit for bit"), "{said}");
    let nameless = |_: usize| {
        let (train, test) = honest(0);
        (train.identified_as(""), test.identified_as(""))
    };
    let (status, said) = message(&run_as(4, &nameless, config()).outcome, &GateId::Slices);
    assert!(status == GateStatus::Fail && !said.contains("identity"), "{said}");
    // Each is searched on data of its own, and all are tested on one; what wins need not be the same.
    let tested_once = |window: usize| {
        let (train, test) = (slope(0.0, 1.0, 2 * window as u64), slope(0.0, 1.0, 1));
        (train.identified_as(""), test.identified_as(""))
    };
    let Judged { outcome, declaration, .. } = run_as(4, &tested_once, config());
    let (status, said) = message(&outcome, &GateId::Slices);
    assert!(status == GateStatus::Fail && said.contains("figures on test of windows 1 and 2"), "{said}");
    assert_eq!(RunResult::new(&declaration, &outcome).unnamed(), [Role::Train, Role::Test]);
    // Tested on what it was searched on, in one window of four.
    let leaking = |window: usize| {
        let (train, test) = honest(window);
        if window == 2 { (slope(1.0, 0.2, 4), slope(1.0, 0.2, 4)) } else { (train, test) }
    };
    let (status, said) = message(&run_as(4, &leaking, config()).outcome, &GateId::Slices);
    assert_eq!(status, GateStatus::Fail);
    assert!(said.starts_with("FAIL: train of window 3 and test of window 3 have one identity, `slice 4`"), "{said}");
    assert!(said.contains("figures on train and test of window 3 are alike bit for bit"), "{said}");
    // A holdout that some window was tested on.
    let parts = parts(4, &honest);
    let holdout = slope(1.0, 0.2, 3);
    let declaration = declared(&parts, config()).with(Role::Holdout, &holdout);
    let run = parts.iter().fold(Run::of(&declaration), |run, (train, test)| run.window(train, test));
    let outcome = run.holdout(&holdout).run().expect("a verdict");
    assert_eq!(outcome.verdict.to_string(), "FAIL:SLICES");
    assert!(outcome.ending.holdout.is_none(), "the holdout stays closed");
}

#[test]
fn null_runs_walk_all_windows_and_the_mean_of_their_winners_is_what_the_windows_have_to_beat() {
    let parts = parts(4, &honest);
    let mut declaration = declared(&parts, config());
    declaration.config.null_declared = true;
    let judged = |of: &(dyn Fn(u64, usize) -> (FnTarget, FnTarget) + Sync)| {
        let null = |seed: u64, lend: &mut Lend<'_>| {
            let made: Vec<_> = (0..4).map(|window| of(seed, window)).collect();
            let both = made.iter().flat_map(|(train, test)| {
                [(Role::Train, Subject::Parallel(train)), (Role::Test, Subject::Parallel(test))]
            });
            lend(&both.collect::<Vec<_>>());
            Ok(())
        };
        let mut trail = Trail::new();
        let run = parts.iter().fold(Run::of(&declaration), |run, (train, test)| run.window(train, test));
        let outcome = run.null(&null).record(&mut trail).run().expect("a verdict");
        let nulls = trail.rows().iter().filter(|row| row.context.phase == Phase::Null).cloned().collect::<Vec<_>>();
        (outcome, nulls)
    };
    let slice = |seed: u64, window: usize, part: u64| 1_000 * seed + 2 * window as u64 + part;
    let (outcome, rows) =
        judged(&|seed, window| (slope(0.0, 0.2, slice(seed, window, 0)), slope(0.0, 0.2, slice(seed, window, 1))));
    assert_eq!(outcome.verdict.to_string(), "PASS");
    let own = |seed: u32| rows.iter().filter(move |row| row.context.round == seed);
    for seed in 1..=19 {
        let tested: Vec<f64> = own(seed)
            .filter(|row| row.context.role == Role::Test)
            .filter_map(|row| Some(row.outcome.evaluation()?.fitness))
            .collect();
        assert_eq!(tested.len(), 4, "one winner of each window");
        assert_eq!(own(seed).filter(|row| row.context.role == Role::Train).count(), 4 * (1 + 8 + 125));
    }
    let evidence = outcome
        .report(&GateId::Null)
        .and_then(|report| report.evidence::<omega_lock::internals::gates::NullEvidence>().cloned());
    let evidence = evidence.expect("null was judged");
    let mean = |rows: Vec<f64>| rows.iter().sum::<f64>() / rows.len() as f64;
    let first = own(1).filter(|row| row.context.role == Role::Test);
    let first = mean(first.filter_map(|row| Some(row.outcome.evaluation()?.fitness)).collect());
    assert!((evidence.nulls[0].unwrap_or(f64::NAN) - first).abs() < 1e-12, "{:?}", evidence.nulls);
    let winners = outcome.passes.iter().filter_map(|pass| Some(pass.selected_on_test()?.evaluation()?.fitness));
    assert!((evidence.observed.unwrap_or(f64::NAN) - mean(winners.collect())).abs() < 1e-12);
    // As much to find there as here.
    let (outcome, _) =
        judged(&|seed, window| (slope(1.0, 0.2, slice(seed, window, 0)), slope(1.0, 0.2, slice(seed, window, 1))));
    assert_eq!(outcome.verdict.to_string(), "FAIL:NULL");
}

#[test]
fn too_few_windows_rounds_beside_them_or_the_reference_profile_are_refused_before_anything_is_evaluated() {
    let refused = |windows: usize, change: fn(&mut RunConfig)| {
        let parts = parts(windows, &honest);
        let mut declaration = declared(&parts, config());
        change(&mut declaration.config);
        let run = parts.iter().fold(Run::of(&declaration), |run, (train, test)| run.window(train, test));
        run.run().map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
    };
    assert_eq!(refused(3, |_| ()), "`windows.count` is 3, expected at least 4 (`gates.windows.min`)");
    assert_eq!(refused(3, |config| config.strict.windows.min = 3), "accepted");
    assert_eq!(
        refused(4, |config| config.strict.windows.min = 1),
        "`gates.windows.min` is 1, expected a whole number of at least 2"
    );
    assert_eq!(
        refused(4, |config| config.rounds = Some(Rounds::default())),
        "`pipeline` is windows, expected windows or rounds, not both"
    );
    assert!(
        refused(4, |config| config.profile = Profile::Reference).starts_with("`pipeline` is windows, expected \"p1\"")
    );
    assert!(refused(4, |config| config.windows = Some(5)).contains("windows"), "a count that nobody has data for");
    let parts = parts(4, &honest);
    let undeclared = RunConfig { windows: Some(4), ..config() };
    let undeclared = Declaration { config: undeclared, ..Declaration::of("walk", &parts[0].0) };
    let undeclared = undeclared.with(Role::Test, &parts[0].1);
    let run = parts.iter().fold(Run::of(&undeclared), |run, (train, test)| run.window(train, test));
    let error = run.run().unwrap_err().to_string();
    assert!(error.starts_with("`windows.count` is 4, expected 0, for so many have data"), "{error}");
    let declaration = declared(&parts, config());
    let run = parts[1..].iter().fold(Run::of(&declaration), |run, (train, test)| run.window(train, test));
    let error = run.run().unwrap_err().to_string();
    assert!(error.starts_with("the declaration has 4 windows, and the run was given 3 train targets"), "{error}");
}

#[test]
fn the_lock_calls_fewer_windows_looser_and_other_data_of_one_moved() {
    let declaration = |windows: usize, make: Make<'_>| declared(&parts(windows, make), config()).fields();
    let changes = |before: &[omega_lock::internals::declaration::Field],
                   after: &[omega_lock::internals::declaration::Field]| {
        differences(before, after)
            .iter()
            .map(|found| format!("{} {}", found.key, found.direction.name()))
            .collect::<Vec<_>>()
    };
    let four = declaration(4, &honest);
    let keys: Vec<&str> = four.iter().map(|field| field.key.as_str()).filter(|key| key.contains("windows")).collect();
    assert!(
        keys.contains(&"windows.4.test") && keys.contains(&"windows.count") && keys.contains(&"gates.windows.alpha")
    );
    assert!(!four.iter().any(|field| field.key == "roles.train"), "said once, window by window");
    let five = declaration(5, &honest);
    assert!(changes(&five, &four).contains(&"windows.count LOOSER".to_owned()), "{:?}", changes(&five, &four));
    assert!(changes(&four, &five).contains(&"windows.count moved".to_owned()));
    let other = declaration(4, &|window| if window == 1 { honest(9) } else { honest(window) });
    assert_eq!(changes(&four, &other), ["windows.2.test moved", "windows.2.train moved"]);
    let looser = |change: fn(&mut RunConfig)| {
        let mut looser = declared(&parts(4, &honest), config());
        change(&mut looser.config);
        changes(&four, &looser.fields())
    };
    assert_eq!(looser(|config| config.strict.windows.alpha = 0.2), ["gates.windows.alpha LOOSER"]);
    assert_eq!(looser(|config| config.strict.windows.min = 2), ["gates.windows.min LOOSER"]);
}

/// A clock that has gone on by a second each time it is read.
struct Ticking(std::sync::atomic::AtomicU64);

impl Clock for Ticking {
    fn elapsed(&self) -> std::time::Duration {
        std::time::Duration::from_secs(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
    }
}

#[test]
fn the_time_box_is_that_of_all_windows_and_every_gate_has_an_answer_wherever_it_ends() {
    for seconds in [40.0, 150.0, 250.0, 400.0, 600.0, 700.0] {
        let parts = parts(4, &honest);
        let mut declaration = declared(&parts, config());
        declaration.config.thresholds.time_box_seconds = seconds;
        let clock = Ticking(std::sync::atomic::AtomicU64::new(0));
        let run = parts.iter().fold(Run::of(&declaration), |run, (train, test)| run.window(train, test));
        let outcome = run.clock(&clock).run().expect("a verdict");
        assert!(outcome.verdict.blames(&GateId::Kc1), "{seconds}: {}", outcome.verdict);
        answered(&outcome);
        let result = RunResult::new(&declaration, &outcome);
        assert!(result.gates.iter().all(|gate| !gate.message.contains("defect")), "{:?}", result.gates);
        assert!(outcome.report(&GateId::Windows).is_none() || outcome.passes.len() == 4);
        Page::from(&result).text();
    }
}

#[test]
fn the_gains_of_all_windows_are_in_what_was_judged() {
    let outcome = run_as(5, &honest, config()).outcome;
    let report = outcome.report(&GateId::Windows).expect("windows was judged");
    let evidence = report.evidence::<WindowsEvidence>().expect("evidence");
    assert_eq!(evidence.windows.len(), 5);
    let mean = evidence.windows.iter().flatten().map(|gain| gain.counts()).sum::<f64>() / 5.0;
    assert!((evidence.over_all.expect("all gains").mean - mean).abs() < 1e-12);
    let metrics: Vec<&str> = report.measures.iter().map(|measure| measure.metric.as_str()).collect();
    assert_eq!(metrics[..3], ["gain", "p", "gain of window 1"]);
}

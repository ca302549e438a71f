//! Evidence that is none: D02, D03, D05 to D08, D21, D22, D24.

use omega_lock::internals::gates::{GateId, GateReport, Transfer, gate_scores, gate_scores_exact};
use omega_lock::internals::pipeline::{OwnLoop, Proposer, declared_gates};
use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run};

use crate::toy::{both, declared, failed, linear, proposed, recorded, run, said, toy};

fn gate(config: &mut RunConfig, min_fitness: Option<f64>, min_sample_ratio: Option<f64>) {
    config.holdout = HoldoutRule { mode: HoldoutMode::Gate, min_fitness, min_sample_ratio };
}

#[test]
fn d02_a_holdout_that_says_nan_fails_its_gate() {
    let (train, holdout) = (toy(linear), toy(|_| f64::NAN));
    let [reference, strict] = both(|config| {
        gate(config, Some(50.0), None);
        config.max_failed_evaluations = 1;
    });
    let slices = [(Role::Train, &train), (Role::Holdout, &holdout)];
    assert!(run(&reference, &slices, &[]).verdict.is_pass());
    let ours = run(&strict, &slices, &[]);
    assert_eq!(ours.verdict.to_string(), "FAIL:HOLDOUT");
    assert_eq!(said(&ours, &GateId::Holdout), "FAIL: the evaluation failed: non_finite: the fitness is NaN");
    // A count of samples that is NaN cannot be written: it is a whole number.
    let _: u64 = Evaluation::new(1.0).samples;
}

#[test]
fn d03_a_holdout_gate_that_nothing_could_fail_fails() {
    let (train, terrible) = (toy(linear), toy(|_| -1e9));
    let slices = [(Role::Train, &train), (Role::Holdout, &terrible)];
    let [reference, strict] = both(|config| gate(config, None, None));
    assert!(run(&reference, &slices, &[]).verdict.is_pass(), "no threshold");
    let vacuous = run(&strict, &slices, &[]);
    assert_eq!(said(&vacuous, &GateId::Holdout), "FAIL: no threshold is declared, so nothing could fail");

    let uncounted = |fitness: fn(&Params) -> f64| {
        FnTarget::new(crate::toy::space(), move |params| Ok(Evaluation::new(fitness(params))))
    };
    let (train, holdout) = (uncounted(linear), uncounted(linear));
    let [reference, strict] = both(|config| {
        gate(config, None, Some(0.9));
        config.thresholds = Thresholds::pure_objective();
    });
    let slices = [(Role::Train, &train), (Role::Holdout, &holdout)];
    assert!(run(&reference, &slices, &[]).verdict.is_pass(), "a ratio over a train count of 0");
    assert!(said(&run(&strict, &slices, &[]), &GateId::Holdout).contains("the train count is 0"));

    let [reference, strict] = both(|config| gate(config, Some(1e9), None));
    let train = toy(linear);
    let peer = run(&reference, &[(Role::Train, &train)], &[]);
    assert!(peer.verdict.is_pass() && peer.ending.holdout.is_none(), "no target");
    let ours = run(&strict, &[(Role::Train, &train)], &[]);
    assert_eq!(said(&ours, &GateId::Holdout), "FAIL: no holdout target is declared");
}

#[test]
fn d05_constant_scores_have_no_correlation() {
    let constant = [0.1; 3];
    let peer = gate_scores(&constant, &constant, &Thresholds::pure_objective());
    assert_eq!((peer.passed, peer.pearson), (true, Some(1.000_000_000_000_000_2)));
    let exact = gate_scores_exact(&constant, &constant, &Thresholds::pure_objective());
    assert!(exact.reasons[0].contains("ZERO_VARIANCE_X"), "{:?}", exact.reasons);
    let (train, test) = (toy(linear), toy(|_| 0.1));
    let ours = run(&RunConfig::default(), &[(Role::Train, &train), (Role::Test, &test)], &[]);
    assert!(said(&ours, &GateId::Transfer).contains("ZERO_VARIANCE_Y"));
    assert!(failed(&ours, &GateId::Transfer));
}

/// Evaluates two points and calls that a search.
fn two_points(own: &mut OwnLoop<'_>) -> Result<(), TargetError> {
    for a in [0.6, 1.0] {
        let params = own.base().with("a", a)?;
        own.evaluate(&params)?;
    }
    Ok(())
}

#[test]
fn d06_two_candidates_are_no_correlation_and_significance_is_required() {
    let (train, test) = (toy(linear), toy(linear));
    for mut config in both(|config| config.search = SearchMethod::Own { name: "two points".to_owned() }) {
        config.max_failed_evaluations = 0;
        let slices = [(Role::Train, &train), (Role::Test, &test)];
        let outcome = proposed(Proposer::Loop(&two_points), &config, &slices, &[]).0.expect("runs");
        match config.profile {
            Profile::Reference => assert!(outcome.verdict.is_pass(), "{}", outcome.verdict),
            _ => {
                assert!(failed(&outcome, &GateId::Searched));
                let message = said(&outcome, &GateId::Transfer);
                assert!(message.contains("significance is impossible, the smallest p of these 2 points"), "{message}");
            }
        }
    }
}

/// One whole number from 0 to 100, beginning at 50, all of which a search of 101 points visits.
fn line(fitness: impl Fn(i64) -> f64 + Send + Sync + 'static) -> FnTarget {
    FnTarget::new(ParamSpace::new().int("x", 0..=100, 50), move |params| {
        Ok(Evaluation::new(fitness(params.int("x")?)).samples(100))
    })
}

#[test]
fn d07_winner_level_and_ranking_are_tested_and_not_a_line_through_them() {
    let scores = |fitness: &dyn Fn(i64) -> f64| (0..=100).map(fitness).collect::<Vec<f64>>();
    let peer = |train: &dyn Fn(i64) -> f64, test: &dyn Fn(i64) -> f64| {
        gate_scores(&scores(train), &scores(test), &Thresholds::pure_objective()).passed
    };
    let strict = |max_drop| {
        let mut config = RunConfig { search: SearchMethod::Grid { points_per_axis: 101 }, ..RunConfig::default() };
        config.strict.max_drop = max_drop;
        config
    };
    let judge = |config: &RunConfig, train: FnTarget, test: FnTarget| {
        run(config, &[(Role::Train, &train), (Role::Test, &test)], &[])
    };
    // The winner falls from 150 to 20, everything else holds.
    let (winner, fallen) = (|x| if x == 100 { 150.0 } else { x as f64 }, |x| if x == 100 { 20.0 } else { x as f64 });
    assert!(peer(&winner, &fallen));
    let ours = judge(&strict(None), line(winner), line(fallen));
    assert!(said(&ours, &GateId::Selected).contains("test fitness 20 is below the baseline's 50"));
    // Everything is worse by a million: a declared drop sees it.
    let (level, lower) = (|x: i64| x as f64, |x: i64| x as f64 - 1e6);
    assert!(peer(&level, &lower));
    let ours = judge(&strict(Some(10.0)), line(level), line(lower));
    assert!(said(&ours, &GateId::Selected).contains("it drops by 1e+06 from train to test, at most 10 is allowed"));
    // One outlier over a ranking that is exactly reversed.
    let outlier = |x: i64| if x == 100 { 1e4 } else { x as f64 };
    let reversed = |x: i64| if x == 100 { 1e4 } else { 99.0 - x as f64 };
    assert!(peer(&outlier, &reversed));
    let ours = judge(&strict(None), line(outlier), line(reversed));
    assert!(said(&ours, &GateId::Transfer).contains("rank: p="));
}

#[test]
fn d08_a_verdict_without_a_test_slice_says_what_it_was_reached_without() {
    let train = toy(linear);
    let [reference, strict] = both(|_| ());
    let peer = run(&reference, &[(Role::Train, &train)], &[]);
    assert!(peer.verdict.is_pass() && peer.report(&GateId::Kc4).is_none());
    let ours = run(&strict, &[(Role::Train, &train)], &[]);
    let gates = declared_gates(&ours.config, |role| role == Role::Train, []);
    let skipped: Vec<String> =
        gates.iter().filter(|declared| declared.skip.is_some()).map(|declared| declared.gate.id()).collect();
    assert_eq!(skipped, ["kc4", "selected", "transfer", "null", "slices", "holdout", "sc2"]);
    let declaration = declared(&strict, &[(Role::Train, &train)], &[]);
    let scorecard = omega_lock::scorecard(&omega_lock::RunResult::new(&declaration, &ours));
    assert!(
        scorecard.contains("Verdict:      PASS (skipped: kc4, selected, transfer, null, slices, holdout, sc2)"),
        "{scorecard}"
    );
}

#[test]
fn d21_the_holdout_is_not_opened_after_a_failure() {
    let (train, reversed, holdout) = (toy(linear), toy(|params| -linear(params)), toy(linear));
    let [reference, strict] = both(|config| gate(config, Some(0.0), None));
    let slices = [(Role::Train, &train), (Role::Test, &reversed), (Role::Holdout, &holdout)];
    let opened = |config: &RunConfig| {
        let (outcome, trail) = recorded(config, &slices, &[]);
        let outcome = outcome.expect("a verdict");
        assert!(!outcome.verdict.is_pass());
        trail.rows().iter().filter(|row| row.context.role == Role::Holdout).count()
    };
    assert_eq!((opened(&reference), opened(&strict)), (1, 0));
}

#[test]
fn d22_the_ratio_of_samples_is_the_winners_own() {
    let target = PhantomKeyhole::new(42);
    let measured = |config: &RunConfig| {
        let slices = Declaration::of("phantom", &target).with(Role::Test, &target);
        let declaration = Declaration { config: config.clone(), ..slices };
        let outcome = Run::of(&declaration).train(&target).test(&target).run();
        match outcome.expect("a verdict").report(&GateId::Kc4).and_then(GateReport::evidence::<Transfer>) {
            Some(transfer) => transfer.trade_ratio,
            other => panic!("{other:?}"),
        }
    };
    let [reference, strict] = both(|_| ());
    assert_eq!(format!("{:.2}", measured(&reference)), "2.58", "train and test are the same");
    assert_eq!(measured(&strict), 1.0);
}

#[test]
fn d24_the_best_is_the_best_of_the_search_on_train() {
    let (train, holdout) = (toy(linear), toy(|params| 5_000.0 + linear(params)));
    let [_, strict] = both(|_| ());
    let (outcome, trail) = recorded(&strict, &[(Role::Train, &train), (Role::Holdout, &holdout)], &[]);
    let selected = outcome.expect("a verdict").passes.remove(0).selected.expect("selected");
    let row = &trail.rows()[usize::try_from(selected.outcome.call_index).expect("a place")];
    assert_eq!((row.context.role, row.context.phase.name()), (Role::Train, "search"));
    let largest = trail.rows().iter().filter_map(|row| row.outcome.evaluation()).map(|seen| seen.fitness);
    assert_eq!((selected.fitness(), largest.fold(0.0, f64::max)), (Some(111.0), 5_111.0));
}

//! The candidate that is certified is not the one that was gated, or cannot be shipped: D01, D04, D10 to D14, D17, D18.

use omega_lock::GateId;
use omega_lock::prelude::*;

use crate::toy::{at, both, chosen, failed, fitness, linear, recorded, run, said, space, toy};

fn small_a() -> Constraint {
    Constraint::typed("small_a", "params.a", Op::AtMost, 0.25)
}

fn impossible() -> Constraint {
    Constraint::below("impossible", "params.a", -1.0)
}

fn constraint(name: &str) -> GateId {
    GateId::Constraint(name.to_owned())
}

#[test]
fn d01_nan_and_infinity_do_not_win() {
    for broken in [f64::NAN, f64::INFINITY] {
        // NaN stays where it is first, infinity is larger than anything.
        let corner = if broken.is_nan() { 0.0 } else { 1.0 };
        let train = toy(move |params| if linear(params) == 111.0 * corner { broken } else { linear(params) });
        let [reference, strict] = both(|config| config.max_failed_evaluations = 1);
        let peer = run(&reference, &[(Role::Train, &train)], &[]);
        assert_eq!((peer.verdict.to_string().as_str(), fitness(&peer).is_finite()), ("PASS", false));
        let ours = run(&strict, &[(Role::Train, &train)], &[]);
        assert_eq!(fitness(&ours), if broken.is_nan() { 111.0 } else { 110.75 });
        let unforgiving = RunConfig { max_failed_evaluations: 0, ..strict };
        let error = recorded(&unforgiving, &[(Role::Train, &train)], &[]).0.expect_err("no verdict").to_string();
        assert!(error.contains("non_finite: the fitness is"), "{error}");
    }
}

#[test]
fn d04_the_candidate_that_is_gated_is_the_one_that_ships() {
    let train = toy(linear);
    let test = toy(|params| if at(params, "a") > 0.25 { linear(params) } else { -1e6 });
    let [reference, strict] = both(|config| config.constraint_policy = ConstraintPolicy::PreferFeasible);
    let slices = [(Role::Train, &train), (Role::Test, &test)];
    let peer = run(&reference, &slices, &[small_a()]);
    assert_eq!((peer.verdict.to_string().as_str(), chosen(&peer, "a")), ("PASS", 0.25));
    assert!(said(&peer, &GateId::Kc4).starts_with("PASS: pearson=1.000"));
    let ours = run(&strict, &slices, &[small_a()]);
    assert_eq!(chosen(&ours, "a"), 0.25);
    assert_eq!(
        said(&ours, &GateId::Selected),
        "FAIL: the selected candidate: test fitness -1e+06 is below the baseline's 55.5"
    );
    assert!(failed(&ours, &GateId::Transfer));
}

#[test]
fn d10_a_worse_candidate_than_the_baseline_is_no_result() {
    let neutral = ParamSpace::new().float("a", 0.0..=1.0, 0.37).float("b", 0.0..=1.0, 0.37).float("c", 0.0..=1.0, 0.37);
    let train = FnTarget::new(neutral, |params| {
        let off = |name: &str| (at(params, name) - 0.37).powi(2);
        Ok(Evaluation::new(0.0 - 9_000.0 * off("a") - 100.0 * off("b") - 10.0 * off("c")).samples(100))
    });
    // The optimum is the baseline; the nearest point of the grid is .12 away from it on every axis.
    let [reference, strict] = both(|config| config.search = SearchMethod::Grid { points_per_axis: 5 });
    let peer = run(&reference, &[(Role::Train, &train)], &[]);
    assert!(peer.verdict.is_pass() && fitness(&peer) < -131.0);
    let ours = run(&strict, &[(Role::Train, &train)], &[]);
    assert_eq!(ours.verdict.to_string(), "FAIL:IMPROVEMENT");
    assert!(said(&ours, &GateId::Improvement).ends_with("over the baseline's 0"));
}

#[test]
fn d11_nothing_feasible_is_a_failure_under_prefer_feasible_too() {
    let train = toy(linear);
    let [reference, strict] = both(|config| config.constraint_policy = ConstraintPolicy::PreferFeasible);
    assert!(run(&reference, &[(Role::Train, &train)], &[impossible()]).verdict.is_pass());
    let ours = run(&strict, &[(Role::Train, &train)], &[impossible()]);
    assert_eq!(ours.verdict.to_string(), "FAIL:SEARCHED,CONSTRAINT:impossible");
    assert_eq!(said(&ours, &constraint("impossible")), "violated by the selected candidate on train");
}

#[test]
fn d12_the_default_policy_selects_around_violations_and_every_candidate_carries_its_own() {
    let train = toy(linear);
    let within = [Constraint::typed("within", "params.a", Op::AtMost, 0.75)];
    let [reference, strict] = both(|_| ());
    let peer = run(&reference, &[(Role::Train, &train)], &within);
    assert_eq!((peer.verdict.to_string().as_str(), chosen(&peer, "a")), ("PASS", 1.0));
    let ours = run(&strict, &[(Role::Train, &train)], &within);
    assert_eq!((ours.verdict.to_string().as_str(), chosen(&ours, "a")), ("PASS", 0.75));
    let infeasible = ours.passes[0].candidates.iter().filter(|candidate| !candidate.outcome.is_feasible()).count();
    assert_eq!(infeasible, 25, "one of five values of a");
}

#[test]
fn d13_iterative_runs_and_tpe_keep_constraints_like_any_other_run() {
    let train = toy(linear);
    let descent = |round: RunConfig| {
        let config = RunConfig { rounds: Some(Rounds { max: 1, ..Rounds::default() }), ..round };
        run(&config, &[(Role::Train, &train)], &[impossible()])
    };
    let [reference, strict] = both(|_| ());
    assert_eq!(descent(reference).verdict.to_string(), "PASS");
    let ours = descent(strict);
    assert_eq!(ours.verdict.to_string(), "FAIL:round1");
    assert!(failed(&ours, &constraint("impossible")));

    let [reference, strict] = both(|config| config.search = SearchMethod::tpe(30, 1));
    assert!(run(&reference, &[(Role::Train, &train)], &[impossible()]).verdict.is_pass());
    assert!(failed(&run(&strict, &[(Role::Train, &train)], &[impossible()]), &constraint("impossible")));
}

#[test]
fn d14_what_the_judge_never_saw_does_not_lead_and_what_it_condemns_can_be_refused() {
    let (train, judge) = (toy(linear), toy(|params| linear(params) / 1_000.0));
    let [reference, strict] = both(|config| config.walk_forward_top_n = 3);
    let slices = [(Role::Train, &train), (Role::Validation, &judge)];
    let order = |config: &RunConfig| {
        let entries = run(config, &slices, &[]).passes.remove(0).hybrid.expect("there is a judge");
        entries.iter().map(|entry| (entry.final_fitness(), entry.validation.is_some())).collect::<Vec<_>>()
    };
    let peer = order(&reference);
    assert_eq!(peer[0], (110.25, false), "unvalidated, above 0.111");
    let ours = order(&strict);
    assert_eq!(ours[0], (0.111, true));
    assert!(ours[..3].iter().all(|(_, judged)| *judged));

    let condemns = toy(|_| -1e9);
    let slices = [(Role::Train, &train), (Role::Validation, &condemns)];
    assert!(run(&reference, &slices, &[]).verdict.is_pass());
    let level = Constraint::above("level", "fitness", 0.0);
    let refused = run(&strict, &slices, std::slice::from_ref(&level));
    assert_eq!(said(&refused, &constraint("level")), "violated by the selected candidate on validation");
}

#[test]
fn d17_shared_metadata_cannot_carry_the_verdict_of_one_point_to_another() {
    // A target that hands out one memoised evaluation: each call owns what it gets, and flags are kept beside it.
    let shared = std::sync::Arc::new(Evaluation::new(0.0).samples(100).with_metric("limit", 1.0));
    let train = FnTarget::new(space(), move |params| {
        let mut evaluation = (*shared).clone();
        evaluation.fitness = linear(params);
        Ok(evaluation)
    });
    let [reference, strict] = both(|config| config.constraint_policy = ConstraintPolicy::PreferFeasible);
    for config in [reference, strict] {
        let outcome = run(&config, &[(Role::Train, &train)], &[small_a()]);
        assert_eq!(chosen(&outcome, "a"), 0.25);
        for candidate in &outcome.passes[0].candidates {
            assert_eq!(candidate.outcome.is_feasible(), at(&candidate.params, "a") <= 0.25);
        }
    }
}

#[test]
fn d18_there_is_one_list_of_constraints_and_none_can_hide_another() {
    let train = toy(linear);
    let open = Constraint::above("open", "params.a", -1.0);
    let [reference, strict] = both(|config| config.constraint_policy = ConstraintPolicy::HardFail);
    let outcome = run(&reference, &[(Role::Train, &train)], &[impossible(), open.clone()]);
    assert_eq!(outcome.verdict.to_string(), "FAIL:CONSTRAINTS");
    let outcome = run(&strict, &[(Role::Train, &train)], &[impossible(), open.clone()]);
    assert_eq!(outcome.verdict.to_string(), "FAIL:SEARCHED,CONSTRAINTS,CONSTRAINT:impossible");
    // Two of one name, where one could answer for the other, are refused.
    let refused = recorded(&strict, &[(Role::Train, &train)], &[open.clone(), open]).0.expect_err("refused");
    assert_eq!(refused.to_string(), "constraint `open` is declared twice");
}

//! A search that is none, or looks at the wrong parameters: D09, D15, D16, D23, D27, D28.

use omega_lock::internals::gates::{GateId, GateReport, GateStatus, Tried};
use omega_lock::internals::pipeline::{OwnLoop, Proposer, RunOutcome, declared_gates};
use omega_lock::prelude::*;

use crate::toy::{at, both, chosen, failed, fitness, linear, proposed, recorded, run, said, toy};

#[test]
fn d09_nothing_searched_is_nothing_found() {
    let name = |name: &str| ParamSpec::float(name, 0.0..=1.0, 0.5).suppressed();
    let space = ParamSpace::new().param(name("a")).param(name("b")).param(name("c"));
    let train = FnTarget::new(space.clone(), |params| Ok(Evaluation::new(linear(params)).samples(100)));
    let [reference, strict] = both(|config| config.leave_out_suppressed = true);
    let peer = run(&reference, &[(Role::Train, &train)], &[]);
    assert_eq!((peer.verdict.is_pass(), peer.passes[0].unlocked.len(), peer.passes[0].candidates.len()), (true, 0, 1));
    let ours = run(&strict, &[(Role::Train, &train)], &[]);
    assert_eq!(ours.verdict.to_string(), "FAIL:SEARCHED,IMPROVEMENT");
    assert!(said(&ours, &GateId::Searched).starts_with("FAIL: no parameter was unlocked"));

    let descent = |round: &RunConfig| {
        let config = RunConfig { rounds: Some(Rounds::default()), ..round.clone() };
        run(&config, &[(Role::Train, &train)], &[]).verdict
    };
    assert!(descent(&reference).is_pass());
    assert!(!descent(&strict).is_pass());
}

/// Ten trials that transfer perfectly and break the constraint, and one that keeps it.
fn eleven_trials(own: &mut OwnLoop<'_>) -> Result<(), TargetError> {
    for trial in 0..10 {
        let params = own.base().with("a", 1.0 - 0.01 * f64::from(trial))?;
        own.evaluate(&params)?;
    }
    let params = own.base().with("a", 0.2)?.with("b", 1.0)?;
    own.evaluate(&params)?;
    Ok(())
}

fn judged(mut config: RunConfig, targets: &[(Role, &FnTarget)], constraints: &[Constraint]) -> RunOutcome {
    config.search = SearchMethod::Own { name: "eleven trials".to_owned() };
    proposed(Proposer::Loop(&eleven_trials), &config, targets, constraints).0.expect("a verdict")
}

#[test]
fn d15_somebody_elses_trials_are_gated_where_they_are_selected() {
    let kept = Constraint::below("kept", "params.a", 0.25);
    let train = toy(linear);
    let test = toy(|params| if at(params, "a") < 0.25 { -1e6 } else { linear(params) });
    let slices = [(Role::Train, &train), (Role::Test, &test)];
    let [reference, strict] = both(|config| config.constraint_policy = ConstraintPolicy::PreferFeasible);
    let peer = judged(reference, &slices, std::slice::from_ref(&kept));
    assert_eq!((peer.verdict.to_string().as_str(), chosen(&peer, "a")), ("PASS", 0.2));
    let ours = judged(strict, &slices, &[kept]);
    assert_eq!(chosen(&ours, "a"), 0.2);
    assert!(failed(&ours, &GateId::Selected) && failed(&ours, &GateId::Searched), "{}", ours.verdict);
}

#[test]
fn d16_without_a_second_slice_nobody_says_certified() {
    let train = toy(linear);
    let [reference, strict] = both(|config| config.strict.min_distinct = 5);
    for config in [reference, strict] {
        let outcome = judged(config.clone(), &[(Role::Train, &train)], &[]);
        assert!(outcome.verdict.is_pass(), "{}", outcome.verdict);
        let warned = |text: &str| outcome.warnings.iter().any(|warning| warning.starts_with(text));
        assert!(warned("no test slice") && warned("no holdout"), "{:?}", outcome.warnings);
        let gates = declared_gates(&config, |role| role == Role::Train, []);
        let transfer = gates.iter().find(|declared| declared.gate == GateId::Transfer);
        let skip = transfer.and_then(|declared| declared.skip);
        // The reference has no such gate; strict lists it as skipped beside the verdict.
        let strictly = config.profile == Profile::Strict;
        assert_eq!(skip, strictly.then_some("no test target is declared"));
    }
}

#[test]
fn d23_a_zoom_that_comes_back_is_counted_once() {
    let (train, test) = (toy(linear), toy(linear));
    let zoom = SearchMethod::Zoom { points_per_axis: 5, rounds: 4, factor: 0.5 };
    let [reference, strict] = both(|config| config.search = zoom.clone());
    let slices = [(Role::Train, &train), (Role::Test, &test)];
    let walked = |config: &RunConfig| {
        let (outcome, trail) = recorded(config, &slices, &[]);
        let rows = trail.rows().iter().filter(|row| row.context.phase.name() == "walk_forward");
        let mut params: Vec<String> = rows.map(|row| row.params.to_string()).collect();
        let all = params.len();
        params.sort();
        params.dedup();
        (outcome.expect("a verdict"), all, params.len())
    };
    let (_, all, distinct) = walked(&reference);
    assert!(all == 10 && distinct < 10, "{distinct} of {all}");
    let (ours, all, distinct) = walked(&strict);
    assert_eq!((all, distinct), (10, 10));
    let Some(&Tried { distinct: eligible, .. }) = ours.report(&GateId::Searched).and_then(GateReport::evidence) else {
        panic!("searched was judged")
    };
    assert!((eligible as usize) < ours.passes[0].candidates.len(), "{eligible} of {}", ours.passes[0].candidates.len());
}

#[test]
fn d27_another_unit_does_not_change_how_much_a_parameter_matters() {
    let scaled = |high: f64| {
        let space =
            ParamSpace::new().float("a", 0.0..=high, 0.5 * high).float("b", 0.0..=1.0, 0.5).float("c", 0.0..=1.0, 0.5);
        FnTarget::new(space, move |params| {
            let fitness = 10.0 * at(params, "a") / high + 5.0 * at(params, "b") + at(params, "c");
            Ok(Evaluation::new(fitness).samples(100))
        })
    };
    let [reference, strict] = both(|config| config.unlock_k = 1);
    let best = |config: &RunConfig, high: f64| {
        let mut config = config.clone();
        config.strict.min_distinct = 5;
        let outcome = run(&config, &[(Role::Train, &scaled(high))], &[]);
        (outcome.passes[0].unlocked.clone(), fitness(&outcome))
    };
    assert_eq!(best(&reference, 1.0), (vec!["a".to_owned()], 13.0));
    assert_eq!(best(&reference, 1_000.0), (vec!["b".to_owned()], 10.5));
    assert_eq!(best(&strict, 1.0), (vec!["a".to_owned()], 13.0));
    assert_eq!(best(&strict, 1_000.0), (vec!["a".to_owned()], 13.0));
}

#[test]
fn d28_one_parameter_is_not_failed_for_having_no_other() {
    let gain = FnTarget::new(ParamSpace::new().float("gain", 0.0..=10.0, 5.0), |params| {
        Ok(Evaluation::new(at(params, "gain")).samples(100))
    });
    let [reference, strict] = both(|config| config.search = SearchMethod::Grid { points_per_axis: 11 });
    assert_eq!(run(&reference, &[(Role::Train, &gain)], &[]).verdict.to_string(), "FAIL:KC-2");
    let ours = run(&strict, &[(Role::Train, &gain)], &[]);
    assert_eq!((ours.verdict.to_string().as_str(), fitness(&ours)), ("PASS", 10.0));
    let kc2 = ours.report(&GateId::Kc2).expect("it is shown");
    assert_eq!(kc2.status, GateStatus::Advisory);
    assert_eq!(kc2.message, "not applicable: one parameter has no other to be compared with");
}

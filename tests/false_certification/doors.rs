//! Mistakes that cannot be made any more, and the doors that are closed: D19, D25, D49, D52.

use omega_lock::internals::objective::ConstraintStatus;
use omega_lock::internals::pipeline::declared_gates;
use omega_lock::prelude::*;
use omega_lock::{GateId, GateStatus};

use crate::toy::{both, declared, linear, run, said, space, toy};

#[test]
fn d19_a_predicate_says_yes_or_no_and_what_goes_wrong_in_it_has_a_reason() {
    // A closure returns a bool: NaN or "False" for one do not compile. A metric that is NaN is no answer.
    let broken = Constraint::below("broken", "metadata.drawdown", 0.3);
    let panicking = Constraint::opaque("panicking", |_, _| panic!("no column `drawdown`"));
    let train = FnTarget::new(space(), |params| {
        Ok(Evaluation::new(linear(params)).samples(100).with_metric("drawdown", f64::NAN))
    });
    let constraints = [broken, panicking];
    let ours = run(&RunConfig::default(), &[(Role::Train, &train)], &constraints);
    for (name, reason) in [("broken", "is \"nan\", not a number"), ("panicking", "panicked: no column `drawdown`")] {
        let report = ours.report(&GateId::Constraint(name.to_owned())).expect("judged");
        assert_eq!(report.status, GateStatus::Fail);
        assert!(report.message.contains(reason), "{}", report.message);
    }
    let unanswered = |status: &ConstraintStatus| matches!(status, ConstraintStatus::Unanswered(_));
    assert!(ours.passes[0].candidates.iter().all(|found| found.outcome.feasibility.statuses().iter().all(unanswered)));
}

#[test]
fn d25_every_declared_constraint_has_a_gate_and_a_place_in_the_result() {
    let train = toy(linear);
    let constraints = [Constraint::above("x", "params.a", -1.0), Constraint::below("y", "params.b", -1.0)];
    let ours = run(&RunConfig::default(), &[(Role::Train, &train)], &constraints);
    let names = constraints.iter().map(|constraint| constraint.name.as_str());
    let gates = declared_gates(&ours.config, |role| role == Role::Train, names);
    let ids: Vec<String> = gates.iter().map(|declared| declared.gate.id()).collect();
    assert!(ids.contains(&"constraint::x".to_owned()) && ids.contains(&"constraint::y".to_owned()), "{ids:?}");
    let declaration = declared(&RunConfig::default(), &[(Role::Train, &train)], &constraints);
    let result = omega_lock::RunResult::new(&declaration, &ours);
    assert_eq!(result.gate("constraint::x").map(|entry| entry.status.0), Some(GateStatus::Pass));
    assert_eq!(result.gate("constraint::y").map(|entry| entry.status.0), Some(GateStatus::Fail));
    assert_eq!(result.passes[0].candidates[0].constraints_failed, ["y"]);
}

#[test]
fn d49_a_run_without_constraints_is_not_warned_of_them() {
    let train = toy(linear);
    let [reference, strict] = both(|config| config.constraint_policy = ConstraintPolicy::Record);
    let of_constraints = |config: &RunConfig| {
        let warnings = run(config, &[(Role::Train, &train)], &[]).warnings;
        warnings.iter().filter(|warning| warning.contains("constraint")).count()
    };
    assert_eq!((of_constraints(&reference), of_constraints(&strict)), (1, 0));
}

#[test]
fn d52_an_overflow_is_a_value_and_no_crash() {
    let train = toy(|params| 1e200 * linear(params));
    for config in both(|_| ()) {
        let outcome = run(&config, &[(Role::Train, &train), (Role::Test, &train)], &[]);
        assert!(!said(&outcome, &GateId::Kc4).is_empty());
    }
}

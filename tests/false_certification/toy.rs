//! The toy target of the list of defects: `a`, `b`, `c` in [0, 1] from .5, fitness `100 a + 10 b + c`, 100 samples.

use omega_lock::prelude::*;
use omega_lock::{Declaration, GateId, GateStatus, Proposer, Run, RunError, RunOutcome, Subject, Trail};

/// `100 a + 10 b + c`.
pub(crate) fn linear(params: &Params) -> f64 {
    100.0 * at(params, "a") + 10.0 * at(params, "b") + at(params, "c")
}

/// A number of the toy's.
pub(crate) fn at(params: &Params, name: &str) -> f64 {
    params.get(name).and_then(Value::as_f64).expect("the toy's parameters are numbers")
}

pub(crate) fn space() -> ParamSpace {
    ParamSpace::new().float("a", 0.0..=1.0, 0.5).float("b", 0.0..=1.0, 0.5).float("c", 0.0..=1.0, 0.5)
}

/// The toy with another fitness.
pub(crate) fn toy(fitness: impl Fn(&Params) -> f64 + Send + Sync + 'static) -> FnTarget {
    FnTarget::new(space(), move |params| Ok(Evaluation::new(fitness(params)).samples(100)))
}

/// A configuration of each profile with the same changes.
pub(crate) fn both(change: impl Fn(&mut RunConfig)) -> [RunConfig; 2] {
    [RunConfig::reference(), RunConfig::default()].map(|mut config| {
        change(&mut config);
        config
    })
}

/// Runs over these slices, the first of which is train; the record is whole whatever comes of it.
pub(crate) fn recorded(
    config: &RunConfig,
    targets: &[(Role, &FnTarget)],
    constraints: &[Constraint],
) -> (Result<RunOutcome, RunError>, Trail) {
    proposed(Proposer::Declared, config, targets, constraints)
}

/// What is declared by a configuration over these slices.
pub(crate) fn declared(config: &RunConfig, targets: &[(Role, &FnTarget)], constraints: &[Constraint]) -> Declaration {
    let (config, constraints) = (config.clone(), constraints.to_vec());
    let declaration = Declaration { config, constraints, ..Declaration::of("toy", targets[0].1) };
    targets[1..].iter().fold(declaration, |declaration, (role, target)| declaration.with(*role, *target))
}

/// The same as [`recorded`], whoever proposes.
pub(crate) fn proposed(
    proposer: Proposer<'_>,
    config: &RunConfig,
    targets: &[(Role, &FnTarget)],
    constraints: &[Constraint],
) -> (Result<RunOutcome, RunError>, Trail) {
    let mut trail = Trail::new();
    let declaration = declared(config, targets, constraints);
    let run = Run::of(&declaration).proposer(proposer).record(&mut trail);
    let run = targets.iter().fold(run, |run, (role, target)| run.on(*role, Subject::Parallel(*target)));
    let outcome = run.run();
    (outcome, trail)
}

/// The outcome of a run that has a verdict.
pub(crate) fn run(config: &RunConfig, targets: &[(Role, &FnTarget)], constraints: &[Constraint]) -> RunOutcome {
    recorded(config, targets, constraints).0.expect("the run has a verdict")
}

/// What a gate said; the gate was judged.
pub(crate) fn said(outcome: &RunOutcome, gate: &GateId) -> String {
    let report = outcome.report(gate).unwrap_or_else(|| panic!("{gate} was not judged: {}", outcome.verdict));
    report.message.clone()
}

/// Whether a gate was judged and failed.
pub(crate) fn failed(outcome: &RunOutcome, gate: &GateId) -> bool {
    outcome.report(gate).is_some_and(|report| report.status == GateStatus::Fail)
}

/// A parameter of the selected candidate.
pub(crate) fn chosen(outcome: &RunOutcome, name: &str) -> f64 {
    at(&outcome.selected().expect("something was selected").params, name)
}

/// The selected candidate's train fitness.
pub(crate) fn fitness(outcome: &RunOutcome) -> f64 {
    outcome.selected().and_then(|selected| selected.fitness()).expect("something was selected")
}

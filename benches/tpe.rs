//! TPE: 125 trials on a space of two floats, and on one of two floats, two ints and two switches.
//!
//! `cargo bench --bench tpe` prints milliseconds of processor time per search, objective included, as Optuna's figure is measured; `-- 125 1000` the
//! same of other numbers of trials.
//! `benches/compare` runs Optuna on the same work and prints the ratio.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[path = "support/clock.rs"]
mod clock;

use std::cell::Cell;

use clock::seconds_of;
use omega_lock::internals::audit::{AuditedEvaluator, Subject, Trail};
use omega_lock::internals::objective::{Context, Phase, Role};
use omega_lock::internals::search::tpe::TpeSampler;
use omega_lock::internals::search::{Candidate, TpeSearch, explore};
use omega_lock::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rosenbrock2 = ParamSpace::new().float("x", -2.0..=2.0, 0.0).float("y", -2.0..=2.0, 0.0);
    let mixed6 = ParamSpace::new()
        .int("n2", 0..=20, 0)
        .float("x1", 0.0..=1.0, 0.0)
        .bool("b2", false)
        .int("n1", 1..=64, 1)
        .bool("b1", false)
        .float("x2", 0.0..=1.0, 0.0);
    let mut asked: Vec<u64> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    if asked.is_empty() {
        asked.push(125);
    }
    let (rosenbrock2, mixed6) = (FnTarget::new(rosenbrock2, rosenbrock), FnTarget::new(mixed6, mixed));
    for trials in asked {
        for sampler in TpeSampler::ALL {
            measure("rosenbrock2", &rosenbrock2, trials, sampler)?;
            measure("mixed6", &mixed6, trials, sampler)?;
        }
    }
    Ok(())
}

fn measure(
    name: &str,
    target: &(impl Target + Sync),
    trials: u64,
    sampler: TpeSampler,
) -> Result<(), Box<dyn std::error::Error>> {
    let space = target.space();
    let names: Vec<String> = space.specs().iter().map(|spec| spec.name.clone()).collect();
    let seed = Cell::new(0);
    let seconds = seconds_of(|| {
        let mut trail = Trail::new();
        let mut evaluator = AuditedEvaluator::new(Subject::Parallel(target), &[], &mut trail)?;
        let mut search = TpeSearch::new(&space, &space.neutral(), &names, trials, seed.get())?.sampler(sampler);
        seed.set(seed.get() + 1);
        let context = Context::new(Role::Train, Phase::Search);
        let found: Vec<Candidate> = explore(&mut search, &mut evaluator, &mut (), context, Some(trials))?;
        assert_eq!(found.len() as u64, trials);
        Ok(())
    })?;
    println!("tpe {name} {sampler} {trials} trials: {:.2} ms, mean of {} seeds", 1e3 * seconds, seed.get());
    Ok(())
}

fn rosenbrock(params: &Params) -> Result<Evaluation, TargetError> {
    let (x, y) = (params.float("x")?, params.float("y")?);
    Ok(Evaluation::new(-((1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2))))
}

fn mixed(params: &Params) -> Result<Evaluation, TargetError> {
    let (x1, x2) = (params.float("x1")?, params.float("x2")?);
    let (n1, n2) = (params.int("n1")?, params.int("n2")?);
    let (b1, b2) = (params.bool("b1")?, params.bool("b2")?);
    let numbers = 8.0 * (x1 - 0.65).powi(2) + 4.0 * (x2 - 0.5 * x1).powi(2) + ((n1 - 23) as f64 / 10.0).powi(2);
    let steps = (n2 - 7 - 6 * i64::from(b1)).abs() as f64 / 6.0;
    let switches = if b1 { 0.0 } else { 0.5 } + if b2 == (n1 >= 20) { 0.0 } else { 1.0 };
    Ok(Evaluation::new(-(numbers + steps + switches)))
}

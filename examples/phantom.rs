//! Three of twelve parameters matter; the run finds out which, and whether what it learnt holds on other data.
//!
//! ```console
//! $ cargo run --example phantom
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use omega_lock::artifacts::RunResult;
use omega_lock::audit::{AuditedEvaluator, Subject, Trail};
use omega_lock::declaration::{Acceptance, Declaration};
use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::pipeline::run_p1;
use omega_lock::prelude::*;
use omega_lock::report::scorecard;

fn main() -> Result<(), Box<dyn Error>> {
    let (train, test, holdout) = (PhantomKeyhole::new(42), PhantomKeyhole::new(1337), PhantomKeyhole::new(9));
    let declaration = Declaration {
        name: "phantom".to_owned(),
        config: RunConfig {
            holdout: HoldoutRule { mode: HoldoutMode::Gate, min_fitness: Some(5.0), min_trade_ratio: None },
            ..RunConfig::default()
        },
        space: train.space(),
        constraints: Vec::new(),
        roles: [(Role::Train, &train), (Role::Test, &test), (Role::Holdout, &holdout)]
            .map(|(role, target)| (role, target.identity()))
            .to_vec(),
        acceptance: Acceptance::default(),
    };
    let mut trail = Trail::new();
    let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&train), &[], &mut trail)?
        .with(Role::Test, Subject::Parallel(&test))?
        .with(Role::Holdout, Subject::Parallel(&holdout))?;
    let outcome = run_p1(&declaration.config, &declaration.space, &[], &mut evaluator, &mut (), &())?;
    print!("{}", scorecard(&RunResult::of_p1(&declaration, &outcome)));

    let mut unlocked: Vec<&str> = outcome.top_k.iter().map(String::as_str).collect();
    let mut effective = PhantomKeyhole::effective_params().to_vec();
    unlocked.sort_unstable();
    effective.sort_unstable();
    assert_eq!(unlocked, effective, "stress finds the parameters that matter");
    assert!(outcome.verdict.is_pass());
    Ok(())
}

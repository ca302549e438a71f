//! Three of twelve parameters matter; the run finds out which, and whether what it learnt holds on other data.
//!
//! ```console
//! $ cargo run --example phantom
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, RunResult, scorecard};

fn main() -> Result<(), Box<dyn Error>> {
    let (train, test, holdout) = (PhantomKeyhole::new(42), PhantomKeyhole::new(1337), PhantomKeyhole::new(9));
    let declaration = Declaration {
        config: RunConfig {
            holdout: HoldoutRule { mode: HoldoutMode::Gate, min_fitness: Some(5.0), min_sample_ratio: None },
            ..RunConfig::default()
        },
        ..Declaration::of("phantom", &train).with(Role::Test, &test).with(Role::Holdout, &holdout)
    };
    let outcome = Run::of(&declaration).train(&train).test(&test).holdout(&holdout).run()?;
    print!("{}", scorecard(&RunResult::new(&declaration, &outcome)));

    let mut unlocked: Vec<&str> = outcome.passes[0].unlocked.iter().map(String::as_str).collect();
    let mut effective = PhantomKeyhole::effective_params().to_vec();
    unlocked.sort_unstable();
    effective.sort_unstable();
    assert_eq!(unlocked, effective, "stress finds the parameters that matter");
    assert!(outcome.verdict.is_pass());
    Ok(())
}

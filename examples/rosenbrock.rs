//! The smallest calibration: Rosenbrock's valley, a zooming grid, and no slice to walk forward on.
//!
//! ```console
//! $ cargo run --example rosenbrock
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use omega_lock::keyholes::Rosenbrock;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, Trail};

fn main() -> Result<(), Box<dyn Error>> {
    let target = Rosenbrock::new();
    let config = RunConfig {
        unlock_k: 2,
        search: SearchMethod::Zoom { points_per_axis: 7, rounds: 6, factor: 0.5 },
        thresholds: Thresholds::pure_objective(),
        ..RunConfig::default()
    };
    let mut trail = Trail::new();
    let declaration = Declaration { config, ..Declaration::of("rosenbrock", &target) };
    let outcome = Run::of(&declaration).train(&target).record(&mut trail).run()?;

    let selected = outcome.selected().ok_or("a candidate is selected")?;
    println!("{} after {} evaluations: {}", selected.params, outcome.counts.total, outcome.verdict);
    for report in outcome.reports() {
        println!("  {:<13} {}", report.gate.id(), report.message);
    }

    let fitness = selected.fitness().ok_or("it has a fitness")?;
    assert!(fitness > -1e-12, "the grid zooms in on (1, 1), where the function is 0: {fitness}");
    assert!(outcome.verdict.is_pass());
    assert_eq!(outcome.counts.total as usize, trail.rows().len(), "every evaluation is on record");
    Ok(())
}

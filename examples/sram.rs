//! A memory cell has to work in every corner: constraints make the difference between the best score and a good cell.
//!
//! ```console
//! $ cargo run --example sram
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use omega_lock::internals::search::first_maximum;
use omega_lock::keyholes::SramBitcell;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, StressOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let cell = SramBitcell::new();
    let constraints = vec![
        Constraint::above("read_snm", "metadata.read_snm_mv_worst", 150.0).described("worst-corner read margin, mV"),
        Constraint::above("write_margin", "metadata.write_margin_mv_worst", 100.0).described("worst corner, mV"),
        Constraint::below("leakage", "metadata.leakage_na_worst", 5.0).described("worst corner, nA"),
    ];
    let voltages = ["vdd", "vth_n", "vth_p"].map(str::to_owned).to_vec();
    let config = RunConfig {
        search: SearchMethod::Grid { points_per_axis: 8 },
        // The widths are given; the voltages are to be found.
        stress: StressOptions { subset: Some(voltages), ..StressOptions::default() },
        thresholds: Thresholds::pure_objective(),
        constraint_policy: ConstraintPolicy::HardFail,
        ..RunConfig::default()
    };
    let declaration = Declaration { config, constraints, ..Declaration::of("bitcell", &cell) };
    let outcome = Run::of(&declaration).train(&cell).run()?;

    let best = first_maximum(&outcome.passes[0].candidates).ok_or("there is a best candidate")?;
    let selected = outcome.selected().ok_or("a candidate is selected")?;
    for (name, candidate) in [("best score", best), ("selected", selected)] {
        let kept = if candidate.outcome.is_feasible() { "keeps every constraint" } else { "violates a constraint" };
        println!("{name:<11} #{:<4} fitness {:>9.3}  {kept}", candidate.index, candidate.fitness().unwrap_or(f64::NAN));
    }
    println!("{}", outcome.verdict);

    assert!(!best.outcome.is_feasible(), "the best score is a cell that cannot be written");
    assert!(selected.outcome.is_feasible());
    assert!(outcome.verdict.is_pass());
    Ok(())
}

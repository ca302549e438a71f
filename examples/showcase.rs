//! Every search side by side on one target whose answer is known: what it found, what it cost, what the gates say.
//!
//! ```console
//! $ cargo run --example showcase
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, RunError, RunOutcome};

/// What a method came to.
struct Row {
    fitness: f64,
    evaluations: u64,
    verdict: String,
    alpha: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (train, test) = (PhantomKeyhole::new(42), PhantomKeyhole::new(1337));
    let searches = [
        ("grid", SearchMethod::Grid { points_per_axis: 5 }),
        ("zoom", SearchMethod::Zoom { points_per_axis: 5, rounds: 4, factor: 0.5 }),
        ("random", SearchMethod::Random { samples: 125, seed: 42 }),
        ("tpe", SearchMethod::tpe(125, 42)),
    ];
    let mut rows: Vec<(&str, Row)> = Vec::new();
    for (name, search) in searches {
        let config = RunConfig { search, ..RunConfig::reference() };
        rows.push((name, found(&train, &calibrated(config, &train, &test)?)?));
    }
    // Rounds of a zooming grid, each locking in what it found.
    let vise = RunConfig {
        search: SearchMethod::Zoom { points_per_axis: 5, rounds: 4, factor: 0.5 },
        rounds: Some(Rounds { max: 2, ..Rounds::default() }),
        ..RunConfig::reference()
    };
    rows.push(("fractal vise", found(&train, &calibrated(vise, &train, &test)?)?));

    println!("{:<13} {:>9} {:>12} {:>8}  verdict", "method", "fitness", "evaluations", "alpha");
    for (name, row) in &rows {
        println!("{name:<13} {:>9.4} {:>12} {:>8.4}  {}", row.fitness, row.evaluations, row.alpha, row.verdict);
    }

    let fitness = |name: &str| rows.iter().find(|row| row.0 == name).map_or(f64::NAN, |row| row.1.fitness);
    assert!(fitness("zoom") >= fitness("grid"), "a zoom begins with the grid");
    assert!(fitness("fractal vise") >= fitness("zoom"), "the rounds after the first can only add");
    assert!(rows.iter().all(|(_, row)| row.fitness > 0.0), "every method beats the baseline of -37");
    Ok(())
}

fn calibrated(config: RunConfig, train: &PhantomKeyhole, test: &PhantomKeyhole) -> Result<RunOutcome, RunError> {
    let declaration = Declaration { config, ..Declaration::of("phantom", train).with(Role::Test, test) };
    Run::of(&declaration).train(train).test(test).run()
}

fn found(train: &PhantomKeyhole, outcome: &RunOutcome) -> Result<Row, Box<dyn Error>> {
    let shipped = outcome.shipped.as_ref().ok_or("a candidate is selected")?;
    Ok(Row {
        fitness: train.evaluate(shipped)?.fitness,
        evaluations: outcome.counts.total,
        verdict: outcome.verdict.to_string(),
        alpha: shipped.float("alpha")?,
    })
}

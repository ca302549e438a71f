//! Every search side by side on one target whose answer is known: what it found, what it cost, what the gates say.
//!
//! ```console
//! $ cargo run --example showcase
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use omega_lock::audit::{AuditedEvaluator, Subject, Trail};
use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::pipeline::{IterativeConfig, Rounds, run_iterative, run_p1};
use omega_lock::prelude::*;

/// What a method came to.
struct Row {
    fitness: f64,
    evaluations: usize,
    verdict: String,
    alpha: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (train, test) = (PhantomKeyhole::new(42), PhantomKeyhole::new(1337));
    let searches = [
        ("grid", SearchMethod::Grid { points_per_axis: 5 }),
        ("zoom", SearchMethod::Zoom { points_per_axis: 5, rounds: 4, factor: 0.5 }),
        ("random", SearchMethod::Random { samples: 125, seed: 42 }),
        ("tpe", SearchMethod::Tpe { trials: 125, seed: 42 }),
    ];
    let mut rows: Vec<(&str, Row)> = Vec::new();
    for (name, search) in searches {
        let config = RunConfig { search, ..RunConfig::reference() };
        let mut trail = Trail::new();
        let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&train), &[], &mut trail)?
            .with(Role::Test, Subject::Parallel(&test))?;
        let outcome = run_p1(&config, &train.space(), &[], &mut evaluator, &mut (), &())?;
        let best = outcome.selected.ok_or("a candidate is selected")?;
        rows.push((
            name,
            Row {
                fitness: best.fitness().ok_or("it has a fitness")?,
                evaluations: trail.rows().len(),
                verdict: outcome.verdict.to_string(),
                alpha: best.params.float("alpha")?,
            },
        ));
    }
    rows.push(("fractal vise", fractal_vise(&train, &test)?));

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

/// Rounds of a zooming grid, each locking in what it found.
fn fractal_vise(train: &PhantomKeyhole, test: &PhantomKeyhole) -> Result<Row, Box<dyn Error>> {
    let round = RunConfig {
        search: SearchMethod::Zoom { points_per_axis: 5, rounds: 4, factor: 0.5 },
        ..RunConfig::reference()
    };
    let config = IterativeConfig { rounds: Rounds { max: 2, ..Rounds::default() }, round };
    let mut trail = Trail::new();
    let mut evaluator =
        AuditedEvaluator::new(Subject::Parallel(train), &[], &mut trail)?.with(Role::Test, Subject::Parallel(test))?;
    let outcome = run_iterative(&config, &train.space(), &[], &mut evaluator, &mut (), &())?;
    let found = train.evaluate(&outcome.final_baseline)?;
    Ok(Row {
        fitness: found.fitness,
        evaluations: trail.rows().len(),
        verdict: outcome.verdict().to_string(),
        alpha: outcome.final_baseline.float("alpha")?,
    })
}

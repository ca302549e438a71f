//! Anything that can be called is a target: here a simulation that knows nothing of this crate.
//!
//! ```console
//! $ cargo run --example adapter
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use omega_lock::prelude::*;
use omega_lock::{Declaration, Run};

/// Somebody's cache simulator: requests in, out comes for each whether it hit, as 1 or 0.
fn simulate(requests: &[u64], slots: usize, policy: &str, sample_every: usize) -> Result<Vec<f64>, std::io::Error> {
    if slots == 0 {
        return Err(std::io::Error::other("a cache needs a slot"));
    }
    let (mut cache, mut hits) = (Vec::<u64>::new(), Vec::new());
    for (time, request) in requests.iter().enumerate() {
        let kept = cache.iter().position(|kept| kept == request);
        hits.push(if kept.is_some() { 1.0 } else { 0.0 });
        if let Some(place) = kept {
            if policy == "lru" && time % sample_every == 0 {
                let recent = cache.remove(place);
                cache.push(recent);
            }
        } else {
            if cache.len() == slots {
                cache.remove(0);
            }
            cache.push(*request);
        }
    }
    Ok(hits)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Requests that come back soon, drawn from a seed.
fn requests(seed: u64) -> Vec<u64> {
    let mut draws = omega_lock::Generator::new(seed);
    (0..3_000_u64).map(|time| time / 40 + draws.normal(0.0, 12.0).abs() as u64).collect()
}

/// The adapter: a space, and a closure that translates both ways. Any error passes through with `?`.
fn target(seed: u64) -> FnTarget {
    let requests = requests(seed);
    let space = ParamSpace::new()
        .log_int("slots", 1..=64, 4)
        .choice("policy", ["fifo", "lru"], "fifo")
        .int("sample_every", 1..=16, 8)
        .float("cost_per_slot", 0.0..=0.0005, 0.0001);
    FnTarget::new(space, move |params| {
        let slots = usize::try_from(params.int("slots")?)?;
        let sample_every = usize::try_from(params.int("sample_every")?)?;
        let hits = simulate(&requests, slots, params.choice("policy")?, sample_every)?;
        let cost = params.float("cost_per_slot")? * slots as f64;
        // The same figure for eight parts of the requests, 50 apart, so that one part tells little of the next.
        let parts = in_blocks(&hits, 8, 50, |hits| mean(hits) - cost)?;
        let rate = mean(&hits);
        Ok(Evaluation::new(rate - cost).blocks(parts).samples(hits.len() as u64).with_metric("hit_rate", rate))
    })
    .identified_as(format!("3000 requests of seed {seed}"))
}

fn main() -> Result<(), Box<dyn Error>> {
    let (train, test) = (target(1), target(2));
    let mut declaration = Declaration::of("cache", &train).with(Role::Test, &test);
    declaration.config.blocks = Some(8);
    declaration.constraints.push(Constraint::below("small", "params.slots", 60.0));
    let outcome = Run::of(&declaration).train(&train).test(&test).threads(2).run()?;

    let selected = outcome.selected().ok_or("a candidate is selected")?;
    println!("{}: fitness {:.3}", selected.params, selected.fitness().unwrap_or(f64::NAN));
    for report in outcome.reports() {
        println!("  {:<16} {:<8} {}", report.gate.id(), report.status.name(), report.message);
    }
    println!("{}", outcome.verdict);

    assert!(outcome.passes[0].unlocked.contains(&"slots".to_owned()), "the size of the cache matters");
    assert!(selected.params.int("slots")? < 60, "the constraint decides what is selected");
    assert!(outcome.verdict.is_pass());
    Ok(())
}

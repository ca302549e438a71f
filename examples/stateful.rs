//! A template for a target with state: a cache that fills while it is evaluated, shared between threads.
//!
//! The state may make an answer faster, never another one; otherwise nothing that is built on it can be repeated.
//!
//! ```console
//! $ cargo run --example stateful
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

use omega_lock::prelude::*;
use omega_lock::{Declaration, Generator, Run};

/// Smoothed prices by the length of the window: costly, and the same for every candidate that shares the length.
struct Momentum {
    seed: u64,
    prices: Vec<f64>,
    smoothed: Mutex<HashMap<i64, Vec<f64>>>,
}

impl Momentum {
    fn new(seed: u64) -> Self {
        let mut draws = Generator::new(seed);
        let (mut price, mut trend) = (100.0, 0.0);
        let step = |_| {
            trend = 0.95 * trend + draws.normal(0.0, 0.2);
            price += trend;
            price
        };
        Self { seed, prices: (0..800).map(step).collect(), smoothed: Mutex::default() }
    }

    fn smoothed(&self, window: i64) -> Vec<f64> {
        let mut cache = self.smoothed.lock().unwrap_or_else(PoisonError::into_inner);
        let weight = 2.0 / (window as f64 + 1.0);
        let make = || {
            let mut level = self.prices[0];
            let smooth = |price: &f64| {
                level += weight * (price - level);
                level
            };
            self.prices.iter().map(smooth).collect()
        };
        cache.entry(window).or_insert_with(make).clone()
    }
}

impl Target for Momentum {
    fn space(&self) -> ParamSpace {
        ParamSpace::new().int("window", 2..=40, 20).float("band", 0.0..=3.0, 1.5).float("fee", 0.0..=0.001, 0.0001)
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let smoothed = self.smoothed(params.int("window")?);
        let (band, fee) = (params.float("band")?, params.float("fee")?);
        let days = self.prices.windows(2).zip(&smoothed);
        let gains: Vec<f64> =
            days.filter(|(pair, level)| pair[0] - **level > band).map(|(pair, _)| pair[1] - pair[0] - fee).collect();
        Ok(Evaluation::new(gains.iter().sum()).samples(gains.len() as u64))
    }

    fn identity(&self) -> String {
        format!("momentum(seed={})", self.seed)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (train, test) = (Momentum::new(3), Momentum::new(4));
    let mut declaration = Declaration::of("momentum", &train).with(Role::Test, &test);
    declaration.config.unlock_k = 2;
    let outcome = Run::of(&declaration).train(&train).test(&test).threads(2).run()?;
    let cached = train.smoothed.lock().unwrap_or_else(PoisonError::into_inner).len();
    println!("{}: {} evaluations, {cached} windows smoothed", outcome.verdict, outcome.counts.total);
    assert!((cached as u64) < outcome.counts.total, "the state spared work");
    let again = train.evaluate(&outcome.base_params)?;
    assert_eq!(Some(&again), outcome.passes[0].baseline.evaluation(), "and changed no answer");
    Ok(())
}

//! Data drawn from numpy's generator through the traits of the crate `rand`, and its null version: the same data with the
//! labels shuffled.
//!
//! ```console
//! $ cargo run --example draw_with_rand
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use omega_lock::Generator;
use omega_lock::prelude::*;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

/// Sensor readings, and whether the part broke. Any generator of `rand` will do.
fn parts<R: Rng>(count: usize, draws: &mut R) -> (Vec<f64>, Vec<bool>) {
    (0..count)
        .map(|_| {
            let reading: f64 = draws.random_range(0.0..10.0);
            (reading, draws.random_bool(if reading > 6.5 { 0.9 } else { 0.1 }))
        })
        .unzip()
}

/// Which readings raise an alarm: the share of parts about which the alarm is right.
fn alarm(readings: Vec<f64>, broke: Vec<bool>) -> FnTarget {
    FnTarget::new(ParamSpace::new().float("threshold", 0.0..=10.0, 5.0), move |params| {
        let threshold = params.float("threshold")?;
        let right = readings.iter().zip(&broke).filter(|(reading, broke)| (**reading > threshold) == **broke);
        Ok(Evaluation::new(right.count() as f64 / readings.len() as f64).samples(readings.len() as u64))
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut draws = Generator::new(7);
    let (readings, broke) = parts(2_000, &mut draws);
    let mut by_chance = broke.clone();
    by_chance.shuffle(&mut draws);
    // The same seed gives the same words, through rand's traits as through the generator's own methods.
    assert_eq!(parts(2_000, &mut Generator::new(7)), (readings.clone(), broke.clone()));

    let (real, null) = (alarm(readings.clone(), broke), alarm(readings, by_chance));
    for threshold in [2.0, 5.0, 6.5, 8.0] {
        let params = real.space().neutral().with("threshold", threshold)?;
        let (real, null) = (real.evaluate(&params)?.fitness, null.evaluate(&params)?.fitness);
        println!("alarm above {threshold}: right about {real:.3} of the parts, {null:.3} of the shuffled ones");
        assert!(real > null + 0.1, "the labels are worth nothing");
    }
    Ok(())
}

//! The repository's own calibrations, on targets whose answer is known; omega.toml says how they are judged.
//!
//! A `#[test]` in this file would never run: the target has `harness = false`, and the suite is its `main`.

use std::process::ExitCode;

use omega_lock::keyholes::{Corner, PhantomKeyhole, Rosenbrock, SramBitcell};
use omega_lock::prelude::*;

fn main() -> ExitCode {
    Suite::new()
        .add(phantom("phantom", |keyhole| keyhole.in_blocks(8)))
        .add(phantom("phantom_zoom", |keyhole| keyhole.in_blocks(8)))
        // The Python package knows no blocks.
        .add(phantom("phantom_reference", |keyhole| keyhole))
        // Trained on the typical corner alone, tested on all five.
        .add(
            Calibration::new("sram", || Ok(SramBitcell::with_corners(&[Corner::TT])))
                .test(|| Ok(SramBitcell::new()))
                .parallel(),
        )
        .add(Calibration::new("rosenbrock", || Ok(Rosenbrock::new())).parallel())
        .run()
}

/// Three seeds of one signal: what is learnt from the first has to hold on the others.
fn phantom(name: &str, cut: fn(PhantomKeyhole) -> PhantomKeyhole) -> Calibration<PhantomKeyhole> {
    let keyhole = move |seed: u64| cut(PhantomKeyhole::new(seed));
    Calibration::new(name, move || Ok(keyhole(42)))
        .test(move || Ok(keyhole(1337)))
        .holdout(move || Ok(keyhole(9)))
        .null(move |seed| Ok((keyhole(42).permuted(seed), keyhole(1337).permuted(seed))))
        .parallel()
}

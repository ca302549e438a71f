//! The repository's own calibrations, on targets whose answer is known; omega.toml says how they are judged.
//!
//! A `#[test]` in this file would never run: the target has `harness = false`, and the suite is its `main`.

use std::process::ExitCode;

use omega_lock::keyholes::{Corner, PhantomKeyhole, Rosenbrock, SramBitcell};
use omega_lock::prelude::*;

fn main() -> ExitCode {
    Suite::new()
        .add(phantom("phantom"))
        .add(phantom("phantom_zoom"))
        .add(phantom("phantom_reference"))
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
fn phantom(name: &str) -> Calibration<PhantomKeyhole> {
    Calibration::new(name, || Ok(PhantomKeyhole::new(42)))
        .test(|| Ok(PhantomKeyhole::new(1337)))
        .holdout(|| Ok(PhantomKeyhole::new(9)))
        .null(|seed| Ok((PhantomKeyhole::new(42).permuted(seed), PhantomKeyhole::new(1337).permuted(seed))))
        .parallel()
}

//! Holds this crate against the Python package omega-lock 0.3.8, case by case.
//!
//! A case is a file: an input, and under `expected` what the package answered to it. Every file of the directory in
//! `OMEGA_PARITY_DIR`, by default `fixtures/parity`, is one trial named `<kind>::<id>`; cases of the same kinds made
//! elsewhere run the same way. What cannot be read, is of an unknown kind, or is not there at all is a trial that fails.
#![expect(
    clippy::disallowed_methods,
    reason = "a test harness reads its cases, is told where they are, and starts itself to see that it can fail"
)]

mod audit_report;
mod axes;
mod benchmark;
mod collection;
mod comparison;
mod declaration;
mod document;
mod evaluate;
mod gate_scores;
mod gates;
mod iterative;
mod keyhole;
mod p1;
mod p2;
mod random_search;
mod refusals;
mod rng;
mod stress;
mod tpe;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::Arguments;

/// Names the directory of cases.
const DIRECTORY: &str = "OMEGA_PARITY_DIR";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match std::env::var_os(DIRECTORY) {
        Some(directory) => collection::trials(Path::new(&directory)),
        // With other cases the trials about the harness itself would start themselves without end.
        None => collection::trials(&fixtures()).into_iter().chain(refusals::trials()).collect(),
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join("parity")
}

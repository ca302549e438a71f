//! Calibrations as test cases: the front end that `cargo test`, nextest and `cargo omega` all run.
//!
//! A [`Suite`] holds [`Calibration`]s. Its trials are known from the declaration alone; listing them makes no target and
//! evaluates nothing. The first trial that needs a run makes it, whichever it is, and the others read the same record,
//! in this process or, under nextest, in others. libtest-mimic stands behind one file, `libtest.rs`, and appears in no
//! signature.

pub mod variables;

#[cfg(feature = "harness")]
mod answer;
#[cfg(feature = "harness")]
mod arguments;
#[cfg(feature = "harness")]
mod calibration;
#[cfg(feature = "harness")]
mod checked;
#[cfg(feature = "harness")]
mod committed;
#[cfg(feature = "harness")]
mod companion;
#[cfg(feature = "harness")]
mod digest;
#[cfg(feature = "harness")]
mod environment;
#[cfg(feature = "harness")]
mod git;
#[cfg(feature = "harness")]
mod interrupt;
#[cfg(all(feature = "harness", feature = "worker"))]
mod itself;
#[cfg(feature = "harness")]
mod judged;
#[cfg(feature = "harness")]
mod libtest;
#[cfg(feature = "harness")]
mod looks;
#[cfg(feature = "harness")]
mod opening;
#[cfg(feature = "harness")]
mod origin;
#[cfg(feature = "harness")]
mod plan;
#[cfg(feature = "harness")]
mod programs;
#[cfg(feature = "harness")]
mod progress_line;
#[cfg(feature = "harness")]
mod project;
#[cfg(feature = "harness")]
mod provenance;
#[cfg(feature = "harness")]
mod questions;
#[cfg(feature = "harness")]
mod recheck;
#[cfg(feature = "harness")]
mod rechecked;
#[cfg(feature = "harness")]
mod record;
#[cfg(feature = "harness")]
mod results;
#[cfg(feature = "harness")]
mod run;
#[cfg(feature = "harness")]
mod session;
#[cfg(feature = "harness")]
mod shipped;
#[cfg(feature = "harness")]
mod stopwatch;
#[cfg(feature = "harness")]
mod study;
#[cfg(feature = "harness")]
mod suite;
#[cfg(feature = "harness")]
mod tally;
#[cfg(feature = "harness")]
mod target_dir;
#[cfg(feature = "harness")]
mod test_run;
#[cfg(feature = "harness")]
mod trial;
#[cfg(feature = "harness")]
mod tried;
#[cfg(feature = "harness")]
mod typed;
#[cfg(all(feature = "harness", feature = "worker"))]
mod workers;

#[cfg(feature = "harness")]
pub use calibration::Calibration;
#[cfg(all(feature = "harness", feature = "worker"))]
pub use itself::itself;
#[cfg(feature = "harness")]
pub use suite::Suite;

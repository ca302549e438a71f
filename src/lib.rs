//! An audit gate for tuned parameters that runs as tests.
//!
//! People tune things: a trading strategy, a circuit, a compiler heuristic, a prompt. The best trial scores 0.95, and
//! nobody can say whether it overfits. Here the search may be anybody's; what decides is a review that was fixed
//! beforehand, and each part of that review is a test case.
//!
//! # A calibration as tests
//!
//! A test target with `harness = false` holds a [`Suite`](harness::Suite) of [`Calibration`](harness::Calibration)s; its
//! cases run under `cargo test`, `cargo nextest run` and `cargo omega test` alike. The code says *what* is calibrated,
//! omega.toml says *how it is judged*.
//!
//! ```no_run
//! use omega_lock::prelude::*;
//!
//! struct Bitcell {
//!     temperature: f64,
//! }
//!
//! impl Target for Bitcell {
//!     fn space(&self) -> ParamSpace {
//!         ParamSpace::new().float("vdd", 0.60..=1.20, 0.90).float("vth", 0.20..=0.50, 0.35).bool("boost", false)
//!     }
//!
//!     fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
//!         let margin = params.float("vdd")? - params.float("vth")? - 1e-3 * self.temperature;
//!         Ok(Evaluation::new(margin).samples(1_000).with_metric("margin_mv", 1e3 * margin))
//!     }
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     Suite::new()
//!         .add(
//!             Calibration::new("bitcell", || Ok(Bitcell { temperature: 27.0 }))
//!                 .test(|| Ok(Bitcell { temperature: 85.0 }))
//!                 .holdout(|| Ok(Bitcell { temperature: 125.0 }))
//!                 .constraint(Constraint::above("margin", "metadata.margin_mv", 150.0)),
//!         )
//!         .run()
//! }
//! ```
//!
//! # What a PASS means
//!
//! Every rule that was declared beforehand holds; what was skipped stands beside the verdict. The error rates of the gate
//! `transfer` hold for independent candidates. Where neighbouring candidates are alike, as in most real targets, it passes
//! noise far too often unless a null version is declared, and it asks about the landscape, not about the winner:
//! docs/verdict.md in the repository has the rates, [`gates`] the rules.
//!
//! # Without the harness
//!
//! ```
//! use omega_lock::artifacts::{Artifacts, RunResult, Timings, write};
//! use omega_lock::declaration::Declaration;
//! use omega_lock::prelude::*;
//! use omega_lock::run::Run;
//!
//! let train = FnTarget::new(ParamSpace::new().float("x", -2.0..=2.0, 0.5).float("y", -2.0..=2.0, 0.0), |params| {
//!     let (x, y) = (params.float("x")?, params.float("y")?);
//!     Ok(Evaluation::new(-(x - 1.0).powi(2) - 9.0 * (y + 0.5).powi(2)).samples(100))
//! });
//! let mut declaration = Declaration::of("bowl", &train);
//! declaration.constraints.push(Constraint::below("x_small", "params.x", 1.5));
//! let outcome = Run::of(&declaration).train(&train).run()?;
//! assert_eq!(outcome.verdict.to_string(), "PASS");
//!
//! let result = RunResult::new(&declaration, &outcome);
//! let scorecard = omega_lock::report::scorecard(&result);
//! let timings = Timings::unmeasured("bowl");
//! # let folder = tempfile::tempdir()?;
//! # let folder = camino::Utf8Path::from_path(folder.path()).ok_or("the folder is not UTF-8")?;
//! write(Artifacts { result: &result, timings: &timings, scorecard: &scorecard }, folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The map
//!
//! Data flows one way: declaration, run, artifacts, report. Each module uses only those above it in this list
//! (`tests/tidy/imports.rs` holds the exact table).
//!
//! | module | what it is |
//! |---|---|
//! | [`number`], [`words`], [`stats`], [`rng`] | how numbers and enums are spelled; pure numerics; numpy's generator |
#![cfg_attr(feature = "python", doc = "| [`interop`] | the Python package's text |")]
#![cfg_attr(not(feature = "python"), doc = "| `interop` | the Python package's text (feature `python`) |")]
//! | [`objective`] | what is calibrated, and the seam through which everything is evaluated |
//! | [`progress`] | events of a run, who receives them, the clock it is given |
//! | [`audit`] | the record of every evaluation, constraints, the audited evaluator |
//! | [`gates`] | rules over evidence, one file per gate; the verdict |
#![cfg_attr(feature = "keyholes", doc = "| [`keyholes`] | targets whose answer is known |")]
#![cfg_attr(not(feature = "keyholes"), doc = "| `keyholes` | targets whose answer is known (feature `keyholes`) |")]
//! | [`search`], [`stress`], [`holdout`] | who proposes, and the loop that drives it; sensitivity; the one shot |
//! | [`walk_forward`], [`hybrid`] | the best candidates on test, and before the costly judge |
//! | [`pipeline`] | a run: its passes, which search and are judged, and its ending |
#![cfg_attr(feature = "benchmark", doc = "| [`benchmark`] | methods held against the keyholes |")]
#![cfg_attr(
    not(feature = "benchmark"),
    doc = "| `benchmark` | methods held against the keyholes (feature `benchmark`) |"
)]
//! | [`declaration`] | everything that decides the numbers, resolved, with its digest; omega.toml |
//! | [`artifacts`] | the files we promise; only here does serde meet results |
#![cfg_attr(feature = "committed", doc = "| [`gold`] | a result beside the accepted one |")]
#![cfg_attr(not(feature = "committed"), doc = "| `gold` | a result beside the accepted one (feature `committed`) |")]
//! | [`run_store`] | one run, many processes |
//! | [`report`] | artifacts shown |
//! | [`run`] | the door: a run of what is declared, on live targets or on a record |
#![cfg_attr(feature = "subcommand", doc = "| [`verify`] | what a trail shows of itself and of the files beside it |")]
#![cfg_attr(
    not(feature = "subcommand"),
    doc = "| `verify` | what a trail shows of itself and of the files beside it (feature `subcommand`) |"
)]
//! | [`harness`] | the test front end |
//!
//! # Invariants
//!
//! - The core never prints, opens a file, or reads the clock or the environment.
//! - Every evaluation is recorded, whatever proposed it; the record is the same for one thread and for many.
//! - A verdict is not an error: a run that fails its gates is `Ok`. An error means that there is no answer.
//! - Degenerate input is a value that says so, never a number that a threshold could accept.
//! - Nothing in `objective` through `pipeline` is `Serialize`: a refactoring cannot change a file.

#[macro_use]
pub mod words;

pub mod artifacts;
pub mod audit;
#[cfg(feature = "benchmark")]
pub mod benchmark;
pub mod declaration;
pub mod gates;
#[cfg(feature = "committed")]
pub mod gold;
pub mod harness;
pub mod holdout;
pub mod hybrid;
#[cfg(feature = "python")]
pub mod interop;
#[cfg(feature = "keyholes")]
pub mod keyholes;
pub mod number;
pub mod objective;
pub mod pipeline;
pub mod prelude;
pub mod progress;
pub mod report;
pub mod rng;
pub mod run;
pub mod run_store;
pub mod search;
pub mod stats;
pub mod stress;
#[cfg(feature = "subcommand")]
pub mod verify;
pub mod walk_forward;

// The code of the documents compiles, and runs where it says nothing else.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
#[cfg(doctest)]
#[doc = include_str!("../docs/targets.md")]
mod targets {}

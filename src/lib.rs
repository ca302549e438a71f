//! An audit gate for tuned parameters that runs as tests.
//!
//! People tune things: a trading strategy, a circuit, a compiler heuristic, a prompt. The best trial scores 0.95, and
//! nobody can say whether it overfits. Here the search may be anybody's; what decides is a review that was fixed
//! beforehand, and each part of that review is a test case.
//!
//! # A calibration as tests
//!
//! A test target with `harness = false` holds a [`Suite`] of [`Calibration`]s; its
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
//!
//!     /// Which data this instance has; `identity_of_files` names files.
//!     fn identity(&self) -> String {
//!         format!("{} degrees", self.temperature)
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
//! Every rule that was declared beforehand holds; what was skipped, and what the verdict rests on, stand beside it. With
//! `blocks = K` the gate `margin` judges the winner over K disjoint parts of the test slice, and takes these for independent of
//! each other. Without blocks `transfer` judges the landscape. Its permutations take the candidates for independent of each
//! other, which neighbours are not: a null version mends that, and where there is neither, surfaces as smooth as the test
//! values say what chance does, and the verdict is `approximate`.
//! docs/verdict.md in the repository has the rates, [`gates`] the rules.
//!
//! # Without the harness
//!
//! ```
//! use omega_lock::internals::artifacts::{Artifacts, Timings, write};
//! use omega_lock::prelude::*;
//! use omega_lock::{Declaration, Run, RunResult, scorecard};
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
//! let scorecard = scorecard(&result);
//! let timings = Timings::unmeasured("bowl");
//! # let folder = tempfile::tempdir()?;
//! # let folder = camino::Utf8Path::from_path(folder.path()).ok_or("the folder is not UTF-8")?;
//! write(Artifacts { result: &result, timings: &timings, scorecard: &scorecard }, folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where the names are
//!
//! A test file needs [`prelude`]; who runs without the harness finds the rest here in the root. [`internals`] has what the
//! subcommand needs, without a promise, and the map of the crate.
//!
//! # Invariants
//!
//! - The core never prints, opens a file, or reads the environment; the clock only says how many threads evaluate.
//! - Every evaluation is recorded, whatever proposed it; the record is the same for one thread and for many.
//! - A verdict is not an error: a run that fails its gates is `Ok`. An error means that there is no answer.
//! - Degenerate input is a value that says so, never a number that a threshold could accept.
//! - Nothing in `objective` through `pipeline` is `Serialize`: a refactoring cannot change a file.

// Loaded by its path, so that its modules lie in this folder.
#[macro_use]
#[path = "internals.rs"]
pub mod internals;
#[cfg(feature = "keyholes")]
pub mod keyholes;
pub mod prelude;
#[cfg(feature = "worker")]
pub mod worker;

#[doc(inline)]
pub use internals::{
    artifacts::RunResult,
    audit::{Subject, Trail},
    declaration::Declaration,
    gates::{GateId, GateReport, GateStatus, Verdict},
    objective::{Ensemble, ParamError, ParamKind, Phase, Serialized},
    pipeline::{OwnLoop, Proposer, RunError, RunOutcome},
    progress::{Clock, Event, Observer},
    report::scorecard,
    rng::Generator,
    run::Run,
    search::{Candidate, Search},
    stress::StressOptions,
};
#[doc(inline)]
pub use prelude::*;

// Inside, every module is named from the root.
use internals::*;

// The code of the documents compiles, and runs where it says nothing else.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
#[cfg(doctest)]
#[doc = include_str!("../docs/targets.md")]
mod targets {}
#[cfg(all(doctest, feature = "worker"))]
#[doc = include_str!("../docs/worker-protocol.md")]
mod worker_protocol {}

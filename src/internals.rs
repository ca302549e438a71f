//! What the subcommand and our own tests need, without a promise: any of it may change or go in any release.
//!
//! A user finds everything in the [root](crate) of the crate and in [`prelude`](crate::prelude). Who reaches in here writes
//! `omega-lock = "=x.y.z"`.
//!
//! # The map
//!
//! Data flows one way: declaration, run, artifacts, report. Each module uses only those above it in this list
//! (`tests/tidy/imports.rs` holds the exact table).
//!
//! | module | what it is |
//! |---|---|
//! | [`number`], [`words`], [`regular_file`] | how numbers and enums are spelled; the door to every file that is read |
//! | [`stats`], [`rng`] | pure numerics; numpy's generator |
#![cfg_attr(feature = "python", doc = "| [`interop`] | the Python package's text |")]
#![cfg_attr(not(feature = "python"), doc = "| `interop` | the Python package's text (feature `python`) |")]
//! | [`objective`] | what is calibrated, and the seam through which everything is evaluated |
//! | [`identity`] | a name for data that lies in files |
//! | [`progress`] | events of a run, who receives them, the clock it is given |
//! | [`audit`] | the record of every evaluation, constraints, the audited evaluator |
//! | [`gates`] | rules over evidence, one file per gate; the verdict |
#![cfg_attr(feature = "keyholes", doc = "| [`keyholes`](crate::keyholes) | targets whose answer is known |")]
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
#![cfg_attr(feature = "committed", doc = "| [`ship`] | the accepted parameters as a file that production uses |")]
#![cfg_attr(
    not(feature = "committed"),
    doc = "| `ship` | the accepted parameters as a file that production uses (feature `committed`) |"
)]
//! | [`run_store`] | one run, many processes |
//! | [`report`] | artifacts shown |
//! | [`run`] | the door: a run of what is declared, on live targets or on a record |
#![cfg_attr(feature = "subcommand", doc = "| [`verify`] | what a trail shows of itself and of the files beside it |")]
#![cfg_attr(
    not(feature = "subcommand"),
    doc = "| `verify` | what a trail shows of itself and of the files beside it (feature `subcommand`) |"
)]
#![cfg_attr(feature = "worker", doc = "| [`worker`](crate::worker) | targets that are programs in any language |")]
#![cfg_attr(
    not(feature = "worker"),
    doc = "| `worker` | targets that are programs in any language (feature `worker`) |"
)]
//! | [`harness`] | the test front end |

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
pub mod identity;
#[cfg(feature = "python")]
pub mod interop;
pub mod number;
pub mod objective;
pub mod pipeline;
pub mod progress;
pub mod regular_file;
pub mod report;
pub mod rng;
pub mod run;
pub mod run_store;
pub mod search;
#[cfg(feature = "committed")]
pub mod ship;
pub mod stats;
pub mod stress;
#[cfg(feature = "subcommand")]
pub mod verify;
pub mod walk_forward;

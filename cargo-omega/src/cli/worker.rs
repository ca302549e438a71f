//! The grammar of `worker`.

use clap::{Args, Subcommand};

use super::examples;

/// Check a target that is a program in another language
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("worker"))]
pub(crate) struct WorkerArgs {
    #[command(subcommand)]
    pub(crate) command: WorkerCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WorkerCommand {
    Check(CheckArgs),
}

/// Check whether a worker keeps to the protocol omega-worker/1
///
/// Starts the command and exchanges messages with it, thirty times. Says of each exchange whether it went as the protocol says.
/// docs/worker-protocol.md in the repository describes the protocol. Nothing is recorded.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("worker"))]
pub(crate) struct CheckArgs {
    /// What to tell the worker of the slice, as a JSON object
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub(crate) slice: String,
    /// Which calibration to name to the worker
    #[arg(long, value_name = "NAME", default_value = "check")]
    pub(crate) calibration: String,
    /// The program and its arguments; no shell reads them
    #[arg(value_name = "COMMAND", last = true, required = true)]
    pub(crate) worker: Vec<String>,
}

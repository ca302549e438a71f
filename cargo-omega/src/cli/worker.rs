//! The grammar of `worker`.

use clap::{Args, Subcommand};

use super::examples;

/// Targets that are programs in any language
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

/// Hold a worker against the protocol omega-worker/1
///
/// Starts the command, has thirty exchanges with it, and says of each whether it went as the protocol wants it. The page of
/// the protocol is docs/worker-protocol.md in the repository. Nothing is recorded.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("worker"))]
pub(crate) struct CheckArgs {
    /// What the worker is told of the slice, as a JSON object
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub(crate) slice: String,
    /// The name of the calibration that the worker is told
    #[arg(long, value_name = "NAME", default_value = "check")]
    pub(crate) calibration: String,
    /// The program and its arguments; no shell reads them
    #[arg(value_name = "COMMAND", last = true, required = true)]
    pub(crate) worker: Vec<String>,
}

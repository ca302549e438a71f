//! The grammar of `test`: what to run, and where the results go.

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use super::{TestArgs, examples, variables};

/// Run the calibrations and show every gate as a test case
///
/// Builds and runs the calibrations through `cargo test`. Shows each gate, constraint and holdout as a case, with what was
/// measured and what is required. Writes `target/omega/results.json`, and a folder for each run. Ctrl-C stops after the current
/// evaluation; the next run continues there.
#[derive(Debug, Args)]
#[command(after_long_help = format!("{}\n\n{}", examples::of("test"), variables()))]
pub(crate) struct TestCommand {
    #[command(flatten)]
    pub(crate) test: TestArgs,
    /// Evaluate again what is accepted instead of searching, where omega.toml allows that (`recheck`); where CI is set it needs
    /// `--against`
    ///
    /// `--recheck=or-search` searches those calibrations that only a search can judge, in the same run.
    #[arg(long, value_name = "WHAT", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "accepted")]
    pub(crate) recheck: Option<RecheckWhat>,
    #[command(flatten, next_help_heading = "Results")]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecheckWhat {
    /// What is accepted, and nothing else: fails where only a search will do
    Accepted,
    /// The same, and searches where only that will do
    OrSearch,
}

#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// How to show the results [default: `github` if GITHUB_ACTIONS is true, else `text`]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) format: Option<OutputFormat>,
    /// Write the results as JUnit XML too
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<Utf8PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Lines for a reader
    Text,
    /// The content of results.json, and nothing else on stdout
    Json,
    /// Lines for a reader, and annotations for GitHub Actions
    Github,
}

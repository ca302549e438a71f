//! The grammar of `gate`.

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use super::examples;

/// Ask whether the ranks of two lists of scores agree
///
/// Takes two lists of scores of the same candidates, in the same order: on the data that an optimizer searched, and on data
/// that it did not see. Larger is better in both (or smaller in both). The ranks agree if their correlation is larger than
/// chance explains, one-sided, at 0.05. Of independent noise at most one list in twenty agrees, however many pairs there are.
/// It needs at least 5 pairs; below 30 little follows either way. Where candidates are alike, give at least 5 blocks of
/// scores for each: that keeps the level.
///
/// Ranks that agree do not make the winner good. Exit code 0 says that they agree, 1 that they do not.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("gate"))]
pub(crate) struct GateArgs {
    /// Scores on the data that the search saw: a JSON array, FILE:COLUMN of a CSV file, or `-` for standard input
    ///
    /// A gate verdict or study audit of the Python package holds both lists; then leave `--holdout` out.
    #[arg(long, value_name = "FILE")]
    pub(crate) train: Utf8PathBuf,
    /// Scores of the same candidates on data that it did not see: an array, an array of rows of blocks, or columns
    ///
    /// FILE:PATTERN takes several columns as blocks, such as `scores.csv:block_*`.
    #[arg(long, value_name = "FILE")]
    pub(crate) holdout: Option<Utf8PathBuf>,
    /// The rule
    #[arg(long, value_name = "RULE", value_enum, default_value_t = GateRule::Ranks)]
    pub(crate) rule: GateRule,
    /// The smallest correlation that passes with `--rule kc4`, from 0 to 1 [default: 0.3]
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub(crate) pearson_min: Option<f64>,
    /// How to show the verdict
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = GateFormat::Text)]
    pub(crate) format: GateFormat,
    /// Write an HTML page too, with the scores against each other
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<Utf8PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GateRule {
    /// Do the ranks agree more than chance explains?
    Ranks,
    /// The numbers of the Python package: a correlation of at least 0.3 is PASS, however few the scores; ten pairs of noise
    /// pass in one of five tries
    Kc4,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GateFormat {
    /// Lines for a reader
    Text,
    /// A document: `cargo omega schema gate.json`; with `--rule kc4` the gate verdict of the Python package
    Json,
}

//! The grammar of `eval` and `check`.

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use super::{CargoArgs, examples};

/// Evaluate one parameter set by hand, beside the baseline and gold
///
/// Builds the harness that has the calibration. Takes the baseline, sets the given values, and evaluates that on train. Shows the
/// figures beside those of the baseline and of gold. Nothing of it goes into a trail or a verdict.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("eval"))]
pub(crate) struct EvalArgs {
    /// The calibration
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Parameters to set
    #[arg(value_name = "KEY=VALUE")]
    pub(crate) values: Vec<String>,
    /// Begin with the parameters that gold accepts
    #[arg(long, conflicts_with_all = ["baseline", "candidate", "file"])]
    pub(crate) gold: bool,
    /// Begin with the declared baseline; this is the default
    #[arg(long, conflicts_with_all = ["candidate", "file"])]
    pub(crate) baseline: bool,
    /// Begin with this candidate of the last run: its number, or `2:17` for that of the second round or window
    #[arg(long, value_name = "NUMBER", conflicts_with = "file")]
    pub(crate) candidate: Option<crate::candidate::Number>,
    /// Begin with the values of a JSON object of parameters
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<Utf8PathBuf>,
    /// The slice to evaluate on; whoever asks `test` again and again has searched it
    #[arg(long, value_name = "SLICE", value_enum, default_value_t = EvalSlice::Train)]
    pub(crate) slice: EvalSlice,
    /// Evaluate the holdout, and write the look into omega.ledger.jsonl
    #[arg(long)]
    pub(crate) count_a_look: bool,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EvalSlice {
    /// What the search sees
    Train,
    /// What judges the best candidates
    Test,
    /// What a costly judge of the best candidates sees
    Validation,
    /// What is seen once; needs `--count-a-look`
    Holdout,
}

/// Look at a calibration before you spend hours on it
///
/// Evaluates the baseline once on every slice and once more on train. Shows the space, the metrics and the blocks. Says whether the
/// slices name different data, whether the second answer equals the first, how many evaluations a run makes, how long they take,
/// and how large a gain the declared blocks could show. Shows no figure of test and holdout.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("check"))]
pub(crate) struct CheckCalibrationArgs {
    /// The calibration
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

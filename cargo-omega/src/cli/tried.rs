//! The grammar of `eval` and `check`.

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use super::{CargoArgs, examples};

/// Evaluate one parameter set by hand, beside the baseline and gold
///
/// Builds the harness that has the calibration, evaluates the baseline with the given values over it, on train, and shows
/// the figures beside those of the baseline and of what gold accepts. Nothing of it goes into a trail or a verdict.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("eval"))]
pub(crate) struct EvalArgs {
    /// The calibration
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Values over those it begins with
    #[arg(value_name = "KEY=VALUE")]
    pub(crate) values: Vec<String>,
    /// Begin with the parameters that gold accepts
    #[arg(long, conflicts_with_all = ["baseline", "candidate", "file"])]
    pub(crate) gold: bool,
    /// Begin with the declared baseline, which is what happens anyway
    #[arg(long, conflicts_with_all = ["candidate", "file"])]
    pub(crate) baseline: bool,
    /// Begin with this candidate of the last run: its number, or `2:17` for that of the second round or window
    #[arg(long, value_name = "NUMBER", conflicts_with = "file")]
    pub(crate) candidate: Option<crate::candidate::Number>,
    /// Begin with the values of a JSON object of parameters
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<Utf8PathBuf>,
    /// On which slice; each answer of test is one more question to it
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
    /// What is searched
    Train,
    /// What the best candidates are judged on
    Test,
    /// What the costly judge of the hybrid ranking has
    Validation,
    /// What is seen once; needs `--count-a-look`
    Holdout,
}

/// Look at a calibration before hours are spent on it
///
/// Evaluates the baseline once on every slice and once more on train. Shows the space, the metrics and blocks, whether the
/// slices name other data, whether the second answer is the first, how many evaluations are planned and how long they
/// take, and how large a gain the declared blocks could show. Tells no figure of test and holdout.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("check"))]
pub(crate) struct CheckCalibrationArgs {
    /// The calibration
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

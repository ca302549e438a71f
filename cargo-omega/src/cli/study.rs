//! The grammar of the commands about studies of other tools.

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use omega_lock::internals::artifacts::Direction;

use super::examples;
use crate::study::Told;

/// A file that another optimizer left behind, and what it does not say of itself.
#[derive(Debug, Args)]
pub(crate) struct StudyFileArgs {
    /// What the search left behind: a file of Optuna (SQLite, journal, CSV), scikit-learn (`cv_results_` as CSV or JSON), MLflow
    /// (SQLite, CSV) or freqtrade (`.fthypt`), any CSV or JSON lines, or what `import` wrote
    #[arg(value_name = "FILE")]
    pub(crate) file: Utf8PathBuf,
    /// Which study, where the file has several
    #[arg(long, value_name = "NAME")]
    pub(crate) study: Option<String>,
    /// Which score the search optimised, where the file has several or does not say it
    #[arg(long, value_name = "NAME")]
    pub(crate) score: Option<String>,
    /// Which scores are better, where the file does not say it
    #[arg(long, value_name = "DIRECTION", value_enum)]
    pub(crate) direction: Option<DirectionWord>,
    /// The columns that are parameters, where the file does not say it: names or patterns
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',')]
    pub(crate) params: Vec<String>,
}

impl StudyFileArgs {
    pub(crate) fn told(&self) -> Told {
        Told {
            file: self.file.clone(),
            study: self.study.clone(),
            score: self.score.clone(),
            direction: self.direction.map(DirectionWord::direction),
            params: self.params.clone(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DirectionWord {
    /// The smaller, the better
    Minimize,
    /// The larger, the better
    Maximize,
}

impl DirectionWord {
    pub(crate) const fn direction(self) -> Direction {
        match self {
            Self::Minimize => Direction::Minimize,
            Self::Maximize => Direction::Maximize,
        }
    }
}

/// Write the study of another tool as one file, for a calibration to use
///
/// The file has every trial with its parameters, scores and state. It says where they come from, and what was left out and why.
/// Each row has a digest over those before it; the last digest stands for the study, and omega.lock names it. The same input
/// gives the same bytes.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("import"))]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    pub(crate) from: StudyFileArgs,
    /// The file to write; an earlier study there is replaced, and nothing else is
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Utf8PathBuf,
}
/// Say what the finished study of another tool can show
///
/// Without `--calibration` it evaluates nothing, so it never says PASS. It reads the record: how many tries there were, which are
/// repeats, which scores are not finite, whether the winner violates a constraint or lies on the edge of what was searched. With
/// `--other` it also asks whether a second score, on data that the search did not see, ranks the trials alike. The exit code is
/// then 6, because nothing was evaluated; with `--allow-unproven` the ranks are the answer. docs/studies.md has the way to a
/// verdict.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("study"))]
pub(crate) struct StudyArgs {
    #[command(flatten)]
    pub(crate) from: StudyFileArgs,
    /// A score of the same trials on data that the search did not see: its name, `attributes.NAME`, or `parts` for the parts of
    /// the optimised score that the file has
    #[arg(long, value_name = "NAME")]
    pub(crate) other: Option<String>,
    /// Which values of the other score are better [default: as for the score that was optimised]
    #[arg(long, value_name = "DIRECTION", value_enum, requires = "other")]
    pub(crate) other_direction: Option<DirectionWord>,
    /// Judge the study by this calibration: evaluate about fifty of its trials again, and let the gates judge what they give now.
    /// The exit codes are those of `test`
    #[arg(long, value_name = "CALIBRATION", conflicts_with_all = ["other", "format", "report"])]
    pub(crate) calibration: Option<String>,
    /// Exit with 0 if the ranks agree and with 1 if not, although nothing was evaluated
    #[arg(long, requires = "other")]
    pub(crate) allow_unproven: bool,
    /// How to show it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = StudyFormat::Text)]
    pub(crate) format: StudyFormat,
    /// Write an HTML page too
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<Utf8PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StudyFormat {
    /// Lines for a reader
    Text,
    /// A JSON document, and nothing else on stdout
    Json,
}

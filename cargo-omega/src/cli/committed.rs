//! The grammar of the commands about committed files: omega.lock, gold, declarations.

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use super::{BuildArgs, FeatureArgs, ManifestArgs, PackageArgs, TestArgs, examples};

/// Accept the rules: write what every calibration is judged by to omega.lock
///
/// Reads the code and omega.toml of every calibration of the workspace, and evaluates nothing. Shows what differs from the
/// present omega.lock, and writes the new one. Commit the file: each run is compared with it.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("lock"))]
pub(crate) struct LockArgs {
    /// Write nothing; exit 1 if omega.lock would change
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

/// Accept results: run the calibrations and write what they found as gold
///
/// Runs the calibrations, and shows what differs from gold. Then it writes the new gold, and keeps the reason in HISTORY.jsonl
/// beside it. Refuses to run in CI, and refuses a run that failed.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("update-gold"))]
pub(crate) struct UpdateGoldArgs {
    /// Why the accepted results change; required, and kept in the history
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Accept the result of a run that failed
    #[arg(long)]
    pub(crate) accept_failing: bool,
    #[command(flatten)]
    pub(crate) test: TestArgs,
}

/// Accept or reject results that differ from gold, one by one
///
/// Shows each result that waits in `target/omega/pending`, and asks. Needs a terminal.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("review"))]
pub(crate) struct ReviewArgs {
    #[command(flatten, next_help_heading = "Manifest")]
    pub(crate) manifest: ManifestArgs,
    /// Directory for everything that is built and written
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) target_dir: Option<Utf8PathBuf>,
}

/// Write the accepted parameters to the file that production uses
///
/// omega.toml names the file: `ship = { file = "src/tuned.rs" }`. The values come from gold, and read back to the same bits.
/// `update-gold` and `review` write the file too. The case `NAME::shipped` fails if the file says something else than gold.
/// Without a name it takes every calibration that declares a file. Refuses to write in CI, and ships nothing that did not pass.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("ship"))]
pub(crate) struct ShipArgs {
    /// Calibrations that declare a file
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Write nothing; exit 1 if a file says something else than gold
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten, next_help_heading = "Manifest")]
    pub(crate) manifest: ManifestArgs,
}

/// Compare two artifacts of one kind: results, trails, gold, locks
///
/// Says what got better or worse, looser or tighter, from the first to the second. Exits 1 if something regressed. With the
/// name of a calibration alone, it compares the last run with gold. Of two runs, named by their folders, it shows the ten
/// lines that matter most; `--full` shows all.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("diff"))]
pub(crate) struct DiffArgs {
    /// The artifact before, or the folder of a run; or, alone, the name of a calibration
    #[arg(value_name = "A")]
    pub(crate) before: Utf8PathBuf,
    /// The artifact after
    #[arg(value_name = "B")]
    pub(crate) after: Option<Utf8PathBuf>,
    /// Show everything that differs, and the unified diff of the files
    #[arg(long)]
    pub(crate) full: bool,
    /// How to show it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    Text,
    Json,
    Markdown,
}

/// How cargo builds and finds the project.
#[derive(Debug, Args)]
pub(crate) struct CargoArgs {
    #[command(flatten, next_help_heading = "Feature selection")]
    pub(crate) features: FeatureArgs,
    #[command(flatten, next_help_heading = "Compilation")]
    pub(crate) build: BuildArgs,
    #[command(flatten, next_help_heading = "Manifest")]
    pub(crate) manifest: ManifestArgs,
}

impl TestArgs {
    /// Whether nothing typed leaves out anything of the workspace.
    pub(crate) fn asks_for_everything(&self) -> bool {
        let Self { filters, harness_args, skip, packages, .. } = self;
        filters.is_empty() && skip.is_empty() && harness_args.is_empty() && !packages.leaves_out()
    }
}

impl CargoArgs {
    /// The arguments of a run over every harness of the workspace.
    pub(crate) fn whole_workspace(&self) -> TestArgs {
        let Self { features, build, manifest } = self;
        TestArgs {
            packages: PackageArgs { workspace: true, ..PackageArgs::default() },
            features: features.clone(),
            build: build.clone(),
            manifest: manifest.clone(),
            ..TestArgs::default()
        }
    }
}

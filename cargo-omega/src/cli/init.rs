//! The grammar of `init`.

use camino::Utf8PathBuf;
use clap::Args;

use super::{ManifestArgs, examples};

/// Set a package up: an example calibration, its rules, a first lock, a workflow
///
/// Writes `tests/calibration.rs`, what the manifest needs to run it, `omega.toml`, `.github/workflows/omega.yml` and
/// `omega.lock`. Leaves alone what is there already, and goes on where an earlier `init` stopped. With `--python` it writes
/// `calibration.py` instead, in a folder without a Cargo.toml; that needs no cargo. Refuses to run in CI.
///
/// While nothing is published, `--path` has to say where a clone of omega-lock lies.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("init"))]
pub(crate) struct InitArgs {
    /// The package to set up; needed where several could be meant
    #[arg(short, long, value_name = "SPEC")]
    pub(crate) package: Option<String>,
    /// Take omega-lock from this folder instead of the published one
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<Utf8PathBuf>,
    /// Set this folder up for a target in Python, without cargo
    #[arg(long, conflicts_with_all = ["package", "path", "manifest_path"])]
    pub(crate) python: bool,
    /// Write nothing; say what is missing, and exit 1 if something is
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten, next_help_heading = "Manifest")]
    pub(crate) manifest: ManifestArgs,
}

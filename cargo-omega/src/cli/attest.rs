//! The grammar of `attest`.

use camino::Utf8PathBuf;
use clap::Args;

use super::examples;

/// Write the outcome of a run as an in-toto statement, for others to sign and check
///
/// Verifies the run first, and refuses one that is damaged. The statement has the predicate `test-result`. It says PASSED, FAILED or
/// WARNED. WARNED means that every case passed and that there is something to know, such as a working tree that was not clean.
/// The statement has no signature. The same run gives the same bytes. The exit code is 0 for FAILED too: look at `result` before
/// you sign.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("attest"))]
pub(crate) struct AttestArgs {
    /// A calibration, or the folder of a run
    #[arg(value_name = "RUN")]
    pub(crate) run: Utf8PathBuf,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Utf8PathBuf,
}

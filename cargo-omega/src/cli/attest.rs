//! The grammar of `attest`.

use camino::Utf8PathBuf;
use clap::Args;

use super::examples;

/// Write what a run comes to as an in-toto statement, for others to sign and check
///
/// Verifies the run first: nothing is said of one that is damaged. The statement has the predicate `test-result`: PASSED, FAILED,
/// or WARNED where every case passed but there is something to know, such as a working tree that was not clean. It has no
/// signature, and the same run gives the same bytes. A statement that says FAILED is one too: the exit code is 0, so look at
/// its `result` before you sign.
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

//! The grammar of `verify`.

use camino::Utf8PathBuf;
use clap::Args;
use omega_lock::internals::artifacts::Anchor;

use super::examples;

/// Look for damage in trails and other artifacts
///
/// Says what each file is, whether its chain of digests holds, and what is damaged: class, byte, row or key. Of a finished run it
/// also makes result and scorecard again from the recorded evaluations, and compares them byte for byte; nothing is evaluated.
/// No file shows by itself who wrote it, or that nothing was cut off. An anchor that is kept elsewhere shows that.
#[derive(Debug, Args)]
#[command(after_long_help = examples::of("verify"))]
pub(crate) struct VerifyArgs {
    /// Calibrations, folders of runs, or artifacts
    #[arg(value_name = "RUN", required = true)]
    pub(crate) paths: Vec<Utf8PathBuf>,
    /// How the trail must end: the number of its rows and the digest of the last one
    #[arg(long, value_name = "ROWS:HEAD", value_parser = anchor)]
    pub(crate) anchor: Option<Anchor>,
    /// An earlier state of the trail, which it must begin with
    #[arg(long, value_name = "OLD")]
    pub(crate) extends: Option<Utf8PathBuf>,
    /// The gold of the run [default: that of the workspace it lies in, else of the current one]
    #[arg(long, value_name = "FILE")]
    pub(crate) gold: Option<Utf8PathBuf>,
    /// Follow the digests of a trail, and do nothing else
    #[arg(long)]
    pub(crate) chain_only: bool,
}

/// `136:a202...`
fn anchor(text: &str) -> Result<Anchor, String> {
    let expected = || "expected the number of rows, a colon and 64 hex digits".to_owned();
    let (rows, head) = text.split_once(':').ok_or_else(expected)?;
    let rows = rows.parse().map_err(|_| expected())?;
    let hex = head.len() == 64 && head.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase());
    if hex { Ok(Anchor { rows, head: head.to_owned() }) } else { Err(expected()) }
}

//! Why a trail cannot be kept.

use camino::{Utf8Path, Utf8PathBuf};

use crate::artifacts::TrailDamage;

/// A trail that cannot be written, or not be continued.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrailError {
    /// The disk, or something else the system says.
    #[error("`{path}` could not be {verb}: {source}")]
    Io {
        /// What was tried.
        verb: &'static str,
        /// With which file.
        path: Utf8PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A row could not be turned into bytes.
    #[error("the row of evaluation {call_index} could not be written down: {source}")]
    Row {
        /// Which evaluation.
        call_index: u64,
        /// Why not.
        source: serde_json::Error,
    },
    /// What an evaluation attached could not be kept.
    #[error("attachment `{name}` of evaluation {call_index} could not be kept: {source}")]
    Attachment {
        /// Which evaluation.
        call_index: u64,
        /// The attachment.
        name: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is something else where the trail should be.
    #[error("`{0}` is not a regular file, expected the trail of an earlier run or nothing")]
    NotAFile(Utf8PathBuf),
    /// An unfinished trail that is damaged before its last row.
    #[error(
        "`{path}` is the trail of an unfinished run and is damaged: {damage}\nhelp: `cargo omega verify` says more; \
         `--fresh` (or OMEGA_LOCK_FRESH=1) sets it aside and starts over"
    )]
    Damaged {
        /// The trail.
        path: Utf8PathBuf,
        /// What is wrong, and where.
        damage: TrailDamage,
    },
    /// An unfinished trail has evaluations that the run which continued it did not ask for.
    #[error(
        "`{path}` is the trail of an unfinished run and has evaluation {call_index}, which the declared pipeline does not \
         make\nhelp: `--fresh` (or OMEGA_LOCK_FRESH=1) sets it aside and starts over"
    )]
    LeftOver {
        /// The trail.
        path: Utf8PathBuf,
        /// The first such evaluation.
        call_index: u64,
    },
    /// A row that no reader would take.
    #[error(
        "evaluation {call_index} makes a row of {bytes} bytes, and a row has at most {most}\nhelp: attach what is large to \
         the evaluation (`Evaluation::attach`) instead of putting it into its metadata"
    )]
    TooLong {
        /// Which evaluation.
        call_index: u64,
        /// How long the row is.
        bytes: u64,
        /// How long a row may be.
        most: u64,
    },
    /// A write failed before; the first failure says why.
    #[error("an earlier row could not be written")]
    Stopped,
}

impl TrailError {
    pub(super) fn io(verb: &'static str, path: &Utf8Path, source: std::io::Error) -> Self {
        Self::Io { verb, path: path.to_owned(), source }
    }
}

//! Something too large or too free for metadata that an evaluation leaves behind.

use std::path::PathBuf;
use std::sync::Arc;

/// A log, a waveform, a picture: kept beside the record, not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attachment {
    /// What it is called; any text.
    pub name: String,
    /// What it holds, or where that is.
    pub content: Content,
}

/// What an attachment holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// The bytes themselves.
    Bytes(Arc<[u8]>),
    /// A file, read when the evaluation is recorded.
    File(PathBuf),
    /// Kept beside a record that was read.
    Kept {
        /// SHA-256 of the bytes, hex, which is also the file's name.
        sha256: String,
        /// Number of bytes.
        size: u64,
    },
}

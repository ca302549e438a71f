//! A trail and its attachments, row by row.

use camino::Utf8Path;

use crate::artifacts::{
    Anchor, DamageKind, TrailBody, TrailDamage, TrailEnd, TrailHeader, TrailReadError, TrailReader, attachment_path,
    measure,
};
use crate::audit::Row;
use crate::objective::Content;
use crate::regular_file::{FileError, open_regular_file};

/// What a trail says that is not damaged.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TrailReport {
    /// The first row.
    pub header: TrailHeader,
    /// The rows in two values.
    pub anchor: Anchor,
    /// How many of them are evaluations.
    pub evaluations: u64,
    /// How many attachments lie beside it as their rows say.
    pub attachments: u64,
    /// How the run ended; absent while it has not.
    pub end: Option<TrailEnd>,
    /// The byte at which the piece of a row begins that a run which was interrupted left.
    pub torn: Option<u64>,
}

/// Why nothing good can be said of a trail.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A file is not there, not regular, or cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// Reading failed.
    #[error("`{path}` could not be read: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The trail is damaged.
    #[error("{0}")]
    Damage(TrailDamage),
}

impl VerifyError {
    pub(super) fn of(path: &Utf8Path, error: TrailReadError) -> Self {
        match error {
            TrailReadError::Io(source) => Self::Io { path: path.to_string(), source },
            TrailReadError::Damage(damage) => Self::Damage(damage),
        }
    }
}

/// SHA-256 of a file of any size, hex.
///
/// # Errors
/// If it is not regular or cannot be read.
pub fn file_digest(path: &Utf8Path) -> Result<String, VerifyError> {
    let read = measure(open_regular_file(path)?);
    read.map(|(digest, _)| digest).map_err(|source| VerifyError::Io { path: path.to_string(), source })
}

/// Reads a trail from the first byte to the last: digests, spelling and order of all rows, and every attachment.
///
/// # Errors
/// If the trail cannot be read, or is damaged. A run that has not ended is no damage, nor is the piece of a row at its end.
pub fn read_trail(path: &Utf8Path) -> Result<TrailReport, VerifyError> {
    let mut reader = TrailReader::new(open_regular_file(path)?);
    let mut report: Option<TrailReport> = None;
    loop {
        let (row, offset) = (reader.rows(), reader.offset());
        let body = match reader.next_body() {
            Ok(body) => body,
            Err(TrailReadError::Damage(TrailDamage { kind: DamageKind::Torn, offset, .. })) if report.is_some() => {
                if let Some(report) = &mut report {
                    report.torn = Some(offset);
                }
                None
            }
            Err(error) => return Err(VerifyError::of(path, error)),
        };
        match (body, &mut report) {
            (Some(TrailBody::Header(header)), _) => {
                let anchor = reader.anchor();
                report = Some(TrailReport { header, anchor, evaluations: 0, attachments: 0, end: None, torn: None });
            }
            (Some(TrailBody::Evaluation(evaluated)), Some(report)) => {
                report.evaluations += 1;
                let kept = attachments(path, &evaluated);
                report.attachments += kept.map_err(|kind| VerifyError::Damage(TrailDamage { row, offset, kind }))?;
            }
            (Some(TrailBody::End(end)), Some(report)) => report.end = Some(end),
            (None, Some(report)) => {
                report.anchor = reader.anchor();
                return Ok(report.clone());
            }
            // The reader accepts nothing before the header.
            (_, None) => return Err(VerifyError::Damage(TrailDamage { row, offset, kind: DamageKind::Empty })),
        }
    }
}

/// How many attachments a row has, if each is what the row says.
fn attachments(trail: &Utf8Path, row: &Row) -> Result<u64, DamageKind> {
    let folder = trail.parent().unwrap_or(Utf8Path::new(""));
    for attachment in &row.attachments {
        let wrong = |problem: String| DamageKind::Attachment(format!("`{}` {problem}", attachment.name.escape_debug()));
        let Content::Kept { sha256, size } = &attachment.content else { continue };
        if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong("has no digest of 64 hex digits".to_owned()));
        }
        let path = attachment_path(folder, sha256);
        let file = open_regular_file(&path).map_err(|error| wrong(format!("is not there: {error}")))?;
        let found = measure(file).map_err(|error| wrong(format!("could not be read: {error}")))?;
        if (&found.0, found.1) != (sha256, *size) {
            return Err(wrong(format!("has {} bytes of digest {}, the row says otherwise", found.1, found.0)));
        }
    }
    Ok(row.attachments.len() as u64)
}

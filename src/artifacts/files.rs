//! Reading and writing artifacts: the one place where this module touches the disk.

use std::io::Write;

use atomic_write_file::AtomicWriteFile;
use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{ExitCode, Timings};
#[cfg(feature = "python")]
use crate::interop::strict;
use crate::regular_file::{FileErrorKind, LARGEST, read_named_text};
use crate::words::plain_json;

/// What a run leaves behind.
#[derive(Debug, Clone, Copy)]
pub struct Artifacts<'a, R> {
    /// `result.json`: the result of a pipeline.
    pub result: &'a R,
    /// `timings.json`.
    pub timings: &'a Timings,
    /// `scorecard.txt`, as [`report::scorecard`](crate::report::scorecard) or its like for the pipeline makes it.
    pub scorecard: &'a str,
}

/// Writes the artifacts of a run into `dir`, which is made if it is not there; each file is replaced whole, and
/// `result.json` comes last: where it is, the others are.
///
/// # Errors
/// If the folder cannot be made or a file cannot be written; files written before stay.
pub fn write(artifacts: Artifacts<'_, impl Serialize>, dir: &Utf8Path) -> Result<(), ArtifactError> {
    write_json(artifacts.timings, &dir.join("timings.json"))?;
    write_text(artifacts.scorecard, &dir.join("scorecard.txt"))?;
    write_json(artifacts.result, &dir.join("result.json"))
}

/// Takes result, scorecard, page, progress and what was judged of an earlier run away, so that a run which ends without any
/// leaves none that look like its own. Trail and timings stay: an unfinished run is continued from them.
///
/// # Errors
/// If a file is there and cannot be removed.
pub fn clear(dir: &Utf8Path) -> Result<(), ArtifactError> {
    ["result.json", "scorecard.txt", "report.html", super::Judged::FILE, super::UnderWay::FILE]
        .iter()
        .try_for_each(|name| remove(&dir.join(name)))
}

/// Takes a file away, if it is there.
///
/// # Errors
/// If it is there and cannot be removed.
pub fn remove(path: &Utf8Path) -> Result<(), ArtifactError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ArtifactError::new("removed", path, error)),
        _ => Ok(()),
    }
}

/// Writes a document as indented JSON with a final newline, whole or not at all; its folder is made if it is not there.
///
/// # Errors
/// If the folder cannot be made or the file cannot be written.
pub fn write_json(document: &impl Serialize, path: &Utf8Path) -> Result<(), ArtifactError> {
    let bytes = document_bytes(document).map_err(|error| ArtifactError::new("made", path, error))?;
    write_bytes(&bytes, path)
}

/// Writes a text, whole or not at all; its folder is made if it is not there.
///
/// # Errors
/// If the folder cannot be made or the file cannot be written.
pub fn write_text(text: &str, path: &Utf8Path) -> Result<(), ArtifactError> {
    write_bytes(text.as_bytes(), path)
}

/// Adds a document as one line to a file of such lines, which is made if it is not there. The file is replaced whole.
///
/// # Errors
/// If the file cannot be read or written.
pub fn append_line(document: &impl Serialize, path: &Utf8Path) -> Result<(), ArtifactError> {
    let line = serde_json::to_string(document).map_err(|error| ArtifactError::new("made", path, error))?;
    let mut text = read_text(path)?.unwrap_or_default();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    write_text(&format!("{text}{line}\n"), path)
}

/// The text of a file; `None` if it is not there.
///
/// # Errors
/// If it is there and cannot be read.
pub fn read_text(path: &Utf8Path) -> Result<Option<String>, ArtifactError> {
    read_named_text(path, LARGEST).map_err(|error| ArtifactError::new("read", path, error))
}

/// What [`write_json`] writes.
///
/// # Errors
/// If the document is none: a map with keys that are no texts, say.
pub fn document_bytes(document: &impl Serialize) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    document_text(document).map(String::into_bytes)
}

/// The same as text.
///
/// # Errors
/// As [`document_bytes`].
pub fn document_text(document: &impl Serialize) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    Ok(plain_json(serde_json::to_string_pretty(document)? + "\n"))
}

/// Reads a document of ours.
///
/// # Errors
/// If the file cannot be read, is no JSON, or is not of this kind and version.
pub fn read_json<T: DeserializeOwned>(path: &Utf8Path) -> Result<T, ArtifactError> {
    serde_json::from_str(&read(path)?).map_err(|error| ArtifactError::new("understood", path, error))
}

/// Reads a document that Python may have written, with its bare `NaN` and `Infinity`.
///
/// # Errors
/// If the file cannot be read, is no JSON apart from these, or is not of this kind.
#[cfg(feature = "python")]
pub fn read_python_json<T: DeserializeOwned>(path: &Utf8Path) -> Result<T, ArtifactError> {
    serde_json::from_str(&strict(&read(path)?)).map_err(|error| ArtifactError::new("understood", path, error))
}

fn read(path: &Utf8Path) -> Result<String, ArtifactError> {
    let absent = || ArtifactError::new("read", path, FileErrorKind::Closed(std::io::ErrorKind::NotFound.into()));
    read_text(path)?.ok_or_else(absent)
}

fn write_bytes(bytes: &[u8], path: &Utf8Path) -> Result<(), ArtifactError> {
    let failed = |error: std::io::Error| ArtifactError::new("written", path, error);
    if let Some(folder) = path.parent() {
        #[expect(clippy::disallowed_methods, reason = "the one place of this module that makes folders")]
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = AtomicWriteFile::open(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.commit().map_err(failed)
}

/// An artifact that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("`{path}` could not be {verb}: {source}")]
pub struct ArtifactError {
    verb: &'static str,
    path: Utf8PathBuf,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl ArtifactError {
    fn new(verb: &'static str, path: &Utf8Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { verb, path: path.to_owned(), source: source.into() }
    }

    /// The code that says whether the file is damaged, or could not be read or written.
    pub fn exit_code(&self) -> ExitCode {
        let of_the_file = self.source.is::<serde_json::Error>()
            || self.source.downcast_ref::<FileErrorKind>().is_some_and(|kind| !kind.is_of_the_disk());
        if of_the_file { ExitCode::Damaged } else { ExitCode::Internal }
    }
}

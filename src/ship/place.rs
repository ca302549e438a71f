//! The file itself: the one place of this module that touches the disk.
//!
//! What is written here is compiled into production, so no link is followed on the way, and nothing is replaced that does not
//! say of itself that it was written here.

use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};

use crate::artifacts::{ArtifactError, ExitCode, write_text};
use crate::regular_file::{FileError, LARGEST_COMMITTED, read_regular_file};

/// Why a file is not read or not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShipError {
    /// Something on the way leads elsewhere.
    #[error(
        "`{path}` is {what}, expected a file of this repository, through no link\nhelp: put a file of its own there, or name another as `ship.file`"
    )]
    Detour {
        /// What leads elsewhere.
        path: Utf8PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// There is another file.
    #[error("`{path}` is {what}, and is not replaced\nhelp: move it away, or name another file as `ship.file`")]
    NotOurs {
        /// The file.
        path: Utf8PathBuf,
        /// What it is.
        what: String,
    },
    /// The file is no text.
    #[error("`{path}` is not UTF-8, from byte {byte} on\nhelp: delete it and write it again with `cargo omega ship`")]
    NotText {
        /// The file.
        path: Utf8PathBuf,
        /// The first byte that is none, from 0.
        byte: usize,
    },
    /// It cannot be read.
    #[error(transparent)]
    Unread(#[from] FileError),
    /// It cannot be written.
    #[error(transparent)]
    Unwritten(#[from] ArtifactError),
    /// The system does not let a folder be made or looked at.
    #[error("`{path}` could not be made or looked at: {source}")]
    Folder {
        /// The folder.
        path: Utf8PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// What is declared cannot be shipped.
    #[error("{0}")]
    Declared(String),
    /// Gold cannot be read.
    #[error(transparent)]
    Gold(#[from] crate::gold::GoldError),
}

impl ShipError {
    /// The exit code that says so.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Unread(error) if error.kind.is_of_the_disk() => ExitCode::Internal,
            Self::Detour { .. } | Self::NotOurs { .. } | Self::NotText { .. } | Self::Unread(_) | Self::Declared(_) => {
                ExitCode::Usage
            }
            Self::Unwritten(_) | Self::Folder { .. } => ExitCode::Internal,
            Self::Gold(error) => error.exit_code(),
        }
    }
}

/// The text of a file below the root; `None` if it is not there.
pub(super) fn read(root: &Utf8Path, file: &str) -> Result<Option<String>, ShipError> {
    walk(root, file, false)?;
    let path = root.join(file);
    let bytes = match read_regular_file(&path, LARGEST_COMMITTED) {
        Err(error) if error.kind.is_absence() => return Ok(None),
        read => read?,
    };
    let text = String::from_utf8(bytes)
        .map_err(|error| ShipError::NotText { path: file.into(), byte: error.utf8_error().valid_up_to() })?;
    Ok(Some(text))
}

/// The text of a shipped file, if it is there and a case could read it: through no link.
pub fn shipped_text(root: &Utf8Path, file: &str) -> Option<String> {
    read(root, file).ok().flatten()
}

/// Writes a file below the root, whole or not at all; its folders are made one by one.
pub(super) fn write(root: &Utf8Path, file: &str, text: &str) -> Result<(), ShipError> {
    walk(root, file, true)?;
    write_text(text, &root.join(file))?;
    // Whoever changed the way meanwhile does not go unseen.
    walk(root, file, false)
}

/// Looks at every part of the way, and makes the folders that are missing.
fn walk(root: &Utf8Path, file: &str, make: bool) -> Result<(), ShipError> {
    let mut at = root.to_owned();
    let count = file.split('/').count();
    for (place, part) in (1..).zip(file.split('/')) {
        at.push(part);
        let shown = || at.strip_prefix(root).unwrap_or(&at).to_owned();
        let failed = |source| ShipError::Folder { path: shown(), source };
        let found = match at.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound && (place == count || !make) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                std::fs::create_dir(&at).map_err(failed)?;
                at.symlink_metadata().map_err(failed)?
            }
            other => other.map_err(failed)?,
        };
        let what = match found {
            _ if found.is_symlink() => "a symbolic link",
            _ if place < count && !found.is_dir() => "a file in the place of a folder",
            _ if place < count && at.join(".git").symlink_metadata().is_ok() => "a repository of its own",
            _ if place == count && !found.is_file() => "no regular file",
            _ => continue,
        };
        return Err(ShipError::Detour { path: shown(), what });
    }
    Ok(())
}

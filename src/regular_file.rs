//! The one door to every file that somebody names, commits or leaves behind: regular files only, and no more of one than was
//! asked for, so that a pipe, a device or a disk full of zeros is an answer and not the end of the program.

use std::fs::{File, Metadata};
use std::io::{self, BufReader, Read};

use camino::{Utf8Path, Utf8PathBuf};

/// The largest document that is read, in bytes.
pub const LARGEST: u64 = 256 << 20;

/// The largest file that a repository commits for us, in bytes: omega.toml, omega.lock, gold, ledger, history.
pub const LARGEST_COMMITTED: u64 = 64 << 20;

/// A file that was not read.
#[derive(Debug, thiserror::Error)]
#[error("`{path}` {kind}")]
#[non_exhaustive]
pub struct FileError {
    /// The file.
    pub path: Utf8PathBuf,
    /// Why not.
    pub kind: FileErrorKind,
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum FileErrorKind {
    /// There is none of this name, or it may not be opened.
    #[error("could not be opened: {0}")]
    Closed(io::Error),
    /// It is a link, a folder, a pipe or a device, or became another file while it was opened.
    #[error("is {0}, expected a regular file")]
    NotRegular(&'static str),
    /// It is larger than what is read.
    #[error("is larger than {0} bytes, the most that is read")]
    TooLarge(u64),
    /// It is no text.
    #[error("is not UTF-8, from byte {0} on")]
    NotText(usize),
    /// Reading it failed.
    #[error("could not be read: {0}")]
    Broken(io::Error),
}

impl FileErrorKind {
    /// Whether there is no such file.
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::Closed(source) if source.kind() == io::ErrorKind::NotFound)
    }

    /// Whether the disk failed, and nothing is said against the file.
    pub fn is_of_the_disk(&self) -> bool {
        matches!(self, Self::Broken(_))
    }
}

/// How a path is looked at: through a link where somebody named or committed it, for build systems lay links; not where
/// somebody else may have put it.
type Look = fn(&Utf8Path) -> io::Result<Metadata>;

/// The text of a file that was named or committed, of at most `limit` bytes; `None` if it is not there. A link is followed.
///
/// # Errors
/// If it is not regular, too large, no UTF-8, or cannot be read.
pub fn read_named_text(path: &Utf8Path, limit: u64) -> Result<Option<String>, FileErrorKind> {
    let bytes = match attempt(path, limit, Utf8Path::metadata) {
        Err(kind) if kind.is_absence() => return Ok(None),
        read => read?,
    };
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|error| FileErrorKind::NotText(error.utf8_error().valid_up_to()))
}

/// Reads a regular file of at most `limit` bytes. A link is not followed and a pipe not opened: somebody else may have
/// put it there, and its other end may give no end of bytes or none at all.
///
/// # Errors
/// If it is not there, not regular, too large, or cannot be read.
#[cfg(feature = "committed")]
pub fn read_regular_file(path: &Utf8Path, limit: u64) -> Result<Vec<u8>, FileError> {
    attempt(path, limit, Utf8Path::symlink_metadata).map_err(|kind| FileError { path: path.to_owned(), kind })
}

/// Opens a regular file to be read piece by piece, which takes no more memory for a large one.
///
/// # Errors
/// If it is not there or not regular.
#[cfg(feature = "subcommand")]
pub fn open_regular_file(path: &Utf8Path) -> Result<OpenFile, FileError> {
    let opened = opened(path, Utf8Path::symlink_metadata).map_err(|kind| FileError { path: path.to_owned(), kind })?;
    Ok(BufReader::with_capacity(1 << 20, opened.0))
}

/// A regular file, open to be read piece by piece.
pub type OpenFile = BufReader<File>;

/// Opens a file that was named or committed, to be read piece by piece. A link is followed.
///
/// # Errors
/// If it is not there or not regular.
pub fn open_named_file(path: &Utf8Path) -> Result<OpenFile, FileError> {
    let opened = opened(path, Utf8Path::metadata).map_err(|kind| FileError { path: path.to_owned(), kind })?;
    Ok(BufReader::with_capacity(1 << 20, opened.0))
}

fn opened(path: &Utf8Path, look: Look) -> Result<(File, Metadata), FileErrorKind> {
    let named = look(path).map_err(FileErrorKind::Closed)?;
    regular(&named)?;
    let file = File::open(path).map_err(FileErrorKind::Closed)?;
    let opened = file.metadata().map_err(FileErrorKind::Broken)?;
    regular(&opened)?;
    if !same(&named, &opened) {
        return Err(FileErrorKind::NotRegular("another file than a moment ago"));
    }
    Ok((file, opened))
}

fn attempt(path: &Utf8Path, limit: u64, look: Look) -> Result<Vec<u8>, FileErrorKind> {
    let (file, opened) = opened(path, look)?;
    if opened.len() > limit {
        return Err(FileErrorKind::TooLarge(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(opened.len()).unwrap_or(0));
    // It may grow while it is read.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(FileErrorKind::Broken)?;
    if bytes.len() as u64 > limit { Err(FileErrorKind::TooLarge(limit)) } else { Ok(bytes) }
}

fn regular(metadata: &Metadata) -> Result<(), FileErrorKind> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    Err(FileErrorKind::NotRegular(match (kind.is_symlink(), kind.is_dir()) {
        (true, _) => "a link",
        (_, true) => "a folder",
        _ => "a pipe, a socket or a device",
    }))
}

#[cfg(unix)]
fn same(named: &Metadata, opened: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (named.dev(), named.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn same(_: &Metadata, _: &Metadata) -> bool {
    true
}

//! The file of a study: opened once, and every reading of it is of the same bytes.
#![cfg_attr(
    feature = "sqlite",
    expect(clippy::disallowed_methods, reason = "files beside a database are looked at where the file is opened")
)]

#[cfg(feature = "sqlite")]
use std::fs;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take, Write};
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};
use omega_lock::internals::artifacts::StudySource;
use omega_lock::internals::regular_file::{FileErrorKind, open_named_file};
use sha2::{Digest, Sha256};

use super::lines::Lines;
use crate::failure::Failure;

/// A regular file, and the number of bytes that it had when it was opened: what is added later is not seen.
#[derive(Debug)]
pub(crate) struct StudyFile {
    path: Utf8PathBuf,
    file: File,
    length: u64,
    /// When it was last written, as far as the system knows.
    written: Option<SystemTime>,
}

impl StudyFile {
    /// Opens it; whatever is no regular file, and an empty one, is refused.
    pub(crate) fn open(path: &Utf8Path) -> Result<Self, Failure> {
        let opened = open_named_file(path).map_err(|error| match &error.kind {
            kind if kind.is_absence() => Failure::usage(format!("`{path}` is not there")),
            FileErrorKind::NotRegular("a folder") => Failure::usage(error.to_string())
                .help("name the file in it: a database, a journal, a table; folders of runs are not read"),
            kind if kind.is_of_the_disk() => Failure::internal(error.to_string()),
            _ => Failure::usage(error.to_string()),
        })?;
        let file = opened.into_inner();
        let metadata = file.metadata();
        let metadata = metadata.map_err(|error| Failure::internal(format!("`{path}` could not be read: {error}")))?;
        let length = metadata.len();
        if length == 0 {
            return Err(Failure::usage(format!("`{path}` is empty, expected the trials of a search")));
        }
        Ok(Self { path: path.to_owned(), file, length, written: metadata.modified().ok() })
    }

    /// A text that came from elsewhere: it is kept in a file without a name.
    pub(crate) fn of_text(text: &str, path: &str) -> Result<Self, Failure> {
        let kept = || -> io::Result<(File, Option<SystemTime>)> {
            let mut file = tempfile::tempfile()?;
            file.write_all(text.as_bytes())?;
            let written = file.metadata()?.modified().ok();
            Ok((file, written))
        };
        let (file, written) = kept().map_err(|error| Failure::internal(format!("could not keep {path}: {error}")))?;
        Ok(Self { path: path.into(), file, length: text.len() as u64, written })
    }

    /// Where it is, as the user named it.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// How many bytes it has.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Its bytes from the beginning. One reading at a time: all of them share one place in the file.
    pub(crate) fn bytes(&self) -> Result<BufReader<Take<File>>, Failure> {
        let mut file = self.file.try_clone().map_err(|error| self.unread(&error))?;
        file.seek(SeekFrom::Start(0)).map_err(|error| self.unread(&error))?;
        Ok(BufReader::with_capacity(1 << 18, file.take(self.length)))
    }

    /// Its lines from the beginning.
    pub(crate) fn lines(&self) -> Result<Lines, Failure> {
        Ok(Lines::new(self.bytes()?, self.path.clone()))
    }

    /// At most so many of its first bytes.
    pub(crate) fn first(&self, count: u64) -> Result<Vec<u8>, Failure> {
        let mut first = Vec::new();
        self.bytes()?.take(count).read_to_end(&mut first).map_err(|error| self.unread(&error))?;
        Ok(first)
    }

    /// The digest of its bytes, hex.
    pub(crate) fn sha256(&self) -> Result<String, Failure> {
        let mut digest = Sha256::new();
        self.digest_into(&mut digest)?;
        Ok(hex(digest))
    }

    /// Adds its bytes to a digest.
    pub(crate) fn digest_into(&self, digest: &mut Sha256) -> Result<(), Failure> {
        let mut bytes = self.bytes()?.into_inner();
        let mut piece = vec![0; 1 << 18];
        loop {
            match bytes.read(&mut piece).map_err(|error| self.unread(&error))? {
                0 => return Ok(()),
                count => digest.update(&piece[..count]),
            }
        }
    }

    /// Where trials of it come from.
    pub(crate) fn source(&self, tool: &str, format: &str, sha256: String, study: Option<String>) -> StudySource {
        let file = self.path.file_name().unwrap_or(self.path.as_str()).to_owned();
        StudySource { file, sha256, tool: tool.to_owned(), format: format.to_owned(), study }
    }

    /// Fails if somebody has written it since it was opened.
    pub(crate) fn is_unchanged(&self) -> Result<(), Failure> {
        let now = self.file.metadata().map_err(|error| self.unread(&error))?;
        if now.len() == self.length && now.modified().ok() == self.written {
            return Ok(());
        }
        Err(Failure::usage(format!("`{}` was written to while it was read", self.path))
            .help("wait until the search has ended, or copy the file and name the copy"))
    }

    /// The file that lies beside it, wherever links lead, under its name and an ending, if that is there and has something in it.
    #[cfg(feature = "sqlite")]
    pub(crate) fn companion(&self, ending: &str) -> Result<Option<Self>, Failure> {
        // SQLite follows a link before it looks beside what it leads to.
        let place = self.path.canonicalize_utf8().map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => Failure::usage(format!("`{}` leads to a path that is not UTF-8", self.path)),
            _ => self.unread(&error),
        })?;
        let path = Utf8PathBuf::from(format!("{place}{ending}"));
        match fs::metadata(&path) {
            Ok(found) if found.len() > 0 || !found.is_file() => Self::open(&path).map(Some),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::internal(format!("`{path}` could not be read: {error}"))),
        }
    }

    /// Copies its bytes to a file of ours.
    #[cfg(feature = "sqlite")]
    pub(crate) fn copy_to(&self, path: &Utf8Path) -> Result<(), Failure> {
        let copy = || -> Result<(), io::Error> {
            let mut bytes = self.bytes().map_err(|failure| io::Error::other(failure.message))?.into_inner();
            io::copy(&mut bytes, &mut File::create(path)?).map(|_| ())
        };
        copy().map_err(|error| Failure::internal(format!("could not copy `{}` to `{path}`: {error}", self.path)))
    }

    fn unread(&self, error: &io::Error) -> Failure {
        Failure::internal(format!("`{}` could not be read: {error}", self.path))
    }
}

/// A digest as it is written.
pub(crate) fn hex(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

//! The program that evaluates, known by what it consists of.

use std::fs::File;
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};

use crate::artifacts::trail::measure;

/// A program, told from every other by SHA-256 of its file.
///
/// Size and time would not do: an image, an archive or a cache gives two builds the same ones. To take the digest of a test
/// binary takes longer than many a run, so it is taken when it is asked for and not before.
#[derive(Debug)]
pub struct Binary {
    file: Utf8PathBuf,
    digest: OnceLock<Option<String>>,
}

impl Binary {
    /// The program in this file.
    pub fn of(file: Utf8PathBuf) -> Self {
        Self { file, digest: OnceLock::new() }
    }

    /// A program that is known already, by any word that tells it from others.
    pub fn known_as(digest: &str) -> Self {
        Self { file: Utf8PathBuf::new(), digest: OnceLock::from(Some(digest.to_owned())) }
    }

    /// Its file.
    pub fn file(&self) -> &Utf8Path {
        &self.file
    }

    /// Its digest, which is taken now if it was not before; `None` if its file cannot be read.
    pub fn digest(&self) -> Option<&str> {
        let taken = || File::open(&self.file).and_then(measure).ok().map(|(digest, _)| digest);
        self.digest.get_or_init(taken).as_deref()
    }

    /// Its digest, if that was taken.
    pub fn known(&self) -> Option<&str> {
        self.digest.get().and_then(Option::as_deref)
    }
}

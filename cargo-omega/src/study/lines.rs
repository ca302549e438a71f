//! A text line by line, of which only one is held.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Take};

use camino::Utf8PathBuf;
use omega_lock::internals::regular_file::LARGEST;

use crate::failure::Failure;

/// The lines of a file that are not blank.
#[derive(Debug)]
pub(crate) struct Lines {
    bytes: BufReader<Take<File>>,
    path: Utf8PathBuf,
    line: Vec<u8>,
    number: u64,
    ended: bool,
}

impl Lines {
    pub(super) fn new(bytes: BufReader<Take<File>>, path: Utf8PathBuf) -> Self {
        Self { bytes, path, line: Vec::new(), number: 0, ended: true }
    }

    /// The next line without its end. A byte order mark before the first one is no part of it; a line of more than
    /// [`LARGEST`] bytes is refused.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, Failure> {
        loop {
            self.line.clear();
            let piece = (&mut self.bytes).take(LARGEST + 1).read_until(b'\n', &mut self.line);
            let count =
                piece.map_err(|error| Failure::internal(format!("`{}` could not be read: {error}", self.path)))?;
            if count == 0 {
                return Ok(None);
            }
            self.number += 1;
            if count as u64 > LARGEST {
                let message = format!("`{}`, line {} is longer than {LARGEST} bytes", self.path, self.number);
                return Err(Failure::usage(message).help("the most that is read of a line"));
            }
            self.ended = self.line.last() == Some(&b'\n');
            let mark = if self.number == 1 && self.line.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            if self.line[mark..].iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Ok(Some(self.line[mark..].trim_ascii()));
            }
        }
    }

    /// The number of the line that [`Lines::next`] gave, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether that line had an end; only the last one of a file may have none, and then it may be cut.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    /// What is wrong with that line.
    pub(crate) fn wrong(&self, what: impl std::fmt::Display) -> Failure {
        Failure::usage(format!("`{}`, line {}: {what}", self.path, self.number))
    }
}

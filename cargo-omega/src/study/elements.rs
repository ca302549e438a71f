//! The elements of a list in JSON, of which only one is held.

use std::fs::File;
use std::io::{BufRead, BufReader, Take};

use camino::Utf8PathBuf;
use omega_lock::internals::regular_file::LARGEST;

use super::file::StudyFile;
use crate::failure::Failure;

/// The elements of a document that is one list.
#[derive(Debug)]
pub(crate) struct Elements {
    bytes: BufReader<Take<File>>,
    path: Utf8PathBuf,
    element: Vec<u8>,
    number: u64,
    /// Behind the bracket that closes the list.
    is_over: bool,
}

/// Where the reading is inside of an element.
#[derive(Debug, Default)]
struct Inside {
    depth: u64,
    in_string: bool,
    escaped: bool,
}

/// What ended an element.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Comma,
    Bracket,
    File,
}

impl Elements {
    /// Begins behind the bracket that opens the list.
    pub(crate) fn open(file: &StudyFile) -> Result<Self, Failure> {
        let mut elements =
            Self { bytes: file.bytes()?, path: file.path().to_owned(), element: Vec::new(), number: 0, is_over: false };
        loop {
            let piece = elements.piece()?;
            match piece.iter().position(|byte| *byte == b'[') {
                Some(at) => {
                    elements.bytes.consume(at + 1);
                    return Ok(elements);
                }
                None if piece.is_empty() => return Err(elements.wrong("there is no list")),
                None => {
                    let count = piece.len();
                    elements.bytes.consume(count);
                }
            }
        }
    }

    /// The text of the next element.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, Failure> {
        if self.is_over {
            return Ok(None);
        }
        self.number += 1;
        let end = self.read()?;
        let is_blank = self.element.trim_ascii().is_empty();
        match end {
            End::File => return Err(self.wrong("the list ends in the middle; the file was cut")),
            End::Bracket => {
                self.is_over = true;
                self.nothing_follows()?;
                // `[]`; a comma before the bracket is no JSON.
                if is_blank && self.number == 1 {
                    return Ok(None);
                }
            }
            End::Comma => {}
        }
        if is_blank {
            return Err(self.wrong("there is nothing"));
        }
        Ok(Some(self.element.trim_ascii()))
    }

    /// Reads up to what ends the element, and that as well.
    fn read(&mut self) -> Result<End, Failure> {
        self.element.clear();
        let mut inside = Inside::default();
        loop {
            let piece = self.piece()?;
            if piece.is_empty() {
                return Ok(End::File);
            }
            let found = piece.iter().enumerate().find_map(|(at, byte)| inside.end(*byte).map(|end| (at, end)));
            let count = found.as_ref().map_or(piece.len(), |(at, _)| *at);
            let piece = &self.bytes.buffer()[..count];
            self.element.extend_from_slice(piece);
            if self.element.len() as u64 > LARGEST {
                return Err(self.wrong(format!("it is longer than {LARGEST} bytes, the most that is read of one")));
            }
            self.bytes.consume(count + usize::from(found.is_some()));
            if let Some((_, end)) = found {
                return Ok(end);
            }
        }
    }

    fn nothing_follows(&mut self) -> Result<(), Failure> {
        loop {
            let piece = self.piece()?;
            if piece.is_empty() {
                return Ok(());
            }
            if piece.iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Err(self.wrong("something stands behind the list"));
            }
            let count = piece.len();
            self.bytes.consume(count);
        }
    }

    fn piece(&mut self) -> Result<&[u8], Failure> {
        let path = &self.path;
        self.bytes.fill_buf().map_err(|error| Failure::internal(format!("`{path}` could not be read: {error}")))
    }

    /// What is wrong with the element that [`Elements::next`] gave.
    pub(crate) fn wrong(&self, what: impl std::fmt::Display) -> Failure {
        Failure::usage(format!("`{}`, element {} of the list: {what}", self.path, self.number))
    }
}

impl Inside {
    /// Whether this byte is behind the element.
    fn end(&mut self, byte: u8) -> Option<End> {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return None;
        }
        match byte {
            b'"' => self.in_string = true,
            b'[' | b'{' => self.depth += 1,
            b']' if self.depth == 0 => return Some(End::Bracket),
            b',' if self.depth == 0 => return Some(End::Comma),
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        None
    }
}

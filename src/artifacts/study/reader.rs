//! A study's file, read trial by trial.

use std::io::{self, BufRead};

use camino::Utf8Path;

use super::super::trail::{Anchor, Chain, DamageKind, Line, TrailDamage, next_line};
use super::rows::{Any, End, SCHEMA, StudyRow};
use super::writer::counted;
use super::{ChosenScore, StudyEnd, StudyHead, StudyTold, StudyTrial, TrialNumbers, TrialState, Unchosen};
use crate::regular_file::{FileError, OpenFile, open_named_file};

/// Reads a study that `cargo omega import` wrote. Every row is checked: frame, digest, kind, order and count, and the number of the trial.
#[derive(Debug)]
pub struct StudyReader<R> {
    source: R,
    chain: Chain,
    /// Where the next row begins.
    offset: u64,
    line: Vec<u8>,
    states: [u64; TrialState::ALL.len()],
    numbers: TrialNumbers,
    head: StudyHead,
    told: StudyTold,
    end: Option<StudyEnd>,
}

/// Why a study could not be read.
#[derive(Debug, thiserror::Error)]
pub enum StudyReadError {
    /// The file could not be opened.
    #[error(transparent)]
    File(#[from] FileError),
    /// Reading it failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is another version of the format, or another file of such rows.
    #[error("the format is `{0}`, and this version of omega-lock reads `{SCHEMA}`")]
    Version(String),
    /// It is damaged, or no study.
    #[error(transparent)]
    Damage(#[from] TrailDamage),
}

impl StudyReader<OpenFile> {
    /// Opens the study in a file that somebody named or committed, and reads its head.
    ///
    /// # Errors
    /// If the file cannot be opened or read, or its head is damaged or of another version.
    pub fn open(path: &Utf8Path) -> Result<Self, StudyReadError> {
        Self::new(open_named_file(path)?)
    }
}

impl<R: BufRead> StudyReader<R> {
    /// Reads the head.
    ///
    /// # Errors
    /// If it cannot be read, is damaged, or is of another version.
    pub fn new(source: R) -> Result<Self, StudyReadError> {
        let head = StudyHead { source: Default::default(), objectives: Vec::new() };
        let mut reader = Self {
            source,
            chain: Chain::default(),
            offset: 0,
            line: Vec::new(),
            states: [0; TrialState::ALL.len()],
            numbers: TrialNumbers::default(),
            head,
            told: StudyTold::default(),
            end: None,
        };
        if !reader.next_line(0, 0)? {
            return Err(damaged(0, 0, DamageKind::Empty));
        }
        let followed = reader.chain.follow(&reader.line);
        let body = followed.map_err(|kind| damaged(0, 0, kind))?;
        let version = |body: &[u8]| Some(serde_json::from_slice::<Any>(body).ok()?.study.schema_version);
        match version(body) {
            Some(found) if found != SCHEMA => return Err(StudyReadError::Version(found.escape_debug().to_string())),
            _ => {}
        }
        let StudyRow::Study(head) = read(body).map_err(|kind| damaged(0, 0, kind))? else {
            return Err(damaged(0, 0, DamageKind::Order("the head of a study first")));
        };
        (reader.head, reader.told) = head.known();
        // No import writes a head that contradicts itself, and nobody is to guess which of the two is meant.
        if let Err(error @ Unchosen::Conflict { .. }) = ChosenScore::of(&reader.head, &reader.told) {
            return Err(damaged(0, 0, DamageKind::Body(error.to_string())));
        }
        reader.offset += reader.line.len() as u64 + 1;
        Ok(reader)
    }

    /// Where the trials come from, and what was optimised.
    pub fn head(&self) -> &StudyHead {
        &self.head
    }

    /// What a person said about them when they were imported.
    pub fn told(&self) -> &StudyTold {
        &self.told
    }

    /// The next trial; none behind the last one, when the end row was read too.
    ///
    /// # Errors
    /// If the file cannot be read or the row is damaged.
    pub fn next_trial(&mut self) -> Result<Option<StudyTrial>, StudyReadError> {
        if self.end.is_some() {
            return Ok(None);
        }
        let (row, offset) = (self.chain.rows(), self.offset);
        if !self.next_line(row, offset)? {
            return Err(damaged(row, offset, DamageKind::Unended));
        }
        let damaged = |kind| damaged(row, offset, kind);
        let body = self.chain.follow(&self.line).map_err(damaged)?;
        let found = read(body).map_err(damaged)?;
        self.offset += self.line.len() as u64 + 1;
        match found {
            StudyRow::Study(_) => Err(damaged(DamageKind::Order("one head, in the first row"))),
            StudyRow::Trial(trial) => {
                self.numbers.take(trial.number).map_err(|problem| damaged(DamageKind::Body(problem)))?;
                let state = TrialState::ALL.iter().position(|state| trial.state == *state);
                if let Some(count) = state.and_then(|state| self.states.get_mut(state)) {
                    *count += 1;
                }
                Ok(Some(trial.into_owned()))
            }
            StudyRow::End(end) => {
                self.end = Some(self.ended(end).map_err(damaged)?);
                if self.next_line(row + 1, self.offset)? {
                    let kind = DamageKind::Order("nothing behind the end row");
                    return Err(TrailDamage { row: row + 1, offset: self.offset, kind }.into());
                }
                Ok(None)
            }
        }
    }

    /// What is known behind the last trial; none before the end row was read.
    pub fn end(&self) -> Option<&StudyEnd> {
        self.end.as_ref()
    }

    /// Number of rows and digest of the last one, of those read so far. Behind the last trial the digest is the study's.
    pub fn anchor(&self) -> Anchor {
        self.chain.anchor()
    }

    fn ended(&self, end: End<'_>) -> Result<StudyEnd, DamageKind> {
        if end.rows != self.chain.rows() {
            return Err(DamageKind::Count { said: end.rows, found: self.chain.rows() });
        }
        if end.states != counted(&self.states) {
            return Err(DamageKind::Body("its counts by state are not those of the trials".to_owned()));
        }
        Ok(StudyEnd {
            trials: self.chain.rows() - 2,
            parameters: end.parameters.into_owned(),
            left_out: end.left_out.into_owned(),
        })
    }

    fn next_line(&mut self, row: u64, offset: u64) -> Result<bool, StudyReadError> {
        match next_line(&mut self.source, &mut self.line)? {
            Line::Whole => Ok(true),
            Line::None => Ok(false),
            Line::Torn => Err(damaged(row, offset, DamageKind::Torn)),
            Line::TooLong => Err(damaged(row, offset, DamageKind::TooLong)),
        }
    }
}

/// A row's body. How its numbers are spelled is not looked at: a program that was built with another serde_json may spell one
/// in another way, and the digest is over the bytes as they are.
fn read(body: &[u8]) -> Result<StudyRow<'static>, DamageKind> {
    serde_json::from_slice(body).map_err(|error| DamageKind::Body(error.to_string()))
}

fn damaged(row: u64, offset: u64, kind: DamageKind) -> StudyReadError {
    StudyReadError::Damage(TrailDamage { row, offset, kind })
}

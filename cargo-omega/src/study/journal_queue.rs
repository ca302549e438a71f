//! Trials of a journal in the order of their numbers, until nothing more comes for the first of them.
//!
//! Usually few wait. But one trial that was left running holds back all that were made after it; so beyond a count those
//! of which nothing more comes go to a file of ours, and memory stays bounded.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};

use omega_lock::internals::artifacts::StudyTrial;
use serde_json::{Map, Value};

use super::optuna::Param;
use crate::failure::Failure;

/// How many trials wait in memory.
const ROOM: usize = 20_000;

/// A trial of which more may come.
#[derive(Debug)]
pub(super) struct Open {
    /// The last line that changes it.
    pub(super) last: u64,
    pub(super) trial: StudyTrial,
    pub(super) params: Vec<Param>,
    pub(super) system: Map<String, Value>,
}

/// A trial of which nothing more comes.
pub(super) enum Waited {
    /// It never left memory.
    Open(Box<Open>),
    /// It was in the file, and is in its form.
    Trial(StudyTrial),
}

/// The trials that wait.
#[derive(Debug)]
pub(super) struct Queue {
    slots: VecDeque<(usize, Slot)>,
    /// How many of them are in memory.
    here: usize,
    /// How many may be.
    room: usize,
    spill: Option<Spill>,
}

#[derive(Debug)]
enum Slot {
    Here(Box<Open>),
    /// Where it begins in the file.
    There(u64),
}

impl Default for Queue {
    fn default() -> Self {
        Self { slots: VecDeque::new(), here: 0, room: ROOM, spill: None }
    }
}

impl Queue {
    /// Adds a trial, whose id is larger than those before.
    pub(super) fn push(&mut self, id: usize, open: Open) {
        self.here += 1;
        self.slots.push_back((id, Slot::Here(Box::new(open))));
    }

    /// A trial of which more may come.
    pub(super) fn get(&mut self, id: usize) -> Option<&mut Open> {
        let at = self.slots.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        match self.slots.get_mut(at) {
            Some((_, Slot::Here(open))) => Some(open),
            _ => None,
        }
    }

    /// The first trial, if no line behind this one changes it.
    pub(super) fn pop(&mut self, line: u64) -> Result<Option<Waited>, Failure> {
        if matches!(self.slots.front(), Some((_, Slot::Here(open))) if open.last > line) {
            return Ok(None);
        }
        match (self.slots.pop_front(), &mut self.spill) {
            (Some((_, Slot::Here(open))), _) => {
                self.here -= 1;
                Ok(Some(Waited::Open(open)))
            }
            (Some((_, Slot::There(at))), Some(spill)) => {
                spill.read(at).map(|trial| Some(Waited::Trial(trial))).map_err(|error| unkept(&error))
            }
            _ => Ok(None),
        }
    }

    /// Where too many wait, moves those to the file that no line behind this one changes.
    pub(super) fn make_room(
        &mut self,
        line: u64,
        finished: &mut dyn FnMut(Open) -> Result<StudyTrial, Failure>,
    ) -> Result<(), Failure> {
        if self.here <= self.room {
            return Ok(());
        }
        let spill = match &mut self.spill {
            Some(spill) => spill,
            none => none.insert(Spill::new().map_err(|error| unkept(&error))?),
        };
        let mut bytes = Vec::new();
        for (_, slot) in &mut self.slots {
            if !matches!(slot, Slot::Here(open) if open.last <= line) {
                continue;
            }
            let place = Slot::There(spill.end + bytes.len() as u64);
            let Slot::Here(open) = std::mem::replace(slot, place) else { continue };
            let trial = finished(*open)?;
            serde_json::to_writer(&mut bytes, &trial).map_err(|error| unkept(&error.into()))?;
            bytes.push(b'\n');
            self.here -= 1;
        }
        // Where as many are truly open, looking at all of them for each line would take for ever.
        self.room = ROOM.max(self.here * 2);
        spill.write(&bytes).map_err(|error| unkept(&error))
    }
}

/// A file without a name, in which trials stand line by line.
#[derive(Debug)]
struct Spill {
    file: BufReader<File>,
    /// Where the next reading begins.
    at: u64,
    end: u64,
}

impl Spill {
    fn new() -> io::Result<Self> {
        Ok(Self { file: BufReader::new(tempfile::tempfile()?), at: 0, end: 0 })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.get_mut().write_all(bytes)?;
        self.end += bytes.len() as u64;
        self.at = self.end;
        Ok(())
    }

    fn read(&mut self, at: u64) -> io::Result<StudyTrial> {
        // They are mostly read in the order in which they were written, so what is in the buffer stays.
        self.file.seek_relative(at.cast_signed() - self.at.cast_signed())?;
        let mut line = Vec::new();
        self.at = at + self.file.read_until(b'\n', &mut line)? as u64;
        serde_json::from_slice(&line).map_err(io::Error::from)
    }
}

fn unkept(error: &io::Error) -> Failure {
    Failure::internal(format!("could not keep trials of the journal in a temporary file: {error}"))
}

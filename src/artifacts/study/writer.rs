//! A study's file, written trial by trial.

use std::borrow::Cow;
use std::io::{self, ErrorKind, Write};

use super::super::trail::{Anchor, Chain, LONGEST, row_length};
use super::super::{Ordered, Spelled};
use super::rows::{End, Head, SCHEMA, StudyRow, sorted, write_row};
use super::{StudyEnd, StudyHead, StudyTold, StudyTrial, TrialNumbers, TrialState};

/// Writes a study. The same trials give the same bytes.
#[derive(Debug)]
pub struct StudyWriter<W> {
    out: W,
    chain: Chain,
    /// Number of trials in each state, in the order of [`TrialState::ALL`].
    states: [u64; TrialState::ALL.len()],
    numbers: TrialNumbers,
    body: Vec<u8>,
    row: Vec<u8>,
}

impl<W: Write> StudyWriter<W> {
    /// Begins a study: with its head, and what a person said about it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(out: W, head: &StudyHead, told: &StudyTold) -> io::Result<Self> {
        let states = [0; TrialState::ALL.len()];
        let numbers = TrialNumbers::default();
        let mut writer = Self { out, chain: Chain::default(), states, numbers, body: Vec::new(), row: Vec::new() };
        let head = Head {
            schema_version: SCHEMA.into(),
            source: Cow::Borrowed(&head.source),
            objectives: head.objectives.as_slice().into(),
            told: Cow::Borrowed(told),
        };
        writer.append(&StudyRow::Study(head), "the head of the study")?;
        Ok(writer)
    }

    /// Writes a trial; the keys of its attributes are sorted.
    ///
    /// # Errors
    /// If it cannot be written. If it has more than a row may have, or the number of an earlier one, that is
    /// [`InvalidData`](ErrorKind::InvalidData).
    pub fn trial(&mut self, mut trial: StudyTrial) -> io::Result<()> {
        self.numbers.take(trial.number).map_err(|problem| io::Error::new(ErrorKind::InvalidData, problem))?;
        trial.attributes = sorted(trial.attributes);
        let state = TrialState::ALL.iter().position(|state| trial.state == *state);
        if let Some(count) = state.and_then(|state| self.states.get_mut(state)) {
            *count += 1;
        }
        let what = format!("trial {}", trial.number);
        self.append(&StudyRow::Trial(Cow::Owned(trial)), &what)
    }

    /// Ends the study. The anchor holds its digest: the head of the chain.
    ///
    /// # Errors
    /// If it cannot be written, or `end` counts other trials than were written.
    pub fn finish(mut self, end: &StudyEnd) -> io::Result<(W, Anchor)> {
        let written = self.chain.rows() - 1;
        if end.trials != written {
            return Err(io::Error::other(format!("{written} trials were written, and {} were counted", end.trials)));
        }
        let row = End {
            rows: self.chain.rows() + 1,
            states: counted(&self.states),
            parameters: Cow::Borrowed(&end.parameters),
            left_out: end.left_out.as_slice().into(),
        };
        self.append(&StudyRow::End(row), "the end of the study")?;
        self.out.flush()?;
        Ok((self.out, self.chain.anchor()))
    }

    fn append(&mut self, row: &StudyRow<'_>, what: &str) -> io::Result<()> {
        self.body.clear();
        self.row.clear();
        write_row(row, &mut self.body).map_err(io::Error::other)?;
        let length = row_length(&self.body);
        if length > LONGEST {
            let problem = format!("{what} makes a row of {length} bytes, and a row has at most {LONGEST}");
            return Err(io::Error::new(ErrorKind::InvalidData, problem));
        }
        self.chain.append(&self.body, &mut self.row);
        self.out.write_all(&self.row)
    }
}

/// Counts by state, without those of which there is none.
pub(super) fn counted(states: &[u64; TrialState::ALL.len()]) -> Ordered<u64> {
    let pairs = TrialState::ALL.iter().zip(states).filter(|(_, count)| **count > 0);
    Ordered(pairs.map(|(state, count)| (Spelled(*state).to_string(), *count)).collect())
}

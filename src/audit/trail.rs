//! The record in memory.

use crate::objective::{Attachment, Context, Outcome, Params};

/// One recorded evaluation with everything that identifies it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// Slice, phase and round.
    pub context: Context,
    /// What was evaluated: every parameter, not only the tuned ones.
    pub params: Params,
    /// Call index, answer and feasibility.
    pub outcome: Outcome,
    /// What the evaluation attached; empty unless attachments are kept.
    pub attachments: Vec<Attachment>,
}

/// Why a row could not be kept, or an earlier one not be read.
pub type RecordError = Box<dyn std::error::Error + Send + Sync>;

/// Keeps rows. The trail in memory is one; a file is another.
pub trait Recorder {
    /// The row of this call index if an earlier part of the run recorded it. Then the pipeline goes on with what was
    /// recorded, and nothing is evaluated.
    ///
    /// # Errors
    /// If it cannot be read; the run ends then.
    fn recorded(&mut self, _call_index: u64) -> Result<Option<Row>, RecordError> {
        Ok(None)
    }

    /// Appends one row; they come in the order of their call indices.
    ///
    /// # Errors
    /// If this row or one before it could not be kept; the run ends then.
    fn record(&mut self, row: Row) -> Result<(), RecordError>;

    /// Reads back a row that was recorded, or that [`recorded`](Self::recorded) told of.
    ///
    /// # Errors
    /// If there is none of this call index, or it cannot be read; the run ends then.
    fn recall(&mut self, call_index: u64) -> Result<Row, RecordError>;

    /// Returns once every row so far is safe. Called at the end of each phase.
    ///
    /// # Errors
    /// If one is not; the run ends then.
    fn settle(&mut self) -> Result<(), RecordError> {
        Ok(())
    }
}

/// The record of a run, in memory. Rows can be added and read, never changed or removed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trail {
    rows: Vec<Row>,
}

impl Trail {
    /// An empty record.
    pub fn new() -> Self {
        Self::default()
    }

    /// The rows in order of their call indices.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

impl Recorder for Trail {
    fn record(&mut self, row: Row) -> Result<(), RecordError> {
        self.rows.push(row);
        Ok(())
    }

    fn recall(&mut self, call_index: u64) -> Result<Row, RecordError> {
        let behind = |last: &Row| usize::try_from(last.outcome.call_index.checked_sub(call_index)?).ok();
        let place = self.rows.last().and_then(behind).and_then(|behind| self.rows.len().checked_sub(behind + 1));
        place
            .and_then(|place| self.rows.get(place))
            .cloned()
            .ok_or_else(|| format!("evaluation {call_index} is not on record").into())
    }
}

//! The record in memory.

use std::sync::Arc;

use crate::target::{Context, Evaluation, Failure, Feasibility, Outcome, Params};

/// One recorded evaluation with everything that identifies it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Slice, phase and round.
    pub context: Context,
    /// What was evaluated: every parameter, not only the tuned ones.
    pub params: Params,
    /// Call index, answer and feasibility.
    pub outcome: Outcome,
}

impl Row {
    /// The evaluation, or why there is none.
    pub fn result(&self) -> &Result<Arc<Evaluation>, Failure> {
        &self.outcome.result
    }

    /// The constraints' statuses.
    pub fn feasibility(&self) -> &Feasibility {
        &self.outcome.feasibility
    }
}

/// Keeps rows. The trail in memory is one; a file can be another.
pub trait Recorder {
    /// Appends one row; they come in the order of their call indices.
    ///
    /// # Errors
    /// If the row could not be kept; the run ends then.
    fn record(&mut self, row: Row) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;
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
    fn record(&mut self, row: Row) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.rows.push(row);
        Ok(())
    }
}

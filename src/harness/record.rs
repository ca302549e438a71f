//! What became of one calibration, shared by all its trials.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::recheck::RecheckRecord;
use crate::artifacts::{ExitCode, Problem, RunResult, Timings};
use crate::run_store::RunStore;

/// The record of a run: its result, or why there is none.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum RunRecord {
    /// The run finished; a failed gate is part of the result.
    Finished {
        /// What was written to `result.json`.
        result: Box<RunResult>,
        /// What was written to `timings.json`.
        timings: Box<Timings>,
        /// Whether its look at the holdout is a new line of the ledger.
        new_look: bool,
    },
    /// What was accepted was evaluated again.
    Rechecked(Box<RecheckRecord>),
    /// It may not be rechecked, for this reason; nothing was evaluated.
    Refused(String),
    /// The question could not be answered.
    Unanswered(Problem),
}

impl RunRecord {
    /// How it continued an interrupted run; absent if it evaluated everything itself.
    pub(super) fn continued(&self) -> Option<&str> {
        self.timings()?.resumptions.last().map(String::as_str)
    }

    /// The clock readings of a run that came to its end.
    pub(super) fn timings(&self) -> Option<&Timings> {
        match self {
            Self::Finished { timings, .. } => Some(timings),
            Self::Rechecked(record) => Some(&record.timings),
            Self::Refused(_) | Self::Unanswered(_) => None,
        }
    }
}

/// Makes one record, however many trials ask for it.
pub(super) struct SharedRecord {
    once: OnceLock<RunRecord>,
    store: Option<RunStore>,
}

impl SharedRecord {
    /// Shared within this process, and through `store` with others.
    pub(super) fn new(store: Option<RunStore>) -> Self {
        Self { once: OnceLock::new(), store }
    }

    /// The record; `run` is called if nobody has made it yet.
    pub(super) fn get(&self, run: impl FnOnce() -> RunRecord) -> &RunRecord {
        self.once.get_or_init(|| match &self.store {
            None => run(),
            Some(store) => store
                .lead_or_follow(run)
                .unwrap_or_else(|error| RunRecord::Unanswered(Problem::new(ExitCode::Internal, error.to_string()))),
        })
    }

    /// The record, if it was made or read in this process.
    pub(super) fn peek(&self) -> Option<&RunRecord> {
        self.once.get()
    }
}

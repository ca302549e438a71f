//! `progress.json`: how far a run is that has not ended.

use serde::{Deserialize, Serialize};

use super::{Number, WorkerTimings};

/// What a run said of itself while it went on. The file is written anew about once a second, and is gone when the run has
/// ended; one that lies beside a free lock is of a run that was killed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnderWay {
    /// [`UnderWay::SCHEMA`].
    pub schema_version: String,
    /// Name of the calibration.
    pub calibration: String,
    /// The process that runs it.
    pub process: u32,
    /// Name of the folder in which somebody waits for the results; absent if nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asker: Option<String>,
    /// When the run began, or went on after it was interrupted, in UTC.
    pub started: String,
    /// Seconds from then until this was written.
    pub seconds: Number,
    /// What it does between evaluations, in words; absent while it evaluates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// About how many evaluations the whole run makes; absent if only its own optimizer knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<u64>,
    /// Evaluations of the whole run that are done, those of an interrupted part of it among them.
    pub done: u64,
    /// How many of them this process has made.
    pub made: u64,
    /// Seconds that it took for these.
    pub making: Number,
    /// The parts of the run that have begun and not ended.
    pub phases: Vec<PhaseUnderWay>,
    /// The largest fitness of a candidate on train that keeps its constraints; absent if there is none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<Number>,
    /// The processes that answer; absent if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers: Option<WorkerTimings>,
}

/// A part of a run that goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseUnderWay {
    /// Slice, phase and round, in words.
    pub name: String,
    /// How many evaluations it makes; absent if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
    /// Evaluations that are done.
    pub done: u64,
    /// How many of them this process has made.
    pub made: u64,
    /// Seconds that it took for these.
    pub making: Number,
}

impl UnderWay {
    /// The `schema_version` this version writes and reads.
    pub const SCHEMA: &str = "omega-lock.progress.v1";
    /// Name of the file, in the folder of the run.
    pub const FILE: &str = "progress.json";

    /// A run that has just begun.
    pub fn of(calibration: &str, process: u32, started: String) -> Self {
        Self {
            schema_version: Self::SCHEMA.to_owned(),
            calibration: calibration.to_owned(),
            process,
            started,
            ..Self::default()
        }
    }
}

//! `timings.json`: every clock reading of a run, and where it ran.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Number;
use crate::objective::ProgramTally;

/// What differs from run to run although the result does not.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timings {
    /// [`Timings::SCHEMA`]; a reader refuses another.
    pub schema_version: String,
    /// Name of the calibration.
    pub calibration: String,
    /// Version of the library.
    pub omega_lock_version: String,
    /// The compiler that built the library, as `rustc --version` spells it; absent if it was not known.
    pub rustc: Option<String>,
    /// Operating system and architecture, such as `linux-x86_64`.
    pub platform: String,
    /// Commit of the workspace; absent outside a git repository.
    pub commit: Option<String>,
    /// Whether the working tree had, when the run began, nothing that the commit has not; absent if git does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean: Option<bool>,
    /// What stood before every program that was started, if the environment said so and no omega.toml.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub launcher: Vec<String>,
    /// The files that programs are made of, by path, each with its digest.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, String>,
    /// When the run began, or went on after it was interrupted, in UTC: `2026-01-31T12:00:00.000000Z`; absent if nobody
    /// looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// Threads that evaluated.
    pub threads: usize,
    /// Seconds from the first evaluation to KC-1's judgement, in an iterative run those of the round that is shown: what
    /// the time box is compared with.
    pub judged_seconds: Option<Number>,
    /// Seconds of the whole run, holdout included, making of the targets excluded.
    pub total_seconds: Option<Number>,
    /// Seconds it took to make the targets.
    pub target_seconds: Option<Number>,
    /// The parts of the run, in order.
    pub phases: Vec<PhaseTiming>,
    /// SHA-256 of the program that ran; absent if the run ended before that was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binary: Option<String>,
    /// How often the run was interrupted and continued.
    pub resumptions: Vec<String>,
    /// The processes that answered; absent if there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers: Option<WorkerTimings>,
}

/// What became of the processes behind the targets, since the run began or was continued.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WorkerTimings {
    /// Processes that were started.
    pub started: u64,
    /// Processes that were gone, or had to be ended, before their time.
    pub lost: u64,
    /// Evaluations that were asked again.
    pub retries: u64,
    /// Seconds that all of them together were at work on evaluations, since the run began or was continued; over `threads` times
    /// `total_seconds` it is how much of the machines was used. Absent in files of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub busy_seconds: Option<Number>,
}

impl From<ProgramTally> for WorkerTimings {
    fn from(tally: ProgramTally) -> Self {
        let busy_seconds = Some(Number(tally.busy.as_secs_f64()));
        Self { started: tally.started, lost: tally.lost, retries: tally.retries, busy_seconds }
    }
}

/// Clock readings of one phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PhaseTiming {
    /// The slice.
    pub role: String,
    /// The phase.
    pub phase: String,
    /// The round of an iterative run, from 1; absent elsewhere, and for what belongs to no round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// Evaluations in it.
    pub evaluations: u64,
    /// Seconds it took.
    pub seconds: Number,
}

impl Timings {
    /// The `schema_version` this version writes and reads.
    pub const SCHEMA: &str = "omega-lock.timings.v1";

    /// The part of their time that workers spent on evaluations, from 0 to 1; `None` where nobody measured.
    pub fn utilisation(&self) -> Option<f64> {
        let busy = self.workers?.busy_seconds?.0;
        let had = self.total_seconds?.0 * self.threads as f64;
        (had > 0.0).then(|| (busy / had).clamp(0.0, 1.0))
    }

    /// Where and with what a run was made, without a single clock reading: for runs that nobody timed.
    pub fn unmeasured(calibration: &str) -> Self {
        Self {
            schema_version: Self::SCHEMA.to_owned(),
            calibration: calibration.to_owned(),
            omega_lock_version: env!("CARGO_PKG_VERSION").to_owned(),
            rustc: option_env!("OMEGA_LOCK_RUSTC").map(str::to_owned),
            platform: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
            threads: 1,
            ..Self::default()
        }
    }
}

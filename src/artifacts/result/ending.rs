//! What comes after the passes: the null runs and the holdout.

use serde::{Deserialize, Serialize};

use super::{MarginEntry, PairedEntry};
use crate::artifacts::Number;
use crate::gates::{NullEvidence, WindowGain, WindowsEvidence};
use crate::holdout::HoldoutShot;

/// What came after the passes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EndingEntry {
    /// What the gate `margin` compared; absent if it was not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Box<MarginEntry>>,
    /// What the gate `windows` compared; absent if it was not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<Box<WindowsEntry>>,
    /// The null runs; absent if there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null: Option<NullEntry>,
    /// The one shot at the holdout, with the parameters that would ship; absent if it was not opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holdout: Option<HoldoutEntry>,
}

/// What the winners of all windows gained on the data that follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WindowsEntry {
    /// The p-value that all gains together had to reach.
    pub alpha: Number,
    /// All gains together, over the blocks of all windows, or over the windows where no blocks are declared; absent if those of
    /// a window could not be computed.
    pub over_all: Option<PairedEntry>,
    /// The gains of the windows alone, where blocks are counted; the larger p-value of both is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_windows: Option<PairedEntry>,
    /// The gain of each window, in order; `null` where it could not be computed.
    pub gains: Vec<Option<WindowGainEntry>>,
}

/// What the winner of one window gained.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WindowGainEntry {
    /// Mean gain over the baseline of the window; the smaller of this and the next counts.
    pub over_baseline: Number,
    /// The same over the mean of its fresh draws.
    pub over_draws: Number,
    /// How many draws there were.
    pub draws: u64,
}

impl WindowGainEntry {
    /// The gain that counts.
    pub fn counts(&self) -> f64 {
        self.over_baseline.0.min(self.over_draws.0)
    }
}

impl WindowsEntry {
    /// The p-value that is judged; absent if it could not be computed.
    pub fn p(&self) -> Option<f64> {
        Some(self.over_all?.p.0.max(self.over_windows.map_or(0.0, |windows| windows.p.0)))
    }
}

impl From<&WindowsEvidence> for WindowsEntry {
    fn from(evidence: &WindowsEvidence) -> Self {
        let gain = |gain: &WindowGain| WindowGainEntry {
            over_baseline: gain.over_baseline.into(),
            over_draws: gain.over_draws.into(),
            draws: gain.draws as u64,
        };
        Self {
            alpha: evidence.alpha.into(),
            over_all: evidence.over_all.map(Into::into),
            over_windows: evidence.over_windows.map(Into::into),
            gains: evidence.windows.iter().map(|window| window.as_ref().map(gain)).collect(),
        }
    }
}

/// The null runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NullEntry {
    /// Test fitness of what each null run selected, with windows the mean of what each selected, in the order of their seeds;
    /// `null` where there is none.
    pub null_test: Vec<Option<Number>>,
    /// The share, the run itself counted, that reaches the test fitness of the selected candidate.
    pub p: Number,
}

/// The shot at the holdout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HoldoutEntry {
    /// `null` if the evaluation failed.
    pub fitness: Option<Number>,
    /// Samples behind the fitness.
    pub samples: u64,
    /// The fitness of each of its blocks; absent if it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Number>,
    /// Why the evaluation failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl From<&NullEvidence> for NullEntry {
    fn from(evidence: &NullEvidence) -> Self {
        Self { null_test: evidence.nulls.iter().map(|null| null.map(Number)).collect(), p: evidence.p().into() }
    }
}

impl From<&HoldoutShot> for HoldoutEntry {
    fn from(shot: &HoldoutShot) -> Self {
        Self {
            fitness: shot.fitness().map(Number),
            samples: shot.result.as_ref().map_or(0, |evaluation| evaluation.samples),
            blocks: shot.result.iter().flat_map(|told| &told.blocks).copied().map(Number).collect(),
            failure: shot.result.as_ref().err().map(ToString::to_string),
        }
    }
}

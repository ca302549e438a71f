//! `result.json`: what a run came to, in one shape whatever its passes were.

mod approximation;
mod ending;
mod evaluations;
mod evidence;
mod judged;
mod pass;
mod reevaluated;
mod run;
mod selected;
mod space;

pub use approximation::{ApproximationEntry, AxisEntry};
pub use ending::{EndingEntry, HoldoutEntry, NullEntry, WindowGainEntry, WindowsEntry};
pub use evaluations::{EvaluationEntry, Evaluations};
pub use evidence::{GainEntry, MarginEntry, OnTestEntry, PairedEntry, SignificanceEntry, TransferEntry};
#[cfg(feature = "harness")]
pub(crate) use judged::entries;
pub use pass::{
    BaselineEntry, CandidateEntry, HybridRow, LeftOutEntry, PassEntry, StressEntry, WalkForwardEntry, WalkedEntry,
};
pub use reevaluated::ReevaluatedEntry;
pub use run::RunResult;
pub use selected::{SelectedEntry, SelectedParam, SelectedSlice};
pub use space::ParamEntry;

//! The files we promise, versioned. Only here does serde meet results.
//!
//! Every document is strict JSON: a number that is not finite is the text `"inf"`, `"-inf"` or `"nan"`. The same run
//! writes the same bytes, except for [`Timings`] and [`SuiteResults`], which hold clock readings. Domain types know
//! nothing of these formats; a refactoring of theirs cannot change a file.

#[cfg(feature = "python")]
mod audit_export;
#[cfg(feature = "benchmark")]
mod benchmark;
mod declarations;
#[cfg(feature = "subcommand")]
mod diff;
mod echo;
mod exit_code;
mod files;
mod gate;
#[cfg(feature = "subcommand")]
mod gate_document;
mod gold;
mod judged;
mod ledger;
mod number;
mod ordered;
mod place;
mod recheck;
mod result;
mod results;
#[cfg(feature = "subcommand")]
mod results_schema;
#[cfg(feature = "subcommand")]
mod scores;
mod spelled;
#[cfg(feature = "subcommand")]
mod statement;
mod study;
mod timings;
mod trail;
mod trail_file;
mod tried;
mod under_way;
mod value;

#[cfg(feature = "python")]
pub use audit_export::export_audit;
#[cfg(feature = "benchmark")]
pub use benchmark::{BenchmarkReport, KeyholeEntry, RowEntry, SummaryEntry};
pub use declarations::{DeclarationEntry, Declarations, FieldEntry, field_entries};
#[cfg(feature = "subcommand")]
pub use diff::{DiffDocument, DiffRow};
pub use echo::Echo;
pub use exit_code::ExitCode;
#[cfg(feature = "python")]
pub use files::read_python_json;
pub use files::{
    ArtifactError, Artifacts, append_line, clear, document_bytes, document_text, read_json, read_text, remove, write,
    write_json, write_text,
};
pub use gate::{GateEntry, MeasureEntry, ReadingEntry, RequiredEntry};
#[cfg(feature = "subcommand")]
pub use gate_document::{PeerGateVerdict, RankDocument, gate_schema};
pub use gold::{GoldDocument, HistoryEntry, Provenance};
pub use judged::{Judged, JudgedCase, JudgedFile};
#[cfg(feature = "subcommand")]
pub use judged::{refusals, refused};
#[cfg(feature = "harness")]
pub(crate) use ledger::withdraw_look;
pub use ledger::{Ledger, Look, append_look, lost_lines, read_ledger};
pub use number::Number;
pub use ordered::Ordered;
pub use place::place;
pub use recheck::{Recheck, RecheckBase, RecheckedCase};
pub use result::{
    ApproximationEntry, AxisEntry, BaselineEntry, CandidateEntry, EndingEntry, EvaluationEntry, Evaluations, GainEntry,
    HoldoutEntry, HybridRow, LeftOutEntry, MarginEntry, NullEntry, OnTestEntry, PairedEntry, ParamEntry, PassEntry,
    ReevaluatedEntry, RunResult, SelectedEntry, SelectedParam, SelectedSlice, SignificanceEntry, StressEntry,
    TransferEntry, WalkForwardEntry, WalkedEntry, WindowGainEntry, WindowsEntry,
};
pub use results::*;
#[cfg(feature = "subcommand")]
pub use results_schema::results_schema;
#[cfg(feature = "subcommand")]
pub use scores::{ScoreError, Scores};
pub use spelled::Spelled;
#[cfg(feature = "subcommand")]
pub use statement::{Attestable, Attested, Found, Statement};
pub use study::{
    ChosenScore, Direction, Distribution, LeftOut, Objective, StudyEnd, StudyError, StudyHead, StudyReadError,
    StudyReader, StudySource, StudyTold, StudyTrial, StudyValue, StudyWriter, TrialNumbers, TrialState, Unchosen,
    recorded, study_again, study_of, violation,
};
#[cfg(feature = "subcommand")]
pub use study::{
    DirectionSource, Finding, FindingKind, PairedScores, PartsEntry, ScoreEntry, SetCounts, StudyLevel, StudyReport,
    StudyVerdict, TrialCounts, WinnerEntry,
};
pub use timings::{PhaseTiming, Timings, WorkerTimings};
#[cfg(feature = "subcommand")]
pub(crate) use trail::measure;
#[cfg(feature = "subcommand")]
pub(crate) use trail::read_row;
pub use trail::{
    Anchor, DamageKind, TrailBody, TrailDamage, TrailEnd, TrailHeader, TrailReadError, TrailReader, TrailState,
    attachment_path, scan,
};
pub use trail_file::{
    Acknowledged, Binary, Ending, RunLock, Start, TrailError, TrailFile, Wait, has_no_locks, keep_binary,
};
pub use tried::{Tried, TriedConstraint, TriedEvaluation, TriedFinding, TryAnswer, TryQuestion, TryStart, TryWhat};
pub use under_way::{PhaseUnderWay, UnderWay};
pub use value::{ParamMap, ParamValue};

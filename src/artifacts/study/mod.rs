//! What another optimizer left behind: its trials, in one form whatever the tool.
//!
//! The readers of the tools' own files belong to the subcommand; a suite reads this form only, from the file that
//! `cargo omega import` writes. That is rows as a [trail](super::trail) has them, each with its digest over the one before:
//! a head with where the trials come from, a row for each trial, and an end row with what is known of all of them. The
//! digest of the last row stands for the whole study.

mod again;
mod numbers;
mod reader;
#[cfg(feature = "subcommand")]
mod report;
mod rows;
mod rules;
mod trial;
mod value;
mod writer;

pub use again::{StudyError, study_again, study_of};
pub use numbers::TrialNumbers;
pub use reader::{StudyReadError, StudyReader};
#[cfg(feature = "subcommand")]
pub use report::{
    DirectionSource, Finding, FindingKind, PairedScores, PartsEntry, ScoreEntry, SetCounts, StudyLevel, StudyReport,
    StudyVerdict, TrialCounts, WinnerEntry,
};
pub use rows::StudyTold;
pub use rules::{ChosenScore, Unchosen, recorded, violation};
pub use trial::{
    Direction, Distribution, LeftOut, Objective, StudyEnd, StudyHead, StudySource, StudyTrial, TrialState,
};
pub use value::StudyValue;
pub use writer::StudyWriter;

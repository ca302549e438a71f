//! What another optimizer left behind: its trials, in one form whatever the tool.
//!
//! The readers of the tools' own files belong to the subcommand; a suite reads this form only.

mod trial;

pub use trial::{
    Direction, Distribution, LeftOut, Objective, StudyEnd, StudyHead, StudySource, StudyTrial, StudyValue, TrialState,
};

//! A run: which measurements are made in which order, and what the gates make of them.
//!
//! A run is its passes and an ending. A pass walks from a baseline over stress and search to a selected candidate and is
//! judged; the ending holds what would ship against null versions and the holdout. [`RunConfig::rounds`] and
//! [`RunConfig::windows`] say how many passes there are. The run is given an [`Evaluator`](crate::objective::Evaluator), an observer and a clock; a failed
//! gate is part of the outcome, an error means that the question could not be answered. Most callers use
//! [`Run`](crate::run::Run), which makes the evaluator from targets.
//!
//! | file | what it does |
//! |---|---|
//! | `run` | the course of passes, then the ending |
//! | `course`, `once`, `descent`, `walk` | which passes there are: one, rounds that lock in what they find, windows |
//! | `pass` | the order of the steps of a pass |
//! | `measure`, `search`, `transfer_sample`, `places` | what is evaluated, and where it lies |
//! | `study` | the trials of another optimizer in the place of a search |
//! | `judge_reference`, `judge_strict`, `repeated` | what the gates of a profile are shown |
//! | `foresight` | what of it can be evaluated before it is asked for |
//! | `planned` | what a run is going to cost |
//! | `recheck` | what was accepted, evaluated again without a search |
//! | `ending`, `walked_windows`, `null_run` | what comes after the last pass |
//! | `outcome` | everything a finished run knows |
//!
//! The Python package's p2 is a single pass with [`SearchMethod::Tpe`]: one recipe, so that constraints, judge and holdout
//! mean the same whatever proposes.

mod config;
mod constraints;
mod counts;
mod course;
mod descent;
mod eligible;
mod ending;
mod error;
mod foresight;
mod gain;
mod gate_list;
mod judge_reference;
mod judge_strict;
mod listing;
mod measure;
mod null_run;
mod once;
mod outcome;
mod own_search;
mod pass;
mod pass_clock;
mod places;
mod planned;
mod recheck;
mod recipe;
mod repeated;
mod rounds;
mod run;
mod search;
mod search_method;
mod selection;
mod stop_reason;
mod study;
mod time_box;
mod transfer_sample;
mod walk;
mod walked_windows;
mod warnings;

pub use config::{ConstraintPolicy, Profile, RunConfig};
pub use counts::EvaluationCounts;
pub use eligible::eligible;
pub use error::{ConfigError, RunError};
pub use gain::Gain;
pub use gate_list::{DeclaredGate, GateResult, declared_gates};
pub use listing::{LeftOut, MOST_LISTED};
pub use outcome::{Ending, Pass, RunOutcome};
pub use own_search::{LoopError, MakeSearch, OwnLoop, Proposer, RunLoop};
pub use planned::Planned;
pub use recheck::{Rechecked, recheck};
pub use recipe::{Opening, Recipe};
pub use rounds::Rounds;
pub use run::run;
pub use search_method::SearchMethod;
pub use selection::select;
pub use stop_reason::StopReason;
pub use study::{PickedRanks, Study, StudyCounts, StudyPick, StudyRepeat};

//! The recipes: which measurements are made in which order, and what the gates make of them.
//!
//! A pipeline is given an [`Evaluator`](crate::objective::Evaluator), an observer and a clock, and returns an outcome. A
//! failed gate is part of the outcome; an error means that the question could not be answered.
//!
//! The Python package's p2 is p1 with [`SearchMethod::Tpe`]: one recipe, so that constraints, judge and holdout mean the
//! same whatever proposes.

mod candidates;
mod config;
mod counts;
mod eligible;
mod error;
mod gate_list;
mod iterative;
mod iterative_config;
mod iterative_end;
mod iterative_outcome;
mod listing;
mod null_run;
mod outcome;
mod own_search;
mod p1;
mod round;
mod selection;
mod strict;
mod time_box;
mod transfer_sample;

pub use config::{ConfigError, ConstraintPolicy, Profile, RunConfig, SearchMethod};
pub use counts::EvaluationCounts;
pub use eligible::eligible;
pub use error::RunError;
pub use gate_list::{DeclaredGate, GateResult, declared_gates};
pub use iterative::{run_iterative, run_iterative_with};
pub use iterative_config::{IterativeConfig, Rounds};
pub use iterative_outcome::{IterativeOutcome, IterativeVerdict, StopReason};
pub use listing::{LeftOut, MOST_LISTED};
pub use outcome::P1Outcome;
pub use own_search::{LoopError, MakeSearch, OwnLoop, Proposer, RunLoop};
pub use p1::{run_p1, run_p1_with};
pub use selection::select;

//! Methods held against targets whose answer is known.
//!
//! A [`Benchmark`] runs every [`Method`] on every [`Keyhole`] with every seed; each run is a [`BenchmarkRow`] of metrics,
//! all computed from the recorded evaluations and the keyhole's answer, and the [`scorecard`] says what the runs of a
//! method come to. Whoever has a method or a target with a known answer registers it beside the built-in ones;
//! [`battery`] is the comparison that this crate guards itself with.
//!
//! | metric | definition | best |
//! |---|---|---|
//! | [`effective_recall`] | share of the parameters that matter among those searched | 1 |
//! | [`effective_precision`] | share of those searched that matter | 1 |
//! | [`param_l2_error`] | distance from the optimum, each parameter in units of its range | 0 |
//! | [`fitness_gap_pct`] | fitness missing to the optimum's, in percent | 0 or less |
//! | [`generalization_gap`] | relative change of the fitness from train to test | 0 |
//! | [`sample_efficiency`] | fitness found per recorded evaluation on train | large |
//! | [`spearman`] | rank correlation of measured and true importance | 1 |
//!
//! A method or a keyhole that fails, by an error or a panic, is a row that says `CRASH:` and why. Means are those of the
//! runs that finished, the number of crashes stands beside them, and a crashed run is one that did not pass.

mod answer;
mod battery;
mod bench;
mod case_study;
mod error;
mod keyhole;
mod known_answer;
mod method;
mod metrics;
mod one_pass;
mod reported;
mod rounds;
mod row;
mod scorecard;
mod verdict_quality;

pub use battery::battery;
pub use bench::{Benchmark, BenchmarkEvent};
pub use case_study::{CaseStudy, Level, case_study};
pub use error::BenchmarkError;
pub use keyhole::Keyhole;
pub use known_answer::KnownAnswer;
pub use method::{FnMethod, Found, Method, MethodError, Problem};
pub use metrics::{
    GapStatus, GeneralizationGap, effective_precision, effective_recall, fitness_gap_pct, generalization_gap,
    param_l2_error, sample_efficiency, spearman,
};
pub use one_pass::OnePass;
pub use reported::Reported;
pub use rounds::InRounds;
pub use row::{BenchmarkRow, Crash, Measured, RunName};
pub use scorecard::{MethodSummary, Spread, scorecard};
pub use verdict_quality::{Labels, PassRate, Simulated, VerdictQuality, phantom, simulated};

//! Artifacts shown to people. Nothing here computes; everything comes from the artifacts themselves.

#[cfg(feature = "benchmark")]
mod benchmark;
#[cfg(feature = "harness")]
mod color;
#[cfg(feature = "benchmark")]
mod demo;
mod escape;
mod failure;
mod iterative_scorecard;
mod page;
mod scorecard;
mod scores;

#[cfg(feature = "benchmark")]
pub use benchmark::benchmark;
#[cfg(feature = "harness")]
pub use color::colored;
#[cfg(feature = "benchmark")]
pub use demo::demo;
pub use escape::{escaped, escaped_line};
pub use failure::{failure_text, measures_line};
pub use iterative_scorecard::iterative_scorecard;
pub use scorecard::scorecard;
pub use scores::score_verdict;

//! The Python package's artifacts as typed read models: p1, iterative, p2, audit report and benchmark, as 0.1.7 wrote
//! them (without a version in the file) and as 0.3 does (`...v2`).
//!
//! A key that neither version writes is an error, as is a missing or mistyped one; what 0.3 added is optional, because
//! 0.1.7 lacks it. Read the text with [`json::read`](super::json::read), ask [`Kind::of`] what it is, then
//! [`Artifact::of`] for its content.

mod benchmark;
mod finding;
mod iterative;
mod kind;
mod p1;
mod p1_rows;
mod p2;

pub use super::audit_report::{AuditReport, Format, ReportError};
pub use benchmark::{Benchmark, BenchmarkRow, MethodSummary};
pub use finding::{Finding, findings};
pub use iterative::{IterativeHoldout, IterativeResult};
pub use kind::{Artifact, Kind};
pub use p1::{Additions, P1Result};
pub use p1_rows::{Baseline, Candidate, Holdout, HybridRow, KcReport, Stress, WalkForward};
pub use p2::{P2Result, Trial};

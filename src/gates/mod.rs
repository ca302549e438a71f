//! Pre-declared rules over evidence, one file per gate.
//!
//! A gate compares what was measured with what was declared and never averages, evaluates or prints. Formulas, messages
//! and boundaries of the kill criteria are those of the reference implementation (omega-lock 0.3.8 for Python).

mod constraint;
mod constraints;
mod holdout;
mod kc1;
mod kc2;
mod kc3;
mod kc4;
mod report;
mod sc2;
mod scores;
mod thresholds;
mod verdict;

pub use constraint::{ConstraintEvidence, judge_constraint};
pub use constraints::judge_constraints;
pub use holdout::{HoldoutEvidence, HoldoutMode, HoldoutRule, judge_holdout};
pub use kc1::judge_kc1;
pub use kc2::{StressSpread, judge_kc2};
pub use kc3::{ActionCounts, judge_kc3};
pub use kc4::{Transfer, judge_kc4};
pub use report::{Detail, GateId, GateReport, GateStatus, Measure, UNMEASURED};
pub use sc2::{SearchComparison, judge_sc2};
pub use scores::{ScoreVerdict, gate_scores, gate_scores_exact};
pub use thresholds::Thresholds;
pub use verdict::Verdict;

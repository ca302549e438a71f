//! Pre-declared rules over evidence, one file per gate.
//!
//! A gate compares what was measured with what was declared and never averages, evaluates or prints. Formulas, messages
//! and boundaries of the kill criteria are those of the reference implementation (omega-lock 0.3.8 for Python); the gates
//! of the strict profile, whose requirements are [`StrictRules`], close what the kill criteria let through.

#[macro_use]
mod gate;

mod constraint;
mod constraints;
mod copies;
mod deterministic;
mod finite;
mod holdout;
mod id;
mod improvement;
mod kc1;
mod kc2;
mod kc3;
mod kc4;
mod margin;
mod measure;
mod null;
mod rank_error;
#[cfg(test)]
mod rank_noise;
mod ranks;
mod report;
mod reproduces;
mod rules;
mod sc2;
mod scores;
mod searched;
mod selected;
mod slices;
mod smoothness;
mod thresholds;
mod transfer;
mod verdict;
mod windows;

pub use constraint::{ConstraintEvidence, judge_constraint, judge_constraint_everywhere};
pub use constraints::{Searched, judge_constraints};
pub use copies::{A_COPY, Copied, copied};
pub use deterministic::{MetricNoise, RepeatEvidence, Repeated, judge_deterministic};
pub use finite::judge_finite;
pub use gate::{Applies, Asked, Gate};
pub use holdout::{HoldoutEvidence, HoldoutMode, HoldoutRule, HoldoutShown, judge_holdout, judge_holdout_strict};
pub use id::NoGate;
pub use improvement::judge_improvement;
pub use kc1::{TimeBox, judge_kc1};
pub use kc2::{StressSpread, judge_kc2, judge_kc2_strict};
pub use kc3::{ActionCounts, judge_kc3};
pub use kc4::{Transfer, explain_ratio, judge_kc4, judge_kc4_strict};
pub use margin::{MarginEvidence, MarginSample, judge_margin};
pub use measure::{Digits, Measure, NoDigits, Reading, Required};
pub use null::{NullEvidence, judge_null};
pub use rank_error::{RankError, RankedScores};
pub use ranks::{
    FEW_PAIRS, MINIMUM_BLOCKS, MINIMUM_PAIRS, RANK_LEVEL, RankVerdict, distinct_pairs, judge_ranks,
    judge_ranks_by_block,
};
pub use report::{Evidence, GateReport, GateStatus};
pub use reproduces::{Reevaluated, ReproducesEvidence, judge_reproduces};
pub use rules::{Decides, NullRule, StrictRules, TransferRule, WindowsRule, spent};
pub use sc2::{SearchComparison, judge_sc2};
pub use scores::{ScoreVerdict, gate_scores, gate_scores_exact};
pub use searched::{Tried, judge_searched};
pub use selected::{SelectedEvidence, judge_selected};
pub use slices::{WindowFigures, judge_slices, judge_slices_of_windows};
pub use smoothness::{Approximation, Places};
pub use thresholds::Thresholds;
pub use transfer::{TransferEvidence, TransferLevel, TransferSample, explain_lead, judge_transfer};
pub use verdict::{CommittedCase, Failed, NoVerdict, Verdict};
pub use windows::{OnWindow, WindowGain, WindowSample, WindowsEvidence, judge_windows};

gates! {
    /// The run kept its time box.
    Kc1 = kc1,
    /// The parameters differ in how much they matter.
    Kc2 = kc2,
    /// Enough samples stand behind the numbers.
    Kc3 = kc3,
    /// The ranking of the candidates transfers to the test slice.
    Kc4 = kc4,
    /// Every value the verdict rests on is finite.
    Finite = finite,
    /// There was something to search, and it was searched.
    Searched = searched,
    /// Trials of a study give now what the study recorded of them.
    Reproduces = reproduces,
    /// The selected candidate beats the baseline on train.
    Improvement = improvement,
    /// The selected candidate itself holds up on test.
    Selected = selected,
    /// What is good on train is good on test, beyond what independent candidates would show by chance.
    Transfer = transfer,
    /// The selected candidate is better than the baseline and than fresh draws, block by block of test.
    Margin = margin,
    /// What is found window after window is better in the data that follows.
    Windows = windows,
    /// The winner is above what winners reach where there is nothing to find.
    Null = null,
    /// The baseline says the same when it is evaluated again.
    Deterministic = deterministic,
    /// The winner is judged on other data than it was searched on.
    Slices = slices,
    /// The selected candidate keeps one constraint.
    Constraint(String) = constraint,
    /// Some candidate keeps every constraint.
    Constraints = constraints,
    /// The selected candidate holds up on data seen once.
    Holdout = holdout,
    /// The search beats random draws; advisory.
    Sc2 = sc2,
}

//! One pass: baseline, stress, search, selection, and what the test slice and the judge said.

use serde::{Deserialize, Serialize};

use super::{OnTestEntry, ReevaluatedEntry, TransferEntry};
use crate::artifacts::value::Metadata;
use crate::artifacts::{GateEntry, Number, Ordered, ParamMap, Spelled};
use crate::audit::Constraint;
use crate::gates::Verdict;
use crate::hybrid::HybridEntry;
use crate::objective::{ConstraintStatus, Outcome, Params};
use crate::pipeline::{LeftOut, Profile};
use crate::search::Candidate;
use crate::stats::{Correlation, descending};
use crate::stress::Stress;
use crate::walk_forward::WalkForward;

/// One walk from a baseline to a selected candidate.
///
/// The number of a candidate is its `index`, its place in the search of its pass, from 0; everything that speaks of a
/// candidate calls it by this number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PassEntry {
    /// The round of an iterative run, or the window, from 1; absent where there is one pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// What its own gates came to; absent where there is one pass, whose verdict is the run's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Spelled<Verdict>>,
    /// Its own gates, in the order shown; only where there are several passes. Some ask of windows the last alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateEntry>,
    /// What a reader of its gates should know beside them; only where there are several passes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Where it started.
    pub baseline: BaselineEntry,
    /// How much the fitness moves with each parameter, largest first.
    pub stresses: Vec<StressEntry>,
    /// The parameters that were searched, largest stress first; empty if the stresses allowed no search.
    pub unlocked: Vec<String>,
    /// The selected candidate with every parameter; absent if nothing was searched.
    pub selected: Option<CandidateEntry>,
    /// Whether the unlocked parameters of the selected candidate became part of what would ship.
    pub locked_in: bool,
    /// The best candidates on test; absent without a test slice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub walk_forward: Option<WalkForwardEntry>,
    /// The best candidates before the judge, best first; absent without a judge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hybrid: Option<Vec<HybridRow>>,
    /// What a study recorded of the candidates, beside what they gave now; absent where something was searched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reevaluated: Vec<ReevaluatedEntry>,
    /// The selected candidate on test, as the gate `selected` saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_test: Option<OnTestEntry>,
    /// What the gate `transfer` compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<TransferEntry>,
    /// The baseline's fitness when the gate `deterministic` evaluated it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_again: Option<Number>,
    /// The candidates, in order, each with its unlocked parameters: every one up to
    /// [`MOST_LISTED`](crate::pipeline::MOST_LISTED). Of more only the best are here, the selected one and the best
    /// feasible one in any case; the trail has all of them.
    pub candidates: Vec<CandidateEntry>,
    /// How many candidates are not in `candidates`; absent if all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<LeftOutEntry>,
}

/// The evaluation that a pass started from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BaselineEntry {
    /// Every parameter.
    pub params: ParamMap,
    /// `null` if the evaluation failed.
    pub fitness: Option<Number>,
    /// Samples behind the fitness.
    pub samples: u64,
    /// The fitness of each of its blocks; absent if it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Number>,
    /// What else the target said about it.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    /// The constraints it violates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints_failed: Vec<String>,
}

/// One candidate of a search, on train.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CandidateEntry {
    /// Its place in the search, from 0.
    pub index: u64,
    /// Every parameter of the selected candidate, the unlocked ones of any other.
    pub params: ParamMap,
    /// `null` if the evaluation failed.
    pub fitness: Option<Number>,
    /// Samples behind the fitness.
    pub samples: u64,
    /// The fitness of each block of the selected candidate; of others only the trail has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Number>,
    /// What else the target said about the selected candidate; of others only the trail has it.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    /// The constraints it violates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints_failed: Vec<String>,
    /// Why the evaluation failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// How much the fitness moves when one parameter moves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StressEntry {
    /// The parameter.
    pub name: String,
    /// What it is ranked by: fitness over its whole range under the strict profile, per native unit under another.
    pub stress: Number,
    /// The step to either side, in native units.
    pub epsilon: Number,
    /// Fitness one step up; `null` if there is none.
    pub plus_fitness: Option<Number>,
    /// Fitness one step down; `null` if there is none.
    pub minus_fitness: Option<Number>,
}

/// The best candidates on test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WalkForwardEntry {
    /// The candidates, best on train first.
    pub candidates: Vec<WalkedEntry>,
    /// Pearson's correlation of train and test fitness; `null` if it could not be computed.
    pub correlation: Option<Number>,
    /// The samples of the first candidate on test over those on train, as the gate `kc4` judges it.
    pub sample_ratio: Number,
}

/// One of the best candidates, on test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WalkedEntry {
    /// The number of the candidate.
    pub index: u64,
    /// Its fitness on train.
    pub train_fitness: Number,
    /// Its fitness on test; `null` if that evaluation failed.
    pub test_fitness: Option<Number>,
    /// Samples on test.
    pub test_samples: u64,
}

/// One candidate before the judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HybridRow {
    /// The number of the candidate.
    pub index: u64,
    /// Its fitness on train.
    pub train_fitness: Number,
    /// What the judge says; absent if it was not asked or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge_fitness: Option<Number>,
    /// Samples behind that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge_samples: Option<u64>,
}

/// The candidates that a pass does not list, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[expect(missing_docs, reason = "documented at `pipeline::LeftOut`")]
pub struct LeftOutEntry {
    pub candidates: u64,
    pub feasible: u64,
    pub not_finite: u64,
    pub failed: u64,
    pub not_applicable: u64,
}

impl PassEntry {
    /// How many candidates the search had.
    pub fn searched(&self) -> u64 {
        self.candidates.len() as u64 + self.left_out(|left_out| left_out.candidates)
    }

    /// How many of them were evaluated and keep every constraint.
    pub fn feasible(&self) -> u64 {
        let feasible = self.candidates.iter().filter(|candidate| candidate.is_feasible());
        feasible.count() as u64 + self.left_out(|left_out| left_out.feasible)
    }

    /// How many of them have a fitness that is not finite.
    pub fn not_finite(&self) -> u64 {
        let not_finite = |row: &&CandidateEntry| row.fitness.is_some_and(|fitness| !fitness.0.is_finite());
        self.candidates.iter().filter(not_finite).count() as u64 + self.left_out(|left_out| left_out.not_finite)
    }

    /// The unlocked parameters of the selected candidate.
    pub fn tuned(&self) -> ParamMap {
        let params = self.selected.as_ref().map(|selected| selected.params.0.as_slice()).unwrap_or_default();
        let find = |name: &String| params.iter().find(|(known, _)| known == name).cloned();
        Ordered(self.unlocked.iter().filter_map(find).collect())
    }

    fn left_out(&self, count: impl Fn(&LeftOutEntry) -> u64) -> u64 {
        self.left_out.as_ref().map_or(0, count)
    }
}

impl CandidateEntry {
    /// Whether it was evaluated and keeps every constraint.
    pub fn is_feasible(&self) -> bool {
        self.failure.is_none() && self.constraints_failed.is_empty()
    }

    /// A candidate with these of its parameters.
    pub(super) fn listed(candidate: &Candidate, params: &Params, constraints: &[Constraint]) -> Self {
        Self {
            index: candidate.index,
            params: params.into(),
            fitness: candidate.fitness().map(Number),
            samples: candidate.samples(),
            blocks: Vec::new(),
            metadata: Metadata::new(),
            constraints_failed: failed(&candidate.outcome, constraints),
            failure: candidate.outcome.result.as_ref().err().map(ToString::to_string),
        }
    }

    pub(super) fn selected(candidate: &Candidate, constraints: &[Constraint]) -> Self {
        let metadata = candidate.outcome.evaluation().map(|best| best.metadata.clone()).unwrap_or_default();
        Self {
            metadata,
            blocks: blocks(Some(&candidate.outcome)),
            ..Self::listed(candidate, &candidate.params, constraints)
        }
    }
}

impl BaselineEntry {
    pub(super) fn new(params: &Params, outcome: &Outcome, constraints: &[Constraint]) -> Self {
        let evaluation = outcome.evaluation();
        Self {
            params: params.into(),
            fitness: evaluation.map(|evaluation| evaluation.fitness.into()),
            samples: evaluation.map_or(0, |evaluation| evaluation.samples),
            blocks: blocks(Some(outcome)),
            metadata: evaluation.map(|evaluation| evaluation.metadata.clone()).unwrap_or_default(),
            constraints_failed: failed(outcome, constraints),
        }
    }
}

impl StressEntry {
    /// The stresses as the profile ranks them.
    pub(super) fn ranked(stresses: &[Stress], profile: Profile) -> Vec<Self> {
        let entry = |stress: &Stress| Self {
            name: stress.name.clone(),
            stress: match profile {
                Profile::Strict => stress.per_range().into(),
                Profile::Reference => stress.raw_stress.into(),
            },
            epsilon: stress.epsilon.into(),
            plus_fitness: stress.plus_fitness.map(Number),
            minus_fitness: stress.minus_fitness.map(Number),
        };
        let mut entries: Vec<Self> = stresses.iter().map(entry).collect();
        entries.sort_by(|a, b| descending(a.stress.0, b.stress.0));
        entries
    }
}

impl From<&WalkForward> for WalkForwardEntry {
    fn from(walked: &WalkForward) -> Self {
        let rows = walked.candidates.iter().zip(&walked.train_fitness).zip(&walked.outcomes);
        let row = |((&index, &train), outcome): ((&u64, &f64), &Outcome)| WalkedEntry {
            index,
            train_fitness: train.into(),
            test_fitness: outcome.evaluation().map(|test| test.fitness.into()),
            test_samples: outcome.evaluation().map_or(0, |test| test.samples),
        };
        Self {
            candidates: rows.map(row).collect(),
            correlation: match walked.correlation {
                Correlation::Computed(value) => Some(value.into()),
                Correlation::NonFinite => Some(f64::NAN.into()),
                _ => None,
            },
            sample_ratio: walked.trade_ratio.into(),
        }
    }
}

impl From<&HybridEntry> for HybridRow {
    fn from(entry: &HybridEntry) -> Self {
        Self {
            index: entry.index,
            train_fitness: entry.search.0.into(),
            judge_fitness: entry.validation.map(|judge| judge.0.into()),
            judge_samples: entry.validation.map(|judge| judge.1),
        }
    }
}

impl LeftOutEntry {
    pub(super) fn new(left_out: &LeftOut) -> Option<Self> {
        let &LeftOut { candidates, feasible, not_finite, failed, not_applicable } = left_out;
        (candidates > 0).then_some(Self { candidates, feasible, not_finite, failed, not_applicable })
    }
}

/// The fitness of each block of an evaluation.
pub(super) fn blocks(outcome: Option<&Outcome>) -> Vec<Number> {
    outcome.and_then(Outcome::evaluation).into_iter().flat_map(|told| &told.blocks).copied().map(Number).collect()
}

/// The names of the constraints that an evaluation does not keep.
fn failed(outcome: &Outcome, constraints: &[Constraint]) -> Vec<String> {
    let statuses = constraints.iter().zip(outcome.feasibility.statuses());
    let violated = statuses.filter(|(_, status)| **status != ConstraintStatus::Satisfied);
    violated.map(|(constraint, _)| constraint.name.clone()).collect()
}

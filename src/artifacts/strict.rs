//! What the strict profile requires and the evidence of its gates, as `result.json` holds them.

use serde::{Deserialize, Serialize};

use super::Number;
use crate::gates::{Detail, GateId, GateReport, NullEvidence, SelectedEvidence, StrictRules, TransferEvidence};
use crate::pipeline::{Profile, RunConfig};
use crate::stats::Significance;

/// The strict profile's part of a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrictEntry {
    /// What its gates require.
    pub rules: StrictRulesEntry,
    /// The selected candidate on train and test; absent if that was not judged.
    pub selected: Option<SelectedEvidenceEntry>,
    /// What `transfer` compared; absent if it was not judged.
    pub transfer: Option<TransferEntry>,
    /// The null runs; absent if there were none.
    pub null: Option<NullEntry>,
    /// The baseline's fitness when it was evaluated again; absent if that was not judged.
    pub baseline_again: Option<Number>,
}

/// What the gates of the strict profile require.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `gates::StrictRules`")]
pub struct StrictRulesEntry {
    pub seed: u64,
    pub pearson: String,
    pub min_distinct: u64,
    pub min_improvement: Number,
    pub max_drop: Option<Number>,
    pub transfer_alpha: Number,
    pub rank_points: usize,
    pub lead_top: usize,
    pub lead_draws: usize,
    pub permutations: usize,
    pub null_declared: bool,
    pub null_runs: u64,
    pub null_alpha: Number,
    pub noise: Number,
}

/// The selected candidate, on test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `gates::SelectedEvidence`")]
pub struct SelectedEvidenceEntry {
    pub train_fitness: Number,
    pub test_fitness: Option<Number>,
    pub baseline_test_fitness: Option<Number>,
    pub violated_on_test: Vec<String>,
}

/// Both halves of `transfer`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferEntry {
    /// The p-value that both had to reach.
    pub alpha: Number,
    /// Train fitness of candidates spread over the ranks, best first.
    pub rank_train: Vec<Number>,
    /// Test fitness of the same; `null` where there is none.
    pub rank_test: Vec<Option<Number>>,
    /// Spearman's correlation of the two; absent if it could not be computed.
    pub rho: Option<Number>,
    /// Significance of the rank half.
    pub rank: Option<SignificanceEntry>,
    /// Test fitness of the best on train, best first.
    pub lead_test: Vec<Option<Number>>,
    /// Test fitness of the fresh draws, in the order drawn.
    pub draw_test: Vec<Number>,
    /// Significance of the lead half.
    pub lead: Option<SignificanceEntry>,
}

/// The result of a permutation test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `stats::Significance`")]
pub struct SignificanceEntry {
    pub p: Number,
    pub smallest_p: Number,
}

/// The null runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NullEntry {
    /// Test fitness of the selected candidate.
    pub observed: Option<Number>,
    /// The same of each null run, in the order of their seeds; `null` where there is none.
    pub null_test: Vec<Option<Number>>,
    /// The share that reaches the observed fitness.
    pub p: Number,
}

impl StrictEntry {
    /// The entry of a run under the strict profile, and of no other.
    pub(super) fn new<'r>(config: &RunConfig, reports: impl IntoIterator<Item = &'r GateReport>) -> Option<Self> {
        if config.profile != Profile::Strict {
            return None;
        }
        let rules = StrictRulesEntry::new(&config.strict, config.null_declared);
        let mut entry = Self { rules, selected: None, transfer: None, null: None, baseline_again: None };
        for report in reports {
            match (&report.gate, &report.detail) {
                (GateId::Selected, Detail::Selected(evidence)) => entry.selected = Some(evidence.into()),
                (GateId::Transfer, Detail::TransferTest(evidence)) => entry.transfer = Some(evidence.into()),
                (GateId::Null, Detail::Null(evidence)) => entry.null = Some(evidence.into()),
                (GateId::Deterministic, Detail::Repeat(evidence)) => {
                    entry.baseline_again = evidence.again.map(|(fitness, _)| Number(fitness));
                }
                _ => {}
            }
        }
        Some(entry)
    }
}

impl StrictRulesEntry {
    fn new(rules: &StrictRules, null_declared: bool) -> Self {
        Self {
            seed: rules.seed,
            pearson: rules.correlation.name().to_owned(),
            min_distinct: rules.min_distinct,
            min_improvement: rules.min_improvement.into(),
            max_drop: rules.max_drop.map(Number),
            transfer_alpha: rules.transfer.alpha.into(),
            rank_points: rules.transfer.rank_points,
            lead_top: rules.transfer.lead_top,
            lead_draws: rules.transfer.lead_draws,
            permutations: rules.transfer.permutations,
            null_declared,
            null_runs: rules.null.runs,
            null_alpha: rules.null.alpha.into(),
            noise: rules.noise.into(),
        }
    }
}

impl From<&SelectedEvidence> for SelectedEvidenceEntry {
    fn from(evidence: &SelectedEvidence) -> Self {
        Self {
            train_fitness: evidence.train.into(),
            test_fitness: evidence.test.map(Number),
            baseline_test_fitness: evidence.baseline_test.map(Number),
            violated_on_test: evidence.violated.clone(),
        }
    }
}

impl From<&TransferEvidence> for TransferEntry {
    fn from(evidence: &TransferEvidence) -> Self {
        let sample = &evidence.sample;
        Self {
            alpha: evidence.alpha.into(),
            rank_train: sample.ranked.iter().map(|&(train, _)| Number(train)).collect(),
            rank_test: sample.ranked.iter().map(|(_, test)| test.map(Number)).collect(),
            rho: evidence.correlation.value().map(Number),
            rank: evidence.rank.map(SignificanceEntry::from),
            lead_test: sample.lead.iter().map(|test| test.map(Number)).collect(),
            draw_test: sample.draws.iter().copied().map(Number).collect(),
            lead: evidence.lead.map(SignificanceEntry::from),
        }
    }
}

impl From<Significance> for SignificanceEntry {
    fn from(found: Significance) -> Self {
        Self { p: found.p.into(), smallest_p: found.smallest.into() }
    }
}

impl From<&NullEvidence> for NullEntry {
    fn from(evidence: &NullEvidence) -> Self {
        Self {
            observed: evidence.observed.map(Number),
            null_test: evidence.nulls.iter().map(|null| null.map(Number)).collect(),
            p: evidence.p().into(),
        }
    }
}

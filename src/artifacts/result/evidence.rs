//! What the gates of the strict profile saw in one pass.

use serde::{Deserialize, Serialize};

use super::ApproximationEntry;
use super::pass::blocks;
use crate::artifacts::{Number, Spelled};
use crate::gates::{MarginEvidence, SelectedEvidence, TransferEvidence, TransferLevel, TransferSample, judge_transfer};
use crate::objective::{Outcome, Role};
use crate::pipeline::{Gain, Pass};
use crate::stats::{Paired, Significance};

/// The selected candidate and the baseline, on test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OnTestEntry {
    /// Fitness of the selected candidate; `null` if its evaluation failed.
    pub fitness: Option<Number>,
    /// Fitness of the baseline; `null` if its evaluation failed.
    pub baseline_fitness: Option<Number>,
    /// The fitness of each block of the selected candidate; absent if it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Number>,
    /// The same of the baseline.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baseline_blocks: Vec<Number>,
    /// The constraints that the selected candidate violates on test.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints_failed: Vec<String>,
}

/// Both halves of `transfer`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    /// What surrogate surfaces said beside the permutations, of which the larger p-value counts; absent where blocks or a null
    /// version are declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approximation: Option<ApproximationEntry>,
}

/// How far one series of blocks is above another, block by block.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `stats::Paired`")]
#[non_exhaustive]
pub struct PairedEntry {
    pub count: u64,
    pub mean: Number,
    pub low: Number,
    pub high: Number,
    pub p: Number,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag: Option<Number>,
}

/// What would ship beside the baseline of the first pass, on one slice.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct GainEntry {
    /// The slice.
    pub slice: Spelled<Role>,
    /// Difference of the two fitnesses of the whole slice.
    pub whole: Number,
    /// The same block by block.
    pub blocks: PairedEntry,
}

/// What the gate `margin` compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MarginEntry {
    /// The p-value that both had to reach.
    pub alpha: Number,
    /// The gain over the baseline, over the blocks of test; absent if it could not be computed.
    pub over_baseline: Option<PairedEntry>,
    /// The gain over the mean of the fresh draws.
    pub over_draws: Option<PairedEntry>,
    /// How many fresh draws there were.
    pub draws: u64,
}

/// The result of a permutation test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `stats::Significance`")]
#[non_exhaustive]
pub struct SignificanceEntry {
    pub p: Number,
    pub smallest_p: Number,
}

impl OnTestEntry {
    pub(super) fn new(evidence: &SelectedEvidence, pass: &Pass) -> Self {
        Self {
            blocks: blocks(pass.selected_on_test()),
            baseline_blocks: blocks(pass.baseline_on_test.as_ref()),
            fitness: evidence.test.map(Number),
            baseline_fitness: evidence.baseline_test.map(Number),
            constraints_failed: evidence.violated.clone(),
        }
    }

    /// The same of a window, which the gate `selected` need not have asked for.
    pub(super) fn of_window(pass: &Pass) -> Option<Self> {
        let fitness = |outcome: Option<&Outcome>| Some(Number(outcome?.evaluation()?.fitness));
        let baseline = pass.baseline_on_test.as_ref();
        Some(Self {
            fitness: fitness(pass.selected_on_test()),
            baseline_fitness: fitness(Some(baseline?)),
            blocks: blocks(pass.selected_on_test()),
            baseline_blocks: blocks(baseline),
            constraints_failed: Vec::new(),
        })
    }
}

impl TransferEntry {
    /// The larger p-value of both halves, from so many permutations of this seed, and from as many surfaces as `level` needs
    /// where they were asked; absent if one cannot be computed.
    pub fn p(&self, level: f64, permutations: usize, seed: u64) -> Option<f64> {
        let number = |test: &Option<Number>| test.map(|test| test.0);
        let sample = TransferSample {
            ranked: self.rank_train.iter().map(|train| train.0).zip(self.rank_test.iter().map(number)).collect(),
            lead: self.lead_test.iter().map(number).collect(),
            draws: self.draw_test.iter().map(|draw| draw.0).collect(),
            places: self.approximation.as_ref().map(ApproximationEntry::places),
        };
        let report = judge_transfer(sample, TransferLevel { alpha: level, permutations, seed });
        let evidence = report.evidence::<TransferEvidence>()?;
        Some(evidence.rank()?.p.max(evidence.lead()?.p))
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
            approximation: evidence
                .approximation
                .as_ref()
                .zip(sample.places.as_ref())
                .map(|(found, places)| ApproximationEntry::new(found, places)),
        }
    }
}

impl From<Paired> for PairedEntry {
    fn from(found: Paired) -> Self {
        let Paired { count, mean, low, high, p, lag, .. } = found;
        let count = count as u64;
        Self { count, mean: mean.into(), low: low.into(), high: high.into(), p: p.into(), lag: lag.map(Number) }
    }
}

impl From<&Gain> for GainEntry {
    fn from(gain: &Gain) -> Self {
        Self { slice: gain.role.into(), whole: gain.whole.into(), blocks: gain.blocks.into() }
    }
}

impl From<&MarginEvidence> for MarginEntry {
    fn from(evidence: &MarginEvidence) -> Self {
        Self {
            alpha: evidence.alpha.into(),
            over_baseline: evidence.over_baseline.map(Into::into),
            over_draws: evidence.over_draws.map(Into::into),
            draws: evidence.draws as u64,
        }
    }
}

impl From<Significance> for SignificanceEntry {
    fn from(found: Significance) -> Self {
        Self { p: found.p.into(), smallest_p: found.smallest.into() }
    }
}

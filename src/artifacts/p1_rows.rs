//! The measurements of a p1 run: parameters, stresses, candidates, walk-forward, judge, holdout.

use serde::{Deserialize, Serialize};

use super::gate::{correlation_status, is_computable};
use super::value::Metadata;
use super::{Number, ParamMap, ParamValue};
use crate::audit::Constraint;
use crate::gates::{Detail, GateReport, GateStatus, HoldoutMode};
use crate::holdout::HoldoutShot;
use crate::hybrid::HybridEntry;
use crate::objective::{ConstraintStatus, Outcome, ParamKind, ParamSpec};
use crate::pipeline::{Profile, RunConfig};
use crate::search::Candidate;
use crate::stress::Stress;
use crate::walk_forward::WalkForward;

/// A parameter of the space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `objective::ParamSpec`")]
pub struct ParamEntry {
    pub name: String,
    pub dtype: String,
    pub low: Option<ParamValue>,
    pub high: Option<ParamValue>,
    pub neutral: ParamValue,
    pub scale: String,
    pub choices: Option<Vec<String>>,
    pub stress_suppressed: bool,
}

impl From<&ParamSpec> for ParamEntry {
    fn from(spec: &ParamSpec) -> Self {
        let (low, high) = match spec.kind {
            ParamKind::Float { low, high, .. } => {
                (Some(ParamValue::Float(low.into())), Some(ParamValue::Float(high.into())))
            }
            ParamKind::Int { low, high, .. } => (Some(ParamValue::Int(low)), Some(ParamValue::Int(high))),
            ParamKind::Bool { .. } | ParamKind::Choice { .. } => (None, None),
        };
        let choices = match &spec.kind {
            ParamKind::Choice { choices, .. } => Some(choices.iter().map(ToString::to_string).collect()),
            _ => None,
        };
        let neutral = spec.neutral();
        Self {
            name: spec.name.clone(),
            dtype: neutral.kind().to_owned(),
            low,
            high,
            neutral: (&neutral).into(),
            scale: spec.scale().name().to_owned(),
            choices,
            stress_suppressed: spec.stress_suppressed,
        }
    }
}

/// The baseline's evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `objective::Evaluation`")]
pub struct BaselineEntry {
    pub fitness: Option<Number>,
    pub n_trials: u64,
    pub metadata: Metadata,
    pub constraints_failed: Vec<String>,
}

impl BaselineEntry {
    pub(super) fn new(outcome: &Outcome, constraints: &[Constraint]) -> Self {
        let evaluation = outcome.evaluation();
        Self {
            fitness: evaluation.map(|evaluation| evaluation.fitness.into()),
            n_trials: evaluation.map_or(0, |evaluation| evaluation.samples),
            metadata: evaluation.map(|evaluation| evaluation.metadata.clone()).unwrap_or_default(),
            constraints_failed: failed(outcome, constraints),
        }
    }
}

/// One parameter's sensitivity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `stress::Stress`")]
pub struct StressEntry {
    pub name: String,
    pub baseline_fitness: Number,
    pub plus_fitness: Option<Number>,
    pub minus_fitness: Option<Number>,
    pub epsilon: Number,
    pub raw_stress: Number,
    pub normalized_stress: Number,
    pub is_boolean: bool,
    pub stress_suppressed: bool,
    pub clipped_plus: bool,
    pub clipped_minus: bool,
    pub plus_n_trials: u64,
    pub minus_n_trials: u64,
    pub ofi_biased: bool,
    /// What the strict profile ranks by; absent under another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range_stress: Option<Number>,
}

impl StressEntry {
    pub(super) fn new(stress: &Stress, profile: Profile) -> Self {
        Self {
            range_stress: (profile == Profile::Strict).then(|| stress.per_range().into()),
            name: stress.name.clone(),
            baseline_fitness: stress.baseline_fitness.into(),
            plus_fitness: stress.plus_fitness.map(Number),
            minus_fitness: stress.minus_fitness.map(Number),
            epsilon: stress.epsilon.into(),
            raw_stress: stress.raw_stress.into(),
            normalized_stress: stress.normalized_stress.into(),
            is_boolean: stress.is_boolean,
            stress_suppressed: stress.stress_suppressed,
            clipped_plus: stress.clipped_plus,
            clipped_minus: stress.clipped_minus,
            plus_n_trials: stress.plus_samples,
            minus_n_trials: stress.minus_samples,
            ofi_biased: stress.stress_suppressed,
        }
    }
}

/// One candidate of the search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridEntry {
    /// Its place in the search.
    pub idx: u64,
    /// The tuned parameters.
    pub unlocked: ParamMap,
    /// `null` if the evaluation failed.
    pub fitness: Option<Number>,
    /// Samples behind the fitness.
    pub n_trials: u64,
    /// The constraints it violates.
    pub constraints_failed: Vec<String>,
    /// Why the evaluation failed, if it did.
    pub failure: Option<String>,
}

impl GridEntry {
    pub(super) fn new(candidate: &Candidate, unlocked: &[String], constraints: &[Constraint]) -> Self {
        Self {
            idx: candidate.index,
            unlocked: (&candidate.params.subset(unlocked.iter().map(String::as_str))).into(),
            fitness: candidate.fitness().map(Number),
            n_trials: candidate.samples(),
            constraints_failed: failed(&candidate.outcome, constraints),
            failure: candidate.outcome.result.as_ref().err().map(ToString::to_string),
        }
    }
}

/// The selected candidate: the search's row and every parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelectedEntry {
    /// Its place in the search.
    pub idx: u64,
    /// The tuned parameters.
    pub unlocked: ParamMap,
    /// Its fitness on train.
    pub fitness: Option<Number>,
    /// Samples behind the fitness.
    pub n_trials: u64,
    /// The constraints it violates on train.
    pub constraints_failed: Vec<String>,
    /// Every parameter, as it would ship.
    pub params: ParamMap,
    /// What else the target said about it.
    pub metadata: Metadata,
}

impl SelectedEntry {
    pub(super) fn new(candidate: &Candidate, unlocked: &[String], constraints: &[Constraint]) -> Self {
        let row = GridEntry::new(candidate, unlocked, constraints);
        Self {
            idx: row.idx,
            unlocked: row.unlocked,
            fitness: row.fitness,
            n_trials: row.n_trials,
            constraints_failed: row.constraints_failed,
            params: (&candidate.params).into(),
            metadata: candidate.outcome.evaluation().map(|best| best.metadata.clone()).unwrap_or_default(),
        }
    }
}

/// The best candidates on test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `walk_forward::WalkForward`")]
pub struct WalkForwardEntry {
    pub top_n: usize,
    pub train_fitnesses: Vec<Number>,
    pub test_fitnesses: Vec<Number>,
    pub test_n_trials: Vec<u64>,
    pub pearson: Number,
    pub pearson_status: String,
    pub pearson_computable: bool,
    pub train_best_trades_mean: Number,
    pub test_best_trades: u64,
    pub test_best_fitness: Option<Number>,
    pub test_best_params: ParamMap,
    pub trade_ratio_scaled: Number,
}

impl From<&WalkForward> for WalkForwardEntry {
    fn from(walked: &WalkForward) -> Self {
        let pearson = match walked.correlation.value() {
            Some(value) => value,
            None if is_computable(walked.correlation) => f64::NAN,
            None => 0.0,
        };
        Self {
            top_n: walked.train_fitness.len(),
            train_fitnesses: walked.train_fitness.iter().copied().map(Number).collect(),
            test_fitnesses: walked.test_fitness.iter().copied().map(Number).collect(),
            test_n_trials: walked.test_samples.clone(),
            pearson: pearson.into(),
            pearson_status: correlation_status(walked.correlation).to_owned(),
            pearson_computable: is_computable(walked.correlation),
            train_best_trades_mean: walked.train_samples_mean.into(),
            test_best_trades: walked.lead().map_or(0, |(_, samples)| samples),
            test_best_fitness: walked.lead().map(|(fitness, _)| fitness.into()),
            test_best_params: walked.lead_params.as_ref().map(ParamMap::from).unwrap_or_default(),
            trade_ratio_scaled: walked.trade_ratio.into(),
        }
    }
}

/// One candidate of the hybrid ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `hybrid::HybridEntry`")]
pub struct HybridRow {
    pub params: ParamMap,
    pub search_fitness: Number,
    pub search_n_trials: u64,
    pub final_fitness: Number,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_fitness: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_n_trials: Option<u64>,
}

impl From<&HybridEntry> for HybridRow {
    fn from(entry: &HybridEntry) -> Self {
        Self {
            params: (&entry.params).into(),
            search_fitness: entry.search.0.into(),
            search_n_trials: entry.search.1,
            final_fitness: entry.final_fitness().into(),
            validation_fitness: entry.validation.map(|judge| judge.0.into()),
            validation_n_trials: entry.validation.map(|judge| judge.1),
        }
    }
}

/// The shot at the holdout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `holdout::HoldoutShot` and `gates::HoldoutRule`")]
pub struct HoldoutEntry {
    pub fitness: Option<Number>,
    pub n_trials: u64,
    pub params: ParamMap,
    pub fitness_vs_train: Option<Number>,
    pub fitness_vs_test: Option<Number>,
    pub trade_ratio_vs_train: Option<Number>,
    pub mode: String,
    pub status_gating: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate_failed_reasons: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    pub gate_status: String,
    /// Why the evaluation failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl HoldoutEntry {
    pub(super) fn new(shot: &HoldoutShot, report: Option<&GateReport>, config: &RunConfig) -> Self {
        let gated = config.holdout.mode == HoldoutMode::Gate;
        let failed = report.is_some_and(|report| report.status == GateStatus::Fail);
        let reasons = match report.map(|report| &report.detail) {
            Some(Detail::Holdout(evidence)) if failed => Some(evidence.reasons.clone()),
            _ => None,
        };
        let warning = "holdout_mode='evidence_only': holdout was evaluated but did not gate final status.";
        Self {
            fitness: shot.fitness().map(Number),
            n_trials: shot.result.as_ref().map_or(0, |evaluation| evaluation.samples),
            params: (&shot.params).into(),
            fitness_vs_train: shot.fitness_vs_train.map(Number),
            fitness_vs_test: shot.fitness_vs_test.map(Number),
            trade_ratio_vs_train: shot.trade_ratio_vs_train.map(Number),
            mode: config.holdout.mode.name().to_owned(),
            status_gating: if gated { "gated" } else { "not_gated" }.to_owned(),
            gate_failed_reasons: reasons,
            warning: (!gated).then(|| warning.to_owned()),
            gate_status: match (gated, failed) {
                (false, _) => "EVIDENCE_ONLY",
                (true, true) => "FAIL",
                (true, false) => "PASS",
            }
            .to_owned(),
            failure: shot.result.as_ref().err().map(ToString::to_string),
        }
    }
}

/// The names of the constraints that an evaluation does not keep.
fn failed(outcome: &Outcome, constraints: &[Constraint]) -> Vec<String> {
    let statuses = constraints.iter().zip(outcome.feasibility.statuses());
    let violated = statuses.filter(|(_, status)| **status != ConstraintStatus::Satisfied);
    violated.map(|(constraint, _)| constraint.name.clone()).collect()
}

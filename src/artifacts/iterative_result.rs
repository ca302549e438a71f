//! `result.json` of an iterative run.

use serde::{Deserialize, Serialize};

use super::{
    Anchor, Evaluations, GateEntry, HoldoutEntry, IterativeConfigEntry, IterativeLegacyEntry, IterativeSearchSettings,
    Number, P1Result, ParamEntry, ParamMap, StrictEntry, ThresholdEntry,
};
use crate::declaration::Declaration;
use crate::pipeline::{IterativeOutcome, declared_gates};

/// A finished iterative run: the Python package's keys less its clock readings, and what they leave out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IterativeResult {
    /// [`IterativeResult::SCHEMA`]; a reader refuses another.
    pub schema_version: String,
    /// Version of the library that wrote it.
    pub omega_lock_version: String,
    /// Name of the calibration.
    pub calibration: String,
    /// `reference` or `strict`.
    pub profile: String,
    /// The verdict: `PASS`, or `FAIL:` and `round` with the number of rounds run, `no_rounds`, `HOLDOUT`.
    pub final_status: String,
    /// Why there was no further round.
    pub stop_reason: String,
    /// Digest of the resolved declaration, hex.
    pub declaration_digest: String,
    /// The trail it was made from; absent if that was kept in memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trail: Option<Anchor>,
    /// Constraints that could be locked by name only.
    pub opaque_constraints: usize,
    /// Every declared gate, in the order shown, each as its deciding round left it.
    pub gates: Vec<GateEntry>,
    /// The parameters that each round locked in.
    pub locked_in_order: Vec<Vec<String>>,
    /// The fitness of each round's baseline.
    pub fitness_trajectory: Vec<Number>,
    /// The fitness of each round's selected candidate; `"-inf"` where KC-2 left none.
    pub round_best_fitness: Vec<Number>,
    /// Every parameter, as it would ship.
    pub final_baseline: ParamMap,
    /// The one shot at the holdout.
    pub holdout_result: Option<IterativeHoldoutEntry>,
    /// Whether the test slice had a say in what was locked in.
    pub selection_reused_test_target: bool,
    /// In how many rounds it had.
    pub test_reuse_rounds: usize,
    /// Whether a holdout would say what the test slice no longer can.
    pub holdout_recommended: bool,
    /// Whether a holdout was evaluated.
    pub holdout_present: bool,
    /// What a reader of the verdict should know beside it.
    pub advisory_messages: Vec<String>,
    /// The warning about a test slice that several rounds asked.
    pub test_reuse_warning: Option<String>,
    /// The advisory messages again, under their later name.
    pub warnings: Vec<String>,
    /// Evaluations made, over all rounds.
    pub evaluations: Evaluations,
    /// The configuration, short.
    pub config: IterativeLegacyEntry,
    /// The configuration, whole.
    pub config_full: IterativeConfigEntry,
    /// What violating a constraint means.
    pub constraint_policy: String,
    /// Whether the holdout decides.
    pub holdout_mode: String,
    /// The thresholds, the same in every round.
    pub kc_thresholds: ThresholdEntry,
    /// How candidates were proposed.
    pub search_settings: IterativeSearchSettings,
    /// Seed of SC-2's draws, if it ran.
    pub random_seed: Option<u64>,
    /// The parameter space.
    pub space: Vec<ParamEntry>,
    /// The baseline of the first round.
    pub base_params: ParamMap,
    /// What the strict profile requires and saw of the whole run; absent under another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strict: Option<StrictEntry>,
    /// The rounds, each as the p1 run it was; none of them knows the holdout.
    pub rounds: Vec<P1Result>,
}

/// The shot at the holdout after the last round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `holdout::HoldoutShot` and `gates::HoldoutRule`")]
pub struct IterativeHoldoutEntry {
    pub fitness: Option<Number>,
    pub n_trials: u64,
    pub params: ParamMap,
    pub fitness_vs_last_round_train: Option<Number>,
    pub fitness_vs_last_round_test: Option<Number>,
    pub trade_ratio_vs_last_round_train: Option<Number>,
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

impl From<HoldoutEntry> for IterativeHoldoutEntry {
    fn from(entry: HoldoutEntry) -> Self {
        Self {
            fitness: entry.fitness,
            n_trials: entry.n_trials,
            params: entry.params,
            fitness_vs_last_round_train: entry.fitness_vs_train,
            fitness_vs_last_round_test: entry.fitness_vs_test,
            trade_ratio_vs_last_round_train: entry.trade_ratio_vs_train,
            mode: entry.mode,
            status_gating: entry.status_gating,
            gate_failed_reasons: entry.gate_failed_reasons,
            warning: entry.warning,
            gate_status: entry.gate_status,
            failure: entry.failure,
        }
    }
}

impl IterativeResult {
    /// The `schema_version` this version writes and reads.
    ///
    /// v1: first version; the Python package's `omega-lock.iterative-result.v2` with additions, hence a name of its own.
    pub const SCHEMA: &str = "omega-lock.rust.iterative-result.v1";

    /// The artifact of a run under its declaration.
    pub fn new(declaration: &Declaration, outcome: &IterativeOutcome) -> Self {
        let (config, round) = (&outcome.config, &outcome.config.round);
        let names = declaration.constraints.iter().map(|constraint| constraint.name.as_str());
        let gates = declared_gates(round, |role| declaration.serves(role), names);
        let entry = |gate| {
            let (number, result) = outcome.result_of(gate);
            GateEntry { round: number, ..GateEntry::new(gate, &result) }
        };
        let numbers = |values: Vec<f64>| values.into_iter().map(Number).collect();
        Self {
            schema_version: Self::SCHEMA.to_owned(),
            omega_lock_version: env!("CARGO_PKG_VERSION").to_owned(),
            calibration: declaration.name.clone(),
            profile: round.profile.name().to_owned(),
            final_status: outcome.verdict().to_string(),
            stop_reason: outcome.stop_reason.name().to_owned(),
            declaration_digest: declaration.digest(),
            trail: None,
            opaque_constraints: declaration.opaque_constraints(),
            gates: gates.iter().map(entry).collect(),
            locked_in_order: outcome.locked_in_order.clone(),
            fitness_trajectory: numbers(outcome.fitness_trajectory()),
            round_best_fitness: numbers(outcome.round_best_fitness()),
            final_baseline: (&outcome.final_baseline).into(),
            holdout_result: outcome
                .holdout
                .as_ref()
                .map(|shot| HoldoutEntry::new(shot, outcome.holdout_report.as_ref(), round).into()),
            selection_reused_test_target: outcome.test_reuse_rounds > 0,
            test_reuse_rounds: outcome.test_reuse_rounds,
            holdout_recommended: outcome.holdout_recommended(),
            holdout_present: outcome.holdout.is_some(),
            advisory_messages: outcome.advisories.clone(),
            test_reuse_warning: outcome.test_reuse_warning().map(str::to_owned),
            warnings: outcome.advisories.clone(),
            evaluations: (&outcome.counts).into(),
            config: config.into(),
            config_full: config.into(),
            constraint_policy: round.constraint_policy.name().to_owned(),
            holdout_mode: round.holdout.mode.name().to_owned(),
            kc_thresholds: (&round.thresholds).into(),
            search_settings: config.into(),
            random_seed: round.sc2.then_some(round.sc2_seed),
            space: outcome.space.specs().iter().map(ParamEntry::from).collect(),
            base_params: (&outcome.base_params).into(),
            strict: StrictEntry::new(round, &outcome.null_report),
            rounds: outcome.rounds.iter().map(|round| P1Result::of_round(declaration, round)).collect(),
        }
    }
}

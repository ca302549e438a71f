//! `result.json` of a p1 run.

use serde::{Deserialize, Serialize};

use super::{
    Anchor, BaselineEntry, ConfigEntry, GateEntry, GridEntry, HoldoutEntry, HybridRow, KcReport, LegacyConfigEntry,
    ParamEntry, ParamMap, SearchSettings, SelectedEntry, StressEntry, StrictEntry, ThresholdEntry, WalkForwardEntry,
};
use crate::declaration::Declaration;
use crate::gates::GateId;
use crate::objective::{Phase, Role};
use crate::pipeline::{DeclaredGate, EvaluationCounts, LeftOut, P1Outcome, declared_gates};

/// A finished p1 run: the Python package's keys less its clock readings, and what they leave out.
///
/// A run that searches with TPE, the package's p2, has the same keys: its `trials` are `grid_results`, its `tpe_best` is
/// `grid_best`, and seed, number of trials and sampler are in `search_settings`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct P1Result {
    /// [`P1Result::SCHEMA`]; a reader refuses another.
    pub schema_version: String,
    /// Version of the library that wrote it.
    pub omega_lock_version: String,
    /// Name of the calibration.
    pub calibration: String,
    /// `reference` or `strict`.
    pub profile: String,
    /// The verdict: `PASS`, or `FAIL:` and the failed gates.
    pub status: String,
    /// Digest of the resolved declaration, hex.
    pub declaration_digest: String,
    /// The trail it was made from; absent if that was kept in memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trail: Option<Anchor>,
    /// Constraints that could be locked by name only.
    pub opaque_constraints: usize,
    /// Every declared gate, in the order shown.
    pub gates: Vec<GateEntry>,
    /// The gates that the Python package has, in its order and words.
    pub kc_reports: Vec<KcReport>,
    /// The candidate that would ship.
    pub grid_best: Option<SelectedEntry>,
    /// Evaluations made.
    pub evaluations: Evaluations,
    /// The configuration, short.
    pub config: LegacyConfigEntry,
    /// The configuration, whole.
    pub config_full: ConfigEntry,
    /// What violating a constraint means.
    pub constraint_policy: String,
    /// Whether the holdout decides.
    pub holdout_mode: String,
    /// The thresholds.
    pub kc_thresholds: ThresholdEntry,
    /// How candidates were proposed.
    pub search_settings: SearchSettings,
    /// Seed of SC-2's draws, if it ran.
    pub random_seed: Option<u64>,
    /// The parameter space.
    pub space: Vec<ParamEntry>,
    /// The baseline parameters.
    pub base_params: ParamMap,
    /// Their evaluation.
    pub baseline_result: BaselineEntry,
    /// Sensitivities.
    pub stress_results: Vec<StressEntry>,
    /// The unlocked parameters, largest stress first.
    pub top_k: Vec<String>,
    /// The same without suppressed parameters.
    pub top_k_ex_ofi: Vec<String>,
    /// The same again, under its later name.
    pub top_k_excl_suppressed: Vec<String>,
    /// The best candidates on test.
    pub walk_forward: Option<WalkForwardEntry>,
    /// The ranking by the judge.
    pub hybrid_top: Option<Vec<HybridRow>>,
    /// The shot at the holdout.
    pub holdout_result: Option<HoldoutEntry>,
    /// What a reader of the verdict should know beside it.
    pub warnings: Vec<String>,
    /// What the strict profile requires and saw; absent under another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strict: Option<StrictEntry>,
    /// The candidates, in order: every one up to [`MOST_LISTED`](crate::pipeline::MOST_LISTED). Of more only the best are
    /// here, the selected one and the best feasible one in any case; the trail has all of them.
    pub grid_results: Vec<GridEntry>,
    /// How many candidates are not in `grid_results`; absent if all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid_results_left_out: Option<LeftOutEntry>,
}

/// The candidates that `grid_results` leaves out, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "documented at `pipeline::LeftOut`")]
pub struct LeftOutEntry {
    pub candidates: u64,
    pub feasible: u64,
    pub not_finite: u64,
    pub failed: u64,
}

/// How many evaluations were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluations {
    /// All of them.
    pub total: u64,
    /// Those that failed.
    pub failed: u64,
    /// By slice and phase, in the order of the run.
    pub by_phase: Vec<EvaluationEntry>,
}

/// Evaluations of one slice in one phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluationEntry {
    /// The slice.
    pub role: String,
    /// The phase.
    pub phase: String,
    /// How many.
    pub count: u64,
}

impl P1Result {
    /// The `schema_version` this version writes and reads.
    ///
    /// v1: first version; the Python package's `omega-lock.p1-result.v2` with additions, hence a name of its own.
    pub const SCHEMA: &str = "omega-lock.rust.p1-result.v1";

    /// The artifact of a run under its declaration.
    pub fn new(declaration: &Declaration, outcome: &P1Outcome) -> Self {
        Self::with_gates(declaration, outcome, &gates(declaration, outcome))
    }

    /// The same of one round of several, which has no holdout and no null runs, and hence no gate for them.
    pub(super) fn of_round(declaration: &Declaration, outcome: &P1Outcome) -> Self {
        let mut gates = gates(declaration, outcome);
        gates.retain(|declared| !matches!(declared.gate, GateId::Holdout | GateId::Null));
        Self::with_gates(declaration, outcome, &gates)
    }

    fn with_gates(declaration: &Declaration, outcome: &P1Outcome, gates: &[DeclaredGate]) -> Self {
        let (config, constraints) = (&outcome.config, declaration.constraints.as_slice());
        let hybrid = outcome.hybrid.as_ref().filter(|entries| !entries.is_empty());
        Self {
            schema_version: Self::SCHEMA.to_owned(),
            omega_lock_version: env!("CARGO_PKG_VERSION").to_owned(),
            calibration: declaration.name.clone(),
            profile: config.profile.name().to_owned(),
            status: outcome.verdict.to_string(),
            declaration_digest: declaration.digest(),
            trail: None,
            opaque_constraints: declaration.opaque_constraints(),
            gates: gates.iter().map(|gate| GateEntry::new(gate, &outcome.result_of(gate))).collect(),
            kc_reports: outcome.peer_reports().map(KcReport::from).collect(),
            grid_best: outcome.selected.as_ref().map(|best| SelectedEntry::new(best, &outcome.top_k, constraints)),
            evaluations: (&outcome.counts).into(),
            config: config.into(),
            config_full: config.into(),
            constraint_policy: config.constraint_policy.name().to_owned(),
            holdout_mode: config.holdout.mode.name().to_owned(),
            kc_thresholds: (&config.thresholds).into(),
            search_settings: config.into(),
            random_seed: config.sc2.then_some(config.sc2_seed),
            space: outcome.space.specs().iter().map(ParamEntry::from).collect(),
            base_params: (&outcome.base_params).into(),
            baseline_result: BaselineEntry::new(&outcome.baseline, constraints),
            stress_results: outcome.stresses.iter().map(|stress| StressEntry::new(stress, config.profile)).collect(),
            top_k: outcome.top_k.clone(),
            top_k_ex_ofi: outcome.top_k_without_suppressed.clone(),
            top_k_excl_suppressed: outcome.top_k_without_suppressed.clone(),
            walk_forward: outcome.walk_forward.as_ref().map(WalkForwardEntry::from),
            hybrid_top: hybrid.map(|entries| entries.iter().map(HybridRow::from).collect()),
            holdout_result: outcome
                .holdout
                .as_ref()
                .map(|shot| HoldoutEntry::new(shot, outcome.report(&GateId::Holdout), config)),
            warnings: outcome.warnings.clone(),
            strict: StrictEntry::new(config, &outcome.reports),
            grid_results: outcome
                .candidates
                .iter()
                .map(|candidate| GridEntry::new(candidate, &outcome.top_k, constraints))
                .collect(),
            grid_results_left_out: LeftOutEntry::new(&outcome.left_out),
        }
    }

    /// How many candidates the search had.
    pub fn candidates(&self) -> u64 {
        self.grid_results.len() as u64 + self.left_out(|left_out| left_out.candidates)
    }

    /// How many of them were evaluated and keep every constraint.
    pub fn feasible(&self) -> u64 {
        let feasible = |row: &&GridEntry| row.failure.is_none() && row.constraints_failed.is_empty();
        self.grid_results.iter().filter(feasible).count() as u64 + self.left_out(|left_out| left_out.feasible)
    }

    /// How many of them have a fitness that is not finite.
    pub fn not_finite(&self) -> u64 {
        let not_finite = |row: &&GridEntry| row.fitness.is_some_and(|fitness| !fitness.0.is_finite());
        self.grid_results.iter().filter(not_finite).count() as u64 + self.left_out(|left_out| left_out.not_finite)
    }

    fn left_out(&self, count: impl Fn(&LeftOutEntry) -> u64) -> u64 {
        self.grid_results_left_out.as_ref().map_or(0, count)
    }

    /// The entry of a gate.
    pub fn gate(&self, id: &str) -> Option<&GateEntry> {
        self.gates.iter().find(|entry| entry.gate == id)
    }
}

fn gates(declaration: &Declaration, outcome: &P1Outcome) -> Vec<DeclaredGate> {
    let names = declaration.constraints.iter().map(|constraint| constraint.name.as_str());
    declared_gates(&outcome.config, |role| declaration.serves(role), names)
}

impl LeftOutEntry {
    fn new(left_out: &LeftOut) -> Option<Self> {
        let &LeftOut { candidates, feasible, not_finite, failed } = left_out;
        (candidates > 0).then_some(Self { candidates, feasible, not_finite, failed })
    }
}

impl From<&EvaluationCounts> for Evaluations {
    fn from(counts: &EvaluationCounts) -> Self {
        let entry = |(&(role, phase), &count): (&(Role, Phase), &u64)| EvaluationEntry {
            role: role.name().to_owned(),
            phase: phase.name().to_owned(),
            count,
        };
        Self { total: counts.total, failed: counts.failed, by_phase: counts.by_phase.iter().map(entry).collect() }
    }
}

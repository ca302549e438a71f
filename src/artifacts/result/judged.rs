//! A result, made from what a pipeline came to.

use super::{
    BaselineEntry, CandidateEntry, EndingEntry, HybridRow, LeftOutEntry, OnTestEntry, PassEntry, ReevaluatedEntry,
    RunResult, StressEntry, WalkForwardEntry,
};
use crate::artifacts::{GateEntry, Number, Ordered};
use crate::declaration::Declaration;
use crate::gates::{
    GateReport, MarginEvidence, NullEvidence, RepeatEvidence, ReproducesEvidence, SelectedEvidence, TransferEvidence,
    WindowsEvidence,
};
use crate::objective::Params;
use crate::pipeline::{DeclaredGate, Pass, RunOutcome, declared_gates};

impl RunResult {
    /// The result of a run under its declaration.
    pub fn new(declaration: &Declaration, outcome: &RunOutcome) -> Self {
        let gates = gates(declaration);
        let entry = |gate| {
            let (round, result) = outcome.result_of(gate);
            GateEntry { round, ..GateEntry::new(gate, &result) }
        };
        let passes = outcome.passes.iter().enumerate();
        // Of windows the last one ships.
        let windows = declaration.config.windows.map(|windows| windows as usize);
        let locked = |place: usize, made: &Pass| match windows {
            Some(windows) => place + 1 == windows && made.selected.is_some(),
            None => place < outcome.locked_in.len(),
        };
        let fields = declaration.fields().into_iter().map(|field| (field.key, field.value));
        Self {
            schema_version: Self::SCHEMA.to_owned(),
            omega_lock_version: env!("CARGO_PKG_VERSION").to_owned(),
            calibration: declaration.name.clone(),
            verdict: outcome.verdict.clone().into(),
            stop_reason: outcome.stop_reason.map(Into::into),
            declaration_digest: declaration.digest(),
            declaration: Ordered(fields.collect()),
            trail: None,
            gates: gates.iter().map(entry).collect(),
            params: outcome.shipped.as_ref().map(Into::into),
            evaluations: (&outcome.counts).into(),
            warnings: outcome.warnings.clone(),
            space: declaration.space.specs().iter().map(Into::into).collect(),
            gains: outcome.gains.iter().map(Into::into).collect(),
            ending: EndingEntry {
                margin: outcome
                    .ending
                    .reports
                    .iter()
                    .find_map(|report| Some(Box::new(report.evidence::<MarginEvidence>()?.into()))),
                windows: outcome
                    .ending
                    .reports
                    .iter()
                    .find_map(|report| Some(Box::new(report.evidence::<WindowsEvidence>()?.into()))),
                null: null(&outcome.ending.reports),
                holdout: outcome.ending.holdout.as_ref().map(Into::into),
            },
            passes: passes.map(|(place, made)| pass(declaration, &gates, made, locked(place, made))).collect(),
        }
    }
}

/// The passes of a run that is not over.
#[cfg(feature = "harness")]
pub(crate) fn entries(declaration: &Declaration, passes: &[Pass]) -> Vec<PassEntry> {
    let gates = gates(declaration);
    passes.iter().map(|made| pass(declaration, &gates, made, false)).collect()
}

fn gates(declaration: &Declaration) -> Vec<DeclaredGate> {
    let names = declaration.constraints.iter().map(|constraint| constraint.name.as_str());
    declared_gates(&declaration.config, |role| declaration.serves(role), names)
}

fn null<'r>(reports: impl IntoIterator<Item = &'r GateReport>) -> Option<super::NullEntry> {
    reports.into_iter().find_map(|report| Some(report.evidence::<NullEvidence>()?.into()))
}

fn pass(declaration: &Declaration, gates: &[DeclaredGate], outcome: &Pass, locked_in: bool) -> PassEntry {
    // A single pass is the run: its gates and its verdict are the run's.
    let several = outcome.number > 0;
    // The holdout and the null runs belong to no pass.
    let own = gates.iter().filter(|gate| several && outcome.has(&gate.gate, &declaration.config));
    let constraints = declaration.constraints.as_slice();
    let unlocked = |params: &Params| params.subset(outcome.unlocked.iter().map(String::as_str));
    let candidates = outcome.candidates.iter();
    let mut entry = PassEntry {
        round: several.then_some(outcome.number),
        verdict: several.then(|| outcome.verdict.clone().into()),
        gates: own.map(|gate| GateEntry::new(gate, &outcome.result_of(gate))).collect(),
        warnings: outcome.warnings.clone(),
        baseline: BaselineEntry::new(&outcome.base_params, &outcome.baseline, constraints),
        stresses: StressEntry::ranked(&outcome.stresses, declaration.config.profile),
        unlocked: outcome.unlocked.clone(),
        selected: outcome.selected.as_ref().map(|best| CandidateEntry::selected(best, constraints)),
        locked_in: locked_in || !several && outcome.selected.is_some(),
        walk_forward: outcome.walk_forward.as_ref().map(WalkForwardEntry::from),
        hybrid: outcome.hybrid.as_ref().map(|entries| entries.iter().map(HybridRow::from).collect()),
        on_test: OnTestEntry::of_window(outcome).filter(|_| declaration.config.windows.is_some()),
        reevaluated: Vec::new(),
        transfer: None,
        baseline_again: None,
        candidates: candidates
            .map(|found| CandidateEntry::listed(found, &unlocked(&found.params), constraints))
            .collect(),
        left_out: LeftOutEntry::new(&outcome.left_out),
    };
    for report in &outcome.reports {
        if let Some(evidence) = report.evidence::<SelectedEvidence>() {
            entry.on_test = Some(OnTestEntry::new(evidence, outcome));
        } else if let Some(evidence) = report.evidence::<TransferEvidence>() {
            entry.transfer = Some(evidence.into());
        } else if let Some(evidence) = report.evidence::<ReproducesEvidence>() {
            entry.reevaluated = ReevaluatedEntry::all(evidence);
        } else if let Some(evidence) = report.evidence::<RepeatEvidence>() {
            entry.baseline_again = evidence.again.map(|(fitness, _)| Number(fitness));
        }
    }
    entry
}

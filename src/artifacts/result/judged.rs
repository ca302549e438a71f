//! A result, made from what a pipeline came to.

use super::{
    BaselineEntry, CandidateEntry, EndingEntry, HybridRow, LeftOutEntry, PassEntry, RunResult, StressEntry,
    WalkForwardEntry,
};
use crate::artifacts::{GateEntry, Number, Ordered};
use crate::declaration::Declaration;
use crate::gates::{Detail, GateId, GateReport};
use crate::objective::Params;
use crate::pipeline::{DeclaredGate, EvaluationCounts, IterativeOutcome, P1Outcome, declared_gates};

impl RunResult {
    /// The result of one pass under its declaration.
    pub fn of_p1(declaration: &Declaration, outcome: &P1Outcome) -> Self {
        let gates = gates(declaration);
        Self {
            verdict: outcome.verdict.to_string(),
            gates: gates.iter().map(|gate| GateEntry::new(gate, &outcome.result_of(gate))).collect(),
            params: outcome.selected.as_ref().map(|selected| (&selected.params).into()),
            warnings: outcome.warnings.clone(),
            ending: EndingEntry { null: null(&outcome.reports), holdout: outcome.holdout.as_ref().map(Into::into) },
            passes: vec![pass(declaration, outcome, outcome.selected.is_some())],
            ..declared(declaration, &outcome.counts)
        }
    }

    /// The result of several rounds under their declaration.
    pub fn of_rounds(declaration: &Declaration, outcome: &IterativeOutcome) -> Self {
        let gates = gates(declaration);
        let entry = |gate| {
            let (round, result) = outcome.result_of(gate);
            GateEntry { round, ..GateEntry::new(gate, &result) }
        };
        // The holdout and the null runs belong to no round.
        let of_a_round = |gate: &&DeclaredGate| !matches!(gate.gate, GateId::Holdout | GateId::Null);
        let rounds = outcome.rounds.iter().enumerate().map(|(index, round)| {
            let own = gates.iter().filter(of_a_round).map(|gate| GateEntry::new(gate, &round.result_of(gate)));
            PassEntry {
                round: Some(index + 1),
                verdict: Some(round.verdict.to_string()),
                gates: own.collect(),
                warnings: round.warnings.clone(),
                ..pass(declaration, round, index < outcome.locked_in_order.len())
            }
        });
        Self {
            verdict: outcome.verdict().to_string(),
            stop_reason: Some(outcome.stop_reason.into()),
            gates: gates.iter().map(entry).collect(),
            params: Some((&outcome.final_baseline).into()),
            warnings: outcome.advisories.clone(),
            ending: EndingEntry { null: null(&outcome.null_report), holdout: outcome.holdout.as_ref().map(Into::into) },
            passes: rounds.collect(),
            ..declared(declaration, &outcome.counts)
        }
    }
}

/// What is known before anything was judged.
fn declared(declaration: &Declaration, counts: &EvaluationCounts) -> RunResult {
    let fields = declaration.fields().into_iter().map(|field| (field.key, field.value));
    RunResult {
        schema_version: RunResult::SCHEMA.to_owned(),
        omega_lock_version: env!("CARGO_PKG_VERSION").to_owned(),
        calibration: declaration.name.clone(),
        verdict: String::new(),
        stop_reason: None,
        declaration_digest: declaration.digest(),
        declaration: Ordered(fields.collect()),
        trail: None,
        gates: Vec::new(),
        params: None,
        evaluations: counts.into(),
        warnings: Vec::new(),
        space: declaration.space.specs().iter().map(Into::into).collect(),
        ending: EndingEntry::default(),
        passes: Vec::new(),
    }
}

fn gates(declaration: &Declaration) -> Vec<DeclaredGate> {
    let names = declaration.constraints.iter().map(|constraint| constraint.name.as_str());
    declared_gates(&declaration.config, |role| declaration.serves(role), names)
}

fn null<'r>(reports: impl IntoIterator<Item = &'r GateReport>) -> Option<super::NullEntry> {
    reports.into_iter().find_map(|report| match (&report.gate, &report.detail) {
        (GateId::Null, Detail::Null(evidence)) => Some(evidence.into()),
        _ => None,
    })
}

fn pass(declaration: &Declaration, outcome: &P1Outcome, locked_in: bool) -> PassEntry {
    let constraints = declaration.constraints.as_slice();
    let unlocked = |params: &Params| params.subset(outcome.top_k.iter().map(String::as_str));
    let candidates = outcome.candidates.iter();
    let mut entry = PassEntry {
        round: None,
        verdict: None,
        gates: Vec::new(),
        warnings: Vec::new(),
        baseline: BaselineEntry::new(&outcome.base_params, &outcome.baseline, constraints),
        stresses: StressEntry::ranked(&outcome.stresses, outcome.config.profile),
        unlocked: outcome.top_k.clone(),
        selected: outcome.selected.as_ref().map(|best| CandidateEntry::selected(best, constraints)),
        locked_in,
        walk_forward: outcome.walk_forward.as_ref().map(WalkForwardEntry::from),
        hybrid: outcome.hybrid.as_ref().map(|entries| entries.iter().map(HybridRow::from).collect()),
        on_test: None,
        transfer: None,
        baseline_again: None,
        candidates: candidates
            .map(|found| CandidateEntry::listed(found, &unlocked(&found.params), constraints))
            .collect(),
        left_out: LeftOutEntry::new(&outcome.left_out),
    };
    for report in &outcome.reports {
        match (&report.gate, &report.detail) {
            (GateId::Selected, Detail::Selected(evidence)) => entry.on_test = Some(evidence.into()),
            (GateId::Transfer, Detail::TransferTest(evidence)) => entry.transfer = Some(evidence.into()),
            (GateId::Deterministic, Detail::Repeat(evidence)) => {
                entry.baseline_again = evidence.again.map(|(fitness, _)| Number(fitness));
            }
            _ => {}
        }
    }
    entry
}

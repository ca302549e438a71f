//! The trials of a calibration, known from its declaration alone.

use crate::gates::GateId;
use crate::pipeline::DeclaredGate;

/// One trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TrialDeclaration {
    /// Its full name.
    pub(super) name: String,
    /// The calibration it belongs to.
    pub(super) calibration: String,
    /// What it shows.
    pub(super) subject: Subject,
    /// Why it does not apply; absent if it does.
    pub(super) skip: Option<&'static str>,
}

/// What a trial shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// That the run finished.
    Run,
    /// One gate, by its id.
    Gate(String),
}

/// The trials of a calibration in the order shown: the run, then every gate.
pub(super) fn trials(calibration: &str, gates: &[DeclaredGate]) -> Vec<TrialDeclaration> {
    let run = TrialDeclaration {
        name: format!("{calibration}::run"),
        calibration: calibration.to_owned(),
        subject: Subject::Run,
        skip: None,
    };
    let gates = gates.iter().map(|declared| TrialDeclaration {
        name: format!("{calibration}::{}", path(&declared.gate)),
        calibration: calibration.to_owned(),
        subject: Subject::Gate(declared.gate.id()),
        skip: declared.skip,
    });
    std::iter::once(run).chain(gates).collect()
}

/// The gate's part of a trial's name; a kind is a path segment, because a bracketed one breaks filters.
fn path(gate: &GateId) -> String {
    match gate {
        GateId::Constraint(_) | GateId::Holdout => gate.id(),
        _ => format!("gate::{gate}"),
    }
}

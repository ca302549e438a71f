//! The trials of a calibration, known from its declaration alone.

use crate::declaration::{Acceptance, Requirement};
use crate::pipeline::DeclaredGate;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TrialDeclaration {
    pub(super) name: String,
    pub(super) calibration: String,
    pub(super) subject: Subject,
    /// Why it does not apply; absent if it does.
    pub(super) skip: Option<&'static str>,
}

/// What a trial shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// That the run finished.
    Run,
    /// That the declaration is the one in omega.lock.
    Declaration,
    /// One gate, by its id.
    Gate(String),
    /// That the holdout was not looked at more often than declared.
    Ledger,
    /// How often the test slice was asked, and whether the answer is clear enough for that.
    Consultations,
    /// That the result is the one in the gold file.
    Gold,
    /// That the file which production takes its parameters from says what gold says; needs no run.
    Shipped,
}

/// The trials of a calibration in the order shown: the run, its declaration, every gate, the result as a whole.
pub(super) fn trials(calibration: &str, gates: &[DeclaredGate], acceptance: &Acceptance) -> Vec<TrialDeclaration> {
    let off = |requirement: Requirement, reason| (requirement == Requirement::Off).then_some(reason);
    let trial = |subject, name: &str, skip| TrialDeclaration {
        name: format!("{calibration}::{name}"),
        calibration: calibration.to_owned(),
        subject,
        skip,
    };
    let run = trial(Subject::Run, "run", None);
    let lock = off(acceptance.lock, "not asked for: `lock = \"required\"` compares with omega.lock");
    let declaration = trial(Subject::Declaration, "declaration", lock);
    let gold = trial(
        Subject::Gold,
        "gold",
        off(acceptance.gold, "not asked for: `gold = \"required\"` compares with an accepted result"),
    );
    let gates =
        gates.iter().map(|declared| trial(Subject::Gate(declared.gate.id()), &declared.gate.case(), declared.skip));
    let ledger = acceptance.looks.map(|_| trial(Subject::Ledger, "ledger", None));
    let consultations = acceptance.consultations.then(|| trial(Subject::Consultations, "consultations", None));
    let shipped = acceptance.ship.is_some().then(|| trial(Subject::Shipped, "shipped", None));
    let counted = consultations.into_iter().chain(ledger);
    [run, declaration].into_iter().chain(gates).chain(counted).chain([gold]).chain(shipped).collect()
}

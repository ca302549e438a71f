//! The trials of a calibration, known from its declaration alone.

use crate::declaration::{Acceptance, Requirement};
use crate::gates::GateId;
use crate::pipeline::{DeclaredGate, Profile, RunConfig};

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
    /// A part of a recheck.
    Recheck(RecheckCase),
}

words! {
    /// What a case of a recheck shows.
    pub(super) enum RecheckCase {
        /// That what is declared and accepted is what the base has, and its search young enough; what was evaluated.
        Accepted = "accepted",
        /// That the figures are those of gold, within its tolerances.
        Reproduces = "reproduces",
        /// That every constraint is kept.
        Constraints = "constraints",
        /// That what was accepted holds up on test beside the baseline.
        Selected = "selected",
        /// That its gain over the blocks of test is significant.
        Margin = "margin",
        /// That the target says the same twice.
        Deterministic = "deterministic",
    }
}

impl RecheckCase {
    /// Its part of a case's name.
    pub(super) fn path(self) -> String {
        format!("recheck::{}", self.name())
    }

    /// The gate that judges it, where there is one.
    pub(super) const fn gate(self) -> Option<GateId> {
        match self {
            Self::Accepted | Self::Reproduces | Self::Constraints => None,
            Self::Selected => Some(GateId::Selected),
            Self::Margin => Some(GateId::Margin),
            Self::Deterministic => Some(GateId::Deterministic),
        }
    }
}

/// The trials of a calibration that is rechecked, in the order shown.
pub(super) fn rechecks(
    calibration: &str,
    config: &RunConfig,
    (tested, constraints): (bool, bool),
    acceptance: &Acceptance,
) -> Vec<TrialDeclaration> {
    let skip = |case| match case {
        RecheckCase::Constraints if !constraints => Some("no constraint is declared"),
        RecheckCase::Selected | RecheckCase::Margin if !tested => Some("no test target is declared"),
        RecheckCase::Selected | RecheckCase::Margin if config.profile == Profile::Reference => {
            Some("the profile `reference` does not ask it")
        }
        RecheckCase::Margin if config.windows.is_some() => {
            Some("windows are judged together, which takes a search in each")
        }
        RecheckCase::Margin if config.declared_blocks().is_none() => Some("no blocks are declared"),
        _ => None,
    };
    let trial = |subject, name: String, skip| TrialDeclaration {
        name: format!("{calibration}::{name}"),
        calibration: calibration.to_owned(),
        subject,
        skip,
    };
    let own = RecheckCase::ALL.into_iter().map(|case| trial(Subject::Recheck(case), case.path(), skip(case)));
    let consultations =
        acceptance.consultations.then(|| trial(Subject::Consultations, "consultations".to_owned(), None));
    let shipped = acceptance.ship.is_some().then(|| trial(Subject::Shipped, "shipped".to_owned(), None));
    own.chain(consultations).chain(shipped).collect()
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

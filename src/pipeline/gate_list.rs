//! Which gates a declaration asks for, and what became of each.

use super::{ConstraintPolicy, Profile, RunConfig};
use crate::gates::{Applies, Asked, GateId, GateReport, GateStatus};
use crate::objective::Role;

/// A gate that a declaration knows of before anything is evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeclaredGate {
    /// Which gate.
    pub gate: GateId,
    /// Why it does not apply; absent if it does.
    pub skip: Option<&'static str>,
}

/// What became of a declared gate in a run that finished.
#[derive(Debug, Clone, PartialEq)]
pub enum GateResult<'o> {
    /// It was judged.
    Judged(&'o GateReport),
    /// It was not judged because this gate failed before; counts as failed.
    Blocked(GateId),
    /// It was not judged for this reason; counts as failed.
    Unreached(&'static str),
    /// It does not apply, for this reason.
    Skipped(&'static str),
}

impl GateResult<'_> {
    /// Whether the gate counts as failed.
    pub fn is_failure(&self) -> bool {
        match self {
            Self::Judged(report) => report.status == GateStatus::Fail,
            Self::Blocked(_) | Self::Unreached(_) => true,
            Self::Skipped(_) => false,
        }
    }
}

/// Why a gate is skipped that the windows together answer.
const BY_WINDOWS: Option<&str> = Some("with windows `windows` judges what follows each of them");

/// Which windows are asked by a gate that is judged in passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskedIn {
    /// Each: what decides whether there is a winner at all.
    Each,
    /// The last, whose winner ships.
    Last,
    /// All of them together, after the last.
    End,
    /// None: `windows` asks it better, over more data.
    None,
}

impl AskedIn {
    pub(super) fn of(gate: &GateId) -> Self {
        match gate {
            GateId::Finite | GateId::Searched | GateId::Constraint(_) | GateId::Constraints => Self::Each,
            GateId::Kc2 | GateId::Kc4 | GateId::Transfer | GateId::Margin => Self::None,
            gate if *gate == GateId::Slices || gate.about().at_the_end => Self::End,
            _ => Self::Last,
        }
    }
}

/// Every gate of a run, whatever its pipeline, in the order in which they are shown, with those that do not apply.
pub fn declared_gates<'c>(
    config: &RunConfig,
    serves: impl Fn(Role) -> bool,
    constraints: impl IntoIterator<Item = &'c str>,
) -> Vec<DeclaredGate> {
    let asked = Asked {
        strict: config.profile == Profile::Strict,
        thresholds: &config.thresholds,
        rules: &config.strict,
        holdout: &config.holdout,
        serves: &serves,
        null: config.null_declared,
        blocks: config.declared_blocks(),
        windows: config.windows,
        hard_fail: config.constraint_policy == ConstraintPolicy::HardFail,
        random_draws: config.sc2,
        study: config.is_study(),
    };
    let names: Vec<&str> = constraints.into_iter().collect();
    let declared = |gate: GateId| match gate.applies(&asked) {
        Applies::Yes => {
            let skip = config.windows.and(BY_WINDOWS).filter(|_| AskedIn::of(&gate) == AskedIn::None);
            Some(DeclaredGate { gate, skip })
        }
        Applies::Skip(reason) => Some(DeclaredGate { gate, skip: Some(reason) }),
        Applies::No => None,
    };
    GateId::every(&names).into_iter().filter_map(declared).collect()
}

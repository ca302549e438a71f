//! Which gates a declaration asks for, and what became of each.

use super::{ConstraintPolicy, Profile, RunConfig};
use crate::gates::{GateId, GateReport, GateStatus, HoldoutMode};
use crate::objective::Role;

/// A gate that a declaration knows of before anything is evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Every gate of a run, p1 or iterative, in the order in which they are shown, with those that do not apply.
pub fn declared_gates<'c>(
    config: &RunConfig,
    serves: impl Fn(Role) -> bool,
    constraints: impl IntoIterator<Item = &'c str>,
) -> Vec<DeclaredGate> {
    let unless = |applies: bool, reason: &'static str| (!applies).then_some(reason);
    let counted = config.thresholds.samples_min.is_some();
    let mut gates = vec![
        (GateId::Kc1, None),
        (GateId::Kc2, None),
        (GateId::Kc3, unless(counted, "declared off: `trade_count_min = \"off\"`")),
        (GateId::Kc4, unless(serves(Role::Test), "no test target is declared")),
    ];
    let strict = config.profile == Profile::Strict;
    if strict {
        let tested = || unless(serves(Role::Test), "no test target is declared");
        let null = unless(config.null_declared, "no null version is declared: `Calibration::null`");
        gates.extend([
            (GateId::Finite, None),
            (GateId::Searched, None),
            (GateId::Improvement, None),
            (GateId::Selected, tested()),
            (GateId::Transfer, tested()),
            (GateId::Null, null),
            (GateId::Deterministic, None),
        ]);
    }
    gates.extend(constraints.into_iter().map(|name| (GateId::Constraint(name.to_owned()), None)));
    if config.constraint_policy == ConstraintPolicy::HardFail {
        gates.push((GateId::Constraints, None));
    }
    // A declared gate without a target fails; it is never silently absent.
    let holdout = serves(Role::Holdout) || (strict && config.holdout.mode == HoldoutMode::Gate);
    gates.push((GateId::Holdout, unless(holdout, "no holdout target is declared")));
    gates.push((GateId::Sc2, unless(config.sc2, "not asked for: `sc2.run = true` compares with random draws")));
    gates.into_iter().map(|(gate, skip)| DeclaredGate { gate, skip }).collect()
}

//! One constraint, judged on the selected candidate.

use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, Reading, Required};
use crate::number::Op;
use crate::objective::{ConstraintStatus, Role};

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "constraint",
    peer_name: "CONSTRAINT",
    asks: "Does the selected candidate keep this constraint?",
    fails: "the selected candidate violates the constraint on a slice that it was evaluated on. Under policy `record` \
            that is shown; under `reference` train counts, and only `hard_fail` decides",
    advice: "The case shows the slice, the value and the bound. With `constraint_policy = \"prefer_feasible\"` a candidate \
             that violates nothing on train is selected; a violation on test or holdout alone is a finding.",
    causes: &[("", "The selected candidate does not keep this constraint.")],
    keys: &["constraint_policy"],
    at_the_end: false,
    applies: |_| Applies::Yes,
};

/// What is known of one constraint on the selected candidate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConstraintEvidence {
    /// The constraint's name.
    pub name: String,
    /// What it measures: a metric, or `closure`.
    pub metric: String,
    /// The measured value; absent for a closure, or if there is none.
    pub measured: Option<f64>,
    /// How it has to compare, and with what; absent for a closure.
    pub required: Option<(Op, f64)>,
    /// What it said.
    pub status: ConstraintStatus,
}

/// Judges one constraint; `decides` says whether a violation fails or is only shown.
pub fn judge_constraint(evidence: &ConstraintEvidence, decides: bool) -> GateReport {
    let ok = evidence.status == ConstraintStatus::Satisfied;
    let status = match (ok, decides) {
        (_, false) => GateStatus::Advisory,
        (true, true) => GateStatus::Pass,
        (false, true) => GateStatus::Fail,
    };
    let word = if ok { "satisfied" } else { "violated" };
    let message = match &evidence.status {
        ConstraintStatus::Unanswered(reason) => {
            format!("{word} by the selected candidate: {reason}")
        }
        _ => format!("{word} by the selected candidate"),
    };
    let bound = |&(op, bound): &(Op, f64)| Required { op, bound: Some(bound), of: String::new() };
    let mut measure = Measure::shown(&evidence.metric, evidence.measured, Digits::General(6));
    (measure.required, measure.ok) = (evidence.required.as_ref().map(bound), ok);
    if measure.measured.is_none() && !matches!(evidence.status, ConstraintStatus::Unanswered(_)) {
        measure.measured = Some(Reading::Word(word.to_owned()));
    }
    GateReport::new(GateId::Constraint(evidence.name.clone()), status, message, vec![measure])
}

/// Judges one constraint over every slice that the selected candidate was evaluated on, each with what it said there.
///
/// The figures are one for each slice; the constraint holds if it holds everywhere.
pub fn judge_constraint_everywhere(slices: &[(Role, ConstraintEvidence)], decides: bool) -> Option<GateReport> {
    let (_, first) = slices.first()?;
    let judged: Vec<(Role, GateReport)> =
        slices.iter().map(|(role, evidence)| (*role, judge_constraint(evidence, true))).collect();
    let violated: Vec<&(Role, GateReport)> =
        judged.iter().filter(|(_, report)| report.status == GateStatus::Fail).collect();
    let status = if decides { GateStatus::of(violated.is_empty()) } else { GateStatus::Advisory };
    let names = |roles: &mut dyn Iterator<Item = Role>| roles.map(Role::name).collect::<Vec<_>>().join(", ");
    let message = match violated.as_slice() {
        [] => format!("satisfied by the selected candidate on {}", names(&mut slices.iter().map(|(role, _)| *role))),
        [(role, report), ..] => {
            let on = names(&mut violated.iter().map(|(role, _)| *role));
            let reason =
                report.message.split_once(": ").map_or_else(String::new, |(_, why)| format!(": {role}: {why}"));
            format!("violated by the selected candidate on {on}{reason}")
        }
    };
    let measures = judged.iter().flat_map(|(role, report)| {
        report
            .measures
            .iter()
            .map(move |measure| Measure { metric: format!("{} ({role})", measure.metric), ..measure.clone() })
    });
    Some(GateReport::new(GateId::Constraint(first.name.clone()), status, message, measures.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_on_any_slice_fails_and_the_slice_is_named() {
        let on = |role, status: ConstraintStatus| {
            let (name, metric) = ("leakage".to_owned(), "metadata.leakage_na".to_owned());
            let required = Some((Op::Below, 5.0));
            (role, ConstraintEvidence { name, metric, measured: Some(5.5), required, status })
        };
        let mut slices = vec![on(Role::Train, ConstraintStatus::Satisfied), on(Role::Test, ConstraintStatus::Violated)];
        let report = judge_constraint_everywhere(&slices, true).unwrap();
        assert_eq!(report.status, GateStatus::Fail);
        assert_eq!(report.message, "violated by the selected candidate on test");
        assert_eq!(report.measures[1].metric, "metadata.leakage_na (test)");
        assert_eq!(judge_constraint_everywhere(&slices, false).unwrap().status, GateStatus::Advisory);
        slices[1] = on(Role::Test, ConstraintStatus::Unanswered("no metadata `leakage_na`".into()));
        let unanswered = judge_constraint_everywhere(&slices, true).unwrap();
        assert_eq!(unanswered.message, "violated by the selected candidate on test: test: no metadata `leakage_na`");
        slices[1] = on(Role::Test, ConstraintStatus::Satisfied);
        let kept = judge_constraint_everywhere(&slices, true).unwrap();
        assert_eq!(kept.message, "satisfied by the selected candidate on train, test");
    }
}

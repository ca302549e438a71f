//! What constraints say of the selected candidate, slice by slice.

use super::{ConstraintPolicy, Pass, Recipe};
use crate::audit::{Constraint, Rule};
use crate::gates::{ConstraintEvidence, GateReport, judge_constraint_everywhere};
use crate::objective::{ConstraintStatus, Feasibility, Outcome, Params, Role};
use crate::search::Candidate;

/// What one constraint measures on an evaluation of the selected candidate, on a slice.
pub(super) fn evidence(
    constraint: &Constraint,
    role: Role,
    params: &Params,
    outcome: &Outcome,
    status: &ConstraintStatus,
) -> ConstraintEvidence {
    let (metric, required) = match &constraint.rule {
        Rule::Typed { metric, op, value } => {
            (metric.to_string(), Some((*op, constraint.value_on(role).unwrap_or(*value))))
        }
        Rule::Opaque(_) => ("closure".to_owned(), None),
    };
    let measured = outcome.evaluation().map(|evaluation| constraint.measure(params, evaluation));
    ConstraintEvidence {
        name: constraint.name.clone(),
        metric,
        measured: measured.and_then(Result::ok),
        required,
        status: status.clone(),
    }
}

/// The evaluations of the selected candidate, by slice, short of the holdout.
pub(super) fn slices(pass: &Pass, selected: &Candidate) -> Vec<(Role, Outcome)> {
    let mut slices = vec![(Role::Train, selected.outcome.clone())];
    let on_test = pass.walk_forward.as_ref().and_then(|walked| walked.outcomes.first());
    slices.extend(on_test.map(|outcome| (Role::Test, outcome.clone())));
    let entry = pass.hybrid.iter().flatten().find(|entry| entry.params == selected.params);
    slices.extend(entry.and_then(|entry| entry.judged.clone()).map(|outcome| (Role::Validation, outcome)));
    slices
}

/// Judges every constraint over the slices given.
pub(super) fn judge_on(recipe: Recipe<'_>, params: &Params, slices: &[(Role, Outcome)]) -> Vec<GateReport> {
    let decides = recipe.config.constraint_policy != ConstraintPolicy::Record;
    let judged = |(place, constraint): (usize, &Constraint)| {
        let on = |(role, outcome): &(Role, Outcome)| {
            let status = outcome.feasibility.statuses().get(place)?;
            Some((*role, evidence(constraint, *role, params, outcome, status)))
        };
        judge_constraint_everywhere(&slices.iter().filter_map(on).collect::<Vec<_>>(), decides)
    };
    recipe.constraints.iter().enumerate().filter_map(judged).collect()
}

/// The names of the constraints that an evaluation does not keep, unless violations are only recorded.
pub(super) fn violated(recipe: Recipe<'_>, feasibility: &Feasibility) -> Vec<String> {
    if recipe.config.constraint_policy == ConstraintPolicy::Record {
        return Vec::new();
    }
    let statuses = recipe.constraints.iter().zip(feasibility.statuses());
    let violated = statuses.filter(|(_, status)| **status != ConstraintStatus::Satisfied);
    violated.map(|(constraint, _)| constraint.name.clone()).collect()
}

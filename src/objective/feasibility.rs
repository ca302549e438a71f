//! Whether an evaluation keeps to the declared constraints.

use std::sync::Arc;

/// What one constraint says of one evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConstraintStatus {
    /// It holds.
    Satisfied,
    /// It does not hold.
    Violated,
    /// It could not be answered, for this reason; counts as violated.
    Unanswered(Arc<str>),
}

/// The status of every declared constraint, in order of declaration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feasibility(Arc<[ConstraintStatus]>);

impl Feasibility {
    /// The statuses, one per declared constraint.
    pub fn new(statuses: impl Into<Arc<[ConstraintStatus]>>) -> Self {
        Self(statuses.into())
    }

    /// Whether every constraint is satisfied; true if none is declared.
    pub fn is_feasible(&self) -> bool {
        self.0.iter().all(|status| *status == ConstraintStatus::Satisfied)
    }

    /// The statuses in order of declaration; empty for an evaluation that failed.
    pub fn statuses(&self) -> &[ConstraintStatus] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constraint_that_could_not_be_answered_is_not_kept() {
        let unanswered = ConstraintStatus::Unanswered("no metadata `snm`".into());
        assert!(Feasibility::new(vec![ConstraintStatus::Satisfied]).is_feasible());
        assert!(!Feasibility::new(vec![ConstraintStatus::Satisfied, unanswered]).is_feasible());
        assert!(!Feasibility::new(vec![ConstraintStatus::Violated]).is_feasible());
        assert!(Feasibility::new(Vec::new()).is_feasible(), "nothing declared, nothing violated");
    }
}

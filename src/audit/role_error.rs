//! Targets that do not belong together.

use super::ConstraintError;
use crate::objective::{Role, SpaceError};

/// Why a set of targets cannot be evaluated together.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RoleError {
    /// The train target's space is invalid.
    #[error("{0}")]
    Space(#[source] SpaceError),
    /// A slice's space differs from the train slice's.
    #[error("the {role} target has another space than the train target: {difference}")]
    Mismatch {
        /// The slice.
        role: Role,
        /// The first parameter that differs.
        difference: String,
    },
    /// A slice with two targets.
    #[error("the {0} target is declared twice")]
    Taken(Role),
    /// A constraint that cannot be judged.
    #[error("{0}")]
    Constraint(#[source] ConstraintError),
    /// Two constraints of one name.
    #[error("constraint `{0}` is declared twice")]
    DuplicateConstraint(String),
}

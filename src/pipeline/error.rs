//! Why a run has no verdict.

use crate::audit::RoleError;
use crate::objective::{Failure, Halt, ParamError, SpaceError};
use crate::stress::StressError;

/// Why the question could not be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The configuration is out of its domain.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The space, or the baseline, is invalid.
    #[error(transparent)]
    Space(#[from] SpaceError),
    /// A name that is no parameter.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// The targets do not fit together.
    #[error(transparent)]
    Roles(#[from] RoleError),
    /// The targets are not those that are declared.
    #[error("{0}")]
    Undeclared(String),
    /// The run ended early: too many failed evaluations, one that was lost, or the record could not be kept.
    #[error(transparent)]
    Halt(#[from] Halt),
    /// The baseline has no fitness, so there is nothing to compare with.
    #[error("{}", without_baseline(.0))]
    Baseline(Failure),
    /// A search that the code brought along gave up.
    #[error("the search gave up: {0}")]
    Search(String),
    /// Not a single candidate could be evaluated.
    #[error("none of the {0} candidates of the search could be evaluated")]
    NoCandidate(u64),
}

impl RunError {
    /// Whether the target is to blame, rather than the declaration or the record.
    pub fn is_target_failure(&self) -> bool {
        match self {
            // The target has answered; what was declared does not go together.
            Self::Baseline(failure) => !failure.is_not_applicable(),
            Self::NoCandidate(_) | Self::Search(_) => true,
            Self::Halt(halt) => {
                matches!(halt, Halt::TooManyFailures { .. } | Halt::Null { .. } | Halt::Lost { .. })
            }
            _ => false,
        }
    }

    /// Whether the record stays as it is, unfinished: it could not be kept, does not fit the run that is to be continued, or
    /// what came next was lost.
    pub fn leaves_record_unfinished(&self) -> bool {
        matches!(self, Self::Halt(Halt::Record(_) | Halt::Diverged { .. } | Halt::Lost { .. } | Halt::Unusable { .. }))
    }
}

fn without_baseline(failure: &Failure) -> String {
    match failure.is_not_applicable() {
        true => format!("the baseline is not applicable: {}", failure.reason),
        false => format!("the baseline could not be evaluated: {failure}"),
    }
}

impl From<StressError> for RunError {
    fn from(error: StressError) -> Self {
        match error {
            StressError::Param(error) => Self::Param(error),
            StressError::Halt(halt) => Self::Halt(halt),
        }
    }
}

/// A value out of its domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` is {found}, expected {expected}")]
#[non_exhaustive]
pub struct ConfigError {
    /// The key as omega.toml spells it, below the calibration's table.
    pub key: String,
    /// What it is.
    pub found: String,
    /// What it may be.
    pub expected: String,
}

impl ConfigError {
    pub(crate) fn new(key: &str, found: impl std::fmt::Display, expected: &str) -> Self {
        Self { key: key.to_owned(), found: found.to_string(), expected: expected.to_owned() }
    }
}

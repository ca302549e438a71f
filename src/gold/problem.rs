//! Why artifacts cannot be compared.

/// Why a file cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArtifactProblem {
    /// It is no artifact that can be compared, or both are of different kinds.
    #[error("{0}")]
    Incomparable(String),
    /// It says what it is and is not.
    #[error("{0}")]
    Damaged(String),
    /// The disk does not give it.
    #[error("{0}")]
    Unreadable(String),
}

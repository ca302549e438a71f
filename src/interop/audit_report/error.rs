//! Why a document is not an audit report.

/// A document that is not an audit report of the Python package: which key of which row, what was found and expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: found {found}, expected {expected}")]
pub struct ReportError {
    /// The key and, within a list, the row: `runs[3].fitness`; `$` is the document itself.
    pub path: String,
    /// What stands there.
    pub found: String,
    /// What the Python package writes there.
    pub expected: String,
}

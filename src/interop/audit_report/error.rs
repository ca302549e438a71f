//! Why a document is not what the Python package writes.

/// A document that is not what the Python package writes: which key of which row, what was found and expected.
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

impl ReportError {
    /// The same error seen from the object that holds this one under `outer`.
    pub(in crate::internals::interop) fn within(mut self, outer: &str) -> Self {
        self.path = match self.path.as_str() {
            "$" => outer.to_owned(),
            inner => format!("{outer}.{inner}"),
        };
        self
    }
}

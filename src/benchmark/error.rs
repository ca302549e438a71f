//! Why a benchmark cannot be run.

use super::RunName;

/// A comparison that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BenchmarkError {
    /// Nothing to run.
    #[error("nothing to run: a benchmark needs a keyhole, a method and a seed")]
    Nothing,
    /// Two runs that could not be told apart.
    #[error("run `{name}` is there twice")]
    Twice {
        /// Their name.
        name: RunName,
    },
    /// A name that is not there.
    #[error("no {what} `{name}`{}", help(.nearest.as_deref(), .what, .known))]
    Unknown {
        /// `method` or `keyhole`.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest right one.
        nearest: Option<String>,
        /// All there are, with "`, `" between.
        known: String,
    },
}

fn help(nearest: Option<&str>, what: &str, known: &str) -> String {
    match nearest {
        Some(nearest) => format!("\nhelp: the nearest is `{nearest}`"),
        None => format!("\nhelp: the {what}s are `{known}`"),
    }
}

//! Gold: a run's result beside the accepted one.
//!
//! The comparison is semantic, figure by figure, each with its declared tolerance; the store holds the accepted results
//! and those that wait to be looked at. What is declared decides, gold files hold values only.

#[cfg(feature = "subcommand")]
mod against;
#[cfg(feature = "subcommand")]
mod artifact;
mod comparison;
#[cfg(feature = "subcommand")]
mod diff;
#[cfg(feature = "subcommand")]
mod diff_row;
mod figure;
#[cfg(feature = "python")]
mod peer;
#[cfg(feature = "subcommand")]
mod problem;
mod standing;
mod store;
#[cfg(feature = "subcommand")]
mod trails;

#[cfg(feature = "subcommand")]
pub use against::{Change, ChangeKind, Committed, behind, brought, changes, changes_digest, relocked, undeclared};
#[cfg(feature = "subcommand")]
pub use artifact::Artifact;
pub use comparison::{Comparison, Part, Row, compare};
#[cfg(feature = "subcommand")]
pub use diff::diff;
pub use figure::Outcome;
#[cfg(feature = "python")]
pub use peer::PeerArtifact;
#[cfg(feature = "subcommand")]
pub use problem::ArtifactProblem;
pub use standing::{Standing, lines_about, newest};
pub use store::{GoldError, GoldStore, HISTORY, Signature, digest};
#[cfg(feature = "subcommand")]
pub use trails::diff_trails;

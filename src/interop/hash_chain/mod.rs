//! The chain of digests over the runs of the Python package's audit report.
//!
//! A run's digest covers the digest before it and the run's own eleven keys, so the chain shows that a row was edited,
//! moved, or removed from between others. What it cannot show, and neither can any check of the file alone:
//!
//! - **who wrote it**: after an edit, anybody can compute the whole chain again;
//! - **a cut**: when runs and chain are cut together to any length, even to nothing, what is left is a valid chain;
//! - **the rest of the report**: method, seed, times, constraints and ranking are in no digest.
//!
//! [`verify`] looks further than the Python package (repeated and unknown keys, a summary or constraints that do not
//! follow from the runs), which finds careless edits of that kind, not careful ones. What helps is an [`Anchor`], the
//! number of rows and the last digest, kept where whoever holds the file cannot change it:
//! [`Verification::against`].

mod digest;
mod ground;
mod inspection;
mod peer;
mod verification;

pub use digest::{hashes, run_hash};
pub use ground::{Ground, LinkFault};
pub use peer::PeerVerify;
pub use verification::{Anchor, Verification, verify};

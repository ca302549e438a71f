//! What a trail shows of itself, of the files beside it, and of an earlier state of it.
//!
//! Everything here reads and nothing judges anew: a trail is followed row by row ([`read_trail`]), held against an earlier
//! state ([`extension`]), or run through the declared pipeline once more with what was recorded in the place of the target
//! ([`regenerate`]).

mod extension;
#[cfg(feature = "committed")]
mod recheck;
#[cfg(feature = "committed")]
mod regeneration;
#[cfg(feature = "committed")]
mod replay;
mod trail;

pub use extension::{Extension, extension};
#[cfg(feature = "committed")]
pub use regeneration::{Regeneration, Unmade, regenerate};
pub use trail::{TrailReport, VerifyError, file_digest, read_trail};

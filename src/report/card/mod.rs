//! One page about an artifact of any kind.
//!
//! [`Scorecard`] is what such a page knows; each kind of artifact is one conversion into it, and a new kind is one more.

mod bests;
mod constraints;
mod layout;
mod model;
mod own;
#[cfg(feature = "python")]
mod peer;
mod trail;

#[cfg(feature = "html")]
pub(super) use bests::Shown;
pub use model::{Evaluated, Scorecard};

//! The one page about an artifact: what it knows, and the artifacts it is filled from.
//!
//! [`Page`] is gathered from files alone: one file here per kind of artifact, and a new kind is one more. The terminal and
//! HTML draw it. Nothing is measured or judged here.

mod bests;
mod constraints;
#[cfg(feature = "subcommand")]
mod evaluated;
#[cfg(feature = "html")]
mod gold;
#[cfg_attr(not(feature = "html"), expect(dead_code, reason = "some of it is there for the pictures of the HTML page"))]
mod model;
mod own;
#[cfg(feature = "python")]
mod peer;
#[cfg_attr(not(feature = "html"), expect(dead_code, reason = "some of it is there for the pictures of the HTML page"))]
mod record;
#[cfg(feature = "subcommand")]
mod refused;
#[cfg(feature = "subcommand")]
#[cfg_attr(not(feature = "html"), expect(dead_code, reason = "some of it is there for the pictures of the HTML page"))]
mod study;
#[cfg_attr(not(feature = "html"), expect(dead_code, reason = "some of it is there for the pictures of the HTML page"))]
mod thinned;
#[cfg(feature = "subcommand")]
mod trail;
mod windows;

pub(super) use bests::{Best, Shown};
pub(super) use constraints::Standing;
pub(super) use model::{Axis, Level, Param, Pass, Selected};
#[cfg(feature = "html")]
pub(super) use model::{Gate, GoldRow, Pair, PairKind, Point, Stress};
pub use model::{Page, Trust};
pub use record::proposes;
#[cfg(feature = "html")]
pub(super) use record::{Call, CallKind, Record};
#[cfg(feature = "subcommand")]
pub use study::StudyPage;
#[cfg(feature = "html")]
pub(super) use study::StudyPoint;
#[cfg(feature = "html")]
pub(super) use windows::{Wander, WindowRow};

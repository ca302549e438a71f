//! The page as HTML: one self-contained file with pictures as inline SVG.
//!
//! `layout` and one file per picture draw what a [`Page`](super::Page) knows. There is no script in it, nothing is loaded,
//! and the same page gives the same bytes. It shows a pass only where one was proven.

mod candidates;
mod chart;
mod curve;
mod deltas;
mod document;
mod gates;
mod heat_map;
mod layout;
mod parallel;
#[cfg(feature = "subcommand")]
mod recheck;
mod scale;
#[cfg(feature = "subcommand")]
mod scores;
mod shipping;
mod stress;
mod study;
mod style;
mod timeline;
mod transfer;
mod windows;

#[cfg(feature = "subcommand")]
pub use recheck::recheck_page;
#[cfg(feature = "subcommand")]
pub use scores::ScorePage;

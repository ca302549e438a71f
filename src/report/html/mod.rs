//! One self-contained page about an artifact: verdict, gates, candidates, and pictures as inline SVG.
//!
//! [`Page`] is what such a page knows, gathered from files alone; `layout` and one file per picture draw it. What speaks
//! for and against the files is handed in as [`Trust`]: a page shows a pass only where it was proven. There is no script
//! in it, nothing is loaded, and the same input gives the same bytes.

mod candidates;
mod chart;
mod curve;
mod deltas;
mod gates;
mod heat_map;
mod layout;
mod model;
mod own;
mod parallel;
#[cfg(feature = "python")]
mod peer;
mod record;
mod scale;
mod shipping;
mod stress;
mod style;
mod text;
mod thinned;
mod timeline;
mod transfer;
mod zoom;

pub use model::{Page, Trust};

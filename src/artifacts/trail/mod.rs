//! `trail.jsonl`: the record of every evaluation, one row a line, each row's digest over the one before.
//!
//! ```text
//! {"h":"<64 hex digits>","b":<body>}
//! ```
//!
//! `h` is SHA-256 over the digest of the row before (as hex; nothing for the first), a newline, and the bytes of the body
//! as they stand in the file. Nothing is ever serialised anew to check a digest. Three kinds of rows, no others: a header
//! first, one row per evaluation, and an end row last, which is there once the run has ended. The same run writes the
//! same bytes; clock readings are in `timings.json`.
//!
//! The first evaluation tells every parameter, each later one those that have another value than there: parameters that
//! hold still cost nothing. One digest a row and never one for each batch that was synced, or how fast the disk is would
//! be in the bytes.
//!
//! What the chain shows, and what not: an edit, a row moved, removed or put between others is found; whoever rewrites
//! everything behind the edit is not, and a cut is seen by the missing end row only. Both show against an [`Anchor`] that
//! lies where the holder of the file cannot change it.

mod anchor;
mod attachments;
mod body;
mod damage;
mod frame;
mod legend;
mod lines;
mod place;
mod plain;
mod reader;
mod row;
mod tail;

pub use anchor::Anchor;
pub use attachments::attachment_path;
pub(crate) use attachments::measure;
pub use body::{TrailBody, TrailEnd, TrailHeader};
pub use damage::{DamageKind, TrailDamage};
pub(super) use frame::{Chain, row_length};
pub(crate) use legend::Legend;
pub(super) use lines::{LONGEST, Line, next_line};
pub(crate) use place::read_row;
pub use reader::{TrailReadError, TrailReader, TrailState, scan};
pub(super) use row::write_row;
pub(super) use tail::ended;

//! The durable writer: a trail on disk, row by row, that survives a kill at any moment.
//!
//! A row is *acknowledged* once the system says that it is on the disk. Rows that arrive while the disk is busy are
//! written and synced together, so that a fast target does not wait for the disk and a slow one has every row of its own
//! safe before the next is evaluated. Nothing is ever retried: a write or a sync that fails ends the run with what is
//! safe.

mod binary;
mod ending;
mod error;
mod file;
mod folder;
mod lock;
mod queue;
mod resumption;
mod writer;

pub use binary::Binary;
pub use ending::Ending;
pub use error::TrailError;
pub use file::{Start, TrailFile, keep_binary};
pub use lock::{RunLock, Wait, has_no_locks};
pub use writer::Acknowledged;

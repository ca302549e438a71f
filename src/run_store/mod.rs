//! One run, many processes.
//!
//! Under nextest every trial is a process of its own. The first that needs a run takes the lock of its folder and runs;
//! the others wait for the lock and read what it left. The kernel releases the lock of a process that dies, and the next
//! in the queue runs in its place. Whatever else lies there, under the name of the run or not, is nobody's answer: a record
//! says who made it.

mod prune;
mod store;

pub use store::{RunStore, StoreError};

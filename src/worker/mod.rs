//! Targets in any language: the protocol `omega-worker/1`, and the target that speaks it.
//!
//! A worker is a program that answers questions on its standard input, one JSON message a line; docs/worker-protocol.md in
//! the repository has the messages. [`Workers`] says how such programs are started, a [`Worker`] is one slice of them as a
//! [`Target`](crate::objective::Target). Whatever number of processes answers, in whatever order, the record is the same.
//!
//! The map, from the wire up: `message` and `space` are what is sent, `launch` starts a program and `child` ends it with
//! everything it started, `guard` sees to that from outside, `process` asks one that speaks the protocol, `pool` asks the one that is free, `once` starts one
//! for each question. `exchange` holds a program against the protocol, on a `stage`.

mod child;
mod desk;
mod exchange;
mod guard;
mod inputs;
mod launch;
mod message;
mod once;
mod patterns;
mod pool;
mod process;
mod repeats;
mod space;
mod stage;
mod target;
mod timer;
mod trouble;
mod workers;

pub use exchange::{EXCHANGES, Exchange, Refused, check};
pub use guard::{Guard, guarded};
pub use launch::launcher_words;
#[cfg(feature = "harness")]
pub(crate) use patterns::found;
pub use target::Worker;
pub use workers::Workers;

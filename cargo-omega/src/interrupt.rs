//! Ctrl-C while harnesses run: they bring their runs to an end, and this program waits for them and says so.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;

/// Whether somebody asked for the end.
static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C, which a terminal sends to the harnesses too, does not end this program before them.
pub(crate) fn listen() {
    // Without a handler Ctrl-C ends this program at once; the trails are whole all the same.
    drop(ctrlc::try_set_handler(|| ASKED.store(true, Ordering::SeqCst)));
}

/// Why nothing further is started, once somebody asked for the end.
pub(crate) fn check() -> Result<(), Failure> {
    if !ASKED.load(Ordering::SeqCst) {
        return Ok(());
    }
    Err(Failure::internal("interrupted; nothing counts as passed")
        .help("every trail is whole: the next `cargo omega test` continues where the runs were stopped"))
}

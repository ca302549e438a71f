//! Ctrl-C, SIGTERM and SIGHUP while harnesses run: they bring their runs to an end, and this program waits for them and says
//! so.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::failure::Failure;

/// Whether somebody asked for the end.
static ASKED: AtomicBool = AtomicBool::new(false);
/// What the harnesses hold on to.
static LIFELINE: Mutex<Option<Box<dyn Send>>> = Mutex::new(None);

/// From now on a signal does not end this program before the harnesses. From a terminal Ctrl-C reaches them too; what was
/// sent to this process alone does not, and cargo passes nothing on: they are let go.
pub(crate) fn listen() {
    // Without a handler a signal ends this program at once, which lets the harnesses go as well.
    drop(ctrlc::try_set_handler(|| {
        ASKED.store(true, Ordering::SeqCst);
        keep(None);
    }));
}

/// Keeps what the harnesses hold on to until the next one comes or somebody asks for the end.
pub(crate) fn hold(lifeline: impl Send + 'static) {
    keep(Some(Box::new(lifeline)));
    if asked() {
        keep(None);
    }
}

fn keep(lifeline: Option<Box<dyn Send>>) {
    *LIFELINE.lock().unwrap_or_else(PoisonError::into_inner) = lifeline;
}

/// Whether somebody asked for the end.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Why nothing further is started, once somebody asked for the end.
pub(crate) fn check() -> Result<(), Failure> {
    if !asked() {
        return Ok(());
    }
    Err(Failure::internal("interrupted; nothing counts as passed")
        .help("every trail is whole: the next `cargo omega test` continues where the runs were stopped"))
}

//! The digest of this program, taken while the first evaluations are made.

use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};

use super::suite::say;
use crate::artifacts::{Binary, keep_binary};
use crate::report::escaped;

/// Takes the digest beside a run and leaves it beside the trail. A run that ends before it is known, and leaves a trail to be
/// continued, waits for it; one that has a verdict does not.
pub(super) struct Taking {
    binary: Arc<Binary>,
    folder: Utf8PathBuf,
    /// Whether it is left there, or is not wanted any more. Held while it is written, so that nobody writes it into a folder
    /// that the next run has.
    over: Arc<Mutex<bool>>,
}

impl Taking {
    /// Begins, if the digest is not known yet.
    pub(super) fn begin(binary: &Arc<Binary>, folder: &Utf8Path) -> Self {
        let over = Arc::new(Mutex::new(binary.known().is_some()));
        let taking = Self { binary: Arc::clone(binary), folder: folder.to_owned(), over };
        if binary.known().is_none() {
            let (binary, folder, over) = (Arc::clone(binary), folder.to_owned(), Arc::clone(&taking.over));
            std::thread::spawn(move || leave(&binary, &folder, &over));
        }
        taking
    }

    /// The trail has ended, and nobody will ask which program wrote it.
    pub(super) fn needless(self) {
        *self.over.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }
}

impl Drop for Taking {
    fn drop(&mut self) {
        leave(&self.binary, &self.folder, &self.over);
    }
}

fn leave(binary: &Binary, folder: &Utf8Path, over: &Mutex<bool>) {
    let is_over = || *over.lock().unwrap_or_else(PoisonError::into_inner);
    if is_over() {
        return;
    }
    let digest = binary.digest();
    let mut over = over.lock().unwrap_or_else(PoisonError::into_inner);
    if !std::mem::replace(&mut *over, true)
        && let Some(Err(error)) = digest.map(|digest| keep_binary(folder, digest))
    {
        say(&format!(
            "warning: this run could not be continued if it were interrupted: {}",
            escaped(&error.to_string())
        ));
    }
}

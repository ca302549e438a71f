//! The `cargo omega` that asked: each side notices when the other is gone, by a lock that the kernel releases however its
//! holder ends. Signals do not do: cargo stands between the two and passes none on, and a killed process sends none.

use std::fs::{File, TryLockError};
use std::time::Duration;

use camino::Utf8Path;

use super::interrupt;
use super::variables::{ASKER, AT_WORK};

/// How often it is looked whether somebody still waits.
const PAUSE: Duration = Duration::from_millis(200);

/// Shows whoever waits for results in this folder that this process is at work, as long as what comes back is there, and
/// stops the runs when nobody waits any more. Where files cannot be locked, neither side learns anything.
#[must_use = "dropping it says that the work is done"]
pub(super) fn at_work(results: &Utf8Path) -> Option<File> {
    let asker = File::open(results.join(ASKER)).ok()?;
    #[expect(clippy::disallowed_methods, reason = "a lock file has no content that a crash could cut short")]
    let own = File::create(results.join(format!("{}.{AT_WORK}", std::process::id()))).ok()?;
    own.try_lock().ok()?;
    std::thread::spawn(move || {
        while matches!(asker.try_lock_shared(), Err(TryLockError::WouldBlock)) {
            std::thread::sleep(PAUSE);
        }
        interrupt::abandoned();
    });
    Some(own)
}

//! Forgetting old runs.

use std::time::Duration;

use camino::Utf8Path;

/// How long the folder of a test run is kept: longer than any of its processes lives.
const KEPT: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Removes the folders of test runs that ended long ago, except the current one. What cannot be removed stays.
pub(super) fn prune(runs: &Utf8Path, current: &str) {
    let Ok(entries) = runs.read_dir_utf8() else { return };
    for entry in entries.flatten() {
        let old = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if entry.file_name() != current && old().is_some_and(|age| age > KEPT) {
            #[expect(clippy::disallowed_methods, reason = "the store owns the folders of its runs")]
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

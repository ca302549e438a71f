//! The commit a run was made at, for provenance.

use std::process::{Command, Stdio};

use camino::Utf8Path;

/// The commit checked out at `root`, as git tells it; absent outside a repository or without git.
pub(super) fn commit(root: &Utf8Path) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "only git knows all the places a commit can be named in")]
    let output = Command::new("git")
        .args(["rev-parse", "--verify", "HEAD"])
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let commit = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !commit.is_empty()).then_some(commit)
}

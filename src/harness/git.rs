//! What git knows of the workspace, for provenance.

use std::process::{Command, Stdio};

use camino::Utf8Path;

/// The commit checked out at `root`; absent outside a repository or without git.
pub(super) fn commit(root: &Utf8Path) -> Option<String> {
    ask(root, &["rev-parse", "--verify", "HEAD"])
}

/// Whether the working tree at `root` has nothing that its commit has not; absent outside a repository or without git.
pub(super) fn is_clean(root: &Utf8Path) -> Option<bool> {
    let question =
        ["--no-optional-locks", "-c", "core.fsmonitor=false", "status", "--porcelain", "--untracked-files=normal"];
    output(root, &question).map(|changed| changed.is_empty())
}

/// The name of the one who works here; absent without git, or if nobody told it.
pub(super) fn user(root: &Utf8Path) -> Option<String> {
    ask(root, &["config", "user.name"])
}

fn ask(root: &Utf8Path, question: &[&str]) -> Option<String> {
    output(root, question).filter(|answer| !answer.is_empty())
}

fn output(root: &Utf8Path, question: &[&str]) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "only git knows all the places a commit can be named in")]
    let output = Command::new("git")
        .args(question)
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let answer = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    output.status.success().then_some(answer)
}

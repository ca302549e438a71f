//! The committed files of this workspace beside those of a git revision.

use std::collections::BTreeMap;

use camino::Utf8Path;
use omega_lock::internals::artifacts::{GoldDocument, Ledger};
use omega_lock::internals::declaration::{Acceptance, Lock};
use omega_lock::internals::gold::{Change, Committed, changes};

use crate::disk;
use crate::failure::Failure;
use crate::project::Project;
use crate::runner;

/// Every change of lock and gold from a revision to what lies here.
pub(crate) fn changes_since(project: &Project, revision: &str) -> Result<Vec<Change>, Failure> {
    let root = project.workspace_root();
    // Options are no revisions, and one that does not exist must not look like one without a lock.
    let commit =
        git(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])?;
    let Some(commit) = commit.map(|text| text.trim().to_owned()) else {
        return Err(Failure::usage(format!("`{revision}` is no commit of this repository"))
            .help("in CI, fetch it first: a shallow clone has no other commits than its own"));
    };
    let base = committed(&format!("{revision}:"), |path| file_of(root, &commit, path))?;
    let head = committed("", |path| disk::text_if_there(&root.join(path)))?;
    Ok(changes(&base, &head))
}

/// Reads lock and gold through `read`; nothing else of that state is looked at, least of all its omega.toml.
fn committed(place: &str, read: impl Fn(&str) -> Result<Option<String>, Failure>) -> Result<Committed, Failure> {
    let damaged = |path: &str, error: String| {
        let message = format!("`{place}{path}` is damaged: {error}");
        Failure { code: omega_lock::internals::artifacts::ExitCode::Damaged, message }
    };
    let looks = read(Ledger::FILE)?.unwrap_or_default();
    let ledger = Ledger::parse(&looks).map_err(|error| damaged(Ledger::FILE, error))?;
    let Some(text) = read(Lock::FILE)? else { return Ok(Committed { ledger, ..Committed::default() }) };
    let lock = Lock::parse(&text).map_err(|error| damaged(Lock::FILE, error.to_string()))?;
    let mut gold = BTreeMap::new();
    for entry in lock.entries() {
        let folder = entry.text("gold_dir").unwrap_or_else(|| Acceptance::GOLD_DIR.to_owned());
        let path = format!("{folder}/{}.json", entry.calibration);
        if let Some(text) = read(&path)? {
            let document = GoldDocument::parse(&text).map_err(|error| damaged(&path, error))?;
            gold.insert(entry.calibration.clone(), document);
        }
    }
    Ok(Committed { lock: Some(lock), gold, ledger })
}

/// A file of a commit; `None` if the commit does not have it, which is not the same as a git that fails.
fn file_of(root: &Utf8Path, commit: &str, path: &str) -> Result<Option<String>, Failure> {
    let failed = || Failure::internal(format!("git could not show `{path}` of {commit}"));
    let listed = git(root, &["ls-tree", "--name-only", commit, "--", path])?.ok_or_else(failed)?;
    if listed.trim().is_empty() {
        return Ok(None);
    }
    git(root, &["show", &format!("{commit}:./{path}")])?.ok_or_else(failed).map(Some)
}

/// What git answers; `None` if it says no.
pub(crate) fn git(root: &Utf8Path, question: &[&str]) -> Result<Option<String>, Failure> {
    let mut command = runner::command("git".as_ref());
    command.args(question).current_dir(root);
    let output =
        runner::output(&mut command).map_err(|error| Failure::internal(format!("could not start git: {error}")))?;
    if !output.status.success() {
        return Ok(None);
    }
    let text = String::from_utf8(output.stdout);
    text.map(Some).map_err(|_| Failure::internal("git answered something that is not UTF-8"))
}

//! What this checkout declares and has accepted, beside what a git revision has accepted.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use omega_lock::internals::artifacts::{AgainstEntry, ChangeEntry, ExitCode, GoldDocument, Ledger};
use omega_lock::internals::declaration::{Acceptance, Lock};
use omega_lock::internals::gold::{
    Change, ChangeKind, Committed, GoldStore, behind, changes, changes_digest, undeclared,
};

use crate::disk;
use crate::failure::Failure;
use crate::git;
use crate::gold;
use crate::project::Project;
use crate::revision::{Revision, short};

/// How many commits of a lock are looked through for the one that raised a bar.
const LOOKED_THROUGH: &str = "-200";

/// Every change from a revision to what the workspace declares, and whether it was approved by `approved`.
pub(crate) fn compare(
    project: &Project,
    revision: &Revision,
    declared: &Lock,
    approved: Option<&str>,
) -> Result<AgainstEntry, Failure> {
    let root = project.workspace_root();
    let read = |path: &str| disk::text_if_there(&root.join(path));
    let own = read(Lock::FILE)?.map(|text| Lock::parse(&text).map_err(|error| damaged("", Lock::FILE, error)));
    // What is wrong with it the cases tell; here it counts for nothing.
    let own = own.and_then(Result::ok);
    let base = accepted(root, revision, &revision.merge_base, declared)?;
    let mut stray = BTreeSet::new();
    for folder in folders(&[Some(declared), own.as_ref(), base.lock.as_ref()]) {
        let store = GoldStore::new(root, &folder, &project.omega_directory());
        stray.extend(store.names().map_err(gold::failure)?);
    }
    let stray: Vec<String> = stray.into_iter().collect();
    let mut head = Committed { lock: Some(declared.clone()), ..Committed::default() };
    head.ledger = ledger("", read(Ledger::FILE)?)?;
    for entry in declared.entries() {
        let path = format!("{}/{}.json", gold_dir(entry.text("gold_dir")), entry.calibration);
        if let Some(text) = read(&path)? {
            head.gold.insert(entry.calibration.clone(), document("", &path, &text)?);
        }
    }
    let mut all = undeclared(declared, &base, own.as_ref(), &stray);
    // A file of the base that is there and serves nobody is told once.
    all.retain(|change| change.text.starts_with("entry") || !base.gold.contains_key(&change.calibration));
    all.extend(moved(project, revision)?);
    all.extend(changes(&base, &head));
    if revision.tip != revision.merge_base {
        let tip = accepted(root, revision, &revision.tip, declared)?;
        for (calibration, difference) in behind(&base, &tip, declared) {
            let (name, key) = (&revision.name, &difference.key);
            let since = raised_in(root, revision, &calibration, key, tip.lock.as_ref())?;
            let shown = |value: Option<String>| value.unwrap_or_else(|| "(none)".to_owned());
            let text = format!(
                "{key} is {} here, {name} has tightened it to {}{since}: merge it",
                shown(difference.new.clone()),
                shown(difference.old.clone())
            );
            all.push(Change::new(ChangeKind::Behind, &calibration, text));
        }
    }
    all.sort_by_key(|change| !change.kind.fails());
    let digest = changes_digest(&all);
    let needed = all.iter().any(|change| change.kind.fails());
    // What the other side has decided since is taken over, not approved of.
    let late = all.iter().any(|change| change.kind == ChangeKind::Behind);
    let entry = |change: Change| ChangeEntry {
        kind: change.kind.name().to_owned(),
        calibration: change.calibration,
        text: change.text,
    };
    Ok(AgainstEntry {
        revision: revision.name.clone(),
        tip: revision.tip.clone(),
        merge_base: revision.merge_base.clone(),
        accepted: !needed || (!late && approved == Some(digest.as_str())),
        digest,
        changes: all.into_iter().map(entry).collect(),
    })
}

/// What a commit has accepted; nothing else of it is looked at, least of all its omega.toml.
fn accepted(root: &Utf8Path, revision: &Revision, commit: &str, declared: &Lock) -> Result<Committed, Failure> {
    let place = format!("{}:", if commit == revision.tip { revision.name.as_str() } else { short(commit) });
    let ledger = ledger(&place, file_of(root, commit, Ledger::FILE)?)?;
    let lock = file_of(root, commit, Lock::FILE)?
        .map(|text| Lock::parse(&text).map_err(|error| damaged(&place, Lock::FILE, error)))
        .transpose()?;
    let mut gold = BTreeMap::new();
    for folder in folders(&[Some(declared), lock.as_ref()]) {
        let listed = git::text(
            root,
            &["ls-tree", "-z", "--name-only", commit, "--", &format!("{folder}/")],
            &format!("what lies in `{place}{folder}`"),
        )?;
        for path in listed.split('\0') {
            let name = path.strip_prefix(&format!("{folder}/")).and_then(|name| name.strip_suffix(".json"));
            if let Some(name) = name
                && let Some(text) = file_of(root, commit, path)?
            {
                gold.insert(name.to_owned(), document(&place, path, &text)?);
            }
        }
    }
    Ok(Committed { lock, gold, ledger })
}

/// An omega.lock of the base that this run does not look at: the root of the workspace was another one there.
fn moved(project: &Project, revision: &Revision) -> Result<Option<Change>, Failure> {
    let root = project.workspace_root();
    let commit = &revision.merge_base;
    let what = "where its omega.lock lies";
    let listed = git::text(root, &["ls-tree", "-r", "-z", "--full-tree", "--name-only", commit], what)?;
    let is_lock = |path: &&str| path.rsplit('/').next() == Some(Lock::FILE);
    let locks: Vec<&str> = listed.split('\0').filter(is_lock).collect();
    let prefix = |folder: &Utf8Path| git::line(folder, &["rev-parse", "--show-prefix"]).unwrap_or_default();
    let own = format!("{}{}", prefix(root), Lock::FILE);
    // The one that a run in this folder looked at before: the nearest upwards.
    let started = prefix(project.current_directory());
    let above = |path: &&&str| started.starts_with(path.trim_end_matches(Lock::FILE));
    let nearest = locks.iter().filter(above).max_by_key(|path| path.len()).copied();
    let other = match nearest {
        Some(nearest) if nearest != own => Some(nearest),
        Some(_) => None,
        None if locks.contains(&own.as_str()) => None,
        None => locks.first().copied(),
    };
    Ok(other.map(|other| {
        let text = format!("{} has `{other}`, and this run is held against `{own}`: the root has moved", revision.name);
        Change::new(ChangeKind::Removed, Lock::FILE, text)
    }))
}

/// Which commit raised a bar, as words behind the bar; nothing if it cannot be found.
fn raised_in(
    root: &Utf8Path,
    revision: &Revision,
    calibration: &str,
    key: &str,
    tip: Option<&Lock>,
) -> Result<String, Failure> {
    let value = |lock: Option<&Lock>| Some(lock?.entry(calibration)?.value(key)?.to_owned());
    let wanted = value(tip);
    let range = format!("{}..{}", revision.merge_base, revision.tip);
    let listed = git::line(root, &["rev-list", LOOKED_THROUGH, "--first-parent", &range, "--", Lock::FILE]);
    let mut found = None;
    for commit in listed.as_deref().unwrap_or_default().lines() {
        let lock = file_of(root, commit, Lock::FILE)?.and_then(|text| Lock::parse(&text).ok());
        if value(lock.as_ref()) != wanted {
            break;
        }
        found = Some(commit.to_owned());
    }
    Ok(found.map(|commit| format!(" in {}", short(&commit))).unwrap_or_default())
}

/// The folders of gold that these locks name, and the usual one.
fn folders(locks: &[Option<&Lock>]) -> BTreeSet<String> {
    let entries = locks.iter().flatten().flat_map(|lock| lock.entries());
    entries.map(|entry| gold_dir(entry.text("gold_dir"))).chain([gold_dir(None)]).collect()
}

fn gold_dir(named: Option<String>) -> String {
    named.unwrap_or_else(|| Acceptance::GOLD_DIR.to_owned())
}

fn ledger(place: &str, text: Option<String>) -> Result<Ledger, Failure> {
    Ledger::parse(&text.unwrap_or_default()).map_err(|error| damaged(place, Ledger::FILE, error))
}

fn document(place: &str, path: &str, text: &str) -> Result<GoldDocument, Failure> {
    GoldDocument::parse(text).map_err(|error| damaged(place, path, error))
}

fn damaged(place: &str, path: &str, error: impl std::fmt::Display) -> Failure {
    Failure { code: ExitCode::Damaged, message: format!("`{place}{path}` is damaged: {error}") }
}

/// A file of a commit; `None` if the commit does not have it, which is not the same as a git that fails.
fn file_of(root: &Utf8Path, commit: &str, path: &str) -> Result<Option<String>, Failure> {
    let what = format!("what `{path}` is in {}", short(commit));
    let listed = git::text(root, &["ls-tree", "-z", "--name-only", commit, "--", path], &what)?;
    if listed.is_empty() {
        return Ok(None);
    }
    git::text(root, &["cat-file", "blob", &format!("{commit}:./{path}")], &what).map(Some)
}

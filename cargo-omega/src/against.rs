//! What this checkout declares and has accepted, beside what a git revision has accepted.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use omega_lock::internals::artifacts::{
    AgainstEntry, ChangeEntry, ExitCode, GoldDocument, Ledger, RecheckBase, SuiteResults, TrialStatus,
};
use omega_lock::internals::declaration::{Acceptance, Lock, check_name};
use omega_lock::internals::gold::{
    Change, ChangeKind, Committed, GoldStore, HISTORY, behind, brought, changes, changes_digest, digest, relocked,
    undeclared,
};

use crate::disk;
use crate::failure::Failure;
use crate::git;
use crate::gold;
use crate::project::Project;
use crate::revision::{Revision, short};
use crate::session::Base;
use crate::stopwatch;

/// How many commits of a lock are looked through for the one that raised a bar.
const LOOKED_THROUGH: &str = "-200";

/// Every change from a revision to what the workspace declares, and whether it was approved by `approved`;
/// and what the revision has accepted that harnesses ask for.
pub(crate) fn compare(
    project: &Project,
    revision: &Revision,
    declared: &Lock,
    approved: Option<&str>,
) -> Result<(AgainstEntry, Base), Failure> {
    let root = project.workspace_root();
    let read = |path: &str| {
        disk::no_detour(root, path)?;
        disk::text_if_there(&root.join(path))
    };
    let own = read(Lock::FILE)?.map(|text| Lock::parse(&text).map_err(|error| damaged("", Lock::FILE, error)));
    let own = own.transpose()?;
    let (base, unread) = accepted(root, revision, &revision.merge_base, declared)?;
    let mut stray = BTreeSet::new();
    let mut places: BTreeSet<String> = base.history.keys().cloned().collect();
    let mut head = Committed { lock: Some(declared.clone()), ..Committed::default() };
    for folder in folders(&[Some(declared), own.as_ref(), base.lock.as_ref()], false) {
        disk::no_detour(root, &folder)?;
        let store = GoldStore::new(root, &folder, &project.omega_directory());
        stray.extend(store.names().map_err(gold::failure)?);
        places.insert(beside(&folder));
    }
    for path in places {
        head.history.extend(read(&path)?.map(|text| (path, lines(&text))));
    }
    let stray: Vec<String> = stray.into_iter().collect();
    head.ledger = ledger("", read(Ledger::FILE)?)?;
    let mut digests = BTreeMap::new();
    for entry in declared.entries() {
        let path = format!("{}/{}.json", gold_dir(entry.text("gold_dir")), entry.calibration);
        if let Some(text) = read(&path)? {
            head.gold.insert(entry.calibration.clone(), document("", &path, &text)?);
            digests.insert(entry.calibration.clone(), digest(&text.replace("\r\n", "\n")));
        }
    }
    let lines = brought(&base, &head, &digests, stopwatch::now());
    let lines = lines.map_err(|message| Failure { code: ExitCode::Damaged, message })?;
    lines.map_err(|message| Failure { code: ExitCode::No, message })?;
    let mut all = unread;
    all.extend(undeclared(declared, &base, own.as_ref(), &stray));
    all.extend(relocked(&base, declared, own.as_ref()));
    all.extend(moved(project, revision)?);
    all.extend(changes(&base, &head));
    let mut latest = base.clone();
    if revision.tip != revision.merge_base {
        let (tip, _) = accepted(root, revision, &revision.tip, declared)?;
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
        latest = tip;
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
    let entry = AgainstEntry {
        revision: revision.name.clone(),
        tip: revision.tip.clone(),
        merge_base: revision.merge_base.clone(),
        accepted: !needed || (!late && approved == Some(digest.as_str())),
        digest,
        changes: all.into_iter().map(entry).collect(),
    };
    let recheck = RecheckBase {
        schema_version: RecheckBase::SCHEMA.to_owned(),
        revision: revision.name.clone(),
        tip: revision.tip.clone(),
        lock: latest.lock.as_ref().map(Lock::text),
        gold: latest.gold,
        history: latest.history.into_values().flatten().collect(),
    };
    Ok((entry, Base { looks: latest.ledger, recheck }))
}

/// Takes over what a run has searched for: where it came to gold itself, a new line of history may say that somebody did.
pub(crate) fn searched(entry: &mut AgainstEntry, suites: &[SuiteResults]) {
    let came_to_gold = |name: &str| {
        let gold = format!("{name}::gold");
        suites
            .iter()
            .flat_map(|suite| &suite.trials)
            .any(|trial| trial.name == gold && trial.status == TrialStatus::Pass)
    };
    let fails = |change: &ChangeEntry| ChangeKind::fails_by_name(&change.kind);
    let unsearched = entry.changes.iter_mut().filter(|change| change.kind == ChangeKind::Unsearched.name());
    for change in unsearched.filter(|change| came_to_gold(&change.calibration)) {
        // The digest stays: what is approved does not depend on what was run.
        change.kind = ChangeKind::New.name().to_owned();
    }
    entry.accepted |= !entry.changes.iter().any(fails);
    entry.changes.sort_by_key(|change| !fails(change));
}

/// What a commit has accepted, and what of that cannot be read because something else stands in its place; nothing else of
/// the commit is looked at, least of all its omega.toml.
fn accepted(
    root: &Utf8Path,
    revision: &Revision,
    commit: &str,
    declared: &Lock,
) -> Result<(Committed, Vec<Change>), Failure> {
    let place = format!("{}:", if commit == revision.tip { revision.name.as_str() } else { short(commit) });
    let mut unread = Vec::new();
    let mut text = |path: &str| -> Result<Option<String>, Failure> {
        let Some(entry) = git::tree(root, commit, &[path])?.pop() else { return Ok(None) };
        if !entry.is_file {
            unread.push(no_file(path, path));
            return Ok(None);
        }
        git::blob(root, &entry)?.map(Some).ok_or_else(|| damaged(&place, path, "it is not UTF-8"))
    };
    let ledger = ledger(&place, text(Ledger::FILE)?)?;
    let lock = text(Lock::FILE)?
        .map(|text| Lock::parse(&text).map_err(|error| damaged(&place, Lock::FILE, error)))
        .transpose()?;
    let entry = |name: &str| [lock.as_ref(), Some(declared)].into_iter().flatten().find_map(|lock| lock.entry(name));
    let (mut gold, mut history) = (BTreeMap::new(), BTreeMap::new());
    for folder in folders(&[Some(declared), lock.as_ref()], lock.is_none()) {
        let ways: Vec<&str> = folder.match_indices('/').map(|(at, _)| &folder[..at]).chain([folder.as_str()]).collect();
        let found = git::tree(root, commit, &ways)?;
        if let Some(detour) = found.iter().find(|entry| !entry.is_folder) {
            unread.push(no_file(&folder, &detour.path));
            continue;
        }
        for file in git::tree(root, commit, &[&format!("{folder}/")])? {
            if file.path == beside(&folder) && !file.is_file {
                unread.push(no_file(HISTORY, &file.path));
            } else if file.path == beside(&folder) {
                let text = git::blob(root, &file)?.ok_or_else(|| damaged(&place, &file.path, "it is not UTF-8"))?;
                history.insert(file.path.clone(), lines(&text));
            }
            let name = file.path.strip_prefix(&format!("{folder}/")).and_then(|name| name.strip_suffix(".json"));
            let Some(name) = name.filter(|name| check_name("calibration", name).is_ok()) else { continue };
            // Its gold lies where its entry says; one of the same name in another folder is none.
            let owner = entry(name);
            let home = lock.as_ref().and_then(|lock| lock.entry(name)).map(|entry| gold_dir(entry.text("gold_dir")));
            if home.is_some_and(|home| home != folder) {
                continue;
            }
            if !file.is_file {
                unread.extend(owner.map(|_| no_file(name, &file.path)));
                continue;
            }
            let text = git::blob(root, &file)?.ok_or_else(|| damaged(&place, &file.path, "it is not UTF-8"));
            match text.and_then(|text| document(&place, &file.path, &text)) {
                Ok(document) => drop(gold.insert(name.to_owned(), document)),
                Err(failure) if owner.is_some() => return Err(failure),
                // What nobody owns may be anything.
                Err(_) => {}
            }
        }
    }
    Ok((Committed { lock, gold, ledger, history }, unread))
}

/// The base has a link, a folder or another repository where a committed file should be, and nothing is held against it.
fn no_file(owner: &str, path: &str) -> Change {
    let text = format!("`{path}` of the base is no file or folder of its own, so nothing can be held against it");
    Change::new(ChangeKind::Removed, owner, text)
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
    let started = prefix(project.started());
    let above = |path: &&&str| started.starts_with(path.trim_end_matches(Lock::FILE));
    let nearest = locks.iter().filter(above).max_by_key(|path| path.len()).copied();
    let other = match nearest {
        Some(nearest) if nearest != own => Some(nearest),
        Some(_) => None,
        None if locks.contains(&own.as_str()) => None,
        None => locks.first().copied(),
    };
    Ok(other.map(|other| {
        // Without the name of a commit: an approval holds until something else changes.
        let text = format!("the base has `{other}`, and this run is held against `{own}`: the root has moved");
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
        let file = git::tree(root, commit, &[Lock::FILE])?.pop().filter(|file| file.is_file);
        let text = file.map(|file| git::blob(root, &file)).transpose()?.flatten();
        let lock = text.and_then(|text| Lock::parse(&text).ok());
        if value(lock.as_ref()) != wanted {
            break;
        }
        found = Some(commit.to_owned());
    }
    Ok(found.map(|commit| format!(" in {}", short(&commit))).unwrap_or_default())
}

/// The folders of gold that these locks name, and the usual one if it is `usual` or none names any.
fn folders(locks: &[Option<&Lock>], usual: bool) -> BTreeSet<String> {
    let entries = locks.iter().flatten().flat_map(|lock| lock.entries());
    let mut folders: BTreeSet<String> = entries.map(|entry| gold_dir(entry.text("gold_dir"))).collect();
    if usual || folders.is_empty() {
        folders.insert(gold_dir(None));
    }
    folders
}

fn gold_dir(named: Option<String>) -> String {
    named.unwrap_or_else(|| Acceptance::GOLD_DIR.to_owned())
}

fn ledger(place: &str, text: Option<String>) -> Result<Ledger, Failure> {
    Ledger::parse(&text.unwrap_or_default()).map_err(|error| damaged(place, Ledger::FILE, error))
}

/// The history beside the gold of a folder.
fn beside(folder: &str) -> String {
    format!("{folder}/{HISTORY}")
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn document(place: &str, path: &str, text: &str) -> Result<GoldDocument, Failure> {
    GoldDocument::parse(text).map_err(|error| damaged(place, path, error))
}

fn damaged(place: &str, path: &str, error: impl std::fmt::Display) -> Failure {
    Failure { code: ExitCode::Damaged, message: format!("`{place}{path}` is damaged: {error}") }
}

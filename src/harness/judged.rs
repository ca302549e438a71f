//! Leaves beside a run what its cases found that hold it against the committed files.

use camino::Utf8Path;

use super::plan::Plan;
use super::project::Project;
use crate::artifacts::{
    Anchor, Judged, JudgedCase, JudgedFile, RunLock, TrialResult, read_json, read_text, write_json,
};
use crate::declaration::{DeclarationFile, Lock, Requirement};
use crate::gates::CommittedCase;
use crate::gold::{GoldStore, digest};
use crate::ship::shipped_text;

/// Writes what these trials found of the run of this folder, which ended in this trail. With `others`, each trial runs in a process of its own, and what they found of
/// the same run stays.
pub(super) fn leave_judged(
    trials: &[TrialResult],
    plan: &Plan,
    project: &Project,
    (folder, trail): (&Utf8Path, Anchor),
    others: bool,
) -> Result<(), Box<dyn std::error::Error>> {
    let found = CommittedCase::ALL.into_iter().filter_map(|case| {
        let name = format!("{}::{case}", plan.name);
        let trial = trials.iter().find(|trial| trial.name == name)?;
        let reason = trial.summary.lines().next().unwrap_or_default().to_owned();
        Some(JudgedCase { case: case.into(), status: trial.status, reason })
    });
    let mut cases: Vec<JudgedCase> = found.collect();
    if cases.is_empty() {
        return Ok(());
    }
    let path = folder.join(Judged::FILE);
    // Held while read and written.
    let _lock = others.then(|| RunLock::take(folder, |_| {})).transpose()?;
    let files = files(plan, project);
    let known = read_json::<Judged>(&path).ok().filter(|known| others && known.trail == trail);
    for known in known.into_iter().flat_map(|known| known.cases) {
        if cases.iter().all(|case| case.case != known.case) {
            cases.push(known);
        }
    }
    cases.sort_by_key(|judged| CommittedCase::ALL.iter().position(|case| judged.case == *case));
    write_json(&Judged { schema_version: Judged::SCHEMA.to_owned(), trail, cases, files }, &path)?;
    Ok(())
}

/// What the cases looked at, so far as it is there and can be read: what cannot, its own case tells.
fn files(plan: &Plan, project: &Project) -> Vec<JudgedFile> {
    let acceptance = &plan.acceptance;
    let store = GoldStore::new(&project.root, &acceptance.gold_dir, &project.omega_dir);
    let gold = (acceptance.gold == Requirement::Required).then(|| (store.shown(&plan.name), Some(CommittedCase::Gold)));
    let lock = (Lock::FILE.to_owned(), Some(CommittedCase::Declaration));
    let shipped = acceptance.ship.as_ref().map(|ship| (ship.file.clone(), Some(CommittedCase::Shipped)));
    let read = |path: &str, case: Option<CommittedCase>| match case {
        Some(CommittedCase::Shipped) => shipped_text(&project.root, path),
        _ => read_text(&project.root.join(path)).ok().flatten(),
    };
    let named = [(DeclarationFile::NAME.to_owned(), None), lock].into_iter().chain(gold).chain(shipped);
    let files = named.filter_map(|(path, case)| {
        let sha256 = digest(&read(&path, case)?);
        Some(JudgedFile { path, case: case.map(Into::into), sha256 })
    });
    files.collect()
}

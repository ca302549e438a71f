//! Leaves beside a run what its cases found that hold it against the committed files.

use super::plan::Plan;
use super::project::Project;
use crate::artifacts::{Judged, JudgedCase, RunLock, RunResult, TrialResult, read_json, write_json};
use crate::gates::CommittedCase;

/// Writes what these trials found of the run. With `others`, each trial runs in a process of its own, and what they found of
/// the same run stays.
pub(super) fn leave_judged(
    trials: &[TrialResult],
    plan: &Plan,
    project: &Project,
    result: &RunResult,
    others: bool,
) -> Result<(), Box<dyn std::error::Error>> {
    let found = CommittedCase::ALL.into_iter().filter_map(|case| {
        let name = format!("{}::{case}", plan.name);
        let trial = trials.iter().find(|trial| trial.name == name)?;
        let reason = trial.summary.lines().next().unwrap_or_default().to_owned();
        Some(JudgedCase { case: case.into(), status: trial.status, reason })
    });
    let mut cases: Vec<JudgedCase> = found.collect();
    let Some(trail) = result.trail.clone().filter(|_| !cases.is_empty()) else { return Ok(()) };
    let folder = project.artifacts_dir(&plan.name);
    let path = folder.join(Judged::FILE);
    // Held while read and written.
    let _lock = others.then(|| RunLock::take(&folder, |_| {})).transpose()?;
    let known = read_json::<Judged>(&path).ok().filter(|known| others && known.trail == trail);
    for known in known.into_iter().flat_map(|known| known.cases) {
        if cases.iter().all(|case| case.case != known.case) {
            cases.push(known);
        }
    }
    cases.sort_by_key(|judged| CommittedCase::ALL.iter().position(|case| judged.case == *case));
    write_json(&Judged { schema_version: Judged::SCHEMA.to_owned(), trail, cases }, &path)?;
    Ok(())
}

//! The trail of a recheck: the same candidate rechecked once more on what was recorded.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::regeneration::{Regeneration, Unmade, contradiction, no_loop, no_search, opened, replay_on};
use super::replay::Replay;
use super::{TrailReport, VerifyError};
use crate::artifacts::{ParamMap, Recheck, TrailBody, TrailReader, TrialStatus, read_json};
use crate::declaration::Declaration;
use crate::gates::{GateId, GateReport, GateStatus, Verdict};
use crate::objective::{Params, Phase, Role};
use crate::pipeline::{Proposer, Rechecked, SearchMethod};
use crate::regular_file::{LARGEST, read_regular_file};

/// Rechecks on the rows of the trail, all of which it has to ask for, and holds `recheck.json` against what comes of it. The figures
/// of gold are in neither: whether they were reproduced is what its verdict says.
pub(super) fn rechecked(
    trail: &Utf8Path,
    folder: &Utf8Path,
    declaration: &Declaration,
    report: &TrailReport,
    (verdict, proposer): (&Verdict, Option<Proposer<'_>>),
) -> Result<Vec<(&'static str, Regeneration)>, Unmade> {
    let params = accepted(trail)?;
    let again = |proposer| again(trail, declaration, proposer, &params);
    let found = match (proposer, &declaration.config.search) {
        (Some(study), _) => again(study)?,
        // The record does not say through which door an optimizer of the code came in.
        (None, SearchMethod::Own { .. }) => {
            again(Proposer::Recorded(&no_search)).or_else(|_| again(Proposer::Loop(&no_loop)))?
        }
        (None, _) => again(Proposer::Declared)?,
    };
    let made = Verdict::of(&found.reports);
    let said = verdict.failed_gates().filter(|gate| **gate != GateId::Reproduces);
    if !made.failed_gates().eq(said) {
        return Err(contradiction(format!("the end row says {verdict}, what was recorded gives {made} beside gold")));
    }
    let path = folder.join(Recheck::FILE);
    if read_regular_file(&path, LARGEST).is_err_and(|error| error.kind.is_absence()) {
        return Ok(vec![(Recheck::FILE, Regeneration::Absent)]);
    }
    let document: Recheck = read_json(&path).map_err(|error| contradiction(error.to_string()))?;
    let differs = |what: &str| Err(contradiction(format!("{} has another {what} than its trail", Recheck::FILE)));
    let declared = declaration.fields().into_iter().map(|field| (field.key, field.value));
    match () {
        () if document.schema_version != Recheck::SCHEMA => differs("form"),
        () if document.trail.as_ref() != Some(&report.anchor) => differs("anchor"),
        () if document.verdict != *verdict => differs("verdict"),
        () if document.searched.get(..10) != verdict.searched() => differs("day of the search"),
        () if statuses(&found, verdict) != noted(&document) => differs("set of cases"),
        () if document.params != ParamMap::from(&params) => differs("candidate"),
        () if !document.declaration.0.iter().cloned().eq(declared) => differs("declaration"),
        () if document.evaluations != (&found.counts).into() => differs("number of evaluations"),
        () => Ok(vec![(Recheck::FILE, Regeneration::Agrees)]),
    }
}

/// How each case ended, by its name, as its verdict and what was recorded have it.
fn statuses(found: &Rechecked, verdict: &Verdict) -> BTreeMap<String, TrialStatus> {
    let status = |status| match status {
        GateStatus::Pass => TrialStatus::Pass,
        GateStatus::Advisory => TrialStatus::Advisory,
        GateStatus::Fail => TrialStatus::Fail,
        GateStatus::Skip => TrialStatus::Skip,
    };
    let reproduced = !verdict.failed_gates().any(|gate| *gate == GateId::Reproduces);
    let mut cases = BTreeMap::from([
        ("recheck::accepted".to_owned(), TrialStatus::Pass),
        ("recheck::reproduces".to_owned(), if reproduced { TrialStatus::Pass } else { TrialStatus::Fail }),
    ]);
    let is_constraint = |report: &&GateReport| matches!(report.gate, GateId::Constraint(_));
    let kept: Vec<TrialStatus> =
        found.reports.iter().filter(is_constraint).map(|report| status(report.status)).collect();
    if !kept.is_empty() {
        let together = match () {
            () if kept.contains(&TrialStatus::Fail) => TrialStatus::Fail,
            () if kept.iter().all(|one| *one == TrialStatus::Advisory) => TrialStatus::Advisory,
            () => TrialStatus::Pass,
        };
        cases.insert("recheck::constraints".to_owned(), together);
    }
    let judged = found.reports.iter().filter(|report| !is_constraint(report));
    cases.extend(
        judged.map(|report| {
            (format!("recheck::{}", report.gate.to_string().to_ascii_lowercase()), status(report.status))
        }),
    );
    cases
}

/// What the document says of that.
fn noted(document: &Recheck) -> BTreeMap<String, TrialStatus> {
    document.cases.iter().map(|case| (case.case.clone(), case.status)).collect()
}

/// What was rechecked: the one candidate of the trail.
fn accepted(trail: &Utf8Path) -> Result<Params, Unmade> {
    let mut reader = TrailReader::new(opened(trail)?);
    while let Some(body) = reader.next_body().map_err(|error| Unmade::Unread(VerifyError::of(trail, error)))? {
        let TrailBody::Evaluation(row) = body else { continue };
        if (row.context.role, row.context.phase) == (Role::Train, Phase::Search) {
            return Ok(row.params);
        }
    }
    Err(contradiction("it rechecked nothing".to_owned()))
}

fn again(
    trail: &Utf8Path,
    declaration: &Declaration,
    proposer: Proposer<'_>,
    params: &Params,
) -> Result<Rechecked, Unmade> {
    let mut replay = Replay::new(opened(trail)?, opened(trail)?, &declaration.constraints);
    let found = replay_on(declaration, proposer, &mut replay, |run| run.recheck(params))?;
    match replay.left_over() {
        Ok(false) => Ok(found),
        Ok(true) => Err(contradiction("it has rows that a recheck does not ask for".to_owned())),
        Err(error) => Err(contradiction(error.to_string())),
    }
}

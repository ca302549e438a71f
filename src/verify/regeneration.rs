//! The files beside a trail, made once more from the trail alone.

use std::collections::VecDeque;
use std::io::{BufRead, Seek};
use std::sync::{Arc, Mutex, PoisonError};

use camino::Utf8Path;

use super::recheck::rechecked;
use super::replay::{Recorded, Replay};
use super::{TrailReport, VerifyError};
use crate::artifacts::{Number, RunResult, Timings, TrailBody, TrailReader, document_bytes, read_json, study_again};
use crate::audit::{Lend, Recorder, Subject};
use crate::declaration::Declaration;
use crate::gates::{GateId, Verdict};
use crate::objective::{Context, ParamError, ParamSpace, Params, Phase, Role, TargetError};
use crate::pipeline::{OwnLoop, Profile, Proposer, RunError, SearchMethod, Study};
use crate::regular_file::{LARGEST, open_regular_file, read_regular_file};
use crate::report::scorecard;
use crate::run::Run;
use crate::search::{Candidate, Search};

/// Why a run that its time box ended is not made again.
const TIME_BOX: &str = "the time box decided, and only the run's own clock knows the time";

/// What became of making a file again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Regeneration {
    /// It is what the trail says, byte for byte.
    Same,
    /// It agrees with the trail, and says more than that.
    Agrees,
    /// It is not, from this byte on.
    Differs(u64),
    /// There is no such file.
    Absent,
}

/// Why nothing was made again.
#[derive(Debug)]
pub enum Unmade {
    /// It cannot be done, for this reason; that says nothing against the trail.
    Impossible(String),
    /// What was recorded is not what the declared pipeline does, for this reason.
    Contradiction(String),
    /// A file could not be read.
    Unread(VerifyError),
}

/// Runs the declared pipeline on what was recorded, live evaluation forbidden, and holds the files of the run against what
/// comes of it; each with its name.
///
/// # Errors
/// If nothing could be made again: [`Unmade`] says why.
pub fn regenerate(trail: &Utf8Path, report: &TrailReport) -> Result<Vec<(&'static str, Regeneration)>, Unmade> {
    let folder = trail.parent().unwrap_or(Utf8Path::new(""));
    if let Some(verdict) = report.end.as_ref().and_then(|end| end.verdict.as_deref())
        && verdict.searched().is_some()
    {
        let declaration = declared(folder, report)?;
        return match declaration.config.search {
            SearchMethod::Study { ref file, ref digest } => {
                let study = study(folder, file, digest, &declaration)?;
                rechecked(trail, folder, &declaration, report, (verdict, Some(Proposer::Study(&study))))
            }
            _ => rechecked(trail, folder, &declaration, report, (verdict, None)),
        };
    }
    let mut result = again(trail, folder, report).or_else(|unmade| match (&unmade, &report.end) {
        (Unmade::Impossible(_), Some(end)) => agrees(folder, report, end.verdict.as_deref()).and(Err(unmade)),
        _ => Err(unmade),
    })?;
    // Made of the result before it is tied to its trail, as the run did.
    let scorecard = scorecard(&result);
    result.trail = Some(report.anchor.clone());
    let result = document_bytes(&result).map_err(|error| Unmade::Impossible(error.to_string()))?;
    Ok(vec![
        ("result.json", compare(&folder.join("result.json"), &result)?),
        ("scorecard.txt", compare(&folder.join("scorecard.txt"), scorecard.as_bytes())?),
    ])
}

fn compare(path: &Utf8Path, expected: &[u8]) -> Result<Regeneration, Unmade> {
    let found = match read_regular_file(path, LARGEST) {
        Ok(found) => found,
        Err(error) => match &error.kind {
            kind if kind.is_absence() => return Ok(Regeneration::Absent),
            _ => return Err(Unmade::Unread(error.into())),
        },
    };
    if found == expected {
        return Ok(Regeneration::Same);
    }
    let equal = found.iter().zip(expected).take_while(|(found, expected)| found == expected).count();
    Ok(Regeneration::Differs(equal as u64))
}

/// What was declared, if this version made the run.
fn declared(folder: &Utf8Path, report: &TrailReport) -> Result<Declaration, Unmade> {
    if let Ok(timings) = read_json::<Timings>(&folder.join("timings.json")) {
        let (wrote, reads) = (&timings.omega_lock_version, env!("CARGO_PKG_VERSION"));
        if wrote != reads {
            let reason = format!("omega-lock {wrote} made the run, this is {reads}");
            return Err(Unmade::Impossible(reason));
        }
    }
    let header = &report.header;
    let declaration = Declaration::recorded(&header.calibration, &header.declaration.0, &header.constraints)
        .map_err(|error| Unmade::Contradiction(format!("the declaration cannot be read: {error}")))?;
    if declaration.digest() != header.digest {
        let reason = "the digest of the declaration is not that of its fields".to_owned();
        return Err(Unmade::Contradiction(reason));
    }
    Ok(declaration)
}

/// What the run came to.
fn again(trail: &Utf8Path, folder: &Utf8Path, report: &TrailReport) -> Result<RunResult, Unmade> {
    let impossible = |reason: &str| Err(Unmade::Impossible(reason.to_owned()));
    let Some(end) = &report.end else { return impossible("the run has not ended") };
    let Some(verdict) = &end.verdict else { return impossible("the run ended without a verdict") };
    if verdict.blames(&GateId::Kc1) {
        return impossible(TIME_BOX);
    }
    let declaration = declared(folder, report)?;
    let timings = read_json::<Timings>(&folder.join("timings.json"));
    // Rounds of the reference profile do not say in the verdict which of their gates failed.
    let judged_seconds = timings.ok().and_then(|timings| timings.judged_seconds);
    let late = |seconds: Number| seconds.0 > declaration.config.thresholds.time_box_seconds;
    let silent = declaration.config.rounds.is_some() && declaration.config.profile == Profile::Reference;
    if silent && judged_seconds.is_some_and(late) {
        return impossible(TIME_BOX);
    }
    let result = match declaration.config.search {
        SearchMethod::Study { ref file, ref digest } => {
            let study = study(folder, file, digest, &declaration)?;
            replayed(trail, &declaration, Proposer::Study(&study))?
        }
        SearchMethod::Own { .. } => with_own_proposals(trail, &declaration, verdict)?,
        _ => replayed(trail, &declaration, Proposer::Declared)?,
    };
    if result.verdict != *verdict {
        let gives = &result.verdict;
        return Err(Unmade::Contradiction(format!("the end row says {verdict}, what was recorded gives {gives}")));
    }
    Ok(result)
}

/// The study that the run was made with: beside the trail, or where the declaration names it below a folder around it. Which one it
/// is, its digest says.
fn study(folder: &Utf8Path, file: &str, digest: &str, declaration: &Declaration) -> Result<Study, Unmade> {
    let name = Utf8Path::new(file).file_name().unwrap_or(file);
    let places = std::iter::once(folder.join(name)).chain(folder.ancestors().map(|around| around.join(file)));
    for path in places.filter(|path| path.is_file()) {
        match study_again(&path, Utf8Path::new(file), &declaration.config, &declaration.space) {
            Ok(study) if study.digest == digest => return Ok(study),
            _ => {}
        }
    }
    let (file, digest) = (file.escape_debug(), digest.get(..12).unwrap_or(digest));
    Err(Unmade::Impossible(format!(
        "the study `{file}` with the digest {digest} lies neither beside the trail nor in a folder around it"
    )))
}

/// Holds what the result says of its trail against the trail: all that can be done where the pipeline cannot be run.
fn agrees(folder: &Utf8Path, report: &TrailReport, verdict: Option<&Verdict>) -> Result<(), Unmade> {
    let path = folder.join("result.json");
    let contradiction = |reason: String| Err(Unmade::Contradiction(reason));
    let result = match read_json::<RunResult>(&path) {
        Ok(result) => result,
        // One that another version wrote may not be readable here, but it says so.
        Err(error) => {
            let written = read_json::<serde_json::Value>(&path).ok();
            let schema = written.as_ref().and_then(|written| written.get("schema_version")?.as_str());
            let absent = read_regular_file(&path, LARGEST).is_err_and(|error| error.kind.is_absence());
            return match absent || schema.is_some_and(|schema| schema != RunResult::SCHEMA) {
                true => Ok(()),
                false => contradiction(error.to_string()),
            };
        }
    };
    match (result.trail.as_ref(), verdict) {
        (_, None) => {
            contradiction("result.json has a verdict, and the run ended without one; it is of another run".to_owned())
        }
        (found, _) if found != Some(&report.anchor) => {
            let found = found.map_or_else(|| "no anchor".to_owned(), ToString::to_string);
            contradiction(format!("result.json is of another trail: it has {found}"))
        }
        (_, Some(verdict)) if result.verdict != *verdict => {
            contradiction(format!("the end row says {verdict}, result.json says {}", result.verdict))
        }
        _ => Ok(()),
    }
}

/// Runs the pipeline once on the rows of the trail, all of which it has to ask for.
fn replayed(trail: &Utf8Path, declaration: &Declaration, proposer: Proposer<'_>) -> Result<RunResult, Unmade> {
    let mut replay = Replay::new(opened(trail)?, opened(trail)?, &declaration.constraints);
    let outcome = replay_on(declaration, proposer, &mut replay, |run| run.run())?;
    match replay.left_over() {
        Ok(false) => Ok(RunResult::new(declaration, &outcome)),
        Ok(true) => Err(contradiction("it has rows that the declared pipeline does not ask for".to_owned())),
        Err(error) => Err(contradiction(error.to_string())),
    }
}

/// What a run of a declaration comes to that is given the rows of a record in the place of targets.
pub(super) fn replay_on<T>(
    declaration: &Declaration,
    proposer: Proposer<'_>,
    replay: &mut dyn Recorder,
    use_it: impl FnOnce(Run<'_>) -> Result<T, RunError>,
) -> Result<T, Unmade> {
    let target = Recorded(declaration.space.clone());
    let subject = Subject::Serial(&target);
    let null = |_: u64, lend: &mut Lend<'_>| {
        let both = [Role::Train, Role::Test].map(|role| (role, Subject::Parallel(&target)));
        lend(&both.repeat(declaration.windows.len().max(1)));
        Ok(())
    };
    let mut run = Run::of(declaration).proposer(proposer).record(replay);
    for (role, _) in &declaration.roles {
        let of_windows = matches!(role, Role::Train | Role::Test);
        for _ in 0..if of_windows { declaration.windows.len().max(1) } else { 1 } {
            run = run.on(*role, subject);
        }
    }
    if declaration.config.null_declared {
        run = run.null(&null);
    }
    use_it(run).map_err(|error| contradiction(error.to_string()))
}

/// A trail, to be read from its beginning.
pub(super) fn opened(trail: &Utf8Path) -> Result<impl BufRead + Seek + use<>, Unmade> {
    open_regular_file(trail).map_err(|error| Unmade::Unread(error.into()))
}

pub(super) fn contradiction(reason: String) -> Unmade {
    Unmade::Contradiction(reason)
}

/// An optimizer of the code, where nothing is searched.
pub(super) fn no_search(_: &ParamSpace, _: &Params, _: &[String]) -> Result<Box<dyn Search>, ParamError> {
    Ok(Box::new(Again(VecDeque::new())))
}

/// The same as a loop.
pub(super) fn no_loop(_: &mut OwnLoop<'_>) -> Result<(), TargetError> {
    Ok(())
}

/// The same with the proposals of an optimizer that only the code knows. The record does not say through which door it
/// came in; the one that fits shows itself.
fn with_own_proposals(trail: &Utf8Path, declaration: &Declaration, verdict: &Verdict) -> Result<RunResult, Unmade> {
    let several = declaration.config.rounds.is_some() || declaration.config.windows.is_some();
    if several && declaration.config.null_declared {
        let reason =
            "the null runs of an optimizer that only the code knows are not told apart by rounds or windows".to_owned();
        return Err(Unmade::Impossible(reason));
    }
    let proposals = proposals(trail)?;
    let asked = Arc::new(Mutex::new(proposals.clone()));
    let make = move |_: &ParamSpace, _: &Params, _: &[String]| -> Result<Box<dyn Search>, ParamError> {
        // Every round of an iterative run makes a search of its own.
        let next = asked.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        Ok(Box::new(Again(next.unwrap_or_default())))
    };
    match replayed(trail, declaration, Proposer::Recorded(&make)) {
        Ok(result) if result.verdict == *verdict => return Ok(result),
        _ => {}
    }
    let asked = Mutex::new(proposals);
    let run = move |own: &mut OwnLoop<'_>| -> Result<(), TargetError> {
        // Null runs call the loop again.
        let next = asked.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or_default();
        next.iter().try_for_each(|params| own.evaluate(params).map(drop).map_err(TargetError::from))
    };
    replayed(trail, declaration, Proposer::Loop(&run))
}

/// What was proposed in each round, and then in each null run, in order.
fn proposals(trail: &Utf8Path) -> Result<VecDeque<VecDeque<Params>>, Unmade> {
    let mut reader = TrailReader::new(opened(trail)?);
    let mut rounds: VecDeque<(Context, VecDeque<Params>)> = VecDeque::new();
    // Every row of a null run is recorded in the phase `null`, so its phases are told apart by counting. It begins as the
    // run itself did, with one baseline and `before - 1` perturbations, none of which anybody proposed; `skipped` of
    // these have gone by. Its proposals follow, and its winner on test ends it, where the next one begins.
    let (mut before, mut skipped) = (1, 0);
    while let Some(body) = reader.next_body().map_err(|error| Unmade::Unread(VerifyError::of(trail, error)))? {
        let TrailBody::Evaluation(row) = body else { continue };
        match (row.context.phase, row.context.role) {
            (Phase::Stress, _) => before += 1,
            (Phase::Null, Role::Test) => skipped = 0,
            (Phase::Null, _) if skipped < before => skipped += 1,
            (Phase::Search | Phase::Null, _) => match rounds.back_mut() {
                Some((context, proposals)) if *context == row.context => proposals.push_back(row.params),
                _ => rounds.push_back((row.context, VecDeque::from([row.params]))),
            },
            _ => {}
        }
    }
    Ok(rounds.into_iter().map(|(_, proposals)| proposals).collect())
}

/// Proposes what was proposed.
struct Again(VecDeque<Params>);

impl Search for Again {
    fn ask(&mut self, room: usize) -> Vec<Params> {
        self.0.drain(..room.min(self.0.len())).collect()
    }

    fn tell(&mut self, _: &[Candidate]) {}
}

//! Optuna's journal: a file of operations, done again in their order as Optuna does them.
//!
//! The file is read twice. The first reading learns what the operations do not say, for trials and studies have no ids in
//! it but their order, and where each trial is named for the last time. So the second one hands a trial over as soon as
//! nothing more comes for it.

use omega_lock::internals::artifacts::{Direction, StudyEnd, StudyHead};

use serde_json::Value;

use super::file::StudyFile;
use super::journal_line::{Glance, has_ended, op};
use super::journal_replay::Replay;
use super::lines::Lines;
use super::optuna::{EXPORT, chosen, objective_names, objectives};
use super::{Each, Reader, Told};
use crate::failure::Failure;

/// A study of a journal.
#[derive(Debug)]
struct OptunaJournal {
    file: StudyFile,
    head: StudyHead,
    study: u32,
    trials: Vec<Known>,
    /// Number of lines that are whole.
    lines: u64,
    /// Whether a last line was cut.
    is_cut: bool,
    /// Number of attributes of the study itself.
    attributes: u64,
}

/// What the first reading learns of a trial; lines are counted from 1, without the blank ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// Which study it belongs to.
    pub(super) study: u32,
    /// The line that makes it.
    pub(super) first: u64,
    /// Whether the lines that were read have ended it.
    pub(super) has_ended: bool,
    /// The last line that changes it.
    pub(super) last: u64,
}

/// What the first reading learns of a study.
struct Study {
    name: String,
    directions: Vec<Option<Direction>>,
    metric_names: Option<Value>,
    attributes: u64,
    is_deleted: bool,
}

pub(super) fn open(file: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    let mut lines = file.lines()?;
    let (mut studies, mut trials): (Vec<Study>, Vec<Known>) = (Vec::new(), Vec::new());
    let (mut count, mut is_cut) = (0, false);
    while let Some(line) = lines.next()? {
        // Optuna ignores a last line that is not whole or has no end: its writer was stopped, or is still writing.
        let glance = match Glance::read(line) {
            Ok(glance) if lines.ended() => glance,
            Err(unread) if lines.ended() => {
                let failure = lines.wrong(&unread.what).help(if unread.is_whole { EXPORT } else { CUT });
                if !unread.is_cut || lines.next()?.is_some() {
                    return Err(failure);
                }
                is_cut = true;
                break;
            }
            _ => {
                is_cut = true;
                break;
            }
        };
        count += 1;
        learn(glance, count, &mut studies, &mut trials).map_err(|what| wrong(&lines, &what))?;
    }
    let there: Vec<(u32, &Study)> = (0..).zip(&studies).filter(|(_, study)| !study.is_deleted).collect();
    let names: Vec<&str> = there.iter().map(|(_, study)| study.name.as_str()).collect();
    let at = chosen(file.path(), &names, told)?;
    let Some((study, found)) = there.get(at) else { return Err(wrong(&lines, "no study")) };
    let names = objective_names(found.directions.len(), found.metric_names.as_ref());
    let objectives = objectives(file.path(), names, &found.directions, told)?;
    let source = file.source("optuna", "journal", file.sha256()?, Some(found.name.clone()));
    let (study, attributes) = (*study, found.attributes);
    let head = StudyHead { source, objectives };
    Ok(Box::new(OptunaJournal { file, head, study, trials, lines: count, is_cut, attributes }))
}

/// What helps against a line that is not whole.
const CUT: &str = "only the last line of a journal may be cut; copy the file anew from where the search ran";

/// What is wrong with a line that is whole.
fn wrong(lines: &Lines, what: &str) -> Failure {
    lines.wrong(what).help(EXPORT)
}

fn learn(line: Glance, number: u64, studies: &mut Vec<Study>, trials: &mut Vec<Known>) -> Result<(), String> {
    let there = |studies: &[Study], id: u32| studies.get(id as usize).is_some_and(|study| !study.is_deleted);
    let study_id = || line.study_id.ok_or("an operation on a study without its id");
    match line.op_code {
        op::CREATE_STUDY => {
            let name = line.study_name.ok_or("a study without a name")?;
            let directions = line.directions.unwrap_or_default();
            let directions: Vec<_> = directions.into_iter().map(direction).collect::<Result<_, _>>()?;
            if directions.is_empty() {
                return Err("a study without a direction".to_owned());
            }
            // Two processes that make the same study make one.
            if !studies.iter().any(|study| !study.is_deleted && study.name == name) {
                studies.push(Study { name, directions, metric_names: None, attributes: 0, is_deleted: false });
            }
        }
        op::DELETE_STUDY | op::SET_STUDY_USER | op::SET_STUDY_SYSTEM => {
            let id = study_id()?;
            let study = studies.get_mut(id as usize).filter(|study| !study.is_deleted);
            match (study, line.op_code) {
                (None, _) => {}
                (Some(study), op::DELETE_STUDY) => study.is_deleted = true,
                (Some(study), op::SET_STUDY_USER) => study.attributes += 1,
                (Some(study), _) => study.metric_names = line.metric_names.or(study.metric_names.take()),
            }
        }
        op::CREATE_TRIAL => {
            let study = study_id()?;
            if there(studies, study) {
                trials.push(Known { study, has_ended: has_ended(line.state), first: number, last: number });
            }
        }
        op::SET_PARAM..=op::SET_SYSTEM => {
            let id = line.trial_id.ok_or("an operation on a trial without its id")?;
            // What comes after its end is refused, and is nothing to wait for.
            if let Some(trial) = trials.get_mut(id).filter(|trial| !trial.has_ended) {
                trial.last = number;
                trial.has_ended = line.op_code == op::SET_STATE && has_ended(line.state);
            }
        }
        op::DISCARD => {}
        other => return Err(format!("operation {other} is none that Optuna 3 to 5 has")),
    }
    Ok(())
}

fn direction(number: i64) -> Result<Option<Direction>, String> {
    match number {
        0 => Ok(None),
        1 => Ok(Some(Direction::Minimize)),
        2 => Ok(Some(Direction::Maximize)),
        other => Err(format!("direction {other} is none, expected 1 (minimize) or 2 (maximize)")),
    }
}

impl Reader for OptunaJournal {
    fn head(&self) -> &StudyHead {
        &self.head
    }

    fn trials(self: Box<Self>, each: &mut Each<'_>) -> Result<StudyEnd, Failure> {
        let Self { file, head, study, trials, lines: count, is_cut, attributes } = *self;
        let names = head.objectives.iter().map(|objective| objective.name.clone()).collect();
        let mut replay = Replay::new(study, names, &trials);
        replay.collected.leave_out("attributes of the study", attributes, "those of trials are kept");
        replay.collected.leave_out("lines", u64::from(is_cut), "the last one is cut, as Optuna sees it");
        let mut lines = file.lines()?;
        for number in 1..=count {
            let Some(line) = lines.next()? else { break };
            let done = replay.line(number, line);
            done.map_err(|what| wrong(&lines, &what))?;
            replay.give(number, each, &|what| wrong(&lines, what))?;
        }
        replay.give(u64::MAX, each, &|what| wrong(&lines, what))?;
        file.is_unchanged().map(|()| replay.collected.finish())
    }
}

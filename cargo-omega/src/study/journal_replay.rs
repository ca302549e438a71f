//! The operations of a journal, done again.

use std::collections::HashMap;
use std::rc::Rc;

use omega_lock::internals::artifacts::{Number, StudyTrial, TrialState};
use serde_json::Map;

use super::Each;
use super::collected::Collected;
use super::distribution::{Distributions, Drawn};
use super::journal_line::{Glance, Unread, Whole, op, read};
use super::journal_queue::{Open, Queue, Waited};
use super::optuna::{empty, put, put_param, put_system, shortened};
use super::optuna_journal::Known;
use crate::failure::Failure;

/// The trials of one study of which more may come.
pub(super) struct Replay<'k> {
    study: u32,
    names: Vec<String>,
    known: &'k [Known],
    /// The id of the next trial, of whatever study.
    next: usize,
    /// The number of the next trial of this study.
    number: u64,
    queue: Queue,
    /// Of each parameter, the first trial that has it: Optuna refuses what does not go with that.
    first: HashMap<String, (u64, Rc<Drawn>)>,
    distributions: Distributions,
    pub(super) collected: Collected,
}

/// Why an operation is left out that names a trial behind its end.
const ENDED: &str = "the trial had ended, and Optuna refuses them too";

impl<'k> Replay<'k> {
    pub(super) fn new(study: u32, names: Vec<String>, known: &'k [Known]) -> Self {
        Self {
            study,
            names,
            known,
            next: 0,
            number: 0,
            queue: Queue::default(),
            first: HashMap::new(),
            distributions: Distributions::default(),
            collected: Collected::default(),
        }
    }

    /// Does what a line says.
    pub(super) fn line(&mut self, number: u64, line: &[u8]) -> Result<(), String> {
        let whole: Result<Whole, Unread> = read(line);
        let (code, trial) = match &whole {
            Ok(whole) => (whole.op_code, whole.trial_id),
            // What is wrong with a trial of another study is nothing to this one.
            Err(_) => Glance::read(line).map(|glance| (glance.op_code, glance.trial_id))?,
        };
        match code {
            op::CREATE_TRIAL => {
                let Some(known) = self.known.get(self.next).filter(|known| known.first == number) else {
                    return Ok(());
                };
                self.next += 1;
                if known.study == self.study { self.create(self.next - 1, known.last, whole?) } else { Ok(()) }
            }
            op::SET_PARAM..=op::SET_SYSTEM => {
                let id = trial.unwrap_or(usize::MAX);
                let known = self.known.get(id).filter(|known| known.study == self.study && known.first < number);
                match known {
                    Some(known) if known.last >= number => self.change(id, whole?),
                    Some(_) => {
                        self.refused(ENDED);
                        Ok(())
                    }
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn create(&mut self, id: usize, last: u64, line: Whole) -> Result<(), String> {
        let number = self.number;
        self.number += 1;
        let state = line.state.map_or(Ok(TrialState::Running), state)?;
        let mut made = Open { last, trial: empty(number, state), params: Vec::new(), system: Map::new() };
        let distributions = line.distributions.unwrap_or_default();
        for (name, value) in line.params.unwrap_or_default().0 {
            let text = distributions.0.iter().find(|(of, _)| *of == name).map(|(_, text)| text);
            let text = text.ok_or_else(|| format!("parameter `{}` has no distribution", name.escape_debug()))?;
            let drawn = self.distributions.read(text).map_err(|what| of_param(&name, &what))?;
            self.first.entry(name.clone()).or_insert_with(|| (number, Rc::clone(&drawn)));
            made.params.push((name, value.0, drawn));
        }
        let values = line.value.map(|value| vec![value]).or(line.values);
        score(&self.names, &mut made.trial, values)?;
        made.trial.attributes.extend(line.user_attrs.unwrap_or_default());
        made.system.extend(line.system_attrs.unwrap_or_default());
        self.intermediate(line.intermediate_values.map_or(0, |values| values.0.len() as u64));
        self.queue.push(id, made);
        Ok(())
    }

    fn change(&mut self, id: usize, line: Whole) -> Result<(), String> {
        let Some(open) = self.queue.get(id) else { return Ok(()) };
        match line.op_code {
            op::SET_PARAM => {
                let (Some(name), Some(value), Some(text)) =
                    (line.param_name, line.param_value_internal, line.distribution)
                else {
                    return Err("a parameter without name, value or distribution".to_owned());
                };
                let drawn = self.distributions.read(&text).map_err(|what| of_param(&name, &what))?;
                let number = open.trial.number;
                match self.first.get(&name) {
                    Some((_, before)) if !before.is_compatible(&drawn) => {
                        self.refused("the distribution does not go with an earlier one, and Optuna refuses them too");
                        return Ok(());
                    }
                    Some((before, _)) if *before <= number => {}
                    _ => drop(self.first.insert(name.clone(), (number, Rc::clone(&drawn)))),
                }
                match open.params.iter_mut().find(|(found, ..)| *found == name) {
                    Some(param) => *param = (name, value.0, drawn),
                    None => open.params.push((name, value.0, drawn)),
                }
            }
            op::SET_STATE => {
                let state = state(line.state.ok_or("a state is missing")?)?;
                if state == TrialState::Running && open.trial.state == state {
                    self.refused("another process ran the trial already, and Optuna refuses them too");
                    return Ok(());
                }
                open.trial.state = state.into();
                score(&self.names, &mut open.trial, line.values)?;
            }
            op::SET_INTERMEDIATE => self.intermediate(1),
            op::SET_USER => open.trial.attributes.extend(line.user_attr.unwrap_or_default()),
            _ => open.system.extend(line.system_attr.unwrap_or_default()),
        }
        Ok(())
    }

    fn refused(&mut self, why: &str) {
        self.collected.leave_out("operations", 1, why);
    }

    fn intermediate(&mut self, count: u64) {
        self.collected.leave_out("intermediate values", count, "what a trial ended with is kept");
    }

    /// Hands over the trials of which nothing comes behind this line, by their numbers.
    pub(super) fn give(
        &mut self,
        line: u64,
        each: &mut Each<'_>,
        wrong: &dyn Fn(&str) -> Failure,
    ) -> Result<(), Failure> {
        let collected = &mut self.collected;
        while let Some(waited) = self.queue.pop(line)? {
            let trial = match waited {
                Waited::Open(open) => finished(*open, collected, wrong)?,
                Waited::Trial(trial) => trial,
            };
            collected.trial();
            each(trial)?;
        }
        self.queue.make_room(line, &mut |open| finished(open, collected, wrong))
    }
}

/// A trial of which nothing more comes.
fn finished(open: Open, collected: &mut Collected, wrong: &dyn Fn(&str) -> Failure) -> Result<StudyTrial, Failure> {
    let Open { mut trial, params, system, .. } = open;
    let number = trial.number;
    let said = |what: String| wrong(&format!("trial {number}: {what}"));
    for param in params {
        put_param(&mut trial, param, collected).map_err(said)?;
    }
    for (key, value) in system {
        put_system(&mut trial, &key, value, collected).map_err(said)?;
    }
    Ok(trial)
}

fn of_param(name: &str, what: &str) -> String {
    format!("parameter {}: {what}", shortened(name))
}

/// Sets the scores of a trial, by the order of the objectives.
fn score(names: &[String], trial: &mut StudyTrial, values: Option<Vec<Number>>) -> Result<(), String> {
    let values = values.unwrap_or_default();
    if values.len() > names.len() {
        return Err(format!("a trial has {} values, and the study {} objectives", values.len(), names.len()));
    }
    for (name, value) in names.iter().zip(values) {
        put(&mut trial.scores, name, value);
    }
    Ok(())
}

fn state(number: i64) -> Result<TrialState, String> {
    match number {
        0 => Ok(TrialState::Running),
        1 => Ok(TrialState::Complete),
        2 => Ok(TrialState::Pruned),
        3 => Ok(TrialState::Failed),
        4 => Ok(TrialState::Waiting),
        other => Err(format!("state {other} is none, expected 0 to 4")),
    }
}

//! Optuna's trials as a dataframe that was written as CSV.
//!
//! It has no direction and no distributions. A field that is empty is a parameter that was not suggested, or the choice
//! `None`. Where a column has such a field, pandas writes its whole numbers as `17.0`, so a first reading finds out which
//! columns are whole.

use std::collections::HashSet;

use csv::StringRecord;
use omega_lock::internals::artifacts::{Number, StudyEnd, StudyHead, StudyTrial, StudyValue, TrialState};
use serde_json::Value;

use super::collected::Collected;
use super::distribution::as_whole;
use super::file::StudyFile;
use super::generic::one_study;
use super::left_out::TYPES;
use super::optuna::{CONSTRAINT, CONSTRAINTS, attribute, empty, objectives, put, shortened};
use super::table::Table;
use super::{Each, Reader, Told};
use crate::failure::Failure;

/// A dataframe.
#[derive(Debug)]
struct OptunaCsv {
    file: StudyFile,
    head: StudyHead,
    columns: Vec<Column>,
}

/// What a column is.
#[derive(Debug, Clone, PartialEq)]
enum Column {
    Number,
    State,
    /// A score, by its place among the objectives.
    Score(usize),
    /// A parameter, and whether its numbers are whole.
    Param(String, bool),
    /// An attribute of the user's, likewise.
    Attribute(String, bool),
    Constraint(String),
    Constraints,
    /// What is not in the form, in words; nothing if it is in no form of a study either.
    Other(Option<(&'static str, &'static str)>),
}

pub(super) fn open(file: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    let mut table = Table::open(&file)?;
    let mut names = Vec::new();
    let mut columns: Vec<Column> = table.header().iter().map(|name| column(name, &mut names)).collect();
    if names.is_empty() {
        let message = format!("`{}` has Optuna's trials without a column `value`", file.path());
        return Err(Failure::usage(message).help("`study.trials_dataframe()` has it unless it is told otherwise"));
    }
    is_one_dataframe(&file, &names)?;
    one_study(told)?;
    let objectives = objectives(file.path(), names, &[], told)?;
    let mut shapes = vec![Shape::default(); columns.len()];
    while let Some(row) = table.next()? {
        shapes.iter_mut().zip(row).for_each(|(shape, field)| shape.see(field));
    }
    for (column, shape) in columns.iter_mut().zip(&shapes) {
        if let Column::Param(_, whole) | Column::Attribute(_, whole) = column {
            *whole = shape.is_whole();
        }
    }
    let source = file.source("optuna", "dataframe as CSV", file.sha256()?, None);
    Ok(Box::new(OptunaCsv { file, head: StudyHead { source, objectives }, columns }))
}

/// Refuses scores that Optuna's dataframe does not have beside each other, or without a name.
fn is_one_dataframe(file: &StudyFile, names: &[String]) -> Result<(), Failure> {
    let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)).map(|(_, name)| name);
    let single = names.iter().find(|name| *name == "value").filter(|_| names.len() > 1);
    let what = match (names.iter().any(String::is_empty), twice.or(single)) {
        (true, _) => "a score without a name".to_owned(),
        (_, Some(name)) => format!("`{}` beside other scores", name.escape_debug()),
        _ => return Ok(()),
    };
    let message = format!("`{}` has {what}, which no dataframe of Optuna has", file.path());
    Err(Failure::usage(message)
        .help("one objective is the column `value`, several are `values_0`, `values_1`, or `values_NAME`"))
}

fn column(name: &str, names: &mut Vec<String>) -> Column {
    let mut score = |name: &str| {
        names.push(name.to_owned());
        Column::Score(names.len() - 1)
    };
    let prefixed = |prefix: &str| name.strip_prefix(prefix).map(str::to_owned);
    match name.trim() {
        "number" => return Column::Number,
        "state" => return Column::State,
        "value" => return score("value"),
        _ => {}
    }
    if let Some(metric) = name.strip_prefix("values_") {
        let is_counted = !metric.is_empty() && metric.bytes().all(|byte| byte.is_ascii_digit());
        return score(if is_counted { name } else { metric });
    }
    if let Some(metric) = name.strip_prefix("value_") {
        return score(metric);
    }
    if let Some(name) = prefixed("params_") {
        return Column::Param(name, false);
    }
    if let Some(name) = prefixed("user_attrs_") {
        return Column::Attribute(name, false);
    }
    if let Some(name) = prefixed("system_attrs_") {
        return match name.strip_prefix(CONSTRAINT) {
            Some(constraint) => Column::Constraint(constraint.to_owned()),
            None if name == CONSTRAINTS => Column::Constraints,
            None => Column::Other(Some(("system attributes", "the tool's notes to itself"))),
        };
    }
    if name.starts_with("intermediate_values") {
        return Column::Other(Some(("intermediate values", "what a trial ended with is kept")));
    }
    Column::Other(match name {
        "" | "duration" | "datetime_start" | "datetime_complete" | "trial_id" => None,
        _ => Some(("fields of other columns", "Optuna's dataframe has no such columns")),
    })
}

/// What the fields of a column have in common.
#[derive(Debug, Clone, Copy, Default)]
struct Shape {
    has_hole: bool,
    has_other: bool,
}

impl Shape {
    fn see(&mut self, field: &str) {
        match field.trim() {
            "" => self.has_hole = true,
            text if text
                .strip_suffix(".0")
                .or(text.strip_suffix(",0"))
                .is_some_and(|whole| whole.parse::<i64>().is_ok()) => {}
            _ => self.has_other = true,
        }
    }

    /// Whether every number ends in `.0` only because pandas has no whole numbers beside a hole.
    fn is_whole(self) -> bool {
        self.has_hole && !self.has_other
    }
}

impl Reader for OptunaCsv {
    fn head(&self) -> &StudyHead {
        &self.head
    }

    fn trials(self: Box<Self>, each: &mut Each<'_>) -> Result<StudyEnd, Failure> {
        let Self { file, head, columns } = *self;
        let mut table = Table::open(&file)?;
        let mut collected = Collected::default();
        let mut numbers = HashSet::new();
        let mut row = StringRecord::new();
        while let Some(found) = table.next()? {
            row.clone_from(found);
            let trial = trial(&row, &columns, &head, &table, &mut collected).map_err(|what| table.wrong(what))?;
            if !numbers.insert(trial.number) {
                return Err(table.wrong(format!("trial {} occurs twice", trial.number)));
            }
            collected.trial();
            each(trial)?;
        }
        let params = columns.iter().filter(|column| matches!(column, Column::Param(..))).count();
        collected.leave_out(TYPES.0, params as u64, TYPES.1);
        file.is_unchanged().map(|()| collected.finish())
    }
}

fn trial(
    row: &StringRecord,
    columns: &[Column],
    head: &StudyHead,
    table: &Table,
    collected: &mut Collected,
) -> Result<StudyTrial, String> {
    let mut trial = empty(0, TrialState::Running);
    let mut missing = 0;
    for (column, field) in columns.iter().zip(row) {
        let field = field.trim();
        let number = || table.number(field).ok_or_else(|| format!("{} is no number", shortened(field)));
        match column {
            Column::Number => {
                let whole = as_whole(number()?).and_then(|whole| u64::try_from(whole).ok());
                trial.number = whole.ok_or_else(|| format!("{} is no number of a trial", shortened(field)))?;
            }
            Column::State => trial.state = state(field)?.into(),
            Column::Param(..) if field.is_empty() => missing += 1,
            _ if field.is_empty() => {}
            Column::Score(objective) => {
                let name = head.objectives.get(*objective).map_or("", |objective| objective.name.as_str());
                put(&mut trial.scores, name, Number(number()?));
            }
            Column::Param(name, is_whole) => put(&mut trial.params, name, value(field, *is_whole, table)),
            Column::Attribute(name, is_whole) => {
                trial.attributes.insert(name.clone(), json(value(field, *is_whole, table)));
            }
            Column::Constraint(_) | Column::Constraints if field == "None" => {}
            Column::Constraint(name) => put(&mut trial.constraints, name, Number(number()?)),
            Column::Constraints => {
                for (at, field) in listed(field).enumerate() {
                    let number = table.number(field);
                    let number = number.ok_or_else(|| format!("constraint {} is no number", shortened(field)))?;
                    put(&mut trial.constraints, &at.to_string(), Number(number));
                }
            }
            Column::Other(Some((what, why))) => collected.leave_out(what, 1, why),
            Column::Other(None) => {}
        }
    }
    if !trial.params.0.is_empty() {
        let why = "a parameter that was not suggested and the choice `None` look the same";
        collected.leave_out("empty fields of parameters", missing, why);
    }
    Ok(trial)
}

fn state(word: &str) -> Result<TrialState, String> {
    match word.strip_prefix("TrialState.").unwrap_or(word) {
        "COMPLETE" => Ok(TrialState::Complete),
        "PRUNED" => Ok(TrialState::Pruned),
        "FAIL" => Ok(TrialState::Failed),
        "RUNNING" => Ok(TrialState::Running),
        "WAITING" => Ok(TrialState::Waiting),
        _ => Err(format!("the state {} is none", shortened(word))),
    }
}

/// What a field most likely was in Python.
fn value(field: &str, is_whole: bool, table: &Table) -> StudyValue {
    table.value(if is_whole { field.strip_suffix(".0").or(field.strip_suffix(",0")).unwrap_or(field) } else { field })
}

/// The numbers of a list or a tuple; numpy's are written with their type.
fn listed(field: &str) -> impl Iterator<Item = &str> {
    let inner = field.strip_prefix(['[', '(']).and_then(|field| field.strip_suffix([']', ')'])).unwrap_or(field);
    // A tuple of one ends in a comma.
    inner.split(',').map(bare).filter(|item| !item.is_empty())
}

/// A number without the type that numpy writes around it, as in `np.float64(2.0)`.
fn bare(item: &str) -> &str {
    let item = item.trim();
    let typed = item.strip_suffix(')').and_then(|item| item.split_once('('));
    typed.filter(|(kind, _)| kind.starts_with("np.") || kind.starts_with("numpy.")).map_or(item, |(_, number)| number)
}

fn json(value: StudyValue) -> Value {
    match value {
        StudyValue::Nothing => Value::Null,
        StudyValue::Bool(value) => value.into(),
        StudyValue::Int(value) => value.into(),
        StudyValue::Float(Number(value)) => attribute(value),
        StudyValue::Text(text) => text.into(),
    }
}

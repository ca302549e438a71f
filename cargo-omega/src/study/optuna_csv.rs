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

fn column(name: &str, names: &mut Vec<String>) -> Column {
    let mut score = |name: &str| {
        names.push(name.to_owned());
        Column::Score(names.len() - 1)
    };
    let prefixed = |prefix: &str| name.strip_prefix(prefix).map(str::to_owned);
    match name {
        "number" => return Column::Number,
        "state" => return Column::State,
        "value" => return score("value"),
        _ => {}
    }
    if let Some(metric) = name.strip_prefix("values_") {
        let is_counted = metric.bytes().all(|byte| byte.is_ascii_digit());
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
            text if text.strip_suffix(".0").is_some_and(|whole| whole.parse::<i64>().is_ok()) => {}
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
            Column::Constraint(name) => put(&mut trial.constraints, name, Number(number()?)),
            Column::Constraints => {
                for (at, field) in field.trim_matches(['[', ']', '(', ')']).split(',').enumerate() {
                    // A tuple of one ends in a comma.
                    if !field.trim().is_empty() {
                        let number = table.number(field);
                        let number = number.ok_or_else(|| format!("constraint {} is no number", shortened(field)))?;
                        put(&mut trial.constraints, &at.to_string(), Number(number));
                    }
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
    match field {
        "True" => return StudyValue::Bool(true),
        "False" => return StudyValue::Bool(false),
        _ => {}
    }
    // Python writes no whole number with a zero or a plus in front: such a one is a text.
    let digits = field.strip_prefix('-').unwrap_or(field);
    let is_plain = !field.starts_with('+') && (digits == "0" || !digits.starts_with('0') || digits.starts_with("0."));
    let whole = if is_whole { field.strip_suffix(".0").unwrap_or(field) } else { field };
    match (whole.parse(), table.number(field)) {
        (Ok(whole), _) if is_plain => StudyValue::Int(whole),
        (_, Some(number)) if is_plain => StudyValue::Float(Number(number)),
        _ => StudyValue::Text(field.to_owned()),
    }
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

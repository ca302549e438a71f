//! A calibration that omega.toml declares without any code: a command that evaluates, its slices, its space.

use std::collections::HashMap;

use super::free::NULL;
use super::plain::Plain;
use super::settings::{Given, Settings};
use super::{Declaration, DeclarationError, DeclarationFile, Program, Protocol, Slice, table};
use crate::objective::{ParamSpace, Role, WindowData};
use crate::pipeline::RunConfig;

/// The tables that make a calibration one without code.
const TABLES: [&str; 2] = ["worker", "space"];

/// A calibration that omega.toml declares whole.
#[derive(Debug, Clone, PartialEq)]
pub struct WithoutCode {
    /// Its name.
    pub name: String,
    /// What evaluates, and how it is run.
    pub program: Program,
    /// The slices, in the order of a run; those of windows are not among them.
    pub slices: Vec<(Role, Slice)>,
    /// Train and test of each window; none where one train slice is searched.
    pub windows: Vec<(Slice, Slice)>,
    /// What the null version is told beside them; absent without one.
    pub null: Option<Slice>,
    /// The parameters, unless the worker is asked.
    pub space: Option<ParamSpace>,
}

impl WithoutCode {
    /// The program and its arguments.
    pub fn command(&self) -> &[String] {
        self.program.command.as_deref().unwrap_or_default()
    }
}

impl DeclarationFile {
    /// The calibrations that the file declares without any code.
    ///
    /// # Errors
    /// If one of them lacks what it needs: a command, the slice train, or the parameters of a command that says none.
    pub fn without_code(&self) -> Result<Vec<WithoutCode>, DeclarationError> {
        let whole = self.names().filter_map(|name| Some((name, self.settings(name)?)));
        let whole = whole.filter(|(_, settings)| settings.is_without_code());
        whole.map(|(name, settings)| settings.without_code(name)).collect()
    }
}

impl Settings {
    /// Whether the table says what only a calibration without code has.
    pub fn is_without_code(&self) -> bool {
        !self.slices.is_empty() || self.of_table(&TABLES).next().is_some()
    }

    fn of_table<'s>(&'s self, tables: &'s [&str]) -> impl Iterator<Item = &'s Given> {
        self.given.iter().filter(|given| tables.contains(&given.key.table()))
    }

    fn without_code(&self, name: &str) -> Result<WithoutCode, DeclarationError> {
        let line = self.of_table(&TABLES).map(|given| given.line).min();
        let wrong = |problem: String, help: &str| {
            DeclarationError::new(line, format!("`calibration.{name}.{problem}"), Some(help.to_owned()))
        };
        let mut said = Declaration::new(name, RunConfig::default(), ParamSpace::new());
        [true, false].into_iter().for_each(|deciding| self.put(&mut said, deciding));
        let mut program = said.program.unwrap_or_default();
        let empty = program.command.as_ref().is_none_or(|command| command.first().is_none_or(String::is_empty));
        if empty {
            let help = "say which program evaluates: command = [\"python3\", \"target.py\"]";
            return Err(wrong("worker.command` names no program".to_owned(), help));
        }
        let mut slices: Vec<(Role, Slice)> = Vec::new();
        for role in Role::ALL {
            let said = self.slices.iter().find(|(word, _)| word == role.name());
            slices.extend(said.map(|(_, slice)| (role, slice.clone())));
        }
        let has = |wanted: Role| slices.iter().any(|(role, _)| *role == wanted);
        let null = self.slices.iter().find(|(word, _)| word == NULL).map(|(_, slice)| slice.clone());
        let windows = self.slices_of_windows().map_err(|problem| {
            wrong(problem, "each window has a table: [calibration.NAME.windows.1] train = { .. }, test = { .. }")
        })?;
        let walked = !windows.is_empty();
        if let Some(role) = [Role::Train, Role::Test].into_iter().find(|role| walked && has(*role)) {
            let help = "each window has its own: take the slice out, or the tables of `windows`";
            return Err(wrong(format!("roles.{role}` stands beside windows"), help));
        }
        if !walked && !has(Role::Train) {
            let help = format!("say what the worker is told of it: [calibration.{name}.roles] train = {{}}");
            return Err(wrong("roles` has no slice `train`".to_owned(), &help));
        }
        if null.is_some() && !walked && !has(Role::Test) {
            let help = "its winners are compared on test: add a slice `test`, or take `null` out";
            return Err(wrong("roles` has a null version and no slice `test`".to_owned(), help));
        }
        program.null = null.as_ref().map(Slice::text);
        let space = self.space(name)?;
        if space.is_none() && program.protocol == Protocol::Once {
            let help = format!("a command that is started for each evaluation says none: [calibration.{name}.space]");
            return Err(wrong("space` is missing, so nobody knows the parameters".to_owned(), &help));
        }
        Ok(WithoutCode { name: name.to_owned(), program, slices, windows, null, space })
    }

    /// Train and test of each window. A problem begins with the key behind the calibration's, and a closing backtick.
    fn slices_of_windows(&self) -> Result<Vec<(Slice, Slice)>, String> {
        let windows = self.windows().map_err(|problem| problem.trim_start_matches('`').to_owned())?;
        let slice = |number: usize, part: &str, text: &str| {
            Slice::of_json(text).map_err(|problem| format!("windows.{number}.{part}` {problem}"))
        };
        let both = |(place, window): (usize, &WindowData)| {
            Ok((slice(place + 1, "train", &window.train)?, slice(place + 1, "test", &window.test)?))
        };
        windows.iter().enumerate().map(both).collect()
    }

    /// The parameters that the table declares, in its order.
    fn space(&self, name: &str) -> Result<Option<ParamSpace>, DeclarationError> {
        let mut params: Vec<(&str, usize, HashMap<&str, Plain>)> = Vec::new();
        for given in self.of_table(&["space"]) {
            let last = given.key.name().rsplit('.').next().unwrap_or_default();
            let entry = match params.iter().position(|(known, ..)| *known == given.name) {
                Some(place) => &mut params[place],
                None => {
                    params.push((&given.name, given.line, HashMap::new()));
                    let end = params.len() - 1;
                    &mut params[end]
                }
            };
            entry.1 = entry.1.min(given.line);
            entry.2.insert(last, given.plain.clone());
        }
        let wrong =
            |line, problem: String| DeclarationError::new(line, format!("calibration `{name}`: {problem}"), None);
        let mut specs = Vec::new();
        for (param, line, values) in &params {
            specs.push(table::spec_of(param, values).map_err(|problem| wrong(Some(*line), problem))?);
        }
        if specs.is_empty() {
            return Ok(None);
        }
        specs.sort_by_key(|(place, _)| *place);
        let space = specs.into_iter().fold(ParamSpace::new(), |space, (_, spec)| space.param(spec));
        let line = params.iter().map(|(_, line, _)| *line).min();
        space.check().map_err(|error| wrong(line, error.to_string()))?;
        Ok(Some(space))
    }
}

impl Slice {
    /// What the worker is told, as JSON.
    fn text(&self) -> String {
        let mut told = serde_json::Value::Object(self.table.clone());
        told.sort_all_objects();
        told.to_string()
    }
}

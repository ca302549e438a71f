//! A calibration as it will be run: code and omega.toml resolved, as far as that needs no target.

use camino::Utf8PathBuf;

use super::calibration::AnyCalibration;
use super::trial::{Subject, TrialDeclaration, rechecks, trials};
use crate::audit::Constraint;
use crate::declaration::{Acceptance, Declaration, DeclarationFile, Program, Settings, check_name};
use crate::gates::HoldoutMode;
use crate::objective::{ParamSpace, Role, spelling};
use crate::pipeline::{RunConfig, SearchMethod, declared_gates};

/// Why nothing is held against what is committed where a study was put in the place of the declared search.
const NO_REVIEW: &str = "a study stands in the place of the declared search, so this is no locked review";

/// What is known of a calibration before its targets are made.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) name: String,
    pub(super) config: RunConfig,
    pub(super) constraints: Vec<Constraint>,
    pub(super) acceptance: Acceptance,
    pub(super) trials: Vec<TrialDeclaration>,
    /// The command that evaluates, where there is no code.
    pub(super) program: Option<Program>,
    /// Where the study lies that somebody put in the place of the declared search; absent if it is the declared one.
    pub(super) study: Option<Utf8PathBuf>,
    /// Whether what is accepted is evaluated again instead of searched for.
    pub(super) rechecked: bool,
    /// Why it is searched although a recheck was asked for.
    pub(super) not_rechecked: Option<String>,
    /// Kept for the baseline, which needs the space.
    pub(super) settings: Option<Settings>,
}

impl Plan {
    /// The plan of one calibration of a suite that declares these names.
    pub(super) fn new(
        calibration: &dyn AnyCalibration,
        file: &DeclarationFile,
        declared: &[&str],
        study: Option<&(String, Utf8PathBuf)>,
    ) -> Result<Self, PlanError> {
        let name = calibration.name();
        let wrong = |problem: String, help: &str| PlanError {
            calibration: name.escape_debug().to_string(),
            problem,
            help: help.to_owned(),
        };
        check_name("calibration", name)
            .map_err(|error| wrong(error.to_string(), "the name becomes a folder and a part of test names"))?;
        let roles = calibration.roles();
        if calibration.windows().is_some() && roles.iter().filter(|role| **role == Role::Test).count() > 1 {
            let problem = "it walks over windows, and has a test target beside those of the windows".to_owned();
            return Err(wrong(problem, "take `.test(..)` out: each window brings a test target of its own"));
        }
        if let Some(twice) = (1..roles.len()).find(|&place| roles[..place].contains(&roles[place])) {
            return Err(wrong(format!("the {} target is declared twice", roles[twice]), "a slice has one target"));
        }
        let settings = file.settings(name);
        if let (None, Some(other)) = (settings, near_table(name, file, declared)) {
            let problem = format!("omega.toml has no table for it, but one for `{other}`");
            return Err(wrong(
                problem,
                "rename the table; if both names are meant, give this calibration a table of its own",
            ));
        }
        if calibration.program().is_none() && settings.is_some_and(Settings::is_without_code) {
            let problem =
                "omega.toml says a worker, slices or a space of it, and the code of this suite has it too".to_owned();
            return Err(wrong(
                problem,
                "take these tables out, or the calibration out of the code; one of the two evaluates",
            ));
        }
        let code = calibration.code();
        let named = settings.and_then(Settings::profile).or(file.defaults().and_then(Settings::profile));
        let named = named.or(code.profile).unwrap_or_default();
        let mut declaration = Declaration::new(name, code.config(named), ParamSpace::new());
        file.apply(&mut declaration);
        declaration.program = calibration.program().cloned();
        // What the defaults say of another method, profile or pipeline is for those calibrations that have it.
        if let Some((field, foreign, domestic)) = settings.and_then(|settings| settings.inapplicable(&declaration)) {
            let problem = format!("`{field}` does not apply to {foreign}");
            return Err(wrong(problem, &format!("take the key out, or write `{domestic}` beside it")));
        }
        let study = study.filter(|(wanted, _)| wanted == name).map(|(_, path)| path.clone());
        if let Some(path) = &study {
            declaration.config.search = SearchMethod::study(format!("studies/{}", path.file_name().unwrap_or(name)));
        }
        walked(calibration, settings, &declaration).map_err(|(problem, help)| wrong(problem, help))?;
        if declaration.config.null_declared && !roles.contains(&Role::Test) {
            let problem = "a null version is declared, but no test target to compare its winners on".to_owned();
            return Err(wrong(problem, "add `.test(..)` in code, or take `.null(..)` out"));
        }
        let config = &declaration.config;
        if config.holdout.mode == HoldoutMode::Gate {
            let vacuous = config.holdout.min_fitness.is_none() && config.holdout.min_sample_ratio.is_none();
            let problem = match (roles.contains(&Role::Holdout), vacuous) {
                (false, _) => Some("`holdout.mode` is \"gate\", but the code declares no holdout target"),
                (true, true) => Some("`holdout.mode` is \"gate\", but no threshold is declared, so nothing could fail"),
                (true, false) => None,
            };
            if let Some(problem) = problem {
                return Err(wrong(problem.to_owned(), "add `.holdout(..)` in code and `min_fitness` in omega.toml"));
            }
        }
        declaration
            .check_values()
            .map_err(|error| wrong(error.to_string(), "change it in omega.toml or in the code"))?;
        let constraints = merged(&code.constraints, settings.map_or(&[], Settings::constraints))
            .map_err(|problem| wrong(problem, "constraints are told apart by their names"))?;
        for constraint in &constraints {
            check_name("constraint", &constraint.name)
                .map_err(|error| wrong(error.to_string(), "the name becomes a part of test names"))?;
            constraint.check().map_err(|error| wrong(error.to_string(), "change it where it is declared"))?;
        }
        let serves = |role: Role| roles.contains(&role);
        let gates = declared_gates(config, serves, constraints.iter().map(|constraint| constraint.name.as_str()));
        let mut trials = trials(name, &gates, &declaration.acceptance);
        if study.is_some() {
            let held = |trial: &&mut TrialDeclaration| matches!(trial.subject, Subject::Declaration | Subject::Gold);
            trials.iter_mut().filter(held).for_each(|trial| trial.skip = Some(NO_REVIEW));
        }
        let (settings, Declaration { config, acceptance, program, .. }) = (settings.cloned(), declaration);
        Ok(Self {
            name: name.to_owned(),
            config,
            constraints,
            acceptance,
            trials,
            program,
            study,
            rechecked: false,
            not_rechecked: None,
            settings,
        })
    }
}

impl Plan {
    /// Rechecks, and shows what that asks in the place of what a search does.
    pub(super) fn recheck(&mut self, roles: &[Role]) {
        let there = (roles.contains(&Role::Test), !self.constraints.is_empty());
        self.trials = rechecks(&self.name, &self.config, there, &self.acceptance);
        self.rechecked = true;
    }

    /// Processes that evaluate beside this one; 1 without any.
    pub(super) fn processes(&self) -> usize {
        let processes = self.program.as_ref().map_or(1, |program| program.processes);
        usize::try_from(processes).unwrap_or(usize::MAX)
    }
}

/// A declaration that cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("calibration `{calibration}`: {problem}\nhelp: {help}")]
pub(super) struct PlanError {
    calibration: String,
    problem: String,
    help: String,
}

/// A table that is spelt almost like the calibration, which has none of its own, and that no other calibration claims.
fn near_table<'f>(name: &str, file: &'f DeclarationFile, declared: &[&str]) -> Option<&'f str> {
    spelling::nearest(name, file.names().filter(|table| !declared.contains(table))).filter(|table| {
        // `phantom` and `phantom_zoom` are two calibrations, `phantom` and `phantm` are not.
        table.len().abs_diff(name.len()) <= 2
    })
}

/// Whether the windows that are declared are those of the code; else the problem, and what helps.
fn walked(
    calibration: &dyn AnyCalibration,
    settings: Option<&Settings>,
    declaration: &Declaration,
) -> Result<(), (String, &'static str)> {
    let (windows, pipeline) = (calibration.windows(), declaration.config.pipeline());
    match (windows, declaration.config.windows) {
        (Some(_), None) => {
            let problem = format!("`pipeline` is \"{pipeline}\", and the code has windows");
            return Err((problem, "take the key out, or make it by `Calibration::new` with one train target"));
        }
        (None, Some(_)) if calibration.program().is_some() => {
            let problem = "`pipeline` is \"windows\", and omega.toml has none".to_owned();
            return Err((
                problem,
                "say what the program is told of each: [calibration.NAME.windows.1] train = { .. }, test = { .. }, and so on",
            ));
        }
        (None, Some(_)) => {
            let problem = "`pipeline` is \"windows\", and the code has none".to_owned();
            return Err((problem, "make it by `Calibration::windows`, which gives each window its targets"));
        }
        (Some(found), Some(declared)) if found as u64 != declared => {
            let problem = format!("`windows.count` is {declared}, and the code has {found} windows");
            return Err((problem, "take the change of `config.windows` out of the code"));
        }
        _ => {}
    }
    let of_code = calibration.program().is_none();
    if settings.is_some_and(|settings| of_code && settings.windows().map_or(true, |windows| !windows.is_empty())) {
        let problem =
            "omega.toml says what its windows are, and its targets are code that nobody could give that to".to_owned();
        return Err((problem, "take the tables `windows.1` and so on out: the code cuts its windows"));
    }
    match (windows, calibration.null_has_windows()) {
        (Some(_), Some(false)) => {
            let problem = "its null version has no windows, and its targets have".to_owned();
            Err((problem, "declare it by `.null_windows(|seed, window| ..)`"))
        }
        (None, Some(true)) => {
            let problem = "its null version has windows, and its targets have none".to_owned();
            Err((problem, "declare it by `.null(|seed| ..)`"))
        }
        _ => Ok(()),
    }
}

/// The code's constraints, with those of the file in place of the ones they share a name with, and the file's others.
fn merged(code: &[Constraint], file: &[Constraint]) -> Result<Vec<Constraint>, String> {
    for list in [code, file] {
        for (place, constraint) in list.iter().enumerate() {
            if list[..place].iter().any(|earlier| earlier.name == constraint.name) {
                return Err(format!("constraint `{}` is declared twice", constraint.name.escape_debug()));
            }
        }
    }
    let known = |constraint: &&Constraint| code.iter().any(|other| other.name == constraint.name);
    let mut merged: Vec<Constraint> = code.iter().map(|constraint| over(constraint, file).clone()).collect();
    merged.extend(file.iter().filter(|constraint| !known(constraint)).cloned());
    Ok(merged)
}

fn over<'c>(constraint: &'c Constraint, file: &'c [Constraint]) -> &'c Constraint {
    file.iter().find(|other| other.name == constraint.name).unwrap_or(constraint)
}

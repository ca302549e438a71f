//! Calibrations that omega.toml declares without any code: programs evaluate them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use camino::Utf8Path;
use serde_json::{Map, Value as Json};

use super::calibration::Calibration;
use crate::declaration::{Program, Protocol, Slice, WithoutCode};
use crate::objective::{Role, TargetError};
use crate::worker::{Worker, Workers, found};

/// The calibration that a part of omega.toml at `root` declares.
///
/// `launcher` stands before whatever is started.
pub(super) fn calibration(declared: WithoutCode, root: &Utf8Path, launcher: &[String]) -> Calibration<Worker> {
    let (name, program, null) = (declared.name.clone(), declared.program.clone(), declared.null.clone());
    let roles: Vec<Role> = declared.slices.iter().map(|(role, _)| *role).collect();
    let windows = declared.windows.len();
    let made = Arc::new(OnceLock::new());
    let (root, before) = (root.as_std_path().to_owned(), launcher.to_vec());
    // Made once, and not before a target is wanted: nobody looks for files to list the cases.
    let workers = move |window: usize| -> Result<Workers, TargetError> {
        let made = made.get_or_init(|| workers(&declared, &root, &before)).as_ref();
        made.map(|workers: &Vec<Workers>| workers[window].clone()).map_err(|why| TargetError::unusable(why.clone()))
    };
    let target = |role: Role| {
        let workers = workers.clone();
        move || workers(0)?.target(role)()
    };
    let calibration = match windows {
        0 => Calibration::new(name, target(Role::Train)),
        _ => {
            let workers = workers.clone();
            let both = move |window| {
                let workers = workers(window)?;
                Ok((workers.target(Role::Train)()?, workers.target(Role::Test)()?))
            };
            Calibration::windows(name, windows, both)
        }
    };
    let mut calibration = calibration.evaluated_by(program).parallel();
    for role in roles.into_iter().filter(|role| *role != Role::Train) {
        calibration = calibration.role(role, target(role));
    }
    match null {
        Some(null) if windows > 0 => {
            calibration.null_windows(move |seed, window| workers(window)?.null_told(null.table.clone())(seed))
        }
        Some(null) => calibration.null(move |seed| workers(0)?.null_told(null.table.clone())(seed)),
        None => calibration,
    }
}

/// What is started, and what it is told of its slices: of each window, or of the one train slice. All are the same processes.
fn workers(declared: &WithoutCode, root: &Path, before: &[String]) -> Result<Vec<Workers>, String> {
    let Program {
        command: _,
        protocol,
        launcher,
        inputs,
        pass,
        set,
        evaluation_timeout,
        repeats,
        null: _,
        processes,
        silence_timeout,
        lost_retries,
    } = &declared.program;
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let mut workers = Workers::new(&declared.name, declared.command().iter().cloned())
        .directory(root)
        .launcher(before.iter().chain(launcher.iter().flatten()).cloned())
        .inputs(inputs.iter().flatten().cloned())
        .repeats(size(*repeats))
        .processes(size(*processes))
        .silence_timeout(Duration::from_secs_f64(*silence_timeout))
        .lost_retries(size(*lost_retries));
    for variable in pass.iter().flatten() {
        workers = workers.pass(variable);
    }
    for (variable, value) in set {
        workers = workers.env(variable, value);
    }
    if let Some(seconds) = evaluation_timeout {
        workers = workers.evaluation_timeout(Duration::from_secs_f64(*seconds));
    }
    if *protocol == Protocol::Once {
        workers = workers.once();
    }
    if let Some(space) = &declared.space {
        workers = workers.space(space.clone());
    }
    for (role, slice) in &declared.slices {
        workers = told(workers, &format!("{}.roles.{role}", declared.name), *role, slice, root)?;
    }
    if declared.windows.is_empty() {
        return Ok(vec![workers]);
    }
    let window = |(number, (train, test)): (usize, &(Slice, Slice))| {
        let place = format!("{}.windows.{number}", declared.name);
        let workers = told(workers.clone(), &format!("{place}.train"), Role::Train, train, root)?;
        told(workers, &format!("{place}.test"), Role::Test, test, root)
    };
    (1..).zip(&declared.windows).map(window).collect()
}

/// The same workers, told of a slice which stands at `place` in omega.toml.
fn told(workers: Workers, place: &str, role: Role, slice: &Slice, root: &Path) -> Result<Workers, String> {
    let files = matched(&format!("calibration.{place}.files"), &slice.files, root)?;
    let shown = files.iter().map(|file| file.to_string_lossy().replace('\\', "/")).collect();
    let workers = workers.told(role, with_files(slice, shown), with_files(slice, slice.files.clone()));
    Ok(if files.is_empty() { workers } else { workers.files(role, files) })
}

/// The table of a slice with its files: those that its patterns find, which a worker can open as they are, or the patterns.
fn with_files(slice: &Slice, files: Vec<String>) -> Map<String, Json> {
    let mut table = slice.table.clone();
    if !files.is_empty() {
        table.insert("files".to_owned(), files.into());
    }
    table
}

/// The files that patterns match, relative to the root, each once: those of a pattern in the order of their names.
fn matched(place: &str, patterns: &[String], root: &Path) -> Result<Vec<PathBuf>, String> {
    let (mut all, mut known) = (Vec::new(), HashSet::new());
    for pattern in patterns {
        let wrong = |problem: String| format!("`{place}` in omega.toml has `{}`, {problem}", pattern.escape_debug());
        let files = found(root, pattern).map_err(wrong)?;
        if files.is_empty() {
            let problem = format!("which matches no file in `{}`", root.display());
            return Err(
                wrong(problem) + "\nhelp: patterns start in the folder of omega.toml; `**` stands for any folders"
            );
        }
        let new = files.into_iter().map(|(shown, _)| shown).filter(|shown| known.insert(shown.clone()));
        all.extend(new.map(PathBuf::from));
    }
    Ok(all)
}

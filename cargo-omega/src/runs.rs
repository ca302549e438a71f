//! The last run of each calibration in a workspace, and what the name of one means on the command line.

use camino::{Utf8Path, Utf8PathBuf};
use omega_lock::internals::artifacts::{
    Recheck, RunResult, SelectedEntry, Timings, UnderWay, read_json, refusals, refused,
};
use omega_lock::internals::objective::spelling::nearest;
use omega_lock::internals::report::{escaped_line, selected_changes, selected_place, table, wrapped};

use crate::cli::ManifestArgs;
use crate::disk;
use crate::failure::Failure;
use crate::project::Project;
use crate::under_way;

/// Columns that a terminal has at least.
const WIDTH: usize = 80;

/// What the last run of a calibration left.
pub(crate) struct Run {
    pub(crate) calibration: String,
    pub(crate) folder: Utf8PathBuf,
}

/// Every run in `target/omega`, by folder.
pub(crate) fn all(project: &Project) -> Result<Vec<Run>, Failure> {
    below(&project.omega_directory())
}

/// Every run in such a folder.
pub(crate) fn below(omega: &Utf8Path) -> Result<Vec<Run>, Failure> {
    let mut runs = Vec::new();
    for package in disk::folders(omega)? {
        let left = |folder: &Utf8PathBuf| {
            ["result.json", "trail.jsonl", UnderWay::FILE].iter().any(|name| folder.join(name).is_file())
        };
        for folder in disk::folders(&package)?.into_iter().filter(left) {
            runs.push(Run { calibration: folder.file_name().unwrap_or_default().to_owned(), folder });
        }
    }
    Ok(runs)
}

/// The path that a word of the command line means: the path itself, or the folder of the calibration of this name, or else that of
/// its recheck.
pub(crate) fn meant(typed: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let is_name =
        |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    if typed.is_file() || typed.is_dir() || !is_name(typed.as_str()) {
        return Ok(typed.to_owned());
    }
    // Outside a project there are files only, and the one that was typed is not there.
    let Ok(project) = Project::load(&ManifestArgs::default(), None) else { return Ok(typed.to_owned()) };
    let runs = all(&project)?;
    if let Some(run) = runs.iter().find(|run| run.calibration == typed.as_str()) {
        return Ok(project.shown(&run.folder).into());
    }
    // What was rechecked and never searched here has a folder of its own below that of its runs.
    let of_name = |folder: &Utf8PathBuf| folder.file_name() == Some(typed.as_str());
    for package in disk::folders(&project.omega_directory())? {
        for folder in disk::folders(&package)?.into_iter().filter(of_name) {
            let recheck = folder.join(Recheck::FOLDER);
            if recheck.join(Recheck::FILE).is_file() {
                return Ok(project.shown(&recheck).into());
            }
        }
    }
    let near = nearest(typed.as_str(), runs.iter().map(|run| run.calibration.as_str()));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if runs.is_empty() => "`cargo omega test` runs every calibration".to_owned(),
        None => "`cargo omega show` lists the last run of every calibration".to_owned(),
    };
    let place = project.shown(&project.omega_directory());
    Err(Failure::usage(format!("`{typed}` is no file, and no calibration that has run: {place} has none")).help(help))
}

/// Every recheck in `target/omega`, by folder: each has one of its own below that of the runs.
fn rechecks(project: &Project) -> Result<Vec<(Utf8PathBuf, Recheck)>, Failure> {
    let mut rechecks = Vec::new();
    for package in disk::folders(&project.omega_directory())? {
        let folders = disk::folders(&package)?.into_iter().map(|folder| folder.join(Recheck::FOLDER));
        rechecks.extend(folders.filter_map(|folder| {
            let recheck = read_json(&folder.join(Recheck::FILE)).ok()?;
            Some((folder, recheck))
        }));
    }
    Ok(rechecks)
}

/// Every run and every recheck with its verdict, when it was and what it selected, those of the last run first.
pub(crate) fn listed(project: &Project) -> Result<String, Failure> {
    let runs = all(project)?;
    let rechecks = rechecks(project)?;
    if runs.is_empty() && rechecks.is_empty() {
        let place = project.shown(&project.omega_directory());
        return Err(
            Failure::usage(format!("nothing has run: {place} has no run")).help("`cargo omega test` runs everything")
        );
    }
    let mut listed: Vec<(String, [String; 4], String)> = runs
        .iter()
        .map(|run| {
            let found = under_way::Found::in_folder(&run.folder);
            let result = read_json::<RunResult>(&run.folder.join("result.json")).ok();
            let (verdict, selected) = match (&found, &result) {
                (Some(found), _) => (found.word().to_owned(), found.line()),
                (None, Some(result)) => {
                    let refusals = refusals(&run.folder, result);
                    let verdict = escaped_line(&refused(result.verdict.0.clone(), &refusals).to_string());
                    let selected = result.selection();
                    let of = |selected: &SelectedEntry| {
                        format!("{} ({})", selected_changes(selected), selected_place(selected))
                    };
                    (verdict, selected.as_ref().map_or_else(|| "nothing was selected".to_owned(), of))
                }
                (None, None) => ("no result".to_owned(), String::new()),
            };
            let timed = || read_json::<Timings>(&run.folder.join("timings.json")).ok()?.started;
            let started = match found.and_then(|found| found.said) {
                Some(said) => Some(said.started),
                None => timed(),
            };
            let started = escaped_line(&started.unwrap_or_default());
            let when = started.get(..16).unwrap_or(&started).replace('T', " ");
            (started, [escaped_line(&run.calibration), verdict, when, project.shown(&run.folder)], selected)
        })
        .collect();
    listed.extend(rechecks.into_iter().map(|(folder, recheck)| {
        let started = read_json::<Timings>(&folder.join("timings.json")).ok().and_then(|timings| timings.started);
        let (started, verdict) =
            (escaped_line(&started.unwrap_or_default()), escaped_line(&recheck.verdict.to_string()));
        let when = started.get(..16).unwrap_or(&started).replace('T', " ");
        (started, [escaped_line(&recheck.calibration), verdict, when, project.shown(&folder)], String::new())
    }));
    listed.sort_by(|one, other| other.0.cmp(&one.0));
    let rows: Vec<[String; 4]> = listed.iter().map(|(_, row, _)| row.clone()).collect();
    let mut lines =
        table(&["calibration", "verdict", "when (UTC)", "artifacts"].map(str::to_owned), &rows, &[]).into_iter();
    let mut text: String = lines.next().into_iter().map(|line| line + "\n").collect();
    for (line, (.., selected)) in lines.zip(&listed) {
        text.extend([line.as_str(), "\n"]);
        if !selected.is_empty() {
            text.extend(["    ", &wrapped(selected, 4, WIDTH), "\n"]);
        }
    }
    Ok(text)
}

//! `cargo omega study FILE --calibration NAME`: the study in the place of what a calibration searches, judged by what is
//! evaluated now.

use camino::{Utf8Path, Utf8PathBuf};
use omega_lock::internals::artifacts::{Distribution, ExitCode, Number, StudyReader, StudyValue};
use omega_lock::internals::declaration::{DeclarationFile, check_name};
use omega_lock::internals::objective::spelling;
use omega_lock::internals::report::escaped_line;

use super::{import, test};
use crate::cli::{ColorWhen, OutputArgs, StudyFileArgs, TestArgs, TestCommand};
use crate::disk::FreshFolder;
use crate::failure::Failure;
use crate::project::Project;
use crate::session;
use crate::ui::Ui;

/// Imports the study, and runs the calibration with it. The exit codes are those of `test`.
pub(super) fn run(
    from: &StudyFileArgs,
    name: &str,
    color: Option<ColorWhen>,
    ui: &mut Ui,
) -> Result<ExitCode, Failure> {
    check_name("calibration", name).map_err(|error| Failure::usage(error.to_string()))?;
    let project = Project::load(&TestArgs::default().manifest, None)?;
    let path = imported(from, name, &project, ui)?;
    declared(name, &project, &path, ui)?;
    let tested =
        TestArgs { filters: vec![format!("{name}::")], study: Some((name.to_owned(), path)), ..TestArgs::default() };
    let output = OutputArgs { format: None, junit: None };
    let code = test::run(&TestCommand { test: tested, recheck: None, output }, color, ui)?;
    let digest = "`search = { method = \"study\", file = \"FILE\" }` in the calibration's table, with the file that `import` writes,";
    let lines = format!(
        "re-evaluated: the study stood in the place of what `{name}` searches. Nothing was held against omega.lock or gold, so this \
         is no locked review.\nto lock it: {digest} and `cargo omega lock`\n"
    );
    ui.results(&lines);
    Ok(code)
}

/// The study as a suite reads it, where `verify` finds it again.
fn imported(from: &StudyFileArgs, name: &str, project: &Project, ui: &mut Ui) -> Result<Utf8PathBuf, Failure> {
    let folder = project.omega_directory().join("studies");
    // It makes the folder, and is gone at once.
    drop(FreshFolder::below(&folder, project.target_directory())?);
    let output = folder.join(format!("{name}.json"));
    let summary = import::write(from, &output)?;
    ui.status("Wrote", output.as_str());
    ui.results(&summary);
    Ok(output)
}

/// Whether anybody declares the calibration; else what to add, made of what the study knows.
fn declared(name: &str, project: &Project, path: &Utf8Path, ui: &mut Ui) -> Result<(), Failure> {
    let file = DeclarationFile::load(project.workspace_root()).map_err(|error| Failure::usage(error.to_string()))?;
    if file.names().any(|known| known == name) {
        return Ok(());
    }
    // A calibration in code needs no table.
    let all = session::declarations(project, &TestArgs::default(), ui).unwrap_or_default();
    let known: Vec<&str> = all
        .iter()
        .flat_map(|document| &document.declarations)
        .map(|declaration| declaration.calibration.as_str())
        .chain(file.names())
        .collect();
    if known.contains(&name) {
        return Ok(());
    }
    let nearest = spelling::nearest(name, known.iter().copied());
    let nearest = nearest.map_or_else(String::new, |nearest| format!("; the nearest is `{nearest}`"));
    let message = format!("nobody declares a calibration `{}`{nearest}", name.escape_debug());
    Err(Failure::usage(message)
        .help(format!("add it to omega.toml, and say what evaluates it:\n{}", template(name, path))))
}

/// A calibration for the study, in which somebody fills in the program and its slices.
fn template(name: &str, path: &Utf8Path) -> String {
    let mut lines = vec![
        format!("[calibration.{name}]"),
        "blocks = 8  # the worker gives the fitness of 8 parts of its slice; without them leave the line out"
            .to_owned(),
        format!("[calibration.{name}.worker]"),
        "command = [\"python3\", \"target.py\"]".to_owned(),
        format!("[calibration.{name}.roles]"),
        "train = { data = \"what the study was optimised on\" }".to_owned(),
        "test = { data = \"what it has not seen\" }".to_owned(),
        format!("[calibration.{name}.space]"),
    ];
    for (parameter, distributions) in parameters(path) {
        let spec = distributions.first().map_or_else(|| "{ kind = \"float\" }".to_owned(), space);
        lines.push(format!("{} = {spec}", serde_json::Value::from(parameter)));
    }
    lines.iter().map(|line| escaped_line(line)).collect::<Vec<_>>().join("\n")
}

fn parameters(path: &Utf8Path) -> Vec<(String, Vec<Distribution>)> {
    let Ok(mut reader) = StudyReader::open(path) else { return Vec::new() };
    while let Ok(Some(_)) = reader.next_trial() {}
    reader.end().map(|end| end.parameters.0.clone()).unwrap_or_default()
}

/// A parameter as omega.toml has it; the baseline is somebody's to change.
fn space(distribution: &Distribution) -> String {
    match distribution {
        Distribution::Float { low: Number(low), high: Number(high), step, log } => {
            let step = step.map_or_else(String::new, |step| format!(", step = {:?}", step.0));
            let scale = if *log { ", scale = \"log\"" } else { "" };
            format!("{{ kind = \"float\", low = {low:?}, high = {high:?}, neutral = {low:?}{step}{scale} }}")
        }
        Distribution::Int { low, high, step, log } => {
            let step = if *step == 1 { String::new() } else { format!(", step = {step}") };
            let scale = if *log { ", scale = \"log\"" } else { "" };
            format!("{{ kind = \"int\", low = {low}, high = {high}, neutral = {low}{step}{scale} }}")
        }
        Distribution::Categorical { choices } => {
            if choices.iter().all(|choice| matches!(choice, StudyValue::Bool(_))) {
                return "{ kind = \"bool\", neutral = false }".to_owned();
            }
            let text = |choice: &StudyValue| match choice {
                StudyValue::Nothing => "None".to_owned(),
                StudyValue::Bool(true) => "True".to_owned(),
                StudyValue::Bool(false) => "False".to_owned(),
                StudyValue::Text(text) => text.clone(),
                other => other.to_string(),
            };
            let choices: Vec<String> = choices.iter().map(text).collect();
            let neutral = choices.first().cloned().unwrap_or_default();
            format!(
                "{{ kind = \"choice\", choices = {}, neutral = {} }}",
                serde_json::Value::from(choices),
                serde_json::Value::from(neutral)
            )
        }
    }
}

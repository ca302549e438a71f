//! `cargo omega init --python`: a folder without cargo that has everything `omega test` needs.

use camino::{Utf8Path, Utf8PathBuf};

use super::init::{Change, names_a_calibration, of_every_project, unreadable};
use crate::disk;
use crate::environment;
use crate::failure::Failure;
use crate::scaffold;

/// The example's calibration in a folder whose name cannot be one.
const ELSE: &str = "example";

/// The folder that is set up: the one this was started in.
pub(super) fn folder() -> Result<Utf8PathBuf, Failure> {
    let folder = environment::current_directory()
        .map_err(|error| Failure::internal(format!("could not find the current directory: {error}")))?;
    for manifest in folder.ancestors().map(|folder| folder.join("Cargo.toml")) {
        if disk::text_if_there(&manifest)?.is_some() {
            return Err(Failure::usage(format!("`{manifest}` is there, so this is a project of cargo"))
                .help("run it in a folder outside of that, or without `--python`"));
        }
    }
    Ok(folder)
}

/// The files to write, in an order in which an interrupted run can be run again.
pub(super) fn changes(folder: &Utf8Path) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    let mut change = |path: Utf8PathBuf, there: bool, text: Option<String>, what| {
        changes.extend(text.map(|text| Change { path, made: !there, text, what }));
    };
    let name = folder.file_name().and_then(names_a_calibration).unwrap_or_else(|| ELSE.to_owned());
    let file = folder.join("calibration.py");
    let example = disk::text_if_there(&file)?;
    let declaration = folder.join("omega.toml");
    let declared = disk::text_if_there(&declaration)?;
    let ours = example.as_deref().is_none_or(|there| there == scaffold::example_in_python());
    // A folder with calibrations of its own has its declarations, too; nothing of them is ours to say.
    if declared.is_none() && !ours {
        return Err(Failure::usage("`calibration.py` is there, and no omega.toml says what it is")
            .help("give it another name, then run `cargo omega init --python` again"));
    }
    if declared.is_none() || example.is_some() && ours {
        let text = example.is_none().then(scaffold::example_in_python);
        change(file, example.is_some(), text, "an example to replace: the function that is calibrated");
        let text = scaffold::declaration_for_python(declared.as_deref(), &name)
            .map_err(|error| unreadable(&declaration, &error))?;
        change(declaration, declared.is_some(), text, "its parameters and slices, and how it is judged");
    }
    let path = folder.join(".gitignore");
    let there = disk::text_if_there(&path)?;
    let text = scaffold::ignored(there.as_deref());
    change(path, there.is_some(), text, "what a run leaves behind");
    changes.extend(of_every_project(folder, &scaffold::workflow_for_python(env!("CARGO_PKG_VERSION")), None)?);
    Ok(changes)
}

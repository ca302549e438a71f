//! `cargo omega init`: a project that has everything `cargo omega test` needs.

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::Package;
use omega_lock::internals::artifacts::{ExitCode, write_text};
use omega_lock::internals::declaration::{Lock, check_name};

use super::{init_python, lock};
use crate::cli::{BuildArgs, CargoArgs, FeatureArgs, InitArgs, PackageArgs};
use crate::disk;
use crate::environment;
use crate::failure::Failure;
use crate::harness_target::{self, LIBRARY};
use crate::project::Project;
use crate::report::counted;
use crate::scaffold::{self, Dependency, TARGET};
use crate::ui::{Role, Ui, verb};

/// A file that is missing, or lacks something.
pub(super) struct Change {
    pub(super) path: Utf8PathBuf,
    pub(super) made: bool,
    pub(super) text: String,
    pub(super) what: &'static str,
}

/// Finds what is missing, and makes it unless asked to check.
pub(crate) fn run(arguments: &InitArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    if let Some(ci) = environment::ci().filter(|_| !arguments.check) {
        return Err(Failure::usage(format!("refusing to set a project up because CI is set ({ci})"))
            .help("run it on your own machine and commit what it makes; here, `cargo omega init --check` says what is missing"));
    }
    let (root, outside, changes) = if arguments.python {
        let folder = init_python::folder()?;
        let changes = init_python::changes(&folder)?;
        (folder, None, changes)
    } else {
        let project = Project::load(&arguments.manifest, None)?;
        let outside = from_root(&project, arguments).filter(|path| !scaffold::lies_inside(path));
        (project.workspace_root().to_owned(), outside, changes(&project, arguments)?)
    };
    let lock = Lock::load(&root).map_err(|error| Failure { code: ExitCode::Damaged, message: error.to_string() })?;
    if changes.is_empty() && lock.is_some() {
        ui.results(&format!("{} nothing to do\n", verb(Role::Good, "Finished")));
        return Ok(ExitCode::Pass);
    }
    let current = environment::current_directory().unwrap_or_default();
    let shown = |path: &Utf8Path| shown_from(&current, path);
    let width = changes.iter().map(|change| shown(&change.path).len()).max().unwrap_or(0);
    for change in &changes {
        if !arguments.check {
            write_text(&change.text, &change.path).map_err(|error| Failure::internal(error.to_string()))?;
        }
        let word = match (arguments.check, change.made) {
            (false, true) => "Created",
            (false, false) => "Modified",
            (true, true) => "Missing",
            (true, false) => "Incomplete",
        };
        ui.results(&format!("{} {:width$}  {}\n", verb(Role::Good, word), shown(&change.path), change.what));
    }
    if arguments.check {
        if lock.is_none() {
            ui.results(&format!("{} {}\n", verb(Role::Good, "Missing"), Lock::FILE));
        }
        let with = if arguments.python { " --python" } else { "" };
        ui.error(&format!("the project is not set up\nhelp: run `cargo omega init{with}` and commit what it makes"));
        return Ok(ExitCode::No);
    }
    write_lock(lock, arguments, ui)?;
    if let Some(outside) = outside {
        let what = format!(
            "{LIBRARY} lies in `{outside}`, which is no part of this repository, so CI cannot build it: bring it into the \
             repository before you push, then `cargo omega init --path` with that folder writes manifest and workflow anew"
        );
        ui.results(&format!("{} {what}\n", verb(Role::Note, "Needs")));
    }
    if arguments.python && !ui.came_in_the_wheel() {
        let needs = "the Python module `omega_worker`, which comes with the wheel: cargo-omega/python/README.md says how to get it";
        ui.results(&format!("{} {needs}\n", verb(Role::Note, "Needs")));
    }
    ui.results(&format!("{} cargo omega test\n", verb(Role::Note, "Next")));
    Ok(ExitCode::Pass)
}

/// The files to write, in an order in which an interrupted run can be run again.
fn changes(project: &Project, arguments: &InitArgs) -> Result<Vec<Change>, Failure> {
    let package = package(project, arguments)?;
    let folder = package.manifest_path.parent().unwrap_or(Utf8Path::new("."));
    let root = project.workspace_root();
    let dependency = dependency(project, arguments, folder)?;
    let mut changes = Vec::new();
    let mut change = |path: Utf8PathBuf, there: bool, text: Option<String>, what| {
        changes.extend(text.map(|text| Change { path, made: !there, text, what }));
    };

    let name = calibration_name(package)?;
    let file = folder.join(format!("tests/{TARGET}.rs"));
    let example = scaffold::example(&name);
    let there = disk::text_if_there(&file)?;
    let ours = there.as_deref().is_none_or(|there| there == example);
    // A package with a harness has its calibrations and its declarations; nothing of them is ours to say.
    let harness = !harness_target::find(&[package], &[])?.is_empty();
    if !harness && !ours {
        return Err(Failure::usage(format!("`{}` is there and is no harness of {LIBRARY}", project.shown(&file)))
            .help(
                "as a harness its `#[test]`s would never run: give it another name, then run `cargo omega init` again",
            ));
    }
    if !harness {
        let text = there.is_none().then_some(example);
        change(file, there.is_some(), text, "an example to replace; `harness = false`, a `#[test]` in it never runs");
    }
    if ours && (!harness || there.is_some()) {
        let path = root.join("omega.toml");
        let there = disk::text_if_there(&path)?;
        let text = scaffold::declaration(there.as_deref(), &name).map_err(|error| unreadable(&path, &error))?;
        change(path, there.is_some(), text, "how it is judged");
    }

    let path = package.manifest_path.clone();
    let there = disk::text(&path)?;
    let has_library = package.dependencies.iter().any(|dependency| dependency.name == LIBRARY);
    let mut text = None;
    if !harness || arguments.path.is_some() && has_library {
        text =
            scaffold::package_manifest(&there, &dependency, has_library).map_err(|error| unreadable(&path, &error))?;
    }
    // What an earlier `init` wrote for a library from elsewhere is written again for this one.
    let former = scaffold::library(&there).filter(|former| arguments.path.is_some() && *former != dependency);
    let former = former.map(|former| match &former {
        Dependency::Path(path) => scaffold::workflow(&former, Some(Utf8Path::new(path))),
        Dependency::Version(_) => scaffold::workflow(&former, None),
    });
    let root_manifest = root.join("Cargo.toml");
    if root_manifest == path {
        let so_far = text.as_deref().unwrap_or(&there);
        text = scaffold::workspace_manifest(so_far).map_err(|error| unreadable(&path, &error))?.or(text);
        change(path, true, text, "the test target, the dependency, the dev profile of what it brings");
    } else {
        change(path, true, text, "the test target and the dependency");
        let there = disk::text(&root_manifest)?;
        let text = scaffold::workspace_manifest(&there).map_err(|error| unreadable(&root_manifest, &error))?;
        change(root_manifest, true, text, "the dev profile of what the library brings");
    }

    let from_root = from_root(project, arguments);
    let workflow = scaffold::workflow(&dependency, from_root.as_deref());
    changes.extend(of_every_project(root, &workflow, former.as_deref())?);
    Ok(changes)
}

/// What does not depend on who evaluates. A workflow that is the `former` one, to the byte, is replaced.
pub(super) fn of_every_project(root: &Utf8Path, workflow: &str, former: Option<&str>) -> Result<Vec<Change>, Failure> {
    let path = root.join(".gitattributes");
    let there = disk::text_if_there(&path)?;
    let what = "the ledgers of two branches merge to the lines of both";
    let text = scaffold::attributes(there.as_deref());
    let mut changes: Vec<Change> =
        text.map(|text| Change { path, made: there.is_none(), text, what }).into_iter().collect();
    let path = root.join(".github/workflows/omega.yml");
    let there = disk::text_if_there(&path)?;
    if there.is_none() || there.is_some() && there.as_deref() == former {
        let (made, text) = (there.is_none(), workflow.to_owned());
        changes.push(Change { path, made, text, what: "gates merges on the calibrations" });
    }
    Ok(changes)
}

/// Writes what the workspace declares where omega.lock does not have it; entries that are there stay as accepted.
fn write_lock(there: Option<Lock>, arguments: &InitArgs, ui: &mut Ui) -> Result<(), Failure> {
    // Read anew: the manifests are not those that were there before.
    let project = Project::load(&arguments.manifest, None)?;
    let cargo = CargoArgs {
        features: FeatureArgs::default(),
        build: BuildArgs::default(),
        manifest: arguments.manifest.clone(),
    };
    if !arguments.python {
        let what = "the calibrations, to ask what they declare; a first build takes a minute or two";
        ui.results(&format!("{} {what}\n", verb(Role::Good, "Building")));
    }
    let (declared, _) = lock::declared(&project, &cargo.whole_workspace(), ui).map_err(|failure| {
        let failure = failure.help(format!("all but {} is written; `cargo omega init` again goes on here", Lock::FILE));
        // Nobody sees what cargo says; that it finds no such package is what it says today.
        let unpublished = format!(
            "if cargo finds no package `{LIBRARY}`: nothing is published yet; clone its repository, and say where the clone \
             lies: `cargo omega init --path ../{LIBRARY}`"
        );
        failure.help_if((arguments.path.is_none() && !arguments.python).then_some(unpublished))
    })?;
    let path = project.workspace_root().join(Lock::FILE);
    let existed = there.is_some();
    let mut entries = there.unwrap_or_default().entries().to_vec();
    let before = entries.len();
    entries.extend(
        declared.entries().iter().filter(|entry| !has(&entries, &entry.calibration)).cloned().collect::<Vec<_>>(),
    );
    let added = entries.len() - before;
    if existed && added == 0 {
        return Ok(());
    }
    write_text(&Lock::new(entries).text(), &path).map_err(|error| Failure::internal(error.to_string()))?;
    let word = if existed { "Modified" } else { "Created" };
    ui.results(&format!(
        "{} {}  {} accepted\n",
        verb(Role::Good, word),
        project.shown(&path),
        counted(added, "declaration")
    ));
    Ok(())
}

fn has(entries: &[omega_lock::internals::declaration::LockEntry], calibration: &str) -> bool {
    entries.iter().any(|entry| entry.calibration == calibration)
}

fn package<'a>(project: &'a Project, arguments: &InitArgs) -> Result<&'a Package, Failure> {
    let typed = PackageArgs {
        package: arguments.package.iter().cloned().collect(),
        workspace: false,
        exclude: Vec::new(),
        test: Vec::new(),
    };
    let (selected, _) = project.select(&typed)?;
    match selected.as_slice() {
        [one] => Ok(one),
        [] => Err(Failure::usage(format!(
            "there is no Cargo.toml in `{}`, so there is no package to set up",
            project.workspace_root()
        ))
        .help("omega.toml declares everything here: `cargo omega lock` writes down what it says")),
        several => {
            let names: Vec<_> = several.iter().map(|package| format!("`{}`", package.name)).collect();
            Err(Failure::usage(format!("{} packages could be meant: {}", several.len(), names.join(", ")))
                .help("name one: `cargo omega init --package NAME`"))
        }
    }
}

/// Where the library shall come from.
fn dependency(project: &Project, arguments: &InitArgs, folder: &Utf8Path) -> Result<Dependency, Failure> {
    let Some(typed) = &arguments.path else { return Ok(Dependency::Version(env!("CARGO_PKG_VERSION").to_owned())) };
    let path = project.current_directory().join(typed);
    let manifest = disk::text_if_there(&path.join("Cargo.toml"))?.unwrap_or_default();
    let named =
        |text: &str| toml::from_str::<toml::Table>(text).ok()?.get("package")?.get("name")?.as_str().map(str::to_owned);
    if named(&manifest).as_deref() != Some(LIBRARY) {
        return Err(Failure::usage(format!("there is no package `{LIBRARY}` in `{typed}`"))
            .help(format!("`--path` is the folder of {LIBRARY}'s own Cargo.toml")));
    }
    let seen = pathdiff::diff_utf8_paths(&path, folder).unwrap_or(path);
    Ok(Dependency::Path(seen.as_str().replace('\\', "/")))
}

/// Where the library lies as the root of the workspace sees it; `None` where it is not taken from a folder.
fn from_root(project: &Project, arguments: &InitArgs) -> Option<Utf8PathBuf> {
    let path = project.current_directory().join(arguments.path.as_ref()?);
    let seen = pathdiff::diff_utf8_paths(&path, project.workspace_root()).unwrap_or(path);
    Some(seen.as_str().replace('\\', "/").into())
}

/// A path as a reader here would type it.
fn shown_from(current: &Utf8Path, path: &Utf8Path) -> String {
    path.strip_prefix(current).unwrap_or(path).as_str().replace('\\', "/")
}

/// The package's name is unique in the workspace, as a calibration's has to be.
fn calibration_name(package: &Package) -> Result<String, Failure> {
    names_a_calibration(&package.name).ok_or_else(|| {
        Failure::usage(format!("`{}` cannot name a calibration", package.name))
            .help("a name has at most 64 letters a to z, digits, `-` and `_`, and is no device on Windows")
    })
}

/// A name in small letters, if a calibration may have it.
pub(super) fn names_a_calibration(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    check_name("calibration", &name).is_ok().then_some(name)
}

pub(super) fn unreadable(path: &Utf8Path, error: &str) -> Failure {
    Failure::usage(format!("could not change `{path}`: {error}"))
}

//! Where things are: the workspace, the target directory, the names of package and suite.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::environment::{self, Environment};
use super::origin::claim;
use super::target_dir::target_dir;
use crate::artifacts::{Binary, ExitCode, place};
use crate::regular_file::{LARGEST_COMMITTED, read_named_text};

/// Who built the harness, and so tells it where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// Cargo: a test target of a package.
    Cargo,
    /// Nobody: `cargo omega` is the harness of what omega.toml declares without code.
    #[cfg_attr(not(feature = "worker"), expect(dead_code, reason = "only workers need no code"))]
    Itself,
}

/// The package and the suite of calibrations that no package has.
const ITSELF: (&str, &str) = ("workers", "omega");

impl Host {
    /// The names of package and suite, as far as they are known.
    pub(super) fn names(self) -> (Option<String>, Option<String>) {
        match self {
            Self::Cargo => (environment::package(), suite()),
            Self::Itself => (Some(ITSELF.0.to_owned()), Some(ITSELF.1.to_owned())),
        }
    }
}

/// The places and names a harness process works with.
#[derive(Debug, Clone)]
pub(super) struct Project {
    /// Root of the workspace, where omega.toml lies.
    pub(super) root: Utf8PathBuf,
    /// Folder of everything that is written.
    pub(super) omega_dir: Utf8PathBuf,
    /// The same, relative to cargo's target directory.
    pub(super) place: Utf8PathBuf,
    pub(super) package: String,
    pub(super) suite: String,
    /// The test binary.
    pub(super) binary: Arc<Binary>,
}

impl Project {
    /// Where this process is. One that only lists its trials has no place to write to, and is let be wherever it was built.
    pub(super) fn find(environment: &Environment, host: Host, lists: bool) -> Result<Self, ProjectError> {
        let executable = std::env::current_exe().map_err(ProjectError::Executable)?;
        let executable = Utf8PathBuf::try_from(executable).map_err(|error| ProjectError::Utf8(error.to_string()))?;
        if let (Host::Itself, Some(root), Some(target_dir)) =
            (host, &environment.workspace_root, &environment.target_dir)
        {
            let place = place(root, target_dir);
            return Ok(Self {
                omega_dir: target_dir.join(&place),
                place,
                root: root.clone(),
                package: ITSELF.0.to_owned(),
                suite: ITSELF.1.to_owned(),
                // The calibrations are data to it; what evaluates them is among the inputs of each.
                binary: Arc::new(Binary::known_as(concat!("omega-lock ", env!("CARGO_PKG_VERSION")))),
            });
        }
        let (Some(manifest_dir), Some(package)) = (&environment.manifest_dir, &environment.package) else {
            return Err(ProjectError::NotByCargo);
        };
        let root = environment.workspace_root.clone().unwrap_or_else(|| workspace_root(manifest_dir));
        let target_dir = match &environment.target_dir {
            Some(told) => told.clone(),
            None if lists => root.join("target"),
            None => target_dir(&root, &executable, &environment.cargo),
        };
        if !lists {
            claim(&executable, &root).map_err(|built| ProjectError::BuiltElsewhere {
                built,
                root: root.clone(),
                package: package.clone(),
            })?;
        }
        let place = place(&root, &target_dir);
        Ok(Self {
            omega_dir: target_dir.join(&place),
            place,
            root,
            package: package.clone(),
            suite: suite_name(&executable),
            binary: Arc::new(Binary::of(executable)),
        })
    }

    pub(super) fn artifacts_dir(&self, calibration: &str) -> Utf8PathBuf {
        self.omega_dir.join(&self.package).join(calibration)
    }

    /// Folder of the records that processes share.
    pub(super) fn runs_dir(&self) -> Utf8PathBuf {
        self.omega_dir.join("runs")
    }
}

/// The name of the test target this process was built from.
fn suite() -> Option<String> {
    Utf8PathBuf::try_from(std::env::current_exe().ok()?).ok().map(|executable| suite_name(&executable))
}

/// Why a harness process does not know where it is.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProjectError {
    #[error(
        "CARGO_MANIFEST_DIR and CARGO_PKG_NAME are not set\nhelp: run the calibrations with `cargo omega test`, `cargo \
         test` or `cargo nextest run`, not the test binary itself"
    )]
    NotByCargo,
    #[error("the test binary's own path is not known: {0}")]
    Executable(std::io::Error),
    #[error("the test binary's path is not UTF-8: {0}")]
    Utf8(String),
    #[error(
        "cargo runs a test binary here, in `{root}`, that was built from the sources of `{built}`: the two share a target \
         directory\nhelp: give each a target directory of its own; `cargo clean -p {package}` builds it anew for one of them"
    )]
    BuiltElsewhere { built: String, root: Utf8PathBuf, package: String },
}

impl ProjectError {
    /// The exit code that says so.
    pub(super) const fn exit_code(&self) -> ExitCode {
        if let Self::BuiltElsewhere { .. } = self { ExitCode::Internal } else { ExitCode::Usage }
    }
}

/// The root of the workspace of a package: where `package.workspace` points, else the nearest folder upwards whose
/// manifest has a `[workspace]` table, else the package's own.
fn workspace_root(manifest_dir: &Utf8Path) -> Utf8PathBuf {
    for folder in manifest_dir.ancestors() {
        let Ok(Some(text)) = read_named_text(&folder.join("Cargo.toml"), LARGEST_COMMITTED) else { continue };
        let Ok(manifest) = text.parse::<toml::Table>() else { continue };
        if let Some(workspace) = manifest.get("workspace") {
            if !excludes(workspace, folder, manifest_dir) {
                return folder.to_owned();
            }
            continue;
        }
        let pointer = manifest.get("package").and_then(|package| package.get("workspace")?.as_str());
        if let Some(pointer) = pointer.filter(|_| folder == manifest_dir) {
            let root = folder.join(pointer);
            return root.canonicalize_utf8().unwrap_or(root);
        }
    }
    manifest_dir.to_owned()
}

/// Whether a workspace says that it has nothing to do with a package below it.
fn excludes(workspace: &toml::Value, root: &Utf8Path, manifest_dir: &Utf8Path) -> bool {
    let excluded = workspace.get("exclude").and_then(toml::Value::as_array).into_iter().flatten();
    excluded.filter_map(toml::Value::as_str).any(|path| manifest_dir.starts_with(root.join(path)))
}

/// The binary is named after the target, with a hash of 16 digits behind it.
fn suite_name(executable: &Utf8Path) -> String {
    let stem = executable.file_stem().unwrap_or_default();
    match stem.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 16 && hash.chars().all(|c| c.is_ascii_hexdigit()) => name.to_owned(),
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test lays out files")]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_the_outer_workspace_excludes_is_its_own_root() {
        let folder = tempfile::tempdir().unwrap();
        let outer = Utf8Path::from_path(folder.path()).unwrap();
        let write = |path: &str, text: &str| {
            std::fs::create_dir_all(outer.join(path).parent().unwrap()).unwrap();
            std::fs::write(outer.join(path), text).unwrap();
        };
        write("Cargo.toml", "[workspace]\nmembers = [\"member\"]\nexclude = [\"apart\"]\n");
        write("member/Cargo.toml", "[package]\nname = \"member\"\n");
        write("apart/Cargo.toml", "[package]\nname = \"apart\"\n");
        assert_eq!(workspace_root(&outer.join("member")), outer);
        assert_eq!(workspace_root(&outer.join("apart")), outer.join("apart"));
    }

    #[test]
    fn the_suite_is_the_binary_without_its_hash() {
        assert_eq!(suite_name(Utf8Path::new("target/debug/deps/calibration-0123456789abcdef")), "calibration");
        assert_eq!(suite_name(Utf8Path::new("a/my-suite")), "my-suite");
    }
}

//! The project of the folder this was started in: its packages, the ones selected, and where things are written.
//!
//! Cargo tells of a workspace. A folder with an omega.toml and no Cargo.toml is a project without packages; nobody asks
//! cargo then.
//!
//! Which packages a command means is cargo's decision, and `cargo metadata` tells it: run in the same directory with
//! the same manifest flags as the tests, its default members are those of `cargo test`.

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Metadata, MetadataCommand, Package};
use glob::Pattern;
use omega_lock::internals::artifacts::place;
use omega_lock::internals::declaration::DeclarationFile;
use omega_lock::internals::objective::spelling::nearest;

use crate::cargo;
use crate::cli::{ManifestArgs, PackageArgs};
use crate::environment;
use crate::failure::Failure;
use crate::itself;
use crate::runner;

/// What `cargo metadata` says, if there is a workspace, and the directory this command was started in.
#[derive(Debug)]
pub(crate) struct Project {
    metadata: Option<Metadata>,
    root: Utf8PathBuf,
    target_directory: Utf8PathBuf,
    current_directory: Utf8PathBuf,
    started: Utf8PathBuf,
}

impl Project {
    /// Asks cargo; `target_dir` is what the command line says instead of cargo's configuration.
    pub(crate) fn load(manifest: &ManifestArgs, target_dir: Option<&Utf8Path>) -> Result<Self, Failure> {
        let current_directory = environment::current_directory()
            .map_err(|error| Failure::internal(format!("could not find the current directory: {error}")))?;
        let asks_cargo = manifest.manifest_path.is_some();
        let bare = if asks_cargo { None } else { without_packages(&current_directory)? };
        let (metadata, root, usual) = match bare {
            Some(root) => (None, root.clone(), root.join("target")),
            None => {
                let metadata = metadata(manifest)?;
                let (root, usual) = (metadata.workspace_root.clone(), metadata.target_directory.clone());
                (Some(metadata), root, usual)
            }
        };
        let target_directory = target_dir.map_or(usual, |typed| current_directory.join(typed));
        let typed = manifest.manifest_path.as_ref().map(|path| current_directory.join(path));
        let started = typed.as_deref().and_then(Utf8Path::parent).unwrap_or(&current_directory).to_owned();
        Ok(Self { metadata, root, target_directory, current_directory, started })
    }

    pub(crate) fn workspace_root(&self) -> &Utf8Path {
        &self.root
    }

    /// Whether there is no Cargo.toml, so that everything is declared in omega.toml.
    pub(crate) fn is_without_packages(&self) -> bool {
        self.metadata.is_none()
    }

    pub(crate) fn target_directory(&self) -> &Utf8Path {
        &self.target_directory
    }

    /// Where this command was started.
    pub(crate) fn current_directory(&self) -> &Utf8Path {
        &self.current_directory
    }

    /// Where everything of ours is written.
    pub(crate) fn omega_directory(&self) -> Utf8PathBuf {
        self.target_directory.join(place(self.workspace_root(), &self.target_directory))
    }

    /// All packages of the workspace.
    pub(crate) fn members(&self) -> Vec<&Package> {
        self.metadata.as_ref().map(Metadata::workspace_packages).unwrap_or_default()
    }

    /// Where cargo looked for the manifest: the folder of the one that was typed, or the current one.
    pub(crate) fn started(&self) -> &Utf8Path {
        &self.started
    }

    /// Whether the workspace as a whole is meant and not a package in it.
    pub(crate) fn starts_at_its_root(&self) -> bool {
        self.started == self.workspace_root()
    }

    /// An omega.toml that nobody reads, because it lies in the folder of a member or is spelt otherwise, is refused.
    pub(crate) fn nothing_misplaced(&self) -> Result<(), Failure> {
        let members = self.members();
        let folders = members.iter().filter_map(|member| member.manifest_path.parent());
        let folders = folders.chain(self.is_without_packages().then_some(self.workspace_root()));
        let mut checks = folders.map(|folder| DeclarationFile::nothing_misplaced(self.workspace_root(), folder));
        checks.find_map(Result::err).map_or(Ok(()), |error| Err(Failure::usage(error.to_string())))
    }

    /// The packages meant, by cargo's rules, and the `--exclude`s that exclude nothing.
    pub(crate) fn select<'a, 'b>(
        &'a self,
        arguments: &'b PackageArgs,
    ) -> Result<(Vec<&'a Package>, Vec<&'b str>), Failure> {
        let PackageArgs { package, workspace, exclude, test: _ } = arguments;
        if *workspace {
            let excluded = specs(exclude)?;
            let members = self.members();
            let useless = excluded
                .iter()
                .filter(|spec| !spec.means_workers() && !members.iter().any(|member| spec.matches(member)));
            let useless = useless.map(|spec| spec.typed).collect();
            let kept = members.into_iter().filter(|member| !excluded.iter().any(|spec| spec.matches(member)));
            return Ok((kept.collect(), useless));
        }
        if package.is_empty() {
            return Ok((self.default_members(), Vec::new()));
        }
        let wanted = specs(package)?;
        let members = self.members();
        let strange = |spec: &&Spec<'_>| !spec.means_workers() && !members.iter().any(|member| spec.matches(member));
        if let Some(stranger) = wanted.iter().find(strange) {
            let names = members.iter().map(|member| member.name.as_str()).chain([itself::PACKAGE]);
            let near = nearest(stranger.typed, names);
            let message = format!("no package of the workspace matches `{}`", stranger.typed);
            return Err(Failure::usage(message).help_if(near.map(|name| format!("did you mean `{name}`?"))));
        }
        let selected = members.into_iter().filter(|member| wanted.iter().any(|spec| spec.matches(member)));
        Ok((selected.collect(), Vec::new()))
    }

    /// Whether the calibrations are meant that no package has: wherever nothing else was chosen, or they were.
    pub(crate) fn selects_workers(&self, arguments: &PackageArgs) -> bool {
        let PackageArgs { package, workspace, exclude, test } = arguments;
        let named = |typed: &[String]| typed.iter().any(|typed| Spec { typed, pattern: None }.means_workers());
        match (package.is_empty(), workspace) {
            (_, true) => test.is_empty() && !named(exclude),
            (true, false) => test.is_empty(),
            (false, false) => named(package),
        }
    }

    /// `path` as a reader here would type it, with `/` everywhere.
    pub(crate) fn shown(&self, path: &Utf8Path) -> String {
        let short = path.strip_prefix(&self.current_directory).unwrap_or(path);
        if cfg!(windows) { short.as_str().replace('\\', "/") } else { short.as_str().to_owned() }
    }

    fn default_members(&self) -> Vec<&Package> {
        // Before cargo 1.71 the field is missing; then a root package stands for itself, a virtual root for all.
        match &self.metadata {
            Some(metadata) if !metadata.workspace_default_members.is_available() => {
                metadata.root_package().map_or_else(|| self.members(), |root| vec![root])
            }
            Some(metadata) => metadata.workspace_default_packages(),
            None => Vec::new(),
        }
    }
}

/// The folder of an omega.toml that has no Cargo.toml beside or below it on the way up; `None` where cargo is to be asked.
fn without_packages(current: &Utf8Path) -> Result<Option<Utf8PathBuf>, Failure> {
    for folder in current.ancestors() {
        if folder.join("Cargo.toml").is_file() {
            return Ok(None);
        }
        if folder.join(DeclarationFile::NAME).is_file() {
            return Ok(Some(folder.to_owned()));
        }
    }
    Err(Failure::usage(format!("there is no omega.toml and no Cargo.toml in `{current}`, nor in a folder above it")).help(
        "start it in the folder of a project: `cargo omega init` sets one up in a cargo package, and `cargo omega init --python` \
         one that needs no cargo",
    ))
}

fn metadata(manifest: &ManifestArgs) -> Result<Metadata, Failure> {
    let output = runner::output(&mut cargo::metadata(manifest))
        .map_err(|error| Failure::internal(format!("could not start cargo: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().trim_start_matches("error: ");
        return Err(Failure::usage(format!("cargo could not read the project: {said}")));
    }
    let unreadable = |error: &dyn std::fmt::Display| Failure::internal(format!("unreadable `cargo metadata`: {error}"));
    let text = String::from_utf8(output.stdout).map_err(|error| unreadable(&error))?;
    MetadataCommand::parse(text).map_err(|error| unreadable(&error))
}

/// One `-p` or `--exclude` as typed, and as cargo reads it.
#[derive(Debug)]
struct Spec<'a> {
    typed: &'a str,
    pattern: Option<Pattern>,
}

impl Spec<'_> {
    /// Whether the calibrations are meant that no package has.
    fn means_workers(&self) -> bool {
        self.typed == itself::PACKAGE
    }

    fn matches(&self, package: &Package) -> bool {
        if let Some(pattern) = &self.pattern {
            return pattern.matches(&package.name);
        }
        let version = self.typed.strip_prefix(package.name.as_str()).and_then(|rest| rest.strip_prefix(['@', ':']));
        self.typed == package.name.as_str()
            || self.typed == package.id.repr
            || version.is_some_and(|version| version == package.version.to_string())
    }
}

fn specs(typed: &[String]) -> Result<Vec<Spec<'_>>, Failure> {
    typed.iter().map(|typed| Ok(Spec { typed, pattern: pattern(typed)? })).collect()
}

/// `typed` as a pattern if it is one, by cargo's rule.
pub(crate) fn pattern(typed: &str) -> Result<Option<Pattern>, Failure> {
    if !typed.contains(['*', '?', '[', ']']) {
        return Ok(None);
    }
    match Pattern::new(typed) {
        Ok(pattern) => Ok(Some(pattern)),
        Err(error) => Err(Failure::usage(format!("`{typed}` is not a pattern: {error}"))),
    }
}

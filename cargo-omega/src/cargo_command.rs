//! The command line of `cargo test`: what was typed for us, said in cargo's words.
//!
//! Every struct of the grammar is taken apart field by field here, so that a flag added there cannot be forgotten.

use std::ffi::OsString;
use std::process::Command;

use camino::Utf8Path;
use cargo_metadata::Package;
use omega_lock::internals::artifacts::RESULTS_SCHEMA;
use omega_lock::internals::harness::variables::{self, Mode};

use crate::cargo::{cargo, manifest_flags};
use crate::cli::{BuildArgs, ColorWhen, FeatureArgs, PackageArgs, TestArgs};
use crate::environment;
use crate::harness_target::HarnessPackage;
use crate::project::Project;
use crate::told;

/// `cargo test` for the harness targets of one package; `all` are those of the whole run. Where what cargo says is passed on to
/// a terminal of so many `columns`, it draws as if it saw that itself.
pub(crate) fn test(
    package: &Package,
    harness: &HarnessPackage<'_>,
    all: &[HarnessPackage<'_>],
    arguments: &TestArgs,
    color: Option<ColorWhen>,
    columns: Option<u16>,
) -> Command {
    let TestArgs {
        filters: _,
        harness_args: _,
        exact: _,
        study: _,
        skip: _,
        threads: _,
        launcher: _,
        fresh: _,
        resume: _,
        against: _,
        accept_change: _,
        verbose,
        quiet,
        packages: _,
        features,
        build,
        manifest,
    } = arguments;
    let mut command = cargo();
    command.arg("test").args(["--package", &package.id.repr]);
    for test in &harness.tests {
        command.args(["--test", test]);
    }
    // The messages say whether the build or the harness failed; diagnostics still go to stderr as usual.
    command.args(["--no-fail-fast", "--message-format", "json-render-diagnostics"]);
    command.args(feature_flags(features, package, all)).args(build_flags(build)).args(manifest_flags(manifest));
    command.args(verbose.then_some("--verbose")).args(quiet.then_some("--quiet"));
    if let Some(color) = color {
        command.args(["--color", color.name()]);
    }
    if let Some(columns) = columns {
        // Not by variables, which targets would see.
        command.args([
            "--config",
            "term.progress.when='always'",
            "--config",
            &format!("term.progress.width={columns}"),
        ]);
    }
    ask(&mut command, arguments);
    command
}

/// What is asked of a harness, behind what starts it.
pub(crate) fn ask(command: &mut Command, arguments: &TestArgs) {
    let TestArgs { filters, harness_args, exact, skip, .. } = arguments;
    command.arg("--").args(filters).args(exact.then_some("--exact"));
    for filter in skip {
        command.args(["--skip", filter]);
    }
    command.args(harness_args);
}

/// Sets what the harness is told: everything in the table of variables is either said here or taken away.
pub(crate) fn tell_harness(
    command: &mut Command,
    project: &Project,
    results: &Utf8Path,
    arguments: &TestArgs,
    mode: Mode,
    colour: bool,
) {
    for (name, _) in variables::TABLE {
        // How many threads to use is the user's to say, also by the variable itself.
        if name != variables::THREADS {
            command.env_remove(name);
        }
    }
    command
        .env(variables::MODE, mode.name())
        .env(variables::RESULTS_DIR, results)
        .env(variables::WORKSPACE_ROOT, project.workspace_root())
        .env(variables::TARGET_DIR, project.target_directory())
        .env(variables::NONCE, told::nonce())
        .env(variables::IN_CI, if environment::ci().is_some() { "1" } else { "0" })
        .env(variables::RESULTS_SCHEMA, RESULTS_SCHEMA.to_string())
        .env(variables::CLI_VERSION, env!("CARGO_PKG_VERSION"))
        .env(variables::COLOR, if colour { "always" } else { "never" })
        .env(variables::FRESH, if sets_aside(arguments) { "1" } else { "0" })
        .env(variables::PROGRESS, if arguments.quiet { "never" } else { "asker" });
    if let Some(threads) = arguments.threads {
        command.env(variables::THREADS, threads.to_string());
    }
    if let Some((name, file)) = &arguments.study {
        command.env(variables::STUDY, format!("{name}={file}"));
    }
    // Said again, so that what forces another one on the way is noticed.
    let launcher = arguments.launcher.clone().or_else(|| environment::variable(variables::LAUNCHER));
    // One that is typed as nothing takes that of the variable away.
    if let Some(launcher) = launcher.filter(|launcher| !launcher.is_empty()) {
        command.env(variables::LAUNCHER, launcher);
    }
}

/// What was typed to choose and build the harnesses, as it is typed behind another case.
pub(crate) fn typed_again(arguments: &TestArgs) -> String {
    let TestArgs { packages, features, build, manifest, .. } = arguments;
    let PackageArgs { package, workspace, exclude, test } = packages;
    let mut words: Vec<String> = package.iter().flat_map(|name| ["-p".to_owned(), name.clone()]).collect();
    words.extend(workspace.then(|| "--workspace".to_owned()));
    words.extend(exclude.iter().map(|name| format!("--exclude={name}")));
    words.extend(test.iter().map(|name| format!("--test={name}")));
    words.extend(features.features.iter().map(|names| format!("--features={names}")));
    words.extend(features.all_features.then(|| "--all-features".to_owned()));
    words.extend(features.no_default_features.then(|| "--no-default-features".to_owned()));
    let BuildArgs { release, cargo_profile, target, target_dir, build_jobs: _, cargo_arg } = build;
    words.extend(release.then(|| "--release".to_owned()));
    words.extend(cargo_profile.iter().map(|profile| format!("--cargo-profile={profile}")));
    words.extend(target.iter().map(|target| format!("--target={target}")));
    words.extend(target_dir.iter().map(|folder| format!("--target-dir={folder}")));
    words.extend(cargo_arg.iter().map(|word| format!("--cargo-arg={}", word.to_string_lossy())));
    words.extend(manifest_flags(manifest));
    words.iter().map(|word| format!(" {}", quoted(word))).collect()
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./,:@+%".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// Whether nothing that an unfinished run left is believed: asked for, or in CI, where somebody else may have laid it there.
pub(crate) fn sets_aside(arguments: &TestArgs) -> bool {
    arguments.fresh || (environment::ci().is_some() && !arguments.resume)
}

fn build_flags(build: &BuildArgs) -> Vec<OsString> {
    let BuildArgs { release, cargo_profile, target, target_dir, build_jobs, cargo_arg } = build;
    let mut flags = Vec::new();
    flags.extend(release.then(|| OsString::from("--release")));
    let target_dir = target_dir.as_ref().map(ToString::to_string);
    for (flag, value) in
        [("--profile", cargo_profile), ("--target", target), ("--target-dir", &target_dir), ("--jobs", build_jobs)]
    {
        if let Some(value) = value {
            flags.push(OsString::from(format!("{flag}={value}")));
        }
    }
    flags.extend(cargo_arg.iter().cloned());
    flags
}

/// The features for `package`. Cargo accepts a feature if one of the selected packages has it, but sees only one
/// package per call of ours: what another package of the run has and this one has not is left out here.
fn feature_flags(features: &FeatureArgs, package: &Package, all: &[HarnessPackage<'_>]) -> Vec<String> {
    let FeatureArgs { features, all_features, no_default_features } = features;
    let is_of = |package: &Package, feature: &str| match feature.split_once('/') {
        Some((owner, _)) => {
            let owner = owner.trim_end_matches('?');
            owner == package.name.as_str()
                || package.dependencies.iter().any(|known| known.rename.as_ref().unwrap_or(&known.name) == owner)
        }
        None => package.features.contains_key(feature),
    };
    let mut flags = Vec::new();
    for feature in features.iter().flat_map(|typed| typed.split([',', ' '])).filter(|feature| !feature.is_empty()) {
        if is_of(package, feature) || !all.iter().filter_map(|other| other.package).any(|other| is_of(other, feature)) {
            flags.push(format!("--features={feature}"));
        }
    }
    flags.extend(all_features.then(|| "--all-features".to_owned()));
    flags.extend(no_default_features.then(|| "--no-default-features".to_owned()));
    flags
}

//! The cargo that is asked: which program, in which environment, about which project.

use std::ffi::OsStr;
use std::process::Command;

use crate::cli::ManifestArgs;
use crate::{environment, runner};

/// `cargo metadata` for the project that these flags mean.
pub(crate) fn metadata(manifest: &ManifestArgs) -> Command {
    let mut command = cargo();
    // What it says becomes part of a message of ours, which has its own colours.
    command.args(["metadata", "--no-deps", "--format-version", "1", "--color", "never"]);
    command.args(manifest_flags(manifest));
    command
}

/// The cargo that started us, without what it or a test runner said about *our* package and process: run by
/// `cargo run`, these variables would speak of this program, and below nextest a harness would take itself for one
/// of nextest's tests.
pub(crate) fn cargo() -> Command {
    quiet(&environment::cargo())
}

/// A program that hears nothing of that either.
pub(crate) fn quiet(program: &OsStr) -> Command {
    let mut command = runner::command(program);
    for name in environment::names().filter(|name| speaks_of_this_process(name)) {
        command.env_remove(name);
    }
    command
}

fn speaks_of_this_process(name: &str) -> bool {
    const NAMES: [&str; 7] = [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_MANIFEST_LINKS",
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_TARGET_TMPDIR",
    ];
    const PREFIXES: [&str; 3] = ["CARGO_PKG_", "CARGO_BIN_EXE_", "NEXTEST_"];
    name == "NEXTEST" || NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The flags that say which project is meant.
pub(crate) fn manifest_flags(manifest: &ManifestArgs) -> Vec<String> {
    let ManifestArgs { manifest_path, locked, offline, frozen, config, unstable } = manifest;
    let mut flags = Vec::new();
    if let Some(path) = manifest_path {
        flags.extend(["--manifest-path".to_owned(), path.to_string()]);
    }
    for (set, flag) in [(locked, "--locked"), (offline, "--offline"), (frozen, "--frozen")] {
        flags.extend(set.then(|| flag.to_owned()));
    }
    for value in config {
        flags.extend(["--config".to_owned(), value.clone()]);
    }
    for flag in unstable {
        flags.extend(["-Z".to_owned(), flag.clone()]);
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::speaks_of_this_process;

    #[test]
    fn what_cargo_and_nextest_say_about_this_process_is_known_from_what_the_user_says() {
        for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_BIN_EXE_x", "NEXTEST", "NEXTEST_RUN_ID"] {
            assert!(speaks_of_this_process(name), "{name}");
        }
        for name in ["CARGO", "CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_TERM_COLOR", "RUSTC_WRAPPER", "PATH"] {
            assert!(!speaks_of_this_process(name), "{name}");
        }
    }
}

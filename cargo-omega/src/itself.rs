//! This program as a harness: of the calibrations that omega.toml declares without any code, which no cargo builds.
//!
//! It starts itself again with a word that nobody types, so that a run is told, interrupted and read like every other one.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use camino::Utf8Path;
use omega_lock::internals::declaration::DeclarationFile;
use omega_lock::internals::harness::itself;

use crate::cargo;
use crate::environment;
use crate::failure::Failure;

/// The package and the suite that such calibrations are of.
pub(crate) const PACKAGE: &str = "workers";
pub(crate) const SUITE: &str = "omega";

/// The first argument of a process that is a harness.
const WORD: &str = "harness-of-omega-toml";

/// Runs as the harness, if this process was started as one: `WORD NAME.. -- ARGUMENT..` leaves out the calibrations of these
/// names.
pub(crate) fn called(arguments: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let mut words = arguments.into_iter().skip(1).map(|word| word.to_string_lossy().into_owned());
    if words.next()? != WORD {
        return None;
    }
    let others = words.by_ref().take_while(|word| word != "--").collect();
    Some(itself(others, words.collect()))
}

/// The command that is the harness, without the calibrations of these names.
pub(crate) fn command<'n>(others: impl IntoIterator<Item = &'n str>) -> Result<Command, Failure> {
    let program = environment::program()
        .map_err(|error| Failure::internal(format!("could not find this program's own file: {error}")))?;
    let mut command = cargo::quiet(&program);
    command.arg(WORD).args(others);
    Ok(command)
}

/// The calibrations that the omega.toml of `root` declares without code, in its order.
pub(crate) fn names(root: &Utf8Path) -> Result<Vec<String>, Failure> {
    let file = DeclarationFile::load(root).map_err(|error| Failure::usage(error.to_string()))?;
    let without_code = |name: &&str| file.settings(name).is_some_and(|settings| settings.is_without_code());
    Ok(file.names().filter(without_code).map(str::to_owned).collect())
}

/// Why there is nothing to run in a folder without a Cargo.toml.
pub(crate) fn declares_something(root: &Utf8Path) -> Result<(), Failure> {
    let path = root.join(DeclarationFile::NAME);
    let file = DeclarationFile::load(root).map_err(|error| Failure::usage(error.to_string()))?;
    let failure = match file.names().next() {
        Some(name) => Failure::usage(format!("`{path}` has a table for `{name}`, and nothing says what evaluates it")),
        None => Failure::nothing_evaluated(format!("`{path}` declares no calibration, so nothing was evaluated")),
    };
    Err(failure.help("there is no Cargo.toml: a program evaluates, and `[calibration.NAME.worker]` says which"))
}

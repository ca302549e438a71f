//! What this process was told when it was started: the one place that reads arguments, variables and directory.
#![expect(clippy::disallowed_methods, reason = "the one place of the subcommand that reads the environment")]

use std::env;
use std::ffi::OsString;
use std::io;

use camino::Utf8PathBuf;
use omega_lock::internals::harness::variables;

pub(crate) fn arguments() -> impl Iterator<Item = OsString> {
    env::args_os()
}

/// Whether this program was started under that name.
pub(crate) fn is_called(name: &str) -> bool {
    let path = env::args_os().next().unwrap_or_default();
    std::path::Path::new(&path).file_stem().is_some_and(|stem| stem == name)
}

/// A variable, if it is set and is text.
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// The variable by which a CI service says that this is no place to write committed files, as `NAME=value`.
pub(crate) fn ci() -> Option<String> {
    variables::ci(variable)
}

/// Whether this is a step of GitHub Actions, whose runner obeys what is printed.
pub(crate) fn in_github_actions() -> bool {
    variable("GITHUB_ACTIONS").as_deref() == Some("true")
}

/// The names of all variables, as far as they are text.
pub(crate) fn names() -> impl Iterator<Item = String> {
    env::vars_os().filter_map(|(name, _)| name.into_string().ok())
}

/// The cargo that started us.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"))
}

/// The file of this program.
pub(crate) fn program() -> io::Result<OsString> {
    env::current_exe().map(OsString::from)
}

/// The directory this command was started in.
pub(crate) fn current_directory() -> io::Result<Utf8PathBuf> {
    camino::absolute_utf8(env::current_dir()?)
}

//! A harness that nobody builds: `cargo omega` itself, for the calibrations that omega.toml declares without any code.

use std::process::ExitCode;

use super::Suite;
use super::project::Host;

/// Runs the calibrations without code, except those of these names, as a suite with these arguments. Root and target directory
/// are told by the variables `OMEGA_LOCK_WORKSPACE_ROOT` and `OMEGA_LOCK_TARGET_DIR`.
pub fn itself(others: Vec<String>, arguments: Vec<String>) -> ExitCode {
    Suite::new().workers_but(others).run_as(Host::Itself, arguments)
}

//! `cargo omega version`.

use omega_lock::internals::artifacts::ExitCode;

use crate::failure::Failure;
use crate::ui::Ui;

pub(crate) fn run(ui: &mut Ui) -> Result<ExitCode, Failure> {
    ui.results(concat!("cargo-omega ", env!("CARGO_PKG_VERSION"), "\n"));
    Ok(ExitCode::Pass)
}

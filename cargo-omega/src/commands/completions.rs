//! `cargo omega completions`: what a shell needs to complete the command line.

use clap::CommandFactory;
use omega_lock::internals::artifacts::ExitCode;

use crate::cli::{Cargo, CompletionsArgs};
use crate::failure::Failure;
use crate::ui::Ui;

/// The program whose words are completed; behind `cargo` it is cargo's own completion that speaks.
const PROGRAM: &str = "cargo-omega";

pub(crate) fn run(arguments: &CompletionsArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let mut grammar = Cargo::command();
    let omega = grammar.find_subcommand_mut("omega").ok_or_else(|| Failure::internal("the grammar has no `omega`"))?;
    let mut omega = omega.clone().name(PROGRAM).bin_name(PROGRAM);
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut omega, PROGRAM, &mut script);
    ui.results(&String::from_utf8_lossy(&script));
    Ok(ExitCode::Pass)
}

//! `cargo omega completions`: what a shell needs to complete the command line.

use clap::Args;
use clap_complete::Shell;
use omega_lock::internals::artifacts::ExitCode;

use crate::cli::{CompletionsArgs, Omega};
use crate::failure::Failure;
use crate::ui::Ui;

/// The program whose words are completed.
const PROGRAM: &str = "cargo-omega";
/// What the wheel for Python calls it. The script for bash is made for this name: what is made for one with a hyphen knows no
/// options of subcommands, for clap_complete spells the hyphen in two ways.
const WITHOUT_HYPHEN: &str = "omega";
/// Zsh asks the program's own completion behind `cargo`, too. Elsewhere cargo's does not know these words.
const BEHIND_CARGO_IN_BASH: &str = include_str!("../../templates/completions.bash");
const BEHIND_CARGO_IN_FISH: &str = include_str!("../../templates/completions.fish");

pub(crate) fn run(arguments: &CompletionsArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    // A program of its own and not a subcommand of cargo: the scripts tell commands by the whole line.
    let (program, behind_cargo) = match arguments.shell {
        Shell::Bash => (WITHOUT_HYPHEN, BEHIND_CARGO_IN_BASH),
        Shell::Fish => (PROGRAM, BEHIND_CARGO_IN_FISH),
        _ => (PROGRAM, ""),
    };
    let mut grammar = Omega::augment_args(clap::Command::default().name(program));
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut grammar, program, &mut script);
    ui.results(&format!("{}{behind_cargo}", String::from_utf8_lossy(&script)));
    Ok(ExitCode::Pass)
}

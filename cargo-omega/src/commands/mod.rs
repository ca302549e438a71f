//! The subcommands, one file each: load, run, render, exit code.

mod attest;
mod audit;
mod bench;
mod check;
mod completions;
mod declaration;
mod demo;
mod diff;
mod eval;
mod explain;
mod explain_key;
mod gate;
mod import;
mod init;
mod init_python;
mod lock;
mod report;
mod review;
mod schema;
mod ship;
mod show;
mod study;
mod study_again;
mod test;
mod update_gold;
mod verify;
mod version;
mod worker;

use std::ffi::OsString;

use clap::Parser;
use omega_lock::internals::artifacts::ExitCode;

use crate::cli::{self, Cargo, Command};
use crate::ui::{self, Ui};

/// Does what these arguments say and shows how it went.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = cli::with_omega(arguments);
    let mut ui = Ui::new(ui::typed_color(&arguments));
    let code = match Cargo::try_parse_from(&arguments) {
        Ok(Cargo::Omega(omega)) => {
            let outcome = match &omega.command {
                Command::Study(arguments) => study::run(arguments, omega.color, &mut ui),
                Command::Test(arguments) => test::run(arguments, omega.color, &mut ui),
                Command::Init(arguments) => init::run(arguments, &mut ui),
                Command::Attest(arguments) => attest::run(arguments, &mut ui),
                Command::Check(arguments) => check::run(arguments, &mut ui),
                Command::Eval(arguments) => eval::run(arguments, &mut ui),
                Command::Audit(arguments) => audit::run(arguments, &mut ui),
                Command::Bench(arguments) => bench::run(arguments, &mut ui),
                Command::Demo => demo::run(&mut ui),
                Command::UpdateGold(arguments) => update_gold::run(arguments, omega.color, &mut ui),
                Command::Ship(arguments) => ship::run(arguments, &mut ui),
                Command::Review(arguments) => review::run(arguments, &mut ui),
                Command::Lock(arguments) => lock::run(arguments, &mut ui),
                Command::Diff(arguments) => diff::run(arguments, &mut ui),
                Command::Gate(arguments) => gate::run(arguments, &mut ui),
                Command::Import(arguments) => import::run(arguments, &mut ui),
                Command::Report(arguments) => report::run(arguments, &mut ui),
                Command::Show(arguments) => show::run(arguments, &mut ui),
                Command::Verify(arguments) => verify::run(arguments, &mut ui),
                Command::Explain(arguments) => explain::run(arguments, &mut ui),
                Command::Completions(arguments) => completions::run(arguments, &mut ui),
                Command::Schema(arguments) => schema::run(arguments, &mut ui),
                Command::Worker(arguments) => worker::run(arguments, &mut ui),
                Command::Version => version::run(&mut ui),
            };
            outcome.unwrap_or_else(|failure| {
                ui.error(&failure.message);
                failure.code
            })
        }
        Err(message) => {
            ui.grammar(&message);
            if message.use_stderr() { ExitCode::Usage } else { ExitCode::Pass }
        }
    };
    match ui.finish() {
        Ok(()) => code,
        Err(failure) => ExitCode::strongest([code, failure.code]),
    }
}

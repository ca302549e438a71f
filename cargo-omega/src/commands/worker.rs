//! `cargo omega worker check`: does a program keep to the protocol of workers?

use omega_lock::internals::artifacts::ExitCode;
use omega_lock::internals::report::{escaped, escaped_line};
use omega_lock::worker::{EXCHANGES, Exchange, Refused, check};
use serde_json::{Map, Value};

use crate::cli::{CheckArgs, WorkerArgs, WorkerCommand};
use crate::failure::Failure;
use crate::ui::{Role, Ui};

pub(crate) fn run(arguments: &WorkerArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let WorkerCommand::Check(CheckArgs { slice, calibration, worker }) = &arguments.command;
    let slice: Map<String, Value> = serde_json::from_str(slice).map_err(|error| {
        Failure::usage(format!("`--slice` is no JSON object: {error}")).help("such as '{\"years\": [2019, 2020]}'")
    })?;
    let mut number = 0;
    let checked = check(worker, calibration, slice.into(), &mut |exchange, held| {
        number += 1;
        ui.results(&line(number, exchange, held));
    });
    match checked {
        Ok(0) => {
            ui.results(&format!("{number} exchanges, all as the protocol wants them\n"));
            Ok(ExitCode::Pass)
        }
        Ok(failed) => {
            ui.results(&format!("{number} exchanges, {failed} not as the protocol wants them\n"));
            Ok(ExitCode::No)
        }
        Err(Refused::NotStarted(why)) => Err(Failure::usage(why)),
        Err(refused) => {
            let message = format!("{refused}: {} of {} exchanges", EXCHANGES.len() - number, EXCHANGES.len());
            Err(Failure { code: ExitCode::TargetFailed, message })
        }
    }
}

/// A line of an exchange, and below it what went wrong.
fn line(number: usize, exchange: &Exchange, held: Result<(), &str>) -> String {
    let name = escaped_line(exchange.name);
    match held {
        Ok(()) => format!("{number:>2} {} {name}\n", Role::Good.paint("ok  ")),
        Err(why) => {
            let mut why = escaped(why);
            if !why.contains("\nhelp: ") {
                why = format!("{why}\nhelp: {}", exchange.help);
            }
            format!("{number:>2} {} {name}\n        {}\n", Role::Bad.paint("FAIL"), why.replace('\n', "\n        "))
        }
    }
}

//! `cargo omega`: runs the calibrations of a workspace as tests and gates merges on them.
//!
//! The map, in reading order. `cli` is what can be typed. `commands` holds one file per subcommand: load, run, render,
//! exit code. `project` asks cargo for the packages and `harness_target` finds the harnesses in them; `cargo_command`
//! writes the command lines, `itself` is the harness of what no package has, `runner` spawns them, `results` collects what the harnesses wrote (`session` is one such
//! sitting, and `told` what they were asked), `tally` counts it and `report` shows it, `winner` what would ship; `outlets` are where it goes beside that. `against` compares with what another commit has accepted, `revision` finds that commit through `git`, `gold` those of this one, `shipping` what production takes of them, `scaffold` is what `init` makes, `artifact` opens a file named on the
//! command line, `inspection` looks at what it shows of itself, `page` is both as HTML, `candidate` one candidate of a run. `under_way` is a run that has not ended, `progress` shows the runs of a sitting. `ui` is the only printer, `failure`
//! a reason to stop, `interrupt` one from outside. The world is touched in three places: `environment` reads what this
//! process was told, `disk` files, and `runner` starts processes.
//!
//! What is absent: nothing here judges. A verdict comes out of a results file or not at all, and no text that a test
//! binary prints is ever read.

mod against;
mod artifact;
mod candidate;
mod cargo;
mod cargo_command;
mod cli;
mod commands;
mod disk;
mod environment;
mod failure;
mod git;
mod gold;
mod harness_target;
mod inspection;
mod interrupt;
mod itself;
mod outlets;
mod page;
mod progress;
mod project;
mod report;
mod results;
mod revision;
mod runner;
mod runs;
mod scaffold;
mod scores;
mod session;
mod shipping;
mod stopwatch;
mod study;
mod tally;
mod told;
mod trail;
mod tried;
mod ui;
mod under_way;
mod winner;

use std::process;

use omega_lock::internals::artifacts::ExitCode;
use omega_lock::internals::harness::variables::GUARD;

/// Runs what the arguments of this process ask for.
pub fn main() -> process::ExitCode {
    // A harness that was killed leaves workers, and this process may be the one that ends them.
    if let Some(guard) = omega_lock::worker::guarded(GUARD) {
        ui::Ui::new(None).error(&format!(
            "{GUARD} is set: this process runs nothing, and only ends workers whose harness is gone\nhelp: unset it"
        ));
        return guard.watch();
    }
    if let Some(code) = itself::called(environment::arguments()) {
        return code;
    }
    // Rust would exit 101 after a panic and 1 after an `Err` from `main`; here 1 always means a finished question
    // whose answer is no.
    let code = std::panic::catch_unwind(|| commands::run(environment::arguments())).unwrap_or(ExitCode::Internal);
    code.into()
}

/// Reads a study of another tool to its end and forgets it: the door of the fuzz targets, and nobody else's.
#[doc(hidden)]
pub fn read_study(path: &str) {
    read(&study::Told { file: path.into(), ..Default::default() });
}

/// The same for files that do not say what was optimised: smaller is better of `score`, and `params` are patterns.
#[doc(hidden)]
pub fn read_told_study(path: &str, study: Option<&str>, score: &str, params: &[&str]) {
    read(&study::Told {
        file: path.into(),
        study: study.map(str::to_owned),
        score: Some(score.to_owned()),
        direction: Some(omega_lock::internals::artifacts::Direction::Minimize),
        params: params.iter().map(|&pattern| pattern.to_owned()).collect(),
    });
}

fn read(told: &study::Told) {
    let _ = study::open(told).and_then(|reader| reader.trials(&mut |_| Ok(())));
}

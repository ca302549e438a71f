//! The process that is killed: runs the calibration and says how many rows were acknowledged before each evaluation.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::calibration::{declaration, lock, run_locked};

/// Runs in the folder on one thread, each evaluation taking as long as `TRAIL_PAUSE` says, in microseconds.
pub(crate) fn run(folder: OsString) -> ExitCode {
    let folder = Path::new(&folder);
    let pause: u64 = std::env::var("TRAIL_PAUSE").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let said = AtomicU64::new(0);
    let watch = |acknowledged: u64| {
        if said.swap(acknowledged, Ordering::Relaxed) != acknowledged {
            let mut out = std::io::stdout();
            // Nobody may be listening.
            let _ = writeln!(out, "acknowledged {acknowledged}").and_then(|()| out.flush());
        }
        std::thread::sleep(Duration::from_micros(pause));
    };
    let lock = lock(folder);
    let alone = folder.join("somebody runs");
    std::fs::File::create_new(&alone).expect("nobody else runs here");
    let judged = run_locked(&lock, &declaration(), "this build", 1, &watch);
    std::fs::remove_file(&alone).expect("the marker is there");
    match judged {
        Ok(judged) => {
            println!("{}", judged.result.verdict);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(5)
        }
    }
}

/// This program as a child that runs in `folder`.
pub(crate) fn command(folder: &Path, pause: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("a program has a path"));
    command.env("TRAIL_CHILD", folder).env("TRAIL_PAUSE", pause);
    command
}

/// Starts it.
pub(crate) fn start(mut command: Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the child starts")
}

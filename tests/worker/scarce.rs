//! Workers on a machine that is short of something, and processes that are gone before they are needed.

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use omega_lock::prelude::*;
use omega_lock::worker::Workers;

use crate::bowl::{crooked, left, marked, space};

/// What the child does: it asks workers of both kinds, more often than they have places, and says what it heard.
#[expect(clippy::print_stdout, reason = "its parent reads what it says")]
pub(crate) fn child() -> ExitCode {
    let stays = crooked(&[""]).space(space()).processes(2).lost_retries(1);
    let once = Workers::new("simulator", ["sh", "-c", "echo 1"]).once().space(space()).lost_retries(1);
    for workers in [stays, once.slice(Role::Train, [("year", 2019)])] {
        let workers = workers.pass("MARK");
        let worker = workers.target(Role::Train)().expect("nothing is started for it");
        println!("{} are being started", worker.programs()[0].warm_up(2));
        for _ in 0..4 {
            let said = worker.evaluate(&space().neutral()).map_err(|error| error.reason());
            println!("{}", said.map_or_else(|reason| reason, |evaluation| evaluation.fitness.to_string()));
        }
    }
    ExitCode::SUCCESS
}

/// What it said, with these words for sh before it; within half a minute, or it hangs.
fn said(before: &str) -> String {
    let mark = tempfile::tempdir().expect("a name that nobody else has");
    let mark = mark.path().display().to_string();
    let itself = std::env::current_exe().expect("a program has a path");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{before} exec \"$0\"")]).arg(itself).env("WORKER_SCARCE", "1").env("MARK", &mark);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let started = Instant::now();
    while child.try_wait().expect("it is there").is_none() {
        if started.elapsed() > Duration::from_secs(30) {
            child.kill().expect("it is there");
            panic!("it hangs");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().expect("it has ended");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    assert_eq!(left(&mark), [""; 0], "what was started is ended: {text}");
    text
}

pub(crate) fn threads() {
    let said = said("export RUST_MIN_STACK=1000000000000000;");
    let times = said.matches("2 times in a row: the last time it could not be listened to, because no thread").count();
    assert_eq!(times, 8, "{said}");
    assert!(said.contains("0 are being started") && said.contains("fewer `processes`"), "{said}");
}

pub(crate) fn files() {
    let said = said("ulimit -n 7;");
    let times = said.matches("2 times in a row: the last time it could not be started").count();
    assert_eq!(times, 8, "no file is left for its streams, which is no fault of the command: {said}");
}

pub(crate) fn idle() {
    let folder = tempfile::tempdir().expect("a name that nobody else has");
    let mark = folder.path().display().to_string();
    let workers = crooked(&[""]).env("MARK", &mark).space(space()).processes(4).lost_retries(0);
    let worker = workers.target(Role::Train)().expect("nothing is started for it");
    assert_eq!(worker.programs()[0].warm_up(4), 4);
    let started = Instant::now();
    while marked(&mark).len() < 4 && started.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    worker.evaluate(&space().neutral()).expect("it answers");
    // The others have said hello by now.
    std::thread::sleep(Duration::from_secs(1));
    for process in marked(&mark) {
        let number = process.rsplit('/').next().expect("a number");
        let status = Command::new("kill").args(["-9", number]).status().expect("it starts");
        assert!(status.success(), "{process} is there");
    }
    assert_eq!(left(&mark), [""; 0]);
    worker.evaluate(&space().neutral()).expect("nobody had asked those that died");
    let tally = worker.programs()[0].tally();
    assert_eq!((tally.started, tally.lost, tally.retries), (5, 4, 0));
}

//! `cargo omega worker check`: programs that keep to the protocol, and programs that do not.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use omega_lock::worker::EXCHANGES;

use crate::support::{Project, Shown};

/// Holds a program of this repository against the protocol.
fn check(command: &[&str]) -> Shown {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root of the repository");
    let in_repository = |word: &&str| match word.contains('/') {
        true => repository.join(word).display().to_string(),
        false => (*word).to_owned(),
    };
    let command: Vec<String> = command.iter().map(in_repository).collect();
    let arguments = ["worker", "check", "--slice", r#"{"center": 1.5}"#, "--"];
    Project::empty().omega(arguments.into_iter().chain(command.iter().map(|word| &**word))).run()
}

/// The names of the exchanges that did not go as the protocol wants them.
fn failed(shown: &Shown) -> Vec<&str> {
    shown.stdout.lines().filter_map(|line| Some(line.trim_start().split_once(" FAIL ")?.1)).collect()
}

#[test]
fn the_example_workers_keep_to_the_protocol_in_thirty_exchanges() {
    assert_eq!(EXCHANGES.len(), 30);
    for worker in [["python3", "examples/workers/bowl.py"], ["sh", "examples/workers/bowl.sh"]] {
        let shown = check(&worker);
        assert_eq!(shown.code, Some(0), "{shown:?}");
        for (place, exchange) in EXCHANGES.iter().enumerate() {
            shown.shows(&format!("{:>2} ok   {}\n", place + 1, exchange.name));
        }
        shown.shows("30 exchanges, all as the protocol wants them\n");
    }
}

#[test]
fn an_exchange_that_goes_wrong_exits_1_with_what_came_and_what_helps() {
    for (defect, exchange, says) in [
        ("no-fitness", "evaluates the baseline", "it sent an answer in which the `result` has no `fitness`"),
        ("draws", "answers the same question alike", "it answered fitness "),
        ("counts", "has as many blocks in every evaluation", "it sent 1 blocks, and once 2"),
        ("short-lines", "reads a line of one MiB", "help: a line may have 16 MiB"),
        ("forks", "leaves no process behind", "something that it started is still there a second after it"),
        ("exits-badly", "ends when its input is closed", "it ended with exit status 7"),
        ("small-ids", "carries an id of sixteen digits", "it answered question "),
    ] {
        let shown = check(&["python3", "tests/worker/crooked.py", defect]);
        assert_eq!(shown.code, Some(1), "{defect}: {shown:?}");
        assert!(failed(&shown).contains(&exchange), "{defect}: {shown:?}");
        shown.shows(says);
        let count = failed(&shown).len();
        shown.shows(&format!("30 exchanges, {count} not as the protocol wants them\n"));
    }
}

#[test]
fn a_command_that_is_not_there_exits_2_and_one_that_is_no_worker_exits_4() {
    let shown = check(&["no-such-worker"]);
    assert_eq!(shown.code, Some(2), "{shown:?}");
    shown.says("`no-such-worker` could not be started");
    let shown = check(&["echo", "ready"]);
    assert_eq!(shown.code, Some(4), "{shown:?}");
    shown.shows(" 1 FAIL says hello\n").shows("no JSON object: `ready`").shows("print to standard error");
    shown.says("the worker cannot be asked for an evaluation").says("29 of 30 exchanges");
    let project = Project::empty();
    project.omega(["worker", "check", "--slice", "7", "--", "true"]).exits(2).says("`--slice` is no JSON object");
    project.omega(["worker", "check"]).exits(2).says("COMMAND");
}

/// The processes that have this word among their arguments.
fn with_argument(word: &str) -> usize {
    let processes = std::fs::read_dir("/proc").expect("Linux").filter_map(|entry| Some(entry.ok()?.path()));
    let has = |folder: &std::path::PathBuf| {
        let line = std::fs::read(folder.join("cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|argument| argument == word.as_bytes())
    };
    processes.filter(has).count()
}

#[test]
fn a_worker_that_listens_to_nothing_does_not_outlive_a_killed_cargo_omega_by_15_s() {
    let (project, word) = (Project::empty(), format!("mark-{}", std::process::id()));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/worker/crooked.py");
    let script = script.to_str().expect("UTF-8");
    // The word is an argument of `cargo omega`, too.
    let command = ["worker", "check", "--", "python3", script, "immortal-silent", &word];
    let mut checking = project.omega_command(command);
    let mut checking = checking.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let begun = Instant::now();
    while with_argument(&word) < 2 {
        assert!(begun.elapsed() < Duration::from_secs(20), "no worker was started");
        std::thread::sleep(Duration::from_millis(20));
    }
    // It has to have begun to listen to nothing.
    std::thread::sleep(Duration::from_secs(2));
    checking.kill().expect("it can be killed");
    checking.wait().expect("it ends");
    let killed = Instant::now();
    while with_argument(&word) > 0 {
        assert!(killed.elapsed() < Duration::from_secs(15), "the worker is still there");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(killed.elapsed() > Duration::from_secs(9), "it has ten seconds: {:?}", killed.elapsed());
}

#[test]
fn a_cargo_omega_that_is_told_to_be_a_guard_by_hand_runs_nothing_and_exits_2() {
    let project = Project::empty();
    let mut command: Command = project.omega_command(["demo"]);
    let output = command.env("OMEGA_LOCK_GUARD", "1").stdin(Stdio::null()).output().expect("it starts");
    let shown = Shown::of(&output);
    assert_eq!((shown.code, &*shown.stdout), (Some(2), ""), "{shown:?}");
    shown.says("OMEGA_LOCK_GUARD is set").says("help: unset it");
}

//! Ctrl-C, as a terminal sends it, to every process of the group; other signals, as a service sends them, to `cargo omega`
//! alone; and processes that outlive what started them.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{Omega, Project, Shown, Suite};

const FILES: [&str; 3] = ["trail.jsonl", "result.json", "scorecard.txt"];

fn artifacts(project: &Project) -> [String; 3] {
    FILES.map(|name| project.read(&format!("target/omega/probe/bowl/{name}")))
}

fn evaluated(project: &Project) -> usize {
    let path = project.path("probe.log");
    let log = if path.exists() { project.read("probe.log") } else { String::new() };
    log.lines().filter(|line| *line == "evaluated").count()
}

/// Starts it in a group of its own, waits until some evaluations are done, and presses Ctrl-C. Comes back when every
/// process that could still write to its streams is gone.
fn interrupted(project: &Project, omega: Omega) -> Shown {
    ended_by("-INT -", project, omega)
}

/// The same with another signal; the words are those of `kill` before the number of the process, a `-` for its group.
fn ended_by(signal: &str, project: &Project, omega: Omega) -> Shown {
    let log = project.path("probe.log");
    let before = evaluated(project);
    let mut command = omega.env("PROBE", "slow").env("PROBE_LOG", log.to_str().expect("UTF-8")).into_command();
    let child = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    while evaluated(project) < before + 8 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let kill = format!("kill {signal}{}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
    Shown::of(&child.wait_with_output().expect("it ends"))
}

/// The trail has its header and whole rows, and no end. Tells how many evaluations.
fn left_unfinished(project: &Project) -> usize {
    let trail = project.read("target/omega/probe/bowl/trail.jsonl");
    assert!(trail.ends_with("}\n"), "a piece of a row is left");
    project.omega(["verify", "target/omega/probe/bowl"]).exits(1).shows("chain ok").shows("the run has not ended");
    trail.lines().count() - 1
}

#[test]
fn ctrl_c_stops_cargo_omega_with_a_whole_trail_and_the_next_run_ends_with_the_same_bytes() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let whole = artifacts(&project);
    let all = whole[0].lines().count() - 2;

    let shown = interrupted(&project, project.omega(["test", "--threads", "1"]));
    assert_eq!(shown.code, Some(5), "{shown:?}");
    shown.says("stopping after the current evaluations; Ctrl-C again ends at once");
    shown.says("error: interrupted; nothing counts as passed").says("the next `cargo omega test` continues");
    shown.hides("PASS").hides("ended without results");
    let left = left_unfinished(&project);
    assert_eq!(left, evaluated(&project), "an evaluation that was made is not in the trail");
    shown.shows(&format!("interrupted after evaluation {left}"));
    assert!(left < all);
    assert_eq!(project.results().exit_code, 5);

    let log = project.path("probe.log");
    let shown = project.omega(["test"]).env("PROBE", "slow").env("PROBE_LOG", log.to_str().expect("UTF-8")).exits(0);
    shown.says(&format!("is continued behind evaluation {left}"));
    assert_eq!(evaluated(&project), all, "something was evaluated twice");
    assert_eq!(artifacts(&project), whole);
}

#[test]
fn a_signal_to_cargo_omega_alone_stops_the_harness_with_a_whole_trail() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let whole = artifacts(&project);
    for signal in ["-TERM ", "-HUP "] {
        let shown = ended_by(signal, &project, project.omega(["test", "--fresh", "--threads", "1"]));
        assert_eq!(shown.code, Some(5), "{shown:?}");
        shown.says("`cargo omega` has ended or was told to; stopping after the current evaluations");
        shown.says("error: interrupted; nothing counts as passed");
        let left = left_unfinished(&project);
        shown.shows(&format!("interrupted after evaluation {left}"));
    }
    project.omega(["test"]).env("PROBE", "slow").exits(0).says("is continued behind evaluation ");
    assert_eq!(artifacts(&project), whole);
}

#[test]
fn a_cargo_omega_that_is_killed_leaves_no_harness_behind_and_the_next_one_sweeps_its_folder() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let whole = artifacts(&project);
    // It comes back when the harness, which writes to the same stderr, is gone.
    let shown = ended_by("-KILL ", &project, project.omega(["test", "--threads", "1"]));
    shown.says("`cargo omega` has ended or was told to");
    let left = left_unfinished(&project);
    assert!(left < whole[0].lines().count() - 2, "it ran to its end");

    let folders = || {
        let entries = std::fs::read_dir(project.path("target/omega")).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths.filter(|path| path.to_string_lossy().contains("/.run-")).collect::<Vec<_>>()
    };
    let [left_behind] = folders().try_into().expect("the folder of the killed run");
    let aged = Command::new("touch").args(["-d", "2 hours ago"]).arg(&left_behind).status().expect("touch starts");
    assert!(aged.success());
    // Somebody still waits for the answers in this one.
    project.file("target/omega/.run-waits/asker.lock", "");
    let waits = std::fs::File::open(project.path("target/omega/.run-waits/asker.lock")).expect("a lock file");
    waits.lock().expect("the lock");
    let aged = Command::new("touch").args(["-d", "2 hours ago"]).arg(project.path("target/omega/.run-waits")).status();
    assert!(aged.expect("touch starts").success());
    project.omega(["test"]).env("PROBE", "slow").exits(0).says("is continued behind evaluation ");
    assert_eq!(artifacts(&project), whole);
    assert_eq!(folders(), [project.path("target/omega/.run-waits")]);
}

#[test]
fn a_process_that_a_target_leaves_behind_is_not_waited_for_and_a_pass_stays_one() {
    let project = Project::with(&Suite::passing());
    project.omega(["test"]).exits(0).hides("is still there");
    project.file("fake/calibration.leaves", "");
    let began = std::time::Instant::now();
    let shown = project.omega(["test"]).run();
    let took = began.elapsed();
    drop(Command::new("kill").arg(project.read("fake/calibration.left")).status());
    assert_eq!(shown.code, Some(0), "{shown:?}");
    assert!(took < Duration::from_secs(30), "it waited for the process: {took:?}");
    shown.says("warning: a process that `demo` started is still there and holds its output; nobody waits for it");
    shown.shows("phantom  PASS");
}

#[test]
fn ctrl_c_stops_plain_cargo_test_too() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let whole = artifacts(&project);
    // The copy is built outside of it.
    let target = project.path("target");
    let cargo = project.cargo(["test", "--offline", "--test", "calibration"]);
    let shown = interrupted(&project, cargo.env("OMEGA_LOCK_TARGET_DIR", target.to_str().expect("UTF-8")));
    assert_ne!(shown.code, Some(0), "{shown:?}");
    shown.says("stopping after the current evaluations").shows("the trail is whole; the next run continues there");
    left_unfinished(&project);
    project.omega(["test"]).env("PROBE", "slow").exits(0).says("is continued behind evaluation ");
    assert_eq!(artifacts(&project), whole);
}

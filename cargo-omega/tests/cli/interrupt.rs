//! Ctrl-C, as a terminal sends it: to every process of the group.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{Omega, Project, Shown};

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
    let log = project.path("probe.log");
    let mut command = omega.env("PROBE", "slow").env("PROBE_LOG", log.to_str().expect("UTF-8")).into_command();
    let child = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    while evaluated(project) < 8 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let kill = format!("kill -INT -{}", child.id());
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

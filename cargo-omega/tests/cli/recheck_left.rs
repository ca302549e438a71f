//! What a recheck leaves behind that is refused, or stopped in the middle.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::recheck::{DECLARED, TARGET};
use crate::support::{Project, Shown};
use crate::workers::omega;

const LEFT: &str = "target/omega/workers/bowl/recheck";

/// A calibration that is accepted and rechecked once, whose target hangs at its fourth evaluation once `scale` says so.
fn rechecked() -> Project {
    let project = Project::empty();
    let hangs = "drift = float(words[0]), \"drift\" in words\n        if \"hang\" in words and len(open(\"target/asked\").readlines()) > 3:\n            import time; time.sleep(600)";
    let target = TARGET.replace("drift = float(words[0]), \"drift\" in words", hangs);
    assert_ne!(target, TARGET);
    project.file("target.py", &target).file("scale", "1.0").file("omega.toml", DECLARED);
    omega(&project, ["lock"]).exits(0);
    omega(&project, ["update-gold", "--reason", "first"]).exits(0);
    omega(&project, ["test", "--recheck"]).exits(0);
    project
}

/// Presses Ctrl-C while the fourth evaluation of a recheck hangs.
fn stopped(project: &Project) -> (Shown, Duration) {
    project.file("scale", "1.0 hang").file("target/asked", "");
    let mut command = omega(project, ["test", "--recheck"]).into_command();
    let child = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let begun = Instant::now();
    while project.read("target/asked").lines().count() < 4 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was asked");
        std::thread::sleep(Duration::from_millis(20));
    }
    let pressed = Instant::now();
    let kill = format!("kill -INT -{}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
    let shown = Shown::of(&child.wait_with_output().expect("it ends"));
    (shown, pressed.elapsed())
}

#[test]
fn one_that_is_refused_leaves_nothing_of_the_one_before() {
    let project = rechecked();
    assert!(project.path(&format!("{LEFT}/recheck.json")).exists());
    project.change("omega.toml", "points_per_axis = 9", "points_per_axis = 7");
    omega(&project, ["test", "--recheck"]).exits(1).shows("run the search");
    assert!(!project.path(&format!("{LEFT}/recheck.json")).exists());
    let shown = omega(&project, ["attest", LEFT]).run();
    assert!(shown.code.is_some_and(|code| code > 1), "{shown:?}");
}

#[test]
fn ctrl_c_gives_up_what_a_recheck_is_not_answered_and_the_next_one_goes_on_unless_gold_is_another_one() {
    let project = rechecked();
    let (shown, took) = stopped(&project);
    assert_eq!(shown.code, Some(5), "{shown:?}");
    shown.says("what workers have not answered in 10 s is given up").hides("was lost");
    assert!(took < Duration::from_secs(28), "{took:?}");
    project.file("scale", "1.0");
    omega(&project, ["test", "--recheck"]).exits(0).says("continued behind evaluation");

    let (shown, _) = stopped(&project);
    assert_eq!(shown.code, Some(5), "{shown:?}");
    project.file("scale", "1.5");
    omega(&project, ["update-gold", "--reason", "another scale"]).exits(0);
    omega(&project, ["test", "--recheck"]).exits(0).says("is set aside").says("fixtures/gold/bowl.json");
}

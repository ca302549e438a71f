//! `cargo omega show` while a run goes on, and after one was killed.

use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::{Project, Shown};

/// A run of so many milliseconds an evaluation, in the background.
fn begun(project: &Project, milliseconds: u32) -> Child {
    let mut command = project.omega_command(["test", "--threads", "1"]);
    command.env("PROBE", "slow").env("PROBE_MS", milliseconds.to_string());
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
}

/// What `show bowl` says once it says this.
fn once_it_says(project: &Project, text: &str) -> Shown {
    for _ in 0..600 {
        let shown = project.omega(["show", "bowl"]).run();
        if shown.stdout.contains(text) {
            return shown;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("nobody said {text:?}: {:?}", project.omega(["show", "bowl"]).run());
}

#[test]
fn show_tells_of_a_run_that_goes_on_and_of_its_end() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    project.omega(["show", "bowl"]).exits(0).shows("Verdict:      PASS").hides("under way");
    let mut run = begun(&project, 150);
    let shown = once_it_says(&project, " of 25, ");
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown
        .shows("`bowl` is under way: process ")
        .shows(" UTC (")
        .shows(" of 25, ")
        .shows(" of about 43, ")
        .shows("/s, ");
    shown.shows(" left\n").shows("\n  best on train  -");
    // Below it is what its trail has so far, and nothing of the run before.
    shown.shows("=== omega-lock trail: bowl ===").shows("none: the run has not ended").hides("Verdict:      PASS");
    let listed = project.omega(["show"]).exits(0);
    listed.shows("none: under way").shows("bowl: train ");
    project.omega(["show", "bowl", "--candidate", "0"]).exits(0).shows("bowl: candidate #0 of ");
    assert!(run.wait().expect("it ends").success());
    project.omega(["show", "bowl"]).exits(0).shows("Verdict:      PASS").hides("under way");
    project.omega(["show"]).exits(0).hides("under way").shows("PASS");
}

#[cfg(unix)]
#[test]
fn show_says_of_a_run_that_was_killed_that_it_did_not_come_to_its_end() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let mut run = begun(&project, 150);
    once_it_says(&project, "train search");
    let said: serde_json::Value =
        serde_json::from_str(&project.read("target/omega/probe/bowl/progress.json")).expect("JSON");
    let harness = said["process"].to_string();
    let killed = std::process::Command::new("sh").args(["-c", &format!("kill -KILL {harness}")]).status();
    assert!(killed.expect("a shell").success());
    assert!(!run.wait().expect("it ends").success());
    let shown = project.omega(["show", "bowl"]).exits(0);
    shown.shows(&format!("`bowl` did not come to its end: process {harness}, which began at "));
    shown.shows("was killed").shows("the next `cargo omega test` continues it").shows("none: the run has not ended");
    project.omega(["show"]).exits(0).shows("none: killed");
    project.omega(["test"]).exits(0).says("is continued behind evaluation ");
    project.omega(["show", "bowl"]).exits(0).shows("Verdict:      PASS").hides("killed");
}

#[test]
fn half_a_row_at_the_end_is_one_that_is_being_written_and_no_progress_file_is_believed_too_much() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let folder = "target/omega/probe/bowl";
    let trail = project.read(&format!("{folder}/trail.jsonl"));
    let rows: Vec<&str> = trail.lines().collect();
    project.file(&format!("{folder}/trail.jsonl"), &format!("{}\n{}", rows[..9].join("\n"), &rows[9][..40]));
    std::fs::remove_file(project.path(&format!("{folder}/result.json"))).expect("a result");
    let lock = std::fs::File::open(project.path(&format!("{folder}/trail.lock"))).expect("a lock file");
    lock.lock().expect("the lock");
    let shown = project.omega(["show", "bowl"]).exits(0);
    shown.shows(" has just begun.").shows("Evaluations:  8");
    project.omega(["show", "bowl", "--candidate", "0"]).exits(0);
    let hostile = r#"{"schema_version":"omega-lock.progress.v1","calibration":"bowl\u001b[2J","process":1,"started":"\u001b[2J",
        "seconds":"nan","step":"a\u202eb","planned":1,"done":18446744073709551615,"made":3,"making":-1,
        "phases":[{"name":"\u001b[2J","expected":0,"done":5,"made":9,"making":"inf"}],"best":"nan"}"#;
    project.file(&format!("{folder}/progress.json"), hostile);
    for arguments in [&["show", "bowl"][..], &["show"]] {
        project.omega(arguments.iter().copied()).exits(0).hides("\u{1b}").hides("\u{202e}").shows("under way");
    }
    for broken in ["", "{", "[1]", r#"{"schema_version":"omega-lock.progress.v9"}"#] {
        project.file(&format!("{folder}/progress.json"), broken);
        project.omega(["show", "bowl"]).exits(0).shows(" has just begun.");
    }
}

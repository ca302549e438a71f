//! What somebody laid in the target directory beforehand: an unfinished trail to be continued.

use std::fs;

use crate::support::Project;
use crate::trail::{RUN, chained, ends, probe_log, trail};

/// What a run leaves beside its trail to be continued by the same binary. One that ends before that is known leaves none.
fn binary(project: &Project) -> String {
    project.omega(["test"]).env("PROBE", "die_once").env("PROBE_LOG", &probe_log(project)).exits(5);
    let binary = project.read(&format!("{RUN}/binary.sha256"));
    fs::remove_file(project.path(&format!("{RUN}/trail.jsonl"))).expect("a trail");
    binary
}

/// Lays the whole trail of a good run, without its end, in the place of a run that was interrupted; whoever continues it
/// evaluates nothing.
fn laid() -> Project {
    let project = Project::copy_of("probe");
    let binary = binary(&project);
    project.omega(["test"]).exits(0);
    let bytes = trail(&project);
    let ends = ends(&bytes);
    fs::write(project.path(&format!("{RUN}/trail.jsonl")), &bytes[..ends[ends.len() - 2]]).expect("it is cut");
    project.file(&format!("{RUN}/binary.sha256"), &binary);
    project.commit("everything");
    project.git(["add", "--force", "target/omega"]);
    project.commit("a target directory that is committed");
    project
}

#[test]
fn a_forged_unfinished_trail_in_a_committed_target_directory_decides_nothing_in_ci() {
    let project = laid();
    let committed = |project: &Project| project.git(["checkout", "--quiet", "--", "."]);
    let run = |arguments: &[&str], ci: &str| {
        // So bad that the holdout fails.
        let omega = project.omega(arguments.iter().copied()).env("PROBE_DRIFT", "-1000");
        if ci.is_empty() { omega.run() } else { omega.env("CI", ci).run() }
    };
    let shown = run(&["test"], "true");
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows("FAIL:").says("where CI is set, only `--resume` continues one").says("trail-aside-1.jsonl");
    // Whoever asks for it gets it, and is told.
    committed(&project);
    let shown = run(&["test", "--resume"], "true");
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("PASS (profile reference, lock off, gold off; continued behind evaluation ");
    // The variable that says so cannot be set by a file of the repository without being noticed.
    committed(&project);
    project.file(".cargo/config.toml", "[env]\nOMEGA_LOCK_FRESH = { value = \"0\", force = true }\n");
    let shown = run(&["test"], "true");
    assert_eq!(shown.code, Some(5), "{shown:?}");
    shown.says("found `0` in OMEGA_LOCK_FRESH, and cargo omega said `1`").says("look at `[env]`");
}

/// Somebody adds rows to an unfinished trail; the run that continues it does not ask for them.
#[test]
fn a_continued_run_that_leaves_rows_over_gives_no_verdict() {
    let project = Project::copy_of("probe");
    let binary = binary(&project);
    project.omega(["test"]).exits(0);
    project.file(&format!("{RUN}/binary.sha256"), &binary);
    let text = project.read(&format!("{RUN}/trail.jsonl"));
    let evaluations = text.lines().count() - 2;
    let mut bodies: Vec<String> =
        text.lines().take(evaluations + 1).map(|line| line[76..line.len() - 1].to_owned()).collect();
    let last = bodies[evaluations].clone();
    bodies.push(last.replace(&format!("\"call\":{}", evaluations - 1), &format!("\"call\":{evaluations}")));
    project.file(&format!("{RUN}/trail.jsonl"), &chained(&bodies));
    let shown = project.omega(["test"]).exits(3);
    shown.shows(&format!("has evaluation {evaluations}, which the declared pipeline does not make")).shows("`--fresh`");
    project.omega(["test", "--fresh"]).exits(0);
}

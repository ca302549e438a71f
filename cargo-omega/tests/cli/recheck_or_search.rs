//! `cargo omega test --recheck=or-search`: the gate of a pull request, which rechecks what it can and searches what only a search
//! can judge, in one run.

use std::process::Command;

use crate::recheck::{DECLARED, HISTORY, accepted, dated};
use crate::support::{Omega, Project, Shown, repository};
use crate::workers::omega;

/// What the pull request's job runs.
fn gate<'a>(project: &Project, more: impl IntoIterator<Item = &'a str>) -> Omega {
    omega(project, ["test", "--recheck=or-search", "--against", "main"].into_iter().chain(more)).env("CI", "true")
}

/// An accepted calibration, and a branch to change it on.
fn branched() -> Project {
    let project = accepted();
    project.git(["checkout", "--quiet", "-b", "change"]);
    project
}

/// How often a slice was asked, since the last time somebody wanted to know.
fn asked(project: &Project, slice: &str) -> usize {
    let asked = std::fs::read_to_string(project.path("target/asked")).unwrap_or_default();
    let _ = std::fs::remove_file(project.path("target/asked"));
    asked.lines().filter(|line| *line == slice).count()
}

#[track_caller]
fn digest(shown: &Shown) -> String {
    shown.stderr.split("--accept-change ").nth(1).expect("a digest")[..64].to_owned()
}

/// The run was one of the whole workspace, so that it can gate.
#[track_caller]
fn whole(project: &Project, shown: &Shown) {
    shown.hides("(partial)");
    assert!(!project.results().partial);
}

#[test]
fn what_may_be_rechecked_is_rechecked() {
    let project = branched();
    let shown = gate(&project, []).exits(0);
    shown.shows("bowl::recheck::accepted").shows("PASS (rechecked, searched on").hides("bowl::run");
    whole(&project, &shown);
    assert_eq!(asked(&project, "holdout"), 0);
}

#[test]
fn a_recheck_that_fails_for_its_figures_is_not_searched() {
    let project = branched();
    project.file("scale", "0.95");
    let shown = gate(&project, []).exits(1);
    shown.shows("FAIL:REPRODUCES (rechecked").hides("bowl::run");
    assert_eq!(asked(&project, "holdout"), 0);
    project.file("scale", "1.0 drift");
    gate(&project, []).exits(1).shows("DETERMINISTIC (rechecked").hides("bowl::run");
    assert_eq!(asked(&project, "holdout"), 0);
}

#[test]
fn a_changed_declaration_is_searched_and_passes_with_its_approval() {
    let project = branched();
    project.change("omega.toml", "points_per_axis = 9", "points_per_axis = 7");
    // Neither locked nor accepted: the search says so.
    gate(&project, []).exits(1).shows("bowl::declaration").shows("FAIL");
    omega(&project, ["lock"]).exits(0);
    omega(&project, ["update-gold", "--reason", "fewer points"]).exits(0);
    project.commit("fewer points");
    asked(&project, "holdout");
    let shown = gate(&project, []).exits(1);
    shown.shows("not rechecked: it is declared otherwise than in omega.lock of main").shows("Verdict bowl  PASS (");
    let shown = gate(&project, ["--accept-change", &digest(&shown)]).exits(0);
    shown.shows("all of them fine or approved").hides("rechecked, searched");
    whole(&project, &shown);
    assert!(asked(&project, "holdout") > 0, "nothing was searched");
    // From the merge on it is rechecked again.
    project.git(["checkout", "--quiet", "main"]);
    project.git(["merge", "--quiet", "change"]);
    gate(&project, []).exits(0).shows("PASS (rechecked");
}

#[test]
fn new_gold_is_searched_and_passes_with_its_approval() {
    let project = branched();
    project.file("scale", "0.9");
    omega(&project, ["update-gold", "--reason", "worse, and faster"]).exits(0);
    project.commit("worse");
    let shown = gate(&project, []).exits(1);
    shown.shows("GOLD bowl").shows("not rechecked: gold is another one than that of main");
    gate(&project, ["--accept-change", &digest(&shown)]).exits(0);
    // An approval is none of a search that comes to something else.
    project.file("scale", "0.8");
    gate(&project, ["--accept-change", &digest(&shown)]).exits(1).shows("bowl::gold");
}

#[test]
fn an_age_that_lapsed_locks_nobody_out_and_the_line_that_renews_it_gets_in() {
    let project = accepted();
    dated(&project, "2020-01-01T00:00:00Z");
    project.commit("old");
    project.git(["checkout", "--quiet", "-b", "change"]);
    let shown = gate(&project, []).exits(0);
    shown.shows("bowl::run").shows("not rechecked: the last search that this checkout knows was").hides("rechecked, ");
    whole(&project, &shown);
    omega(&project, ["update-gold", "--reason", "still so"]).exits(0).shows("Confirmed");
    project.commit("confirmed");
    let shown = gate(&project, []).exits(0);
    shown.shows("not rechecked: the last search that main knows was").shows("all of them fine or approved");
    project.git(["checkout", "--quiet", "main"]);
    project.git(["merge", "--quiet", "change"]);
    gate(&project, []).exits(0).shows("PASS (rechecked");
    // A search that does not come to gold fails, however old the last one is.
    dated(&project, "2020-01-01T00:00:00Z");
    project.commit("old again").file("scale", "0.95");
    gate(&project, []).exits(1).shows("bowl::gold").shows("not rechecked");
}

#[test]
fn a_line_that_renews_a_young_age_is_searched_for_whoever_wrote_it() {
    let project = branched();
    let newer = project.read(HISTORY).replace("\"reason\":\"first\"", "\"reason\":\"renewed by hand\"");
    project.file(HISTORY, &format!("{}{newer}", project.read(HISTORY)));
    let shown = gate(&project, []).exits(0);
    shown.shows("not rechecked: a line of HISTORY.jsonl that main has not says of a search");
    shown.hides("UNSEARCHED");
    whole(&project, &shown);
    assert!(asked(&project, "holdout") > 0, "nothing was searched");
    project.file("scale", "0.95");
    gate(&project, []).exits(1).shows("bowl::gold").shows("UNSEARCHED bowl").hides("bowl::recheck");
}

#[test]
fn several_calibrations_gate_as_one_run_whether_they_declare_it_or_not() {
    let project = accepted();
    let dish = DECLARED.replace("calibration.bowl", "calibration.dish").replace("recheck = { max_age_days = 7 }\n", "");
    project.file("omega.toml", &format!("{DECLARED}\n{dish}"));
    omega(&project, ["lock"]).exits(0);
    omega(&project, ["update-gold", "--reason", "two"]).exits(0);
    project.commit("two");
    asked(&project, "holdout");
    let shown = gate(&project, []).exits(0);
    shown.shows("bowl::recheck::margin").hides("dish::recheck").hides("bowl::run");
    shown.shows("not rechecked: it does not declare `recheck.max_age_days`");
    shown.shows("Verdict bowl  PASS (rechecked").shows("Verdict dish  PASS (profile");
    whole(&project, &shown);
    // One that is new is searched, and the others are not.
    let bare =
        dish.replace("calibration.dish", "calibration.cup").replace("gates =", "recheck.max_age_days = 7\ngates =");
    project.file("omega.toml", &format!("{DECLARED}\n{dish}\n{bare}"));
    omega(&project, ["lock"]).exits(0);
    omega(&project, ["update-gold", "cup", "--reason", "three"]).exits(0);
    let shown = gate(&project, []).exits(0);
    shown.shows("cup::run").shows("not rechecked: HISTORY.jsonl of main has no line about it");
    shown.shows("Verdict bowl  PASS (rechecked");
    // Plainly, it is still a mistake to ask; and what helps is said.
    omega(&project, ["test", "--recheck"]).exits(2).says("`dish` does not declare").says("--recheck=or-search");
}

#[test]
fn a_damaged_history_is_mended_by_a_pull_request_and_never_passes_unseen() {
    let project = accepted();
    let good = project.read(HISTORY);
    project.file(HISTORY, "{\"calibration\":\n").commit("damaged");
    gate(&project, []).exits(3).shows("HISTORY.jsonl line 1 is damaged");
    project.git(["checkout", "--quiet", "-b", "change"]);
    project.file(HISTORY, &good);
    let shown = gate(&project, []).run();
    shown.shows("not rechecked: calibration `bowl`: HISTORY.jsonl line 1 is damaged");
    if shown.code != Some(0) {
        gate(&project, ["--accept-change", &digest(&shown)]).exits(0);
    }
}

#[test]
fn it_needs_a_base_in_ci_and_its_word_spelt_right() {
    let project = accepted();
    let shown = omega(&project, ["test", "--recheck=or-search"]).env("CI", "true").exits(2);
    shown.says("needs `--against` because CI is set");
    omega(&project, ["test", "--recheck=search"]).exits(2).says("or-search");
    omega(&project, ["test", "--recheck=accepted"]).exits(0).shows("PASS (rechecked");
    asked(&project, "train");
    let listed = omega(&project, ["test", "--recheck=or-search", "--", "--list"]).exits(0);
    listed.shows("bowl::recheck::margin: test");
    assert!(!project.path("target/asked").exists());
    // A filter chooses of both kinds, and what it leaves out cannot gate.
    omega(&project, ["test", "--recheck=or-search", "recheck::margin"]).exits(0).shows("(partial)");
}

/// The script of the step that runs the calibrations.
fn script(workflow: &str) -> String {
    let step = workflow.split("- name: Run the calibrations").nth(1).expect("the step");
    let step = step.split("run: |\n").nth(1).expect("its script");
    step.lines().map_while(|line| line.strip_prefix("          ")).map(|line| format!("{line}\n")).collect()
}

#[test]
#[cfg(unix)]
fn the_workflow_of_init_lets_a_pull_request_in_that_takes_a_search() {
    let fresh = Project::empty();
    omega(&fresh, ["init", "--python"]).exits(0);
    let workflow = fresh.read(".github/workflows/omega.yml");
    assert!(workflow.contains("# RECHECK: ${{"), "{workflow}");
    let script = script(&workflow);
    let project = accepted();
    let young = project.read(HISTORY);
    dated(&project, "2020-01-01T00:00:00Z");
    project.commit("old");
    project.file("bin/omega", &format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_cargo-omega")));
    Command::new("chmod").arg("+x").arg(project.path("bin/omega")).status().expect("chmod");
    let run = || {
        let mut job = Command::new("bash");
        job.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &script]).current_dir(project.root());
        job.env("PATH", format!("{}:/usr/bin:/bin", project.path("bin").display()));
        job.env("CI", "true").env("BASE", "HEAD").env("RECHECK", "yes");
        Shown::of(&job.output().expect("bash"))
    };
    let shown = run();
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("not rechecked: the last search that");
    project.file("scale", "0.95");
    project.file(HISTORY, &young).commit("young, and worse");
    let shown = run();
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows("FAIL:REPRODUCES (rechecked").hides("bowl::run");
    // The action asks the same.
    let action = std::fs::read_to_string(repository().join("action.yml")).expect("action.yml");
    assert!(action.contains("arguments+=(--recheck=or-search)"), "{action}");
}

//! The baseline that is what ships today: which candidate that is, and when it becomes another.

use serde_json::{Value, json};

use crate::support::Project;

const LOCK: &str = "omega.lock";

/// The probe whose baseline is what gold accepts.
fn shipping() -> Project {
    let project = Project::copy_of("probe");
    project.change(
        "omega.toml",
        "profile =",
        "base = \"accepted\"\nlock = \"required\"\ngold = \"required\"\nprofile =",
    );
    project
}

/// The baseline of the run, and what it selected.
fn run(project: &Project) -> (Value, Value) {
    let text = project.read("target/omega/probe/bowl/result.json");
    let mut result: Value = serde_json::from_str(&text).expect("JSON");
    (result["passes"][0]["baseline"]["params"].take(), result["params"].take())
}

#[test]
fn what_is_accepted_becomes_the_baseline_with_the_next_change_of_the_declaration_and_not_before() {
    let project = shipping();
    let neutral = json!({ "x": 0.5, "y": -1.0, "z": 0.5 });
    project.omega(["lock"]).exits(0);
    let first = project.read(LOCK);
    assert!(first.contains("\"base\" = \"accepted\"") || first.contains("base = \"accepted\""), "{first}");
    assert!(!first.contains("base.x"), "nothing is accepted yet: {first}");
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.omega(["test"]).exits(0);
    let (baseline, shipped) = run(&project);
    assert_eq!(baseline, neutral);
    assert_ne!(shipped, neutral);
    // The run that was accepted stays what it was, however often it is locked.
    project.omega(["lock"]).exits(0);
    project.omega(["lock", "--check"]).exits(0);
    assert_eq!(project.read(LOCK), first);
    project.omega(["test"]).exits(0);
    assert_eq!(run(&project).0, neutral);

    // A new round begins: it has to beat what ships.
    project.change("omega.toml", "points_per_axis = 5", "points_per_axis = 7");
    project.omega(["lock"]).exits(0).shows("base.x").shows("moved");
    project.omega(["test"]).exits(1);
    let (baseline, better) = run(&project);
    assert_eq!(baseline, shipped);
    project.omega(["update-gold", "--reason", "second"]).exits(0);
    project.omega(["test"]).exits(0);
    assert_eq!(run(&project), (shipped, better), "the second round stays what it was, too");
    // Code has changed, and nothing that is declared: the older candidate is the baseline still, which is told.
    let told = "the baseline was the candidate that omega.lock holds, and gold accepts another";
    project.omega(["test"]).env("PROBE_DRIFT", "-0.25").exits(1).shows(told);
    project.omega(["verify", "bowl"]).exits(0);
}

#[test]
fn another_baseline_in_the_lock_is_seen_against_the_commit_before() {
    let project = shipping();
    project.omega(["lock"]).exits(0);
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.commit("the first round");
    project.change("omega.toml", "points_per_axis = 5", "points_per_axis = 7");
    project.omega(["lock"]).exits(0);
    let honest = project.read(LOCK);
    let line = honest.lines().find(|line| line.contains("base.y")).expect("a baseline").to_owned();
    project.change(LOCK, &line, "\"base.y\" = -2.0");
    let shown = project.omega(["test", "--against", "HEAD"]).exits(1);
    shown.shows("moved bowl  base.y (none) -> -2.0").says("--accept-change ");
}

#[test]
fn the_accepted_candidate_is_no_baseline_without_lock_and_gold_or_in_another_space() {
    let project = shipping();
    project.change("omega.toml", "gold = \"required\"", "gold = \"off\"");
    let shown = project.omega(["test"]).exits(2);
    shown.says("`base` is accepted, expected `lock` and `gold` to be \"required\"");
    project.change("omega.toml", "gold = \"off\"", "gold = \"required\"");
    project.omega(["lock"]).exits(0);
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    let gold = "fixtures/gold/bowl.json";
    let text = project.read(gold);
    project.file(gold, &text.replacen("\"x\": 1.0", "\"x\": 9.0", 1));
    assert_ne!(project.read(gold), text);
    project.change("omega.toml", "points_per_axis = 5", "points_per_axis = 7");
    project
        .omega(["test"])
        .exits(2)
        .shows("the accepted candidate is no baseline of this space: parameter `x` has the value 9");
}

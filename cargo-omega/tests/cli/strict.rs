//! The strict profile, as people see it.

use crate::support::Project;

#[test]
fn a_winner_that_leaks_on_the_test_slice_fails_its_constraint_and_keeps_the_holdout_closed() {
    let project = Project::copy_of("leaky");
    let shown = project.omega(["test"]).exits(1);
    shown.shows("sram::constraint::leakage").shows("metadata.leakage_na_worst (test)");
    shown.shows("The selected candidate does not keep this constraint.");
    // Of the upper part there are 13 candidates, too few for their permutations.
    shown.shows("sram::holdout").shows("not evaluated: transfer failed before");
    shown.shows("FAIL:TRANSFER,SELECTED,CONSTRAINT:leakage (profile strict, lock off, gold off; rests on approximate; skipped: kc3, null, sc2)");
    let result = project.read("target/omega/leaky/sram/result.json");
    let result: serde_json::Value = serde_json::from_str(&result).expect("JSON");
    assert_eq!(result["ending"].get("holdout"), None, "the holdout is as new as before");
    assert_eq!(result["passes"][0]["on_test"]["constraints_failed"], serde_json::json!(["leakage"]));
    let scorecard = project.read("target/omega/leaky/sram/scorecard.txt");
    assert!(scorecard.contains("Profile:      strict"), "{scorecard}");
}

#[test]
fn a_run_that_its_time_box_ends_has_a_verdict_and_a_whole_trail_that_is_not_made_again() {
    let project = Project::copy_of("leaky");
    project.change("omega.toml", "preset = \"pure_objective\"", "preset = \"pure_objective\", time_box_seconds = 0.0");
    let shown = project.omega(["test"]).exits(1);
    shown.shows("FAIL:KC-1").shows("<= 0.0").shows("not evaluated: kc1 failed before");
    let trail = project.read("target/omega/leaky/sram/trail.jsonl");
    assert_eq!(trail.lines().count(), 3, "header, baseline and end: {trail}");
    let shown = project.omega(["verify", "target/omega/leaky/sram"]).exits(0);
    shown.shows("ended with FAIL:KC-1").shows("not regenerated: the time box decided");
}

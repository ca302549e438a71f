//! The strict profile, as people see it.

use crate::support::Project;

#[test]
fn a_winner_that_leaks_on_the_test_slice_fails_its_constraint_and_keeps_the_holdout_closed() {
    let project = Project::copy_of("leaky");
    let shown = project.omega(["test"]).exits(1);
    shown.shows("sram::constraint::leakage").shows("metadata.leakage_na_worst (test)");
    shown.shows("The selected candidate does not keep this constraint.");
    shown.shows("sram::holdout").shows("not evaluated: selected failed before");
    shown.shows("FAIL:SELECTED,CONSTRAINT:leakage (profile strict, lock off, gold off; skipped: kc3, null, sc2)");
    let result = project.read("target/omega/leaky/sram/result.json");
    let result: serde_json::Value = serde_json::from_str(&result).expect("JSON");
    assert_eq!(result["holdout_result"], serde_json::Value::Null, "the holdout is as new as before");
    assert_eq!(result["strict"]["selected"]["violated_on_test"], serde_json::json!(["leakage"]));
    let scorecard = project.read("target/omega/leaky/sram/scorecard.txt");
    assert!(scorecard.contains("Profile:      strict"), "{scorecard}");
}

//! What a verdict rests on that has neither blocks nor a null version, as people see it.

use crate::support::Project;

#[test]
fn a_verdict_without_blocks_and_null_version_is_called_approximate_wherever_it_stands() {
    let project = Project::copy_of("probe");
    project.file("omega.toml", "[calibration.bowl]\nlock = \"off\"\ngold = \"off\"\n");
    let shown = project.omega(["test"]).exits(0);
    shown.shows("bowl::gate::transfer").shows("lock off, gold off; rests on approximate; skipped: ");
    assert_eq!(project.results().suites[0].runs[0].rests_on, ["approximate"]);
    let folder = "target/omega/probe/bowl";
    let scorecard = project.read(&format!("{folder}/scorecard.txt"));
    for text in ["PASS (rests on approximate; skipped: ", ", approximate; these ", " independent ones"] {
        assert!(scorecard.contains(text), "{scorecard}");
    }
    let result = project.read(&format!("{folder}/result.json"));
    for key in ["approximation", "axes", "independent", "surfaces", "rank_at", "draw_at"] {
        assert!(result.contains(&format!("\"{key}\":")), "{key}: {result}");
    }
    project.omega(["report", folder, "--output", "page.html"]).exits(0);
    let page = project.read("page.html");
    assert!(page.contains("It rests on <b>approximate</b>") && page.contains("alike over"), "{page}");
    let summary = project.path("summary.md").to_str().expect("a path").to_owned();
    project.omega(["test"]).env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary).exits(0);
    assert!(project.read("summary.md").contains("<code>approximate</code>"), "{}", project.read("summary.md"));
    project.omega(["verify", folder]).exits(0).shows("result.json regenerated: the same, byte for byte");
    project.omega(["explain", "transfer"]).exits(0).shows("surfaces as smooth as the test").shows("approximate");
}

//! Where the results go beside the terminal: JSON, JUnit, and the schema that documents them.

use omega_lock::internals::artifacts::{TestRun, TrialStatus};

use crate::support::{Project, Suite, repository};

/// One case of every status.
fn every_status() -> Suite {
    Suite::new()
        .run("phantom", Some("FAIL:KC-4"))
        .pass("phantom::run")
        .fail("phantom::gate::kc4")
        .measure("pearson", "0.120", ">= 0.300", false)
        .details("likely overfit\nexplain")
        .trial("phantom::gate::sc2", TrialStatus::Advisory, "0.4 below random")
        .skip("phantom::holdout")
        .error("phantom::gold", 5, "could not read `gold/phantom.json`")
}

#[test]
fn json_on_stdout_is_results_json_and_nothing_else() {
    let project = Project::with(&every_status());
    let shown = project.omega(["test", "--format", "json"]).exits(5);
    assert_eq!(shown.stdout, project.read("target/omega/results.json"));
    let run: TestRun = serde_json::from_str(&shown.stdout).expect("one document");
    assert_eq!(run.exit_code, 5);
    shown.says("error: 2 of 5 cases failed");
    let shown = project.omega(["test", "--format", "json", "--", "--nocapture"]).exits(2);
    shown.says("leaves no room on stdout");
    // A question to the harness has its own answer.
    project.omega(["test", "--format", "jsn"]).exits(2).says("[possible values: text, json, github]");
}

#[test]
fn junit_has_a_case_for_every_trial_with_what_was_measured_and_required() {
    let project = Project::with(&every_status());
    project.omega(["test", "--junit", "reports/junit.xml"]).exits(5);
    let text = project.read("reports/junit.xml");
    let document = roxmltree::Document::parse(&text).expect("XML");
    let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    let outcome = |case: &roxmltree::Node<'_, '_>| {
        let child =
            ["failure", "error", "skipped"].into_iter().find(|name| case.children().any(|c| c.has_tag_name(*name)));
        (case.attribute("name").unwrap_or_default().to_owned(), child.unwrap_or("success"))
    };
    let expected = [
        ("phantom::run", "success"),
        ("phantom::gate::kc4", "failure"),
        ("phantom::gate::sc2", "success"),
        ("phantom::holdout", "skipped"),
        ("phantom::gold", "error"),
    ];
    let found: Vec<_> = cases.iter().map(outcome).collect();
    assert_eq!(found, expected.map(|(name, outcome)| (name.to_owned(), outcome)));
    let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).expect("a suite");
    let count = |name| suite.attribute(name).unwrap_or_default();
    assert_eq!((count("tests"), count("failures"), count("errors")), ("5", "1", "1"));

    let properties: Vec<_> = cases[1]
        .descendants()
        .filter(|node| node.has_tag_name("property"))
        .map(|node| (node.attribute("name").unwrap_or_default(), node.attribute("value").unwrap_or_default()))
        .collect();
    let head = "9f".repeat(32);
    let expected = [
        ("pearson.measured", "0.120"),
        ("pearson.required", ">= 0.300"),
        ("head", head.as_str()),
        ("rows", "396"),
        ("seed", "gates 42"),
    ];
    assert_eq!(properties, expected);
    let failure = cases[1].children().find(|node| node.has_tag_name("failure")).expect("a failure");
    assert_eq!(failure.attribute("message"), Some("pearson 0.120 < 0.300"));
    assert_eq!(failure.text().map(str::trim), Some("likely overfit\nexplain"));
    assert_eq!(cases[1].attribute("classname"), Some("phantom"));
    assert_eq!(cases[1].attribute("time"), Some("0.250"));
}

#[test]
fn a_run_that_could_not_answer_is_no_success_in_junit_either() {
    let project = Project::with(&Suite::passing());
    project.file("fake/calibration.end", "abort");
    std::fs::remove_file(project.path("fake/calibration.results.json")).expect("the results");
    project.omega(["test", "--junit", "junit.xml"]).exits(5);
    let text = project.read("junit.xml");
    let document = roxmltree::Document::parse(&text).expect("XML");
    assert!(document.descendants().any(|node| node.has_tag_name("error")), "{text}");
}

#[test]
fn a_junit_file_that_cannot_be_written_exits_5_and_leaves_the_other_results() {
    let project = Project::with(&Suite::passing());
    project.file("junit.xml/in-the-way", "");
    project.omega(["test", "--junit", "junit.xml"]).exits(5).says("junit.xml");
    assert_eq!(project.results().exit_code, 0);
}

#[test]
fn a_real_run_says_its_trail_and_its_seeds() {
    let project = Project::copy_of("probe");
    project.omega(["test", "--junit", "junit.xml"]).exits(0);
    let run = &project.results().suites[0].runs[0];
    let trail = run.trail.as_ref().expect("a trail");
    let last = project.read("target/omega/probe/bowl/trail.jsonl");
    assert_eq!(last.lines().count(), usize::try_from(trail.rows).expect("few rows"));
    assert!(last.lines().last().is_some_and(|line| line.contains(&trail.head)));
    assert!(project.read("junit.xml").contains(&trail.head));
}

#[test]
fn the_committed_schema_of_results_json_is_the_one_that_is_printed() {
    let shown = Project::empty().omega(["schema", "results.json"]).exits(0);
    let path = repository().join("docs/schema/results.v1.json");
    let committed = std::fs::read_to_string(path).expect("the schema is committed");
    assert_eq!(shown.stdout, committed, "write it anew: cargo omega schema results.json > docs/schema/results.v1.json");
}

//! Parameters that do not go together, where a reader looks for them.

use crate::support::Project;

fn project(table: &str) -> Project {
    let project = Project::copy_of("probe");
    let search = "search = { method = \"random\", unlock_k = 2, samples = 60 }";
    project.file("omega.toml", &format!("[calibration.bowl]\nlock = \"off\"\ngold = \"off\"\n{search}\n{table}"));
    project
}

#[test]
fn they_are_counted_in_terminal_summary_scorecard_and_page_and_can_be_verified() {
    let project = project("");
    let summary = project.path("summary.md").to_str().expect("a path").to_owned();
    let shown = project
        .omega(["test", "-v"])
        .env("PROBE", "apart")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", &summary)
        .exits(0);
    shown.shows(" not applicable)");
    let run = project.results().suites[0].runs[0].clone();
    assert!(run.not_applicable > 5, "{}", run.not_applicable);
    let counted = format!("{} not applicable", run.not_applicable);
    project.omega(["report", "target/omega/probe/bowl"]).exits(0);
    let beside = |file: &str, words: &str| {
        let text = project.read(file);
        assert!(text.contains(words), "{file}: {text}");
    };
    beside("summary.md", &counted);
    beside("target/omega/probe/bowl/scorecard.txt", &counted);
    beside("target/omega/probe/bowl/report.html", &format!("{} evaluations were not applicable", run.not_applicable));
    project.omega(["verify", "target/omega/probe/bowl"]).exits(0).shows("regenerated: the same, byte for byte");
}

#[test]
fn a_baseline_that_does_not_go_together_exits_2_and_names_the_cure() {
    let project = project("base.y = -2.0\n");
    let shown = project.omega(["test"]).env("PROBE", "apart").exits(2);
    shown.shows("the baseline is not applicable: x is too far from y").shows("declare others as `base`");
}

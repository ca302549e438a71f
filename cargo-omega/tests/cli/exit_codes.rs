//! Each exit code, and that nothing but a finished evaluation that holds is a pass.

use crate::support::{Project, Suite};
use omega_lock::internals::artifacts::TrialStatus;

#[test]
fn a_run_in_which_everything_holds_exits_0() {
    let suite = Suite::passing()
        .trial("phantom::gate::sc2", TrialStatus::Advisory, "0.4 below random")
        .skip("phantom::holdout");
    let project = Project::with(&suite);
    project.omega(["test"]).exits(0);
    assert_eq!(project.results().exit_code, 0);
}

#[test]
fn a_case_that_fails_exits_1() {
    let project = Project::with(&Suite::passing().fail("phantom::gate::kc4"));
    project.omega(["test"]).exits(1).says("error: 1 of 2 cases failed");
    assert_eq!(project.results().exit_code, 1);
}

#[test]
fn a_case_that_fails_exits_1_also_if_the_process_ended_well() {
    let project = Project::with(&Suite::passing().fail("phantom::gate::kc4"));
    project.file("fake/calibration.end", "0");
    project.omega(["test"]).exits(1);
}

#[test]
fn a_problem_of_a_suite_exits_with_its_code_and_is_shown() {
    let project = Project::with(&Suite::passing());
    for code in [2, 3, 4, 5] {
        project.says(
            "",
            &Suite::new().problem(code, "unknown key `pearson_mni` in `omega.toml`\nhelp: did you mean `pearson_min`?"),
        );
        let shown = project.omega(["test"]).exits(i32::from(code));
        shown
            .says("error: `demo::calibration`: unknown key `pearson_mni`")
            .says("  = help: did you mean `pearson_min`?");
        assert_eq!(project.results().exit_code, code);
    }
}

#[test]
fn a_problem_with_a_code_that_none_can_have_exits_5() {
    let project = Project::with(&Suite::passing());
    for code in [0, 1, 7] {
        project.says("", &Suite::passing().error("phantom::gate::kc1", code, "odd"));
        project.omega(["test"]).exits(5);
    }
}

#[test]
fn a_target_that_fails_exits_4_and_says_why() {
    let project = Project::with(&Suite::new().error("phantom::run", 4, "evaluation 7 failed: no such corner"));
    let shown = project.omega(["test"]).exits(4);
    shown.shows("ERROR [   0.250s] (1/1) phantom::run").shows("evaluation 7 failed: no such corner");
}

#[test]
fn of_several_failures_the_one_that_knows_least_decides() {
    let project =
        Project::with(&Suite::new().fail("a::run").error("b::run", 4, "broken").error("c::run", 3, "damaged"));
    project.omega(["test"]).exits(4);
    project.says("", &Suite::new().fail("a::run").error("b::run", 2, "wrong"));
    project.omega(["test"]).exits(2);
}

#[test]
fn a_wrong_command_line_exits_2_and_help_exits_0() {
    let project = Project::empty();
    project.omega(["test", "--no-such-flag"]).exits(2).says("--no-such-flag");
    project.omega(["tset"]).exits(2).says("test");
    project.omega([]).exits(2).says("Usage: cargo omega");
    project.omega(["test", "--exclude", "demo"]).exits(2).says("--workspace");
    project.omega(["test", "--threads", "0"]).exits(2);
    project.omega(["--help"]).exits(0).shows("Usage: cargo omega").shows("6  nothing was evaluated");
    project.omega(["test", "--help"]).exits(0).shows("Usage: cargo omega test");
}

#[test]
fn no_project_and_a_broken_manifest_exit_2() {
    let project = Project::empty();
    project.omega(["test"]).exits(2).says("there is no omega.toml and no Cargo.toml");
    project.file("Cargo.toml", "[package\n");
    project.omega(["test"]).exits(2).says("cargo could not read the project");
}

#[test]
fn a_cargo_that_cannot_be_started_exits_5() {
    let project = Project::with(&Suite::passing());
    project.omega(["test"]).env("CARGO", "/nowhere/cargo").exits(5).says("could not start cargo");
}

#[test]
fn a_harness_that_does_not_build_exits_5_and_is_no_crash() {
    let project = Project::with(&Suite::passing());
    project.omega(["test"]).exits(0);
    project.file("tests/calibration.rs", "fn main() { let answer: u8 = \"no\"; }");
    let shown = project.omega(["test"]).exits(5);
    shown.says("error: `demo` could not be built: `cargo test` ended with exit status: 101").says("mismatched types");
    let run = project.results();
    assert_eq!((run.exit_code, run.suites.len(), run.problems.len()), (5, 0, 1), "nothing of the earlier run is left");
}

#[test]
fn a_harness_that_crashes_before_it_wrote_results_exits_5_and_shows_its_last_words() {
    let project = Project::with(&Suite::passing());
    std::fs::remove_file(project.root().join("fake/calibration.results.json")).expect("it is there");
    project.file("fake/calibration.stdout", "loading corners\nreading \u{1b}[2Jtable\n");
    for (end, status) in [("abort", "exit status: 101"), ("panic", "exit status: 101"), ("0", "exit status: 0")] {
        project.file("fake/calibration.end", end);
        let shown = project.omega(["test"]).exits(5);
        shown.says(&format!("`demo::calibration` ended without results: `cargo test` ended with {status}"));
        shown.says("| loading corners").says("| reading \\u{1b}[2Jtable");
    }
}

#[test]
fn a_harness_that_crashes_after_it_wrote_a_pass_exits_5() {
    let project = Project::with(&Suite::passing());
    for end in ["abort", "panic", "101", "1"] {
        project.file("fake/calibration.end", end);
        let shown = project.omega(["test"]).exits(5);
        shown.says("`demo` reported no failure, but its `cargo test` ended with");
    }
    assert_eq!(project.results().exit_code, 5);
}

#[test]
fn one_silent_harness_among_several_exits_5_whatever_the_others_say() {
    let project = Project::empty();
    project.file(
        "Cargo.toml",
        "[package]\nname = \"demo\"\nedition = \"2024\"\n[workspace]\n\
         [package.metadata.omega]\ntests = [\"calibration\", \"second\"]\n\
         [[test]]\nname = \"calibration\"\nharness = false\n[[test]]\nname = \"second\"\nharness = false\n",
    );
    project.fake("", "calibration").fake("", "second").says("", &Suite::passing());
    project.file("fake/second.end", "0");
    project.omega(["test"]).exits(5).says("`demo::second` ended without results");

    let other = Suite::new().run("sram", Some("PASS")).trial("sram::run", TrialStatus::Pass, "148 evaluations");
    project.says("", &other.of("demo", "second"));
    project.omega(["test"]).exits(0).shows("Summary").shows("2 runs, 2 cases: 2 passed");
    assert_eq!(project.results().suites.len(), 2);

    project.says("", &Suite::passing().of("demo", "second"));
    let named = "calibration `phantom` is declared by `demo::calibration` and by `demo::second`";
    project.omega(["test"]).exits(2).says(named);
}

#[test]
fn results_of_a_newer_schema_exit_5_and_say_who_wrote_them() {
    let project = Project::with(&Suite::passing());
    let newer = Suite::passing();
    let text = serde_json::to_string(&newer.results).expect("JSON").replace("suite-results.v1", "suite-results.v2");
    project.file("fake/calibration.results.json", &text.replace("\"trials\"", "\"cases\""));
    let shown = project.omega(["test"]).exits(5);
    shown.says("`demo::calibration` wrote results of schema `omega-lock.suite-results.v2`");
    shown.says("help: its omega-lock is newer: update with `cargo install cargo-omega").hides("ended without results");
}

#[test]
fn results_that_are_no_results_exit_5() {
    let project = Project::with(&Suite::passing());
    for text in
        ["", "{", "[]", "{\"schema_version\": \"omega-lock.suite-results.v1\"}", "{\"schema_version\": \"other.v1\"}"]
    {
        project.file("fake/calibration.results.json", text);
        project.omega(["test"]).exits(5).hides("ended without results");
    }
}

#[test]
fn results_of_another_suite_or_twice_the_same_exit_5() {
    let project = Project::with(&Suite::passing());
    let stranger = serde_json::to_string(&Suite::passing().of("demo", "other").results).expect("JSON");
    project.file("fake/calibration.more.json", &stranger);
    project.omega(["test"]).exits(5).says("`demo::other` were written, which was not started");

    let twice = serde_json::to_string(&Suite::passing().results).expect("JSON");
    project.file("fake/calibration.more.json", &twice);
    project.omega(["test"]).exits(5).says("wrote 2 results files instead of one");
}

#[test]
fn a_verdict_that_says_no_without_any_failed_case_exits_5() {
    let project = Project::with(&Suite::new().run("phantom", Some("FAIL:KC-4")).pass("phantom::run"));
    project.omega(["test"]).exits(5).says("the verdict of `phantom` is `FAIL:KC-4`, but none of its cases failed");

    let filtered = Suite::new().run("phantom", Some("FAIL:KC-4")).pass("phantom::run").declares("phantom::gate::kc4");
    project.says("", &filtered).omega(["test", "run"]).exits(0);
}

#[test]
fn a_case_that_is_declared_but_lost_exits_5() {
    let project = Project::with(&Suite::passing().declares("phantom::gate::kc4"));
    project.omega(["test"]).exits(5).says("`demo::calibration` did not show 1 of its cases: phantom::gate::kc4");
    project.omega(["test", "run"]).exits(0).shows("1 filtered out");
    project.omega(["test", "--skip", "kc4"]).exits(0);
}

#[test]
fn a_filter_that_matches_nothing_exits_6_with_near_names() {
    let suite = Suite::new().declares("phantom::run").declares("phantom::gate::kc2").declares("phantom::gate::kc4");
    let project = Project::with(&suite);
    let shown = project.omega(["test", "kc9"]).exits(6);
    shown.says("error: no case matches `kc9` (1 run, 3 cases declared)");
    shown.says("  = help: similar: phantom::gate::kc2, phantom::gate::kc4");
    let run = project.results();
    assert_eq!((run.exit_code, run.problems[0].exit_code), (6, 6));
}

#[test]
fn a_run_in_which_everything_is_skipped_exits_6() {
    let project = Project::with(&Suite::new().skip("phantom::holdout").declares("phantom::run"));
    project.omega(["test", "holdout"]).exits(6).says("nothing was evaluated: 1 matching case skipped");
}

#[test]
fn a_suite_without_any_case_exits_6() {
    let project = Project::with(&Suite::new());
    project.omega(["test"]).exits(6).says("`demo::calibration` declares no case").says("Suite::new().add(");
}

#[test]
fn one_filter_of_several_that_matches_nothing_is_a_warning() {
    let project = Project::with(&Suite::passing());
    project.omega(["test", "phantom", "kc9"]).exits(0).says("warning: no case matches `kc9`").hides("`phantom`");
}

//! omega.ledger.jsonl: a holdout is looked at as often as declared, and no look is forgotten.

use omega_lock::internals::artifacts::Ledger;

use crate::support::Project;

const LEDGER: &str = "omega.ledger.jsonl";

/// The probe, whose holdout may be looked at twice.
fn twice() -> Project {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "min_fitness = -10.0", "min_fitness = -10.0, looks = 2");
    project
}

fn looks(project: &Project) -> usize {
    Ledger::parse(&project.read(LEDGER)).expect("a ledger").looks().len()
}

#[test]
fn the_same_run_is_the_same_look_and_one_too_many_fails() {
    let project = twice();
    project.omega(["test"]).exits(0).shows("bowl::ledger").shows("look 1 of 2, new in omega.ledger.jsonl: commit it");
    let first = project.read(LEDGER);
    project.omega(["test"]).exits(0).shows("look 1 of 2\n");
    assert_eq!(project.read(LEDGER), first, "an identical rerun changes nothing");
    project.omega(["test"]).env("PROBE_DRIFT", "0.001").exits(0).shows("look 2 of 2, new");
    let shown = project.omega(["test"]).env("PROBE_DRIFT", "0.002").exits(1);
    shown.shows("look 3 of 2").shows("declare more looks: `holdout.looks`").shows("bowl  FAIL:LEDGER");
    assert_eq!(looks(&project), 3, "it was looked at all the same");
    project.omega(["test"]).exits(0).shows("look 1 of 2\n");
    // What is not searched by is no other question to the same data: neither how clear an answer has to be, nor what the
    // answer is held against, nor what is kept of it.
    project.change("omega.toml", "min_fitness = -10.0", "min_fitness = -9.0");
    project.change(
        "omega.toml",
        "[calibration.bowl]\n",
        "[calibration.bowl]\nattachments = \"keep\"\nanchor = \"exact\"\n",
    );
    project.change("omega.toml", "[calibration.bowl]\n", "[calibration.bowl]\ngates.time_box_seconds = 1000\n");
    project.change("omega.toml", "[calibration.bowl]\n", "[calibration.bowl]\ntolerance.best_fitness.absolute = 0.5\n");
    project.omega(["test"]).exits(0).shows("look 1 of 2\n");
    // Nor is the last bit of another processor, nor another name of the calibration.
    project.omega(["test"]).env("PROBE_DRIFT", "0.000000001").exits(0).shows("look 1 of 2\n");
    let declared = project.read("omega.toml");
    project.file("omega.toml", &declared.replace("calibration.bowl", "calibration.basin"));
    project.omega(["test"]).env("PROBE", "renamed").exits(0).shows("basin::ledger").shows("look 1 of 2\n");
    project.file("omega.toml", &declared);
    assert_eq!(looks(&project), 3);
    // Another search is.
    project.change("omega.toml", "points_per_axis = 5", "points_per_axis = 6");
    project.omega(["test"]).exits(1).shows("look 4 of 2");
}

#[test]
fn ci_writes_no_look_down_and_fails_for_one_that_is_missing_when_the_limit_is_reached() {
    let project = twice();
    let shown = project.omega(["test"]).env("CI", "true").exits(0);
    shown.shows("look 1 of 2, not in omega.ledger.jsonl: run it outside of CI and commit the file");
    assert!(!project.path(LEDGER).exists());
    project.omega(["test"]).exits(0);
    project.omega(["test"]).env("PROBE_DRIFT", "0.001").exits(0);
    project.omega(["test"]).env("PROBE_DRIFT", "0.001").env("CI", "true").exits(0).shows("look 2 of 2\n");
    project.omega(["test"]).env("PROBE_DRIFT", "0.002").env("CI", "true").exits(1).shows("look 3 of 2, not in");
    assert_eq!(looks(&project), 2);
}

#[test]
fn a_ledger_that_is_damaged_exits_3_and_a_look_that_is_gone_fails_against_the_commit_before() {
    let project = twice();
    project.omega(["lock"]).exits(0);
    project.omega(["test"]).exits(0);
    project.commit("one look");
    let before = project.read(LEDGER);
    project.file(LEDGER, "once\n");
    project.omega(["test"]).exits(3).shows("`omega.ledger.jsonl` is damaged: line 1: ");
    std::fs::remove_file(project.path(LEDGER)).expect("it is there");
    project.omega(["test", "--against", "HEAD"]).env("CI", "1").exits(1).shows("REMOVED bowl  a look at the holdout");
    project.file(LEDGER, &before);
    project.omega(["test", "--against", "HEAD"]).exits(0);
    // New lines are told, and the lines of the base keep their order.
    project.omega(["test"]).env("PROBE_DRIFT", "0.001").exits(0);
    project.omega(["test", "--against", "HEAD"]).exits(0).shows("new bowl  a look at the holdout");
    project.commit("two looks");
    let turned: String = project.read(LEDGER).lines().rev().map(|line| format!("{line}\n")).collect();
    project.file(LEDGER, &turned);
    project.omega(["test", "--against", "HEAD"]).exits(1).shows("REMOVED bowl  a look at the holdout");
}

#[test]
fn the_looks_of_two_branches_merge_to_the_lines_of_both() {
    let project = twice();
    project.file(".gitattributes", "omega.ledger.jsonl merge=union\n");
    project.omega(["lock"]).exits(0);
    project.omega(["test"]).exits(0);
    project.commit("one look");
    for (branch, drift) in [("one", "0.001"), ("other", "0.002")] {
        project.git(["checkout", "--quiet", "-b", branch, "main"]);
        project.omega(["test"]).env("PROBE_DRIFT", drift).exits(0).shows("look 2 of 2, new");
        project.commit(branch);
    }
    project.git(["checkout", "--quiet", "main"]);
    project.git(["merge", "--quiet", "--no-ff", "-m", "one", "one"]);
    project.git(["merge", "--quiet", "--no-ff", "-m", "other", "other"]);
    assert_eq!(looks(&project), 3);
    project.omega(["test", "--against", "HEAD~1"]).env("CI", "true").exits(0).shows("look 1 of 2\n");
    project.omega(["test"]).env("PROBE_DRIFT", "0.001").env("CI", "true").exits(0).shows("look 2 of 2\n");
}

#[test]
fn the_marker_of_an_unfinished_merge_is_named_in_every_committed_file() {
    let project = twice();
    project.change(
        "omega.toml",
        "[calibration.bowl]\n",
        "[calibration.bowl]\nlock = \"required\"\ngold = \"required\"\n",
    );
    project.omega(["lock"]).exits(0);
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.omega(["test"]).exits(0);
    let gold = "fixtures/gold/bowl.json";
    for (file, code) in
        [("omega.toml", 2), ("omega.lock", 3), (LEDGER, 3), (gold, 3), ("fixtures/gold/HISTORY.jsonl", 3)]
    {
        let text = project.read(file);
        project.file(file, &format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n"));
        let shown = project.omega(["test"]).exits(code);
        let all = format!("{}{}", shown.stdout, shown.stderr);
        assert!(all.contains("line 1: a merge left its marker `<<<<<<< HEAD` here"), "{file}: {shown:?}");
        assert!(all.contains("keep what is right of both sides"), "{file}: {shown:?}");
        project.file(file, &text);
    }
    project.omega(["test"]).exits(0);
}

#[test]
fn without_a_declared_number_of_looks_nothing_is_written() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0).hides("bowl::ledger");
    assert!(!project.path(LEDGER).exists());
}

/// Each question to a test slice is one more chance to be told yes: the j-th has alpha / (j (j + 1)).
#[test]
fn every_further_question_to_the_test_slice_has_to_be_answered_more_clearly() {
    let project = Project::copy_of("probe");
    let strict = "lock = \"off\"\ngold = \"off\"\nwalk_forward.consultations = true\n";
    // Of 6 candidates 8 orders in 720 are as good as this one; alpha is 0.025, 0.0083, 0.0042, ... for the questions.
    project.file("omega.toml", &format!("[calibration.bowl]\n{strict}gates.transfer = {{ rank_points = 6 }}\n"));
    let shown = project.omega(["test"]).exits(0);
    shown.shows("bowl::consultations").shows("p of question 1 0.0111 <= 0.025, new in omega.ledger.jsonl: commit it");
    let first = project.read(LEDGER);
    assert!(first.contains("\"role\":\"test\""), "{first}");
    project.omega(["test"]).exits(0).shows("p of question 1 0.0111 <= 0.025\n");
    assert_eq!(project.read(LEDGER), first, "an identical rerun is the same question");
    // 0.05 / (2 * 3) = 0.0083 is not reached.
    let shown = project.omega(["test"]).env("PROBE_DRIFT", "0.002").exits(1);
    shown.shows("p of question 2 0.0111 <= ").shows("bowl  FAIL:CONSULTATIONS");
    shown.shows("take test data that was not asked");
    assert_eq!(looks(&project), 2);
    let shown = project.omega(["verify", "target/omega/probe/bowl"]).exits(0);
    shown.shows("result.json regenerated: the same, byte for byte");
}

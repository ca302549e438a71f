//! Real calibrations under `cargo omega test`: every ending of the exit table, on projects with the real library.

use omega_lock::internals::artifacts::TrialStatus;

use crate::support::{Project, Shown};

/// The probe project with this `PROBE`.
fn probe(mode: &str) -> Shown {
    Project::copy_of("probe").omega(["test"]).env("PROBE", mode).run()
}

#[test]
fn a_strategy_tuned_on_noise_exits_1_and_shows_what_kc4_measured_and_requires() {
    let project = Project::copy_of("overfit");
    let shown = project.omega(["test"]).exits(1);
    shown.shows("overfit::gate::kc4").shows("pearson -0.986 (n = 10) < 0.300").shows("likely overfit");
    shown.shows("overfit  FAIL:KC-4 (profile reference, lock off, gold off)").says("error: 1 of 9 cases failed");
    let results = project.results();
    assert_eq!(results.exit_code, 1);
    let failed: Vec<&str> = results.suites[0]
        .trials
        .iter()
        .filter(|trial| trial.status == TrialStatus::Fail)
        .map(|trial| trial.name.as_str())
        .collect();
    assert_eq!(failed, ["overfit::gate::kc4"]);
    project.omega(["test", "--exact", "overfit::gate::kc2"]).exits(0);
}

#[test]
fn a_calibration_that_holds_up_exits_0() {
    let shown = Project::copy_of("probe").omega(["test"]).exits(0);
    shown.shows("bowl::constraint::steepness").shows("bowl::gate::constraints").shows("bowl::holdout");
    shown.shows("bowl  PASS (profile reference, lock off, gold off)");
}

#[test]
fn a_misspelt_key_in_omega_toml_exits_2_with_its_line_and_the_nearest_key() {
    let project = Project::copy_of("probe");
    project.file("omega.toml", "[calibration.bowl]\nprofile = \"reference\"\ngates = { pearson_mim = 0.3 }\n");
    let shown = project.omega(["test"]).exits(2);
    shown.says("omega.toml` line 3: unknown key `calibration.bowl.gates.pearson_mim`");
    shown.says("help: the nearest key is `pearson_min`");
}

#[test]
fn a_calibration_without_a_profile_is_judged_by_strict() {
    let shown = probe("unnamed_profile");
    assert_eq!(shown.code, Some(2), "{shown:?}");
    shown.says("calibration `bowll`: omega.toml has no table for it, but one for `bowl`").says("rename the table");
    let project = Project::copy_of("probe");
    // It wants a lock and gold, and says so.
    project.file("omega.toml", "");
    project
        .omega(["test"])
        .exits(1)
        .shows("FAIL:DECLARATION,GOLD (profile strict; rests on approximate; skipped: null, sc2)");
    project.file("omega.toml", "[defaults]\nlock = \"off\"\ngold = \"off\"\n");
    let shown = project.omega(["test"]).exits(0);
    shown
        .shows("PASS (profile strict, lock off, gold off; rests on approximate; skipped: null, sc2)")
        .shows("bowl::gate::transfer");
    // A key that only strict knows would mean nothing under the other profile.
    project.file("omega.toml", "[calibration.bowl]\nprofile = \"reference\"\ngates.transfer = { alpha = 0.2 }\n");
    project
        .omega(["test"])
        .exits(2)
        .says("line 3: `calibration.bowl.gates.transfer.alpha` does not apply to profile \"reference\"");
}

#[test]
fn a_calibration_declared_in_code_alone_may_be_named_like_one_with_a_table() {
    let shown = probe("siblings");
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("bowl   PASS").shows("bowl2  PASS");
}

#[test]
fn a_holdout_gate_that_could_not_fail_exits_2() {
    let project = Project::copy_of("probe");
    let declared = project.read("omega.toml");
    project.file("omega.toml", &declared.replace(", min_fitness = -10.0", ""));
    project.omega(["test"]).exits(2).says("no threshold is declared, so nothing could fail");
}

#[test]
fn a_filter_that_hides_the_failed_gate_does_not_hide_the_verdict() {
    let shown = Project::copy_of("overfit").omega(["test", "kc2"]).exits(0);
    shown.says("the verdict of `overfit` is `FAIL:KC-4`, and none of the cases shown says so");
}

#[test]
fn a_flag_that_the_harness_does_not_know_exits_2() {
    let shown = Project::copy_of("probe").omega(["test", "--", "--exat"]).exits(2);
    shown.says("unknown flag `--exat`");
}

#[test]
fn a_run_without_an_answer_leaves_no_artifacts_of_an_earlier_one() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    assert!(project.path("target/omega/probe/bowl/result.json").exists());
    project.omega(["test"]).env("PROBE", "error").exits(4);
    for name in ["result.json", "scorecard.txt"] {
        assert!(!project.path(&format!("target/omega/probe/bowl/{name}")).exists(), "{name}");
    }
    let trail = project.read("target/omega/probe/bowl/trail.jsonl");
    let last = trail.lines().last().unwrap_or_default();
    assert!(last.contains("\"verdict\":null,\"problem\":\"calibration `bowl`: evaluation "), "{last}");
}

#[test]
fn a_table_that_no_calibration_claims_is_named() {
    let project = Project::copy_of("probe");
    let declared = project.read("omega.toml");
    project.file("omega.toml", &(declared + "[calibration.ghost]\nprofile = \"reference\"\n"));
    project
        .omega(["test"])
        .exits(2)
        .says("omega.toml has a table for `ghost`, which nothing in the workspace declares");
    project.omega(["lock"]).exits(2).says("omega.toml has a table for `ghost`");
    // Who asks for a part does not ask about the rest.
    project.omega(["test", "bowl::run"]).exits(0).hides("ghost");
}

#[test]
fn a_suite_that_cannot_be_run_exits_2_and_names_the_reason() {
    for (mode, reason) in [
        ("empty", "the suite `calibration` has no calibrations"),
        ("twice", "calibration `bowl` is declared twice"),
        ("bad_name", "calibration name `../bowl` is not usable"),
        ("space", "the test target has another space than the train target: parameter `extra` (bool, baseline false)"),
        ("empty_space", "the parameter space is empty"),
    ] {
        let shown = probe(mode);
        assert_eq!(shown.code, Some(2), "{mode}: {shown:?}");
        assert!(format!("{}{}", shown.stdout, shown.stderr).contains(reason), "{mode}: {shown:?}");
    }
}

#[test]
fn a_failing_target_exits_4_and_no_gate_of_it_counts_as_answered() {
    for (mode, reason) in [
        ("error", "the solver did not converge"),
        ("panic", "panic: index out of range"),
        ("misspelt", "no parameter `zz`; the nearest is `z`"),
        ("factory", "the test target could not be made: no file `prices.csv`"),
        ("factory_panic", "the train target could not be made: panic: no file `prices.csv`"),
    ] {
        let project = Project::copy_of("probe");
        let shown = project.omega(["test"]).env("PROBE", mode).exits(4);
        shown.shows(reason).shows("not evaluated: bowl::run did not finish").hides("\u{1b}[2J").hides("PASS");
        let trials = &project.results().suites[0].trials;
        let answered = trials.iter().filter(|trial| !matches!(trial.status, TrialStatus::Error | TrialStatus::Skip));
        assert_eq!(answered.count(), 0, "{mode}");
    }
}

#[test]
fn failed_evaluations_within_their_budget_are_evidence_and_are_never_selected() {
    let project = Project::copy_of("probe");
    let declared = project.read("omega.toml").replace("profile =", "max_failed_evaluations = 1000\nprofile =");
    project.file("omega.toml", &declared);
    let shown = project.omega(["test"]).env("PROBE", "error").exits(0);
    shown.shows(" failed), 25 candidates");
    let scorecard = project.read("target/omega/probe/bowl/scorecard.txt");
    assert!(scorecard.contains("-> 1.0"), "the best candidate that did not fail: {scorecard}");
}

#[test]
fn a_filter_that_matches_nothing_exits_6_and_names_near_cases() {
    let shown = Project::copy_of("probe").omega(["test", "bowl::gate::kc9"]).exits(6);
    shown.says("no case matches `bowl::gate::kc9`").says("bowl::gate::kc1");
}

#[test]
fn a_gate_behind_a_failed_one_fails_under_its_own_name_and_says_which() {
    let project = Project::copy_of("probe");
    let declared = project.read("omega.toml").replace("profile =", "gates = { gini_min = 0.99 }\nprofile =");
    project.file("omega.toml", &declared);
    let shown = project.omega(["test"]).exits(1);
    shown.shows("bowl  FAIL:KC-2 (profile reference, lock off, gold off)");
    // Why is said once, where it belongs.
    shown.shows("──── bowl::gate::kc2").shows("cases of it were not evaluated").hides("──── bowl::gate::kc1");
    let trials = project.results().suites.remove(0).trials;
    for name in ["kc1", "kc3", "kc4", "constraints"] {
        let trial = trials.iter().find(|trial| trial.name == format!("bowl::gate::{name}")).expect("the case");
        assert_eq!((trial.status, trial.summary.as_str()), (TrialStatus::Fail, "not evaluated: kc2 failed before"));
    }
}

#[test]
fn the_verdict_and_the_exit_code_always_agree() {
    let project = Project::copy_of("probe");
    let declared = project.read("omega.toml");
    let mut verdicts = Vec::new();
    for change in [
        "",
        "gates = { gini_min = 0.99 }\n",
        "gates = { trade_count_min = 101 }\n",
        "gates = { pearson_min = 1.0, trade_ratio_min = 1.5 }\n",
        "gates = { time_box_seconds = 0.0 }\n",
        "gates = { preset = \"pure_objective\" }\nsc2 = { run = true }\n",
    ] {
        for (from, to) in [("", ""), ("-10.0", "10.0"), ("value = 40.0", "value = -1.0"), ("hard_fail", "record")] {
            let text = declared.replace("profile =", &format!("{change}profile ="));
            project.file("omega.toml", &if from.is_empty() { text } else { text.replace(from, to) });
            let shown = project.omega(["test"]).run();
            let verdict = project.results().suites[0].runs[0].verdict.as_ref().expect("a verdict").to_string();
            let expected = if verdict == "PASS" { 0 } else { 1 };
            assert_eq!(shown.code, Some(expected), "{verdict} under {change}{to}\n{shown:?}");
            verdicts.push(verdict);
        }
    }
    for verdict in ["PASS", "FAIL:KC-2", "FAIL:KC-3", "FAIL:KC-1", "FAIL:HOLDOUT", "FAIL:CONSTRAINTS"] {
        assert!(verdicts.iter().any(|found| found == verdict), "{verdict} did not occur: {verdicts:?}");
    }
}

#[test]
fn every_run_leaves_the_same_bytes_on_one_thread_and_on_many() {
    let project = Project::copy_of("probe");
    let mut runs = Vec::new();
    for threads in ["1", "4", "4"] {
        project.omega(["test", "--threads", threads]).exits(0);
        runs.push(
            ["result.json", "scorecard.txt"].map(|file| project.read(&format!("target/omega/probe/bowl/{file}"))),
        );
        let timings = project.read("target/omega/probe/bowl/timings.json");
        assert!(timings.contains(&format!("\"threads\": {threads}")), "{timings}");
    }
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[1], runs[2]);
}

#[test]
fn an_optimizer_that_the_code_brings_along_is_judged_by_the_same_gates() {
    let project = Project::copy_of("probe");
    // A method in omega.toml goes over the code's; keys of a search without a method mean nothing.
    let declared = project.read("omega.toml").replace("method = \"grid\", ", "");
    project.file("omega.toml", &declared);
    let shown = project.omega(["test"]).env("PROBE", "own").exits(2);
    shown.says("`search.points_per_axis`").says("take the key out").hides("PASS");
    project.file("omega.toml", &declared.replace("unlock_k = 2, points_per_axis = 5", "unlock_k = 2"));
    let shown = project.omega(["test"]).env("PROBE", "own").exits(0);
    shown.shows("20 candidates").shows("bowl::gate::kc4").shows("bowl::holdout");
    assert!(
        project.read("target/omega/probe/bowl/result.json").contains(r#""search.name": "\"a line of 20 points\"""#)
    );
    let shown = project.omega(["test"]).env("PROBE", "own_panic").exits(4);
    shown.shows("the search gave up: panic: no ideas left after 5 points").hides("PASS").hides("defect");
}

#[test]
fn a_missing_data_file_is_told_once_for_all_the_cases_that_needed_it() {
    let project = Project::copy_of("probe");
    let shown = project.omega(["test"]).env("PROBE", "factory").exits(4);
    assert_eq!(shown.stdout.matches("────\n").count(), 1, "{shown:?}");
    shown.shows("prices.csv").shows("for this reason 7 cases of it were not evaluated");
}

#[test]
fn what_comes_next_behind_a_failed_gate_is_the_gate_and_not_to_accept_the_result() {
    let project = Project::copy_of("overfit");
    project.change("omega.toml", "profile =", "gold = \"required\"\nprofile =");
    let shown = project.omega(["test"]).exits(1);
    shown.shows("Next mend it first: cargo omega explain overfit::gate::kc4");
    shown.shows("the run failed its own gates (FAIL:KC-4): mend that first, then look at gold");
    shown.hides("update-gold").hides("cargo omega review");
}

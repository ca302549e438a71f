//! Iterative calibrations under `cargo omega test`: the same cases, each telling which round it speaks of.

use omega_lock::internals::artifacts::{PassEntry, RunResult, SuiteResults, TrialStatus};
use omega_lock::{GateId, Verdict};

use crate::support::Project;

/// The declaration of the probe project, searched in rounds of one parameter each; `more` goes into its table.
fn declared(probe: &str, rounds: &str, more: &str) -> String {
    let table = format!("pipeline = \"iterative\"\niterative = {{ {rounds} }}\n{more}\nprofile =");
    probe.replace("profile =", &table).replace("unlock_k = 2", "unlock_k = 1")
}

/// The probe project with that declaration.
fn descent(rounds: &str, more: &str) -> Project {
    let project = Project::copy_of("probe");
    project.file("omega.toml", &declared(&project.read("omega.toml"), rounds, more));
    project
}

fn failed(suite: &SuiteResults) -> Vec<&str> {
    let failed = suite.trials.iter().filter(|trial| trial.status == TrialStatus::Fail);
    failed.map(|trial| trial.name.as_str()).collect()
}

fn result(project: &Project) -> RunResult {
    serde_json::from_str(&project.read("target/omega/probe/bowl/result.json")).expect("an iterative result")
}

fn stop_reason(result: &RunResult) -> &'static str {
    result.stop_reason.expect("rounds are declared").0.name()
}

fn locked_in(result: &RunResult) -> Vec<&[String]> {
    let locked_in = result.passes.iter().filter(|pass| pass.locked_in);
    locked_in.map(|pass| pass.unlocked.as_slice()).collect()
}

#[test]
fn a_descent_that_holds_up_exits_0_and_every_case_names_its_round() {
    let project = descent("rounds = 2", "");
    let shown = project.omega(["test"]).exits(0);
    shown.shows("10 candidates in 2 rounds (max_rounds)").shows("bowl  PASS (profile reference, lock off, gold off)");
    shown.shows("bowl::gate::kc4").shows("round 2: pearson").shows("bowl::gate::constraints");
    let result = result(&project);
    assert_eq!(result.schema_version, RunResult::SCHEMA);
    assert_eq!(locked_in(&result), [["y"], ["x"]]);
    assert_eq!((result.verdict.to_string().as_str(), stop_reason(&result)), ("PASS", "max_rounds"));
    let numbers: Vec<_> =
        result.passes.iter().map(|pass| (pass.round, pass.verdict.as_deref().map(Verdict::is_pass))).collect();
    assert_eq!(numbers, [(Some(1), Some(true)), (Some(2), Some(true))]);
    let of_the_holdout = |pass: &PassEntry| pass.gates.iter().any(|entry| entry.gate == GateId::Holdout);
    assert!(!result.passes.iter().any(of_the_holdout), "no round knows the holdout");
    assert!(result.ending.holdout.is_some());
    let scorecard = project.read("target/omega/probe/bowl/scorecard.txt");
    for line in ["Stopped:      max_rounds after 2 of at most 2 rounds", "Round 2:      PASS", "  locked in   x=1.0"] {
        assert!(scorecard.contains(line), "{line}: {scorecard}");
    }
}

#[test]
fn a_descent_that_fails_in_its_second_round_exits_1_and_says_where() {
    let project = descent("rounds = 3", "gates = { pearson_min = 0.9999 }");
    let shown = project.omega(["test"]).exits(1);
    shown
        .shows("bowl  FAIL:round2 (profile reference, lock off, gold off)")
        .shows("round 2: pearson 0.9")
        .shows("in round 2");
    let results = project.results();
    assert_eq!(failed(&results.suites[0]), ["bowl::gate::kc4"]);
    assert_eq!(results.suites[0].runs[0].verdict.as_ref().map(ToString::to_string).as_deref(), Some("FAIL:round2"));
    let result = result(&project);
    assert_eq!(stop_reason(&result), "gate_failed");
    assert_eq!(locked_in(&result), [["y"]], "nothing of the round that failed is locked in");
}

#[test]
fn the_verdict_of_a_descent_and_the_exit_code_always_agree() {
    let project = Project::copy_of("probe");
    let probe = project.read("omega.toml");
    let mut verdicts = Vec::new();
    for (rounds, more) in [
        ("", ""),
        ("rounds = 2, min_improvement = 0.3", ""),
        ("rounds = 2", "gates = { gini_min = 0.99 }"),
        ("rounds = 2, stop_on_kc_fail = false", "gates = { gini_min = 0.48 }"),
        ("rounds = 2, stop_on_kc_fail = false", "gates = { trade_count_min = 101 }"),
        ("rounds = 3, stop_on_kc_fail = false", "gates = { pearson_min = 0.9999 }\nsc2 = { run = true }"),
        ("rounds = 2", "gates = { time_box_seconds = 0.0 }"),
        ("rounds = 1", ""),
    ] {
        for (from, to) in
            [("", ""), ("-10.0", "10.0"), ("value = 40.0", "value = -1.0"), ("unlock_k = 1", "unlock_k = 4")]
        {
            let text = declared(&probe, rounds, more);
            project.file("omega.toml", &if from.is_empty() { text } else { text.replace(from, to) });
            let shown = project.omega(["test"]).run();
            let suite = project.results().suites.remove(0);
            let verdict = suite.runs[0].verdict.as_ref().expect("a verdict").to_string();
            let expected = if verdict == "PASS" { 0 } else { 1 };
            assert_eq!(shown.code, Some(expected), "{verdict} under {rounds} {more} {to}\n{shown:?}");
            assert_eq!(verdict == "PASS", failed(&suite).is_empty(), "{verdict} under {rounds} {more} {to}");
            verdicts.push(verdict);
        }
    }
    for verdict in
        ["PASS", "FAIL:round1", "FAIL:round2", "FAIL:round3", "FAIL:no_rounds", "FAIL:HOLDOUT", "FAIL:round1,HOLDOUT"]
    {
        assert!(verdicts.iter().any(|found| found == verdict), "{verdict} did not occur: {verdicts:?}");
    }
}

#[test]
fn a_descent_leaves_the_same_bytes_on_one_thread_and_on_many() {
    let project = descent("rounds = 2", "");
    let runs = ["1", "4"].map(|threads| {
        project.omega(["test", "--threads", threads]).exits(0);
        ["result.json", "scorecard.txt"].map(|file| project.read(&format!("target/omega/probe/bowl/{file}")))
    });
    assert_eq!(runs[0], runs[1]);
    let timings = project.read("target/omega/probe/bowl/timings.json");
    assert!(timings.contains("\"round\": 2"), "{timings}");
}

#[test]
fn rounds_that_are_not_run_or_make_no_sense_exit_2_and_say_what_to_write() {
    let project = descent("rounds = 0", "");
    project
        .omega(["test"])
        .exits(2)
        .says("line 3: `calibration.bowl.iterative.rounds` is 0, expected a whole number of at least 1");
    let declared = project.read("omega.toml").replace("rounds = 0", "rounds = 2");
    project.file("omega.toml", &declared.replace("\"iterative\"", "\"p1\""));
    project.omega(["test"]).exits(2).says("`calibration.bowl.iterative.rounds` does not apply to pipeline \"p1\"");
    project.file("omega.toml", &declared.replace("pipeline = \"iterative\"\n", ""));
    project.omega(["test"]).exits(2).says("or write `pipeline = \"iterative\"` beside it");
    project.file("omega.toml", &declared.replace("rounds = 2", "round = 2"));
    project.omega(["test"]).exits(2).says("help: the nearest key is `rounds`");
}

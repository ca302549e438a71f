//! `cargo omega eval` and `cargo omega check`: parameters by hand, and a calibration before its run.

use omega_lock::internals::artifacts::{Direction, TrialState};
use serde_json::Value;

use crate::support::{Project, Shown};
use crate::{import, walked, workers};

const STRICT: &str = "[calibration.bowl]\nlock = \"off\"\ngold = \"off\"\n";

/// The figure in the first column of a row.
fn figure(shown: &Shown, name: &str) -> f64 {
    let row = shown.stdout.lines().find(|line| line.split_whitespace().next() == Some(name));
    let cell = row.and_then(|row| row.split_whitespace().nth(1)).unwrap_or_else(|| panic!("no row {name}: {shown:?}"));
    cell.parse().unwrap_or_else(|_| panic!("{cell} is no number"))
}

fn gold(project: &Project) -> Value {
    serde_json::from_str(&project.read("fixtures/gold/bowl.json")).expect("gold")
}

#[test]
fn golds_parameters_have_golds_figures_to_the_last_bit_in_a_suite_and_with_a_worker() {
    let suite = Project::copy_of("probe");
    suite.change("omega.toml", "profile = \"reference\"", "profile = \"reference\"\ngold = \"required\"");
    let (update, eval) = (["update-gold", "--reason", "first"], ["eval", "bowl", "--gold"]);
    suite.omega(update).exits(0);
    let shown = suite.omega(eval).exits(0);
    let of = |gold: &Value, name: &str| gold["metrics"][name].as_f64().expect("a number").to_bits();
    assert_eq!(figure(&shown, "fitness").to_bits(), of(&gold(&suite), "train_fitness"), "{shown:?}");
    assert_eq!(figure(&shown, "steepness").to_bits(), of(&gold(&suite), "metadata.steepness"), "{shown:?}");
    shown.shows("constraint steepness: kept: metadata.steepness").shows("(the same)");
    let worker = workers::project();
    workers::omega(&worker, ["lock"]).exits(0);
    workers::omega(&worker, update).exits(0);
    let shown = workers::omega(&worker, eval).exits(0);
    assert_eq!(figure(&shown, "fitness").to_bits(), of(&gold(&worker), "train_fitness"), "{shown:?}");
}

#[test]
fn values_go_over_the_baseline_are_shown_beside_it_and_leave_no_trail() {
    let project = workers::project();
    let shown = workers::omega(&project, ["eval", "bowl", "x=1", "y=-0.5"]).exits(0);
    shown.shows("on train, in no trail").shows("x 0.0 -> 1.0").shows("y 0.0 -> -0.5");
    assert_eq!(figure(&shown, "fitness").abs(), 0.0);
    assert!(!project.path("target/omega/workers/bowl/trail.jsonl").exists());
    project.file("by_hand.json", "{\"x\": 1}");
    let shown = workers::omega(&project, ["eval", "bowl", "--file", "by_hand.json", "y=-0.5"]).exits(0);
    assert_eq!(figure(&shown, "fitness").abs(), 0.0);
    workers::omega(&project, ["lock"]).exits(0);
    workers::omega(&project, ["test", "bowl::run"]).exits(0);
    let shown = workers::omega(&project, ["eval", "bowl", "--candidate", "0"]).exits(0);
    shown.shows("fitness");
    workers::omega(&project, ["eval", "bowl", "--candidate", "100000"]).exits(2).says("#100000 of `bowl` is not there");
}

#[test]
fn what_fits_no_parameter_exits_2_with_the_nearest_that_does() {
    let project = workers::project();
    for (typed, said) in [
        ("xx=1", "did you mean `x`?"),
        ("x=3", "expected float in -2.0..=2.0"),
        ("x=3", "the nearest is `2.0`"),
        ("x=big", "`x` is big, expected float"),
        ("x=nan", "`x` is nan"),
        ("x", "`x` is no `KEY=VALUE`"),
        ("=1", "`=1` is no `KEY=VALUE`"),
    ] {
        workers::omega(&project, ["eval", "bowl", typed]).exits(2).says(said);
    }
    workers::omega(&project, ["eval", "bowl", "x=1", "x=1"]).exits(2).says("`x` is given twice");
    workers::omega(&project, ["eval", "bwol", "x=1"]).exits(2).says("did you mean `bowl`?");
    workers::omega(&project, ["eval", "bowl", "--gold"]).exits(2).says("no gold is accepted yet");
    for (text, said) in
        [("[1]", "by_hand.json"), ("{\"x\": true}", "`x` is true"), ("{\"x\": 1, \"x\": 2}", "by_hand.json")]
    {
        project.file("by_hand.json", text);
        workers::omega(&project, ["eval", "bowl", "--file", "by_hand.json"]).exits(2).says(said);
    }
}

#[test]
fn the_holdout_is_evaluated_only_with_the_flag_and_the_look_is_written_down_once() {
    let project = Project::copy_of("probe");
    project.omega(["eval", "bowl", "x=1", "--slice", "holdout"]).exits(2).says("only with `--count-a-look`");
    assert!(!project.path("omega.ledger.jsonl").exists());
    let counted = ["eval", "bowl", "x=1", "--slice", "holdout", "--count-a-look"];
    project.omega(counted).env("CI", "true").exits(2).says("CI writes no committed file");
    assert!(!project.path("omega.ledger.jsonl").exists());
    for said in ["it is new: commit the file", "it was written down before"] {
        project.omega(counted).exits(0).shows("This is look 1 to the holdout slice").shows(said);
    }
    assert_eq!(project.read("omega.ledger.jsonl").lines().count(), 1);
    project.omega(["eval", "bowl", "x=1.5", "--slice", "holdout", "--count-a-look"]).exits(0).shows("This is look 2");
    project.omega(["eval", "bowl", "x=1", "--count-a-look"]).exits(2).says("belongs to `--slice holdout`");
}

#[test]
fn test_says_that_it_is_one_more_question_and_counts_where_questions_are_counted() {
    let project = Project::copy_of("probe");
    let asked = ["eval", "bowl", "x=1", "--slice", "test"];
    project.omega(asked).exits(0).shows("one more question to the test slice");
    assert!(!project.path("omega.ledger.jsonl").exists());
    project.file("omega.toml", &format!("{STRICT}walk_forward.consultations = true\n"));
    project.omega(asked).exits(0).shows("This is question 1 to the test slice in omega.ledger.jsonl");
    assert_eq!(project.read("omega.ledger.jsonl").lines().count(), 1);
    project.omega(["eval", "bowl", "x=1"]).exits(0).hides("question");
}

#[test]
fn parameters_that_do_not_go_together_exit_1_and_a_target_that_fails_4() {
    let project = Project::copy_of("probe");
    let shown = project.omega(["eval", "bowl", "x=1.6"]).env("PROBE", "error").exits(4);
    shown.says("the solver did not converge").hides("\u{1b}[2J");
    let shown = project.omega(["eval", "bowl", "x=1.6", "y=-1"]).env("PROBE", "apart").exits(1);
    shown.shows("these parameters do not go together: x is too far from y");
}

#[test]
fn a_calibration_is_looked_at_in_a_few_evaluations_and_no_figure_of_test_or_holdout_is_told() {
    let project = Project::copy_of("probe");
    project.file("omega.toml", &format!("{STRICT}blocks = 8\n"));
    let log = project.path("log").to_string_lossy().into_owned();
    let check = project.omega(["check", "bowl"]).env("PROBE_BLOCKS", "8").env("PROBE_LOG", &log);
    let shown = check.exits(0);
    for part in [
        "3 parameters: x float in -2.0..=2.0",
        "metrics steepness",
        "8 blocks",
        "the same answer",
        "evaluations",
        "8 blocks show a mean gain of",
    ] {
        shown.shows(part);
    }
    let rows = |role: &str| shown.stdout.lines().any(|line| line.contains(role) && line.contains("fitness"));
    assert!(rows("train") && !rows(" test ") && !rows("holdout"), "{shown:?}");
    let evaluated = project.read("log").lines().filter(|line| *line == "evaluated").count();
    assert!(evaluated <= 12, "{evaluated} evaluations");
    assert!(!project.path("target/omega/probe/bowl/trail.jsonl").exists());
}

#[test]
fn what_a_run_could_not_do_with_is_told_before_it() {
    let project = Project::copy_of("probe");
    project.omega(["check", "bowl"]).env("PROBE", "same_name").exits(1).shows("WRONG  data").shows("are the same data");
    project.omega(["check", "bowl"]).env("PROBE", "nameless").exits(0).shows("do not say which data they have");
    let constraint =
        "[[calibration.bowl.constraint]]\nname = \"steep\"\nmetric = \"metadata.stepness\"\nop = \"<\"\nvalue = 40.0\n";
    project.file("omega.toml", &format!("{STRICT}{constraint}"));
    project.omega(["check", "bowl"]).exits(1).shows("WRONG  constraint").shows("steepness");
    project.omega(["check", "bwol"]).exits(2).says("did you mean `bowl`?");
    let worker = workers::project();
    workers::omega(&worker, ["check", "bowl"]).exits(0).shows("2 parameters").shows("evaluations");
}

#[test]
fn the_last_window_is_tried_where_there_are_several() {
    let project = walked::walked();
    for (slice, center) in [("train", "1.3"), ("test", "1.35")] {
        let shown =
            workers::omega(&project, ["eval", "bowl", &format!("x={center}"), "y=-0.5", "--slice", slice]).exits(0);
        shown.shows("This is the last window");
        assert!(figure(&shown, "fitness").abs() < 1e-12, "{shown:?}");
    }
    let shown = workers::omega(&project, ["check", "bowl"]).exits(0);
    shown.shows("evaluations").shows("the same answer");
}

#[test]
fn a_calibration_with_a_study_plans_what_is_evaluated_again_and_not_the_search() {
    let project = workers::project();
    let trials: Vec<_> = (0..200)
        .map(|number| {
            let x = f64::from(u32::try_from(number).unwrap_or_default()) / 100.0;
            import::trial(number, TrialState::Complete, x, -(x - 1.0) * (x - 1.0) - 0.5)
        })
        .collect();
    project.file("study.json", &import::study(Some(Direction::Maximize), &trials));
    let grid = "{ method = \"grid\", unlock_k = 2, points_per_axis = 9 }";
    project.change("omega.toml", grid, "{ method = \"study\", file = \"study.json\" }");
    let shown = workers::omega(&project, ["check", "bowl"]).exits(0);
    shown.shows("of the 200 trials of the study among them").hides("your own optimizer");
    let shown = workers::omega(&project, ["eval", "bowl", "x=1"]).exits(0);
    assert_eq!(figure(&shown, "fitness"), -0.5, "{shown:?}");
    project.file("study.json", "{}");
    workers::omega(&project, ["check", "bowl"]).exits(3).says("study.json");
}

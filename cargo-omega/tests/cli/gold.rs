//! Gold: a result that moved fails, and only a person with a reason makes it the accepted one.

use omega_lock::internals::artifacts::{GoldDocument, HistoryEntry};

use crate::support::Project;

const GOLD: &str = "fixtures/gold/bowl.json";
const PENDING: &str = "target/omega/pending/bowl.json";

/// The probe with gold required, and none there.
fn required() -> Project {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "profile =", "gold = \"required\"\nprofile =");
    project
}

/// The probe with its gold.
fn golden() -> Project {
    let project = required();
    let shown = project.omega(["update-gold", "--reason", "first"]).exits(0);
    shown.shows("first gold").shows(&format!("Updated {GOLD}")).shows("Recorded fixtures/gold/HISTORY.jsonl");
    // Gold that differs is what this is for, and cargo has nothing to say of it.
    shown.hides("test failed");
    project
}

fn history(project: &Project) -> Vec<HistoryEntry> {
    let text = project.read("fixtures/gold/HISTORY.jsonl");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of history")).collect()
}

#[test]
fn an_unchanged_rerun_is_as_accepted() {
    let project = golden();
    project.omega(["test"]).exits(0).shows("metrics as accepted").shows("bowl  PASS (profile reference, lock off)");
    assert!(!project.path(PENDING).exists(), "nothing waits");
    let gold = GoldDocument::parse(&project.read(GOLD)).expect("gold");
    assert_eq!((gold.verdict.as_str(), gold.gates["kc4"].as_str()), ("PASS", "PASS"));
    assert_eq!(gold.metrics["evaluations"].to_string(), "43");
    project.omega(["update-gold", "--reason", "again"]).exits(0).shows(&format!("Unchanged {GOLD}"));
    assert_eq!(history(&project).len(), 1);
}

#[test]
fn missing_gold_fails_and_says_how_it_is_made() {
    let project = required();
    let shown = project.omega(["test"]).exits(1);
    shown.shows("no gold: fixtures/gold/bowl.json is missing").shows("nobody has accepted a result");
    shown.shows("cargo omega update-gold bowl::gold --reason").shows("OMEGA_LOCK_UPDATE_GOLD=1");
    shown.shows("Pending 1 result in target/omega/pending").shows("bowl  FAIL:GOLD");
    assert!(project.path(PENDING).exists());
    assert!(!project.path(GOLD).exists());
}

#[test]
fn a_constant_changed_by_a_thousandth_fails_with_the_metrics_and_the_difference_of_the_files() {
    let project = golden();
    let before = project.read(GOLD);
    for ci in ["false", "true"] {
        let shown = project.omega(["test"]).env("PROBE_DRIFT", "-0.001").env("CI", ci).exits(1);
        shown.shows("4 of 13 metrics moved").shows("  metric").shows("±1e-06   FAIL");
        shown.shows("train_fitness").shows("  -0.001  ").shows("9 of 13 metrics as accepted");
        shown.shows("-    \"train_fitness\": ").shows("+    \"train_fitness\": ").shows("gold was made at");
        assert!(project.path(PENDING).exists(), "what differs can be uploaded from CI");
        assert_eq!(project.read(GOLD), before);
    }
    project.omega(["test"]).exits(0);
    assert!(!project.path(PENDING).exists(), "a result as accepted takes away what waited");
}

#[test]
fn a_metric_better_than_gold_passes_with_a_note_unless_it_is_declared_exact() {
    let project = golden();
    let shown = project.omega(["test"]).env("PROBE_DRIFT", "0.001").exits(0);
    shown.shows("; better: baseline_fitness").shows("and 3 more");
    let declared = project.read("omega.toml");
    let exact = "\n[calibration.bowl.tolerance]\ntrain_fitness = { exact = true }\n";
    project.file("omega.toml", &(declared.clone() + exact));
    let shown = project.omega(["test"]).env("PROBE_DRIFT", "0.001").exits(1);
    shown.shows("1 of 13 metrics moved").shows("  exact    FAIL").shows("better");
    project.file("omega.toml", &(declared + &exact.replace("train_fitness", "train_fitnes")));
    let shown = project.omega(["test"]).exits(1);
    shown.shows("no such metric  FAIL").shows("the nearest is `train_fitness`");
}

#[test]
fn a_tolerance_that_is_declared_lets_a_metric_move() {
    let project = golden();
    let table = |metric| format!("\n[calibration.bowl.tolerance.{metric}]\nabsolute = 0.002\n");
    let tables = ["baseline_fitness", "train_fitness", "test_fitness", "holdout_fitness"].map(table);
    project.file("omega.toml", &(project.read("omega.toml") + &tables.concat()));
    let shown = project.omega(["test"]).env("PROBE_DRIFT", "-0.001").exits(0);
    shown.shows("13 of 13 metrics as accepted, worst at 50 % of its tolerance");
    project.omega(["test"]).env("PROBE_DRIFT", "-0.003").exits(1);
}

#[test]
fn gold_is_not_written_without_a_reason_in_ci_or_for_a_run_that_failed() {
    let project = golden();
    let before = project.read(GOLD);
    let drift = ("PROBE_DRIFT", "-0.001");
    project.omega(["update-gold"]).env(drift.0, drift.1).exits(2).says("no reason is given");
    project.omega(["update-gold", "--reason", " "]).env(drift.0, drift.1).exits(2).says("no reason is given");
    let shown = project.omega(["update-gold", "--reason", "x"]).env("CI", "true").exits(2);
    shown.says("refusing to write gold because CI is set (CI=true)");
    project.change("omega.toml", "profile =", "gates = { pearson_min = 1.0 }\nprofile =");
    let shown = project.omega(["update-gold", "--reason", "x"]).env(drift.0, drift.1).exits(1);
    shown.says("`bowl` was not written: its verdict is FAIL:KC-4").says("--accept-failing");
    let shown = project.omega(["update-gold", "--reason", "x"]).env("PROBE", "error").exits(4);
    shown.says("bowl::run: ").says("the solver did not converge");
    project.omega(["update-gold", "nothing", "--reason", "x"]).exits(6).says("no gold case matches `nothing`");
    assert_eq!(project.read(GOLD), before);
    assert_eq!(history(&project).len(), 1);
    let shown = project.omega(["update-gold", "bowl", "--reason", "see #41", "--accept-failing"]).exits(0);
    shown.shows("PASS").says("a run that failed is now the baseline of `bowl`");
    let last = history(&project).pop().expect("a line");
    assert_eq!((last.reason.as_str(), last.verdict.as_str()), ("see #41", "FAIL:KC-4"));
    assert_eq!(last.old.expect("there was gold"), omega_lock::internals::gold::digest(&before));
    assert_eq!(last.new, omega_lock::internals::gold::digest(&project.read(GOLD)));
}

#[test]
fn gold_that_is_damaged_exits_3() {
    let project = golden();
    let before = project.read(GOLD);
    for (from, to, problem) in [
        ("  \"verdict\"", "<<<<<<< HEAD\n  \"verdict\"", "line 4: a merge left its marker `<<<<<<< HEAD` here"),
        ("gold.v1", "gold.v9", "its schema is `omega-lock.gold.v9`"),
        ("\"bowl\"", "\"bowl2\"", "it is the gold of `bowl2`"),
    ] {
        project.file(GOLD, &before).change(GOLD, from, to);
        project.omega(["test"]).exits(3).shows("`fixtures/gold/bowl.json` is no gold").shows(problem);
    }
}

#[test]
fn gold_of_no_calibration_is_reported() {
    let project = golden();
    project.file("fixtures/gold/ghost.json", "{}");
    project.omega(["test"]).exits(1).says("there is gold of `ghost`, which nothing in the workspace declares");
}

#[test]
fn the_variable_writes_gold_under_plain_cargo_test_and_the_run_still_fails() {
    let project = required();
    let test = ["test", "--offline", "--test", "calibration"];
    let shown = project.cargo(test).env("OMEGA_LOCK_UPDATE_GOLD", "1").run();
    shown.says("OMEGA_LOCK_UPDATE_GOLD is set but OMEGA_LOCK_REASON is not");
    let with_reason = |project: &Project| {
        project.cargo(test).env("OMEGA_LOCK_UPDATE_GOLD", "1").env("OMEGA_LOCK_REASON", "the seed's habit")
    };
    with_reason(&project).env("CI", "1").run().says("refusing to write gold because CI is set (CI=1)");
    assert!(!project.path(GOLD).exists());
    with_reason(&project).exits(101).shows("written. This run still fails");
    assert_eq!(history(&project)[0].reason, "the seed's habit");
    with_reason(&project).exits(0);
    project.cargo(test).exits(0);
    project.change("omega.toml", "profile =", "gates = { pearson_min = 1.0 }\nprofile =");
    with_reason(&project).exits(101).shows("nothing was written: the verdict is FAIL:KC-4");
    assert_eq!(history(&project).len(), 1);
    project.omega(["test"]).env("OMEGA_LOCK_UPDATE_GOLD", "1").exits(2).says("is for plain `cargo test`");
}

#[test]
fn a_changed_gold_value_fails_against_the_commit_before_and_new_gold_does_not() {
    let project = required();
    project.change("omega.toml", "gold =", "lock = \"required\"\ngold =");
    project.omega(["lock"]).exits(0);
    project.commit("gold is required, and there is none");
    let text = project.read("omega.toml");
    project.file("omega.toml", &text.replace("gold = \"required\"", "gold = \"off\""));
    project.omega(["lock"]).exits(0);
    project.commit("no gold yet");
    project.file("omega.toml", &text);
    project.omega(["lock"]).exits(0);
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.commit("gold");
    project.omega(["test", "--against", "HEAD~1"]).exits(0).shows("new bowl  gold").shows("tighter bowl  gold");
    // Where it was required already it was there, or somebody merged what failed.
    project.omega(["test", "--against", "HEAD~2"]).exits(1).shows("GOLD bowl  (none) -> accepted");
    project.change(GOLD, "\"evaluations\": 43", "\"evaluations\": 45");
    let shown = project.omega(["test", "--against", "HEAD"]).exits(1);
    shown.shows("GOLD bowl  evaluations 43 -> 45").says("--accept-change ");
    std::fs::remove_file(project.path(GOLD)).expect("gold is there");
    project.omega(["test", "--against", "HEAD"]).exits(1).shows("REMOVED bowl  gold");
}

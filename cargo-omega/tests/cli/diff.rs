//! `cargo omega diff`: two artifacts of one kind, and an exit code for what became of the bar.

use omega_lock::internals::artifacts::DiffDocument;

use crate::support::{Project, repository};

const RESULT: &str = "target/omega/probe/bowl/result.json";

/// Runs with this line in omega.toml and this drift, and keeps the result.
fn keep(project: &Project, name: &str, line: &str, drift: &str) {
    let declared = project.read("omega.toml");
    project.file("omega.toml", &declared.replace("profile =", &format!("{line}\nprofile =")));
    project.omega(["test"]).env("PROBE_DRIFT", drift).run();
    project.file(name, &project.read(RESULT));
    project.file("omega.toml", &declared);
}

#[test]
fn two_results_differ_in_gates_verdict_metrics_and_thresholds() {
    let project = Project::copy_of("probe");
    keep(&project, "a.json", "", "0");
    keep(&project, "same.json", "", "0");
    keep(&project, "better.json", "", "0.5");
    keep(&project, "worse.json", "gates.pearson_min = 1.0", "-0.5");
    keep(&project, "looser.json", "gates.pearson_min = 0.1", "0");
    project.omega(["diff", "a.json", "same.json"]).exits(0).shows("nothing differs");
    let shown = project.omega(["diff", "a.json", "better.json"]).exits(0);
    shown.shows("train_fitness").shows("+0.5  better").says("Comparing a.json -> better.json (result of bowl)");
    let shown = project.omega(["diff", "a.json", "worse.json"]).exits(1);
    shown.shows("PASS -> FAIL:KC-4").shows("kc4").shows("-0.5  worse").shows("gates.pearson_min");
    shown.shows("tighter").shows("verdict: 1 regressed of 1 changed, gates: 1 regressed of 1 changed");
    let shown = project.omega(["diff", "a.json", "looser.json"]).exits(1);
    shown.shows("gates.pearson_min  0.3 -> 0.1").shows("LOOSER");
    project.omega(["diff", "looser.json", "a.json"]).exits(0).shows("tighter");
}

#[test]
fn a_bar_of_the_strict_profile_that_was_lowered_shows_between_two_results() {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "profile = \"reference\"", "profile = \"strict\"");
    keep(&project, "a.json", "", "0");
    let alpha = "gates.transfer.alpha";
    for (line, shown) in [
        ("gates.transfer.alpha = 0.5", "gates.transfer.alpha  0.05 -> 0.5"),
        ("gates.null.alpha = 0.5", "gates.null.alpha  0.05 -> 0.5"),
        ("gates.searched.min_distinct = 1", "gates.searched.min_distinct  10 -> 1"),
        ("gates.deterministic.noise = 99.0", "gates.deterministic.noise  0.0 -> 99.0"),
    ] {
        keep(&project, "b.json", line, "0");
        project.omega(["diff", "a.json", "b.json"]).exits(1).shows(shown).shows("LOOSER").hides("digest");
        project.omega(["diff", "b.json", "a.json"]).exits(0).shows("tighter").hides("LOOSER").hides("digest");
        let text = project.omega(["diff", "--format", "json", "a.json", "b.json"]).exits(1).stdout;
        let document: DiffDocument = serde_json::from_str(&text).expect("a document");
        let declared = document.rows.iter().filter(|row| row.section == "declared").count();
        assert_eq!((declared, document.regressed), (1, 1), "{line} and no other: {text}");
    }
    // One of two keys is lowered while the other rises.
    keep(&project, "b.json", "gates = { transfer.alpha = 0.5, searched.min_distinct = 20 }", "0");
    let shown = project.omega(["diff", "a.json", "b.json"]).exits(1);
    shown.shows(alpha).shows("LOOSER").shows("gates.searched.min_distinct").shows("tighter");
}

#[test]
fn two_results_of_another_space_or_pipeline_are_compared_as_far_as_it_goes() {
    let project = Project::copy_of("probe");
    keep(&project, "a.json", "", "0");
    project.omega(["test"]).env("PROBE", "wide").run();
    project.file("wide.json", &project.read(RESULT));
    let declared = |before: &str, after: &str| {
        let text = project.omega(["diff", "--format", "json", before, after]).run().stdout;
        let document: DiffDocument = serde_json::from_str(&text).expect("a document");
        let rows = document.rows.into_iter().filter(|row| row.section == "declared");
        let shown = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
        rows.map(|row| format!("{} {} -> {}", row.name, shown(row.before), shown(row.after))).collect::<Vec<_>>()
    };
    assert_eq!(declared("a.json", "wide.json"), ["space.x.high 2.0 -> 4.0"]);
    let shown = project.omega(["diff", "a.json", "wide.json"]).exits(1);
    shown.shows("first other candidate is number 1").shows("moved");
    let rounds = |most: u64| format!("pipeline = \"iterative\"\niterative.rounds = {most}");
    keep(&project, "rounds.json", &rounds(2), "0");
    let other = declared("a.json", "rounds.json");
    assert!(other.contains(&"pipeline \"p1\" -> \"iterative\"".to_owned()), "{other:?}");
    assert!(other.contains(&"iterative.rounds none -> 2".to_owned()), "{other:?}");
    keep(&project, "more.json", &rounds(3), "0");
    assert_eq!(declared("rounds.json", "more.json"), ["iterative.rounds 2 -> 3"]);
}

#[test]
fn the_same_is_there_as_data_for_a_pull_request_and_line_by_line() {
    let project = Project::copy_of("probe");
    keep(&project, "a.json", "", "0");
    keep(&project, "b.json", "", "-0.5");
    let shown = project.omega(["diff", "--format", "json", "a.json", "b.json"]).exits(1);
    let document: DiffDocument = serde_json::from_str(&shown.stdout).expect("a document");
    let train = document.rows.iter().find(|row| row.name == "train_fitness").expect("a row");
    assert_eq!((train.section.as_str(), train.word.as_str(), train.regressed), ("metrics", "worse", true));
    assert_eq!((document.kind.as_str(), document.calibration.as_deref()), ("result", Some("bowl")));
    let shown = project.omega(["diff", "--format", "markdown", "a.json", "b.json"]).exits(1);
    shown.shows("| metrics | `train_fitness` | ").shows("**worse**").hides("@@");
    project.omega(["diff", "--full", "a.json", "b.json"]).exits(1).shows("@@ ").shows("  -");
}

#[test]
fn two_locks_and_two_gold_files_are_compared_too() {
    let project = Project::copy_of("probe");
    project.omega(["lock"]).exits(0);
    project.file("old.lock", &project.read("omega.lock"));
    project.change("omega.lock", "constraint.steepness.value = 40.0", "constraint.steepness.value = 50.0");
    let shown = project.omega(["diff", "old.lock", "omega.lock"]).exits(1);
    shown.shows("bowl.constraint.steepness.value").shows("40.0 -> 50.0").shows("LOOSER");
    project.omega(["diff", "omega.lock", "old.lock"]).exits(0).shows("tighter");
    project.change("omega.toml", "profile =", "gold = \"required\"\nprofile =");
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    project.omega(["test"]).exits(0);
    project.omega(["diff", "fixtures/gold/bowl.json", RESULT]).exits(0).shows("nothing differs");
}

#[test]
fn what_cannot_be_compared_exits_2_and_what_is_damaged_3() {
    let project = Project::copy_of("probe");
    keep(&project, "a.json", "", "0");
    project.omega(["lock"]).exits(0);
    let a = project.read("a.json");
    project.file("cut.json", &a[..a.len() / 2]);
    project.file("other.json", &a.replace("\"calibration\": \"bowl\"", "\"calibration\": \"bowl2\""));
    project.file("odd.json", &a.replace("\"candidates\"", "\"candidate\""));
    project.file("text.txt", "once upon a time\n");
    project.file("torn.lock", "version = 1\n[calibration.bowl\n");
    for (other, code, reason) in [
        ("omega.lock", 2, "a result cannot be compared with a lock"),
        // The digest covers the name and every field: a file that was changed by hand says so.
        ("other.json", 3, "`declaration_digest` is not that of `declaration`"),
        ("text.txt", 2, "`text.txt`: it is neither JSON nor an omega.lock"),
        ("target/omega/results.json", 2, "its schema is `omega-lock.test-run.v1`, which cannot be compared"),
        ("nothing.json", 2, "`nothing.json` is not there"),
        ("cut.json", 3, "`cut.json`: damaged: "),
        ("odd.json", 3, "unknown field `candidate`"),
        ("torn.lock", 3, "`torn.lock`: damaged: "),
    ] {
        project.omega(["diff", "a.json", other]).exits(code).says(reason);
    }
}

#[test]
fn two_trails_part_at_the_first_row_that_is_another_one() {
    let project = Project::copy_of("probe");
    let trail = "target/omega/probe/bowl/trail.jsonl";
    keep(&project, "a.json", "", "0");
    project.file("a.jsonl", &project.read(trail));
    keep(&project, "b.json", "", "0.5");
    project.file("b.jsonl", &project.read(trail));
    project.omega(["diff", "a.jsonl", "a.jsonl"]).exits(0).shows("nothing differs");
    let shown = project.omega(["diff", "a.jsonl", "b.jsonl"]).exits(0);
    // The header is the same; the first evaluation is not.
    shown.shows("forked at row 1").shows("first other evaluation is row 1").says("(trail of bowl)");
    keep(&project, "c.json", "gates.pearson_min = 1.0", "0");
    let shown = project.omega(["diff", "a.jsonl", "target/omega/probe/bowl"]).exits(1);
    shown.shows("PASS -> FAIL:KC-4").shows("gates.pearson_min").shows("tighter").shows("forked at row 0");
    shown.hides("first other evaluation");
    let rows: Vec<String> = project.read("a.jsonl").lines().map(|line| format!("{line}\n")).collect();
    project.file("short.jsonl", &rows[..10].concat());
    project.omega(["diff", "short.jsonl", "a.jsonl"]).exits(0).shows("extended").shows("not ended -> PASS");
    project.omega(["diff", "a.jsonl", "short.jsonl"]).exits(1).shows("cut").shows("PASS -> not ended");
    project.file("odd.jsonl", &rows.concat().replacen("\"samples\":100", "\"samples\":101", 1));
    project.omega(["diff", "a.jsonl", "odd.jsonl"]).exits(3).says("the second: ");
    project.omega(["diff", "a.jsonl", "a.json"]).exits(2).says("a trail cannot be compared with another kind");
}

/// An artifact of the Python package, from the fixtures.
fn peer(name: &str) -> String {
    let path = repository().join("fixtures/peer").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn two_artifacts_of_the_python_package_are_compared_with_the_same_exit_codes() {
    let project = Project::empty();
    for name in ["p1", "p2", "iterative", "audit", "p1-kc2-fail"] {
        project.file(&format!("{name}.json"), &peer(&format!("0.3.8/{name}.json")));
        project.file(&format!("old-{name}.json"), &peer(&format!("0.1.7/{name}.json")));
        let same = format!("{name}.json");
        project.omega(["diff", &same, &same]).exits(0).shows("nothing differs");
        project.omega(["diff", &format!("old-{name}.json"), &same]).exits(0).hides("worse");
    }
    // What is not a number is never as good as before, not even as itself.
    project.file("nan.json", &peer("0.3.8/p1-nan.json"));
    project.omega(["diff", "nan.json", "nan.json"]).exits(1).shows("not a number");
    project.file("looser.json", &peer("0.3.8/p1.json").replace("\"pearson_min\": 0.1", "\"pearson_min\": -1.0"));
    let shown = project.omega(["diff", "p1.json", "looser.json"]).exits(1);
    shown.shows("gates.pearson_min  0.1 -> -1.0").shows("LOOSER").says("(p1 result for Python)");
    project.omega(["diff", "looser.json", "p1.json"]).exits(0).shows("tighter");
    let shown = project.omega(["diff", "p1.json", "p1-kc2-fail.json"]).exits(1);
    shown.shows("verdict").shows("FAIL:KC-2").shows("KC-2").shows("first other candidate is number 0");
    let shown = project.omega(["diff", "p1-kc2-fail.json", "p1.json"]).exits(1);
    shown.shows("FAIL:KC-2 -> PASS").shows("better").shows("gates.gini_min").shows("LOOSER");
    project.omega(["diff", "p1.json", "p2.json"]).exits(2).says("a p1 result for Python cannot be compared with a p2");
    project.file("odd.json", &peer("0.3.8/audit.json").replacen("\"runs\"", "\"rums\"", 1));
    project.omega(["diff", "audit.json", "odd.json"]).exits(3).says("`odd.json`: damaged: ");
    project.file("benchmark.json", &peer("0.3.8/benchmark.json"));
    project.omega(["diff", "benchmark.json", "benchmark.json"]).exits(2).says("cargo omega bench --gold");
}

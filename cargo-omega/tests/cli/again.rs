//! A study in the place of what a calibration searches, and what was said of it once.

use crate::import::{study, trial};
use crate::support::Project;
use omega_lock::internals::artifacts::{Direction, TrialState};

fn imported(direction: Option<Direction>) -> Project {
    let project = Project::empty();
    let trials: Vec<_> = (0..9).map(|at| trial(at, TrialState::Complete, at as f64, at as f64)).collect();
    project.file("s.json", &study(direction, &trials));
    project
}

#[test]
fn what_the_file_or_an_earlier_import_says_is_not_said_otherwise() {
    let project = imported(Some(Direction::Maximize));
    for command in [&["import", "-o", "t.json"][..], &["study"]] {
        let arguments = command.iter().copied().chain(["s.json", "--direction", "minimize"]);
        let shown = project.omega(arguments).exits(2);
        shown.says("`--direction` is minimize, and `s.json` says that `value` is to maximize");
    }
    let project = imported(None);
    project.omega(["import", "s.json", "--score", "value", "--direction", "minimize", "-o", "t.json"]).exits(0);
    project.omega(["study", "t.json"]).exits(6).shows("as was said at the import");
    project.omega(["import", "t.json", "--direction", "minimize", "-o", "u.json"]).exits(0);
    for (option, now, then) in [("--direction", "maximize", "minimize"), ("--score", "other", "value")] {
        let shown = project.omega(["import", "t.json", option, now, "-o", "u.json"]).exits(2);
        shown.says(&format!("`{option}` is {now}, and `t.json` was imported with `{option} {then}`"));
    }
}

/// A target that gives back what the fixture recorded, found by `gain`, which no two complete trials share.
#[cfg(all(feature = "sqlite", unix))]
const TARGET: &str = r#"import json, sys
rows = [row for row in map(json.loads, open("known.jsonl")) if row["state"] == "complete"]
known = {row["params"]["gain"]: row["scores"]["value"] for row in rows if "value" in row.get("scores", {})}
for line in sys.stdin:
    asked = json.loads(line)
    answer = {"id": asked["id"]}
    if asked["type"] == "hello":
        answer.update(type="hello", protocol=1)
    else:
        gain = asked["params"]["gain"]
        fitness = known.get(gain) if asked["slice"]["train"] else gain
        answer.update(type="result", samples=100, fitness=gain if fitness is None else fitness)
    print(json.dumps(answer), flush=True)
"#;

#[cfg(all(feature = "sqlite", unix))]
const OMEGA: &str = r#"[calibration.amp]
[calibration.amp.worker]
command = ["python3", "target.py"]
[calibration.amp.roles]
train = { train = true }
test = { train = false }
[calibration.amp.space]
gain = { kind = "float", low = 0, high = 10, neutral = 1 }
bias = { kind = "float", low = -2, high = 2, neutral = 0 }
taps = { kind = "int", low = 1, high = 70, neutral = 1 }
rate = { kind = "float", low = 1e-5, high = 1e-1, neutral = 1e-3, scale = "log" }
depth = { kind = "int", low = 0, high = 70, neutral = 0 }
mode = { kind = "choice", choices = ["l1", "None", "True", "3", "1.5", "inf", "False", "ü\"\\", "0"], neutral = "l1" }
"#;

#[cfg(all(feature = "sqlite", unix))]
#[test]
fn a_real_database_is_evaluated_again_and_a_record_that_somebody_edited_is_named() {
    let project = Project::empty();
    let fixture = |file: &str| crate::support::repository().join("fixtures/studies/optuna-4.9.0").join(file);
    std::fs::copy(fixture("study.db"), project.path("study.db")).expect("a copy");
    std::fs::copy(fixture("one.expected.jsonl"), project.path("known.jsonl")).expect("a copy");
    project.file("target.py", TARGET).file("omega.toml", OMEGA);
    let again = || {
        let asked = ["study", "study.db", "--study", "one", "--calibration", "amp"];
        crate::workers::omega(&project, asked).run()
    };
    let shown = again();
    assert!(matches!(shown.code, Some(0 | 1)), "{shown:?}");
    shown.shows("so this is no locked review").hides("differ from their record");
    let status = |project: &Project| {
        let suites = project.results().suites;
        let of = suites.iter().flat_map(|suite| &suite.trials).find(|trial| trial.name.ends_with("::reproduces"));
        format!("{:?}", of.expect("a case").status).to_lowercase()
    };
    assert!(status(&project).contains("pass"), "{}", status(&project));

    let database = rusqlite::Connection::open(project.path("study.db")).expect("a database");
    let edited = database.execute("UPDATE trial_values SET value = 99.0 WHERE trial_id = 12", []).expect("edited");
    assert_eq!(edited, 1);
    drop(database);
    let shown = again();
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows("trial 11");
    assert!(status(&project).contains("fail"), "{shown:?}");
}

/// A parabola in blocks, nearly the same on both slices.
#[cfg(unix)]
const PARABOLA: &str = r#"import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    answer = {"id": asked["id"]}
    if asked["type"] == "hello":
        answer.update(type="hello", protocol=1)
    else:
        x, part = asked["params"]["x"], asked["slice"]["part"]
        blocks = [-((x - 1.0 - 0.02 * ((block * 7 + part) % 5)) ** 2) for block in range(8)]
        answer.update(type="result", samples=100, fitness=sum(blocks) / 8, blocks=blocks)
    print(json.dumps(answer), flush=True)
"#;

#[cfg(unix)]
const COMMITTED: &str = r#"[calibration.bowl]
search = { method = "study", file = "s.json" }
blocks = 8
[calibration.bowl.worker]
command = ["python3", "target.py"]
[calibration.bowl.roles]
train = { part = 0 }
test = { part = 1 }
[calibration.bowl.space]
x = { kind = "float", low = -2, high = 2, neutral = -1 }
"#;

/// Sixty trials of the parabola as a table, as the program would score them; one may be recorded otherwise.
#[cfg(unix)]
fn table(edited: Option<(u32, f64)>) -> String {
    let row = |at: u32| {
        let x = -2.0 + 4.0 * f64::from(at * 37 % 60) / 59.0;
        let block = |block: u32| -(x - 1.0 - 0.02 * f64::from(block * 7 % 5)).powi(2);
        let score = edited
            .filter(|(edited, _)| *edited == at)
            .map_or_else(|| (0..8).map(block).sum::<f64>() / 8.0, |(_, score)| score);
        format!("{x:?},{score:?}\n")
    };
    (0..60).map(row).fold("x,score\n".to_owned(), |text, row| text + &row)
}

#[cfg(unix)]
#[test]
fn a_committed_study_is_locked_accepted_and_passes_and_another_one_or_an_edited_one_does_not() {
    let project = Project::empty();
    project.file("omega.toml", COMMITTED).file("target.py", PARABOLA);
    let omega = |arguments: &[&'static str]| crate::workers::omega(&project, arguments.iter().copied());
    let import = |table: &str| {
        project.file("t.csv", table);
        omega(&["import", "t.csv", "--score", "score", "--direction", "maximize", "--params", "x", "-o", "s.json"])
            .exits(0);
    };
    import(&table(None));
    omega(&["lock"]).exits(0).shows("Added bowl");
    let listed = omega(&["test", "--", "--list"]).exits(0);
    listed.shows("bowl::gate::reproduces: test").shows("bowl::gate::margin: test");
    omega(&["test"]).exits(1).shows("Verdict bowl  FAIL:GOLD");
    omega(&["update-gold", "--reason", "first"]).exits(0);
    omega(&["test"]).exits(0).shows("Verdict bowl  PASS").shows("trial 45 of the");
    omega(&["verify", "bowl"]).exits(0).shows("result.json regenerated: the same");
    // A digit of the file, whose rows are chained.
    let whole = project.read("s.json");
    project.change("s.json", "\"score\":-9", "\"score\":-8");
    omega(&["test"]).exits(3);
    project.file("s.json", &whole);
    omega(&["test"]).exits(0);
    // Another study is another declaration, and a record that nothing gives back is named.
    import(&table(Some((0, 99.0))));
    let shown = omega(&["test"]).exits(1);
    shown.shows("1 field differs from omega.lock: search.digest").shows("moved");
    shown.shows("bowl::gate::reproduces").shows("trial 0");
    let gates = project.results().suites[0].trials.iter().find(|trial| trial.name == "bowl::gate::reproduces").cloned();
    assert!(gates.is_some_and(|gate| gate.summary.contains("99")), "reproduces names the record");
}

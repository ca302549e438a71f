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

//! `cargo omega test --recheck`: what is accepted, evaluated again in seconds, and every reason for which only a search will do.

use omega_lock::internals::artifacts::{Ledger, Recheck};

use crate::support::{Omega, Project};
use crate::workers::omega;

/// A bowl in eight blocks, as good as the file `scale` says; notes which slice it was asked on.
pub(crate) const TARGET: &str = r#"import json, os, sys
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
os.makedirs("target", exist_ok=True)
NOISE = [0.3, -0.5, 0.1, 0.6, -0.2, -0.4, 0.2, -0.1]
for line in sys.stdin:
    asked = json.loads(line)
    answer = {"id": asked["id"]}
    if asked["type"] == "hello":
        answer.update(type="hello", protocol=1)
    else:
        params, told = asked["params"], asked["slice"]
        with open("target/asked", "a") as log:
            log.write(told["name"] + "\n")
        words = open("scale").read().split()
        scale, drift = float(words[0]), "drift" in words
        x, y = params["x"], params["y"]
        blocks = [scale * (20 + noise * (1 + 0.1 * x) - (x - told["center"]) ** 2 - 2 * (y + 0.5) ** 2) for noise in NOISE]
        if drift:
            blocks[0] += len(open("target/asked").read())
        answer.update(type="result", samples=100, fitness=sum(blocks) / 8, blocks=blocks, metrics={"size": scale * (abs(x) + abs(y))})
    print(json.dumps(answer), file=out, flush=True)
"#;

pub(crate) const DECLARED: &str = r#"[calibration.bowl]
blocks = 8
search = { method = "grid", unlock_k = 2, points_per_axis = 9 }
gates = { gini_min = -1.0, top_bot_ratio_min = 0.0 }
constraint_policy = "prefer_feasible"
recheck = { max_age_days = 7 }

[[calibration.bowl.constraint]]
name = "size"
metric = "metadata.size"
op = "<"
value = 3.0

[calibration.bowl.worker]
command = ["python3", "target.py"]

[calibration.bowl.space]
x = { kind = "float", low = -2, high = 2, neutral = 0 }
y = { kind = "float", low = -2, high = 2, neutral = 0 }

[calibration.bowl.roles]
train = { name = "train", center = 1.0 }
test = { name = "test", center = 1.25 }
holdout = { name = "holdout", center = 0.9 }
"#;

pub(crate) const HISTORY: &str = "fixtures/gold/HISTORY.jsonl";
pub(crate) const GOLD: &str = "fixtures/gold/bowl.json";

/// A calibration that is locked, accepted and committed.
pub(crate) fn accepted() -> Project {
    let project = Project::empty();
    project.file("target.py", TARGET).file("scale", "1.0").file("omega.toml", DECLARED);
    omega(&project, ["lock"]).exits(0);
    omega(&project, ["update-gold", "--reason", "first"]).exits(0);
    project.commit("accepted");
    std::fs::remove_file(project.path("target/asked")).expect("the search asked");
    project
}

pub(crate) fn recheck(project: &Project) -> Omega {
    omega(project, ["test", "--recheck"])
}

pub(crate) fn against(project: &Project) -> Omega {
    omega(project, ["test", "--recheck", "--against", "HEAD"]).env("CI", "true")
}

/// Moves the moment of every line of the history.
pub(crate) fn dated(project: &Project, when: &str) {
    let line = |line: &str| {
        let mut entry: serde_json::Value = serde_json::from_str(line).expect("a line of history");
        entry["when"] = when.into();
        format!("{entry}\n")
    };
    project.file(HISTORY, &project.read(HISTORY).lines().map(line).collect::<String>());
}

#[test]
fn what_is_accepted_is_evaluated_again_and_the_holdout_stays_closed() {
    let project = accepted();
    let day = project.read(HISTORY).split("\"when\":\"").nth(1).expect("a moment")[..10].to_owned();
    let search = std::fs::read(project.path("target/omega/workers/bowl/result.json")).expect("the search left one");
    let shown = against(&project).exits(0);
    for case in ["accepted", "reproduces", "constraints", "selected", "margin", "deterministic"] {
        shown.shows(&format!("bowl::recheck::{case} "));
    }
    let said = format!("PASS (rechecked, searched on {day})");
    shown.shows(&format!("Verdict bowl  {said}")).hides("Selected");
    assert_eq!(project.results().suites[0].runs[0].verdict.as_ref().map(ToString::to_string), Some(said.clone()));
    let asked = project.read("target/asked");
    let count = |slice: &str| asked.lines().filter(|line| *line == slice).count();
    assert_eq!(count("holdout"), 0);
    assert!(count("train") + count("test") < 60, "{} and {}", count("train"), count("test"));
    let left = project.read("target/omega/workers/bowl/recheck/recheck.json");
    let document: Recheck = serde_json::from_str(&left).expect("recheck.json has its schema");
    assert_eq!((document.verdict.to_string(), document.cases.len()), (said, 6));
    // The search that stands beside it is as it was.
    assert_eq!(std::fs::read(project.path("target/omega/workers/bowl/result.json")).ok(), Some(search));
    omega(&project, ["show", "bowl"]).exits(0).hides("rechecked");
    omega(&project, ["verify", "bowl"]).exits(0);
}

#[test]
fn every_outlet_says_that_it_is_a_recheck_and_of_which_day() {
    let project = accepted();
    dated(&project, "2026-01-02T03:04:05Z");
    project.change("omega.toml", "max_age_days = 7", "max_age_days = 3650");
    omega(&project, ["lock"]).exits(0);
    omega(&project, ["update-gold", "--reason", "longer"]).exits(0);
    dated(&project, "2026-01-02T03:04:05Z");
    let said = "PASS (rechecked, searched on 2026-01-02)";
    let (summary, outputs) = (project.path("summary.md"), project.path("outputs"));
    let shown = omega(&project, ["test", "--recheck", "--junit", "junit.xml", "--format", "github"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", summary.to_str().expect("UTF-8"))
        .env("GITHUB_OUTPUT", outputs.to_str().expect("UTF-8"))
        .env("CI", "false")
        .run();
    // GITHUB_ACTIONS says that it is CI, and there a base is needed.
    assert_eq!(shown.code, Some(2), "{shown:?}");
    project.commit("longer");
    let shown =
        omega(&project, ["test", "--recheck", "--against", "HEAD", "--junit", "junit.xml", "--format", "github"])
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_STEP_SUMMARY", summary.to_str().expect("UTF-8"))
            .env("GITHUB_OUTPUT", outputs.to_str().expect("UTF-8"))
            .exits(0);
    shown.shows(said);
    let page = "target/omega/workers/bowl/recheck/report.html";
    for file in ["summary.md", "junit.xml", "target/omega/results.json", page] {
        assert!(project.read(file).contains(said), "{file}\n{}", project.read(file));
    }
    assert!(project.read("outputs").contains("rechecked=pass (rechecked, searched on 2026-01-02)\n"));
}

#[test]
fn a_target_that_is_five_percent_worse_fails_the_case_reproduces() {
    let project = accepted();
    project.file("scale", "0.95");
    let shown = against(&project).exits(1);
    shown
        .shows("FAIL")
        .shows("bowl::recheck::reproduces")
        .shows("train_fitness")
        .shows("search: cargo omega test bowl");
    shown.shows("Verdict bowl  FAIL:REPRODUCES (rechecked, searched on");
    // A constraint that it violates is a case of its own.
    project.file("scale", "2.5");
    against(&project).exits(1).shows("FAIL:REPRODUCES,CONSTRAINT:size,SELECTED (rechecked");
}

#[test]
fn a_target_that_says_something_else_each_time_fails_the_case_deterministic() {
    let project = accepted();
    project.file("scale", "1.0 drift");
    against(&project).exits(1).shows("FAIL").shows("bowl::recheck::deterministic").shows("DETERMINISTIC");
}

#[test]
fn a_calibration_that_does_not_declare_it_exits_2_and_asks_nothing() {
    let project = accepted();
    let other = "\n[calibration.dish]\n[calibration.dish.worker]\ncommand = [\"python3\", \"target.py\"]\n\
                 [calibration.dish.space]\nx = { kind = \"float\", low = -2, high = 2, neutral = 0 }\n\
                 y = { kind = \"float\", low = -2, high = 2, neutral = 0 }\n\
                 [calibration.dish.roles]\ntrain = { name = \"train\", center = 1.0 }\n";
    project.file("omega.toml", &format!("{DECLARED}{other}"));
    let shown = recheck(&project).exits(2);
    shown.says("`dish` does not declare `recheck.max_age_days`").says("recheck = { max_age_days = 7 }");
    assert!(!project.path("target/asked").exists());
    // Those that do can be named.
    omega(&project, ["test", "--recheck", "bowl"]).exits(0).shows("(partial)");
    // It is for calibrations that are held against lock and gold.
    project.change("omega.toml", "recheck = { max_age_days = 7 }", "recheck = { max_age_days = 7 }\ngold = \"off\"");
    recheck(&project).exits(2).says("recheck.max_age_days").says("`lock` and `gold` to be \"required\"");
    for wrong in ["0", "-1", "1.5", "\"off\"", "99999"] {
        project.file("omega.toml", &DECLARED.replace("max_age_days = 7", &format!("max_age_days = {wrong}")));
        recheck(&project).exits(2).says("max_age_days");
    }
}

#[test]
fn where_ci_is_set_it_needs_a_base() {
    let project = accepted();
    recheck(&project).env("CI", "true").exits(2).says("`--recheck` needs `--against` because CI is set (CI=true)");
    omega(&project, ["test", "--recheck", "--", "--list"])
        .env("CI", "true")
        .exits(0)
        .shows("bowl::recheck::margin: test");
    assert!(!project.path("target/asked").exists());
}

#[test]
fn a_declaration_that_differs_from_the_base_refuses_it_whatever_the_own_lock_says() {
    let project = accepted();
    project.change("omega.toml", "gates = {", "gates = { improvement = { min = 0.1 },");
    recheck(&project)
        .exits(1)
        .shows("it is declared otherwise than in omega.lock of this checkout")
        .shows("run the search");
    omega(&project, ["lock"]).exits(0);
    recheck(&project).exits(1).shows("gold was accepted under another declaration");
    omega(&project, ["update-gold", "--reason", "tighter"]).exits(0);
    recheck(&project).exits(0);
    std::fs::remove_file(project.path("target/asked")).expect("it was asked");
    // Here everything agrees, and the base knows nothing of it; what the change needs is another question.
    let shown = against(&project).exits(1);
    shown.shows("it is declared otherwise than in omega.lock of HEAD").shows("gates.improvement.min");
    assert!(!project.path("target/asked").exists(), "it was evaluated");
    // The longer it may be, the looser.
    project.change("omega.toml", "max_age_days = 7", "max_age_days = 30");
    omega(&project, ["test", "bowl::declaration", "--against", "HEAD"])
        .exits(1)
        .shows("LOOSER bowl  recheck.max_age_days 7 -> 30");
    project.change("omega.toml", "recheck = { max_age_days = 30 }\n", "");
    omega(&project, ["test", "bowl::declaration", "--against", "HEAD"])
        .exits(1)
        .shows("tighter bowl  recheck.max_age_days 7 -> (none)");
}

#[test]
fn gold_that_nobody_accepted_refuses_it() {
    let project = accepted();
    let gold = project.read(GOLD);
    // Edited by hand, here and then in the base.
    project.file(GOLD, &gold.replace("\"train_fitness\": 20.0", "\"train_fitness\": 20.1"));
    let by_hand = "the gold file is not the one that HISTORY.jsonl of this checkout says was accepted";
    recheck(&project).exits(1).shows(by_hand).shows("Verdict bowl  none");
    project.commit("by hand");
    against(&project).exits(1).shows(by_hand);
    assert!(!project.path("target/asked").exists());
    // Accepted here, and not in the base.
    project.file(GOLD, &gold).commit("again");
    omega(&project, ["update-gold", "--reason", "the same"]).exits(0).shows("Confirmed fixtures/gold/bowl.json");
    against(&project).exits(1).shows("UNSEARCHED bowl");
    project.git(["checkout", "--quiet", "HEAD", "."]);
    project.file("scale", "0.9");
    omega(&project, ["update-gold", "--reason", "worse"]).exits(0);
    recheck(&project).exits(0);
    against(&project).exits(1).shows("gold is another one than that of HEAD");
    // None at all, and no history.
    project.git(["checkout", "--quiet", "HEAD", "."]);
    std::fs::remove_file(project.path(HISTORY)).expect("a history");
    recheck(&project).exits(1).shows("HISTORY.jsonl of this checkout has no line about it");
    std::fs::remove_file(project.path(GOLD)).expect("gold");
    recheck(&project).exits(1).shows("fixtures/gold/bowl.json is missing");
    project.git(["checkout", "--quiet", "HEAD", "."]);
    project.file(HISTORY, "{\"calibration\":\n");
    recheck(&project).exits(3).shows("HISTORY.jsonl line 1 is damaged");
}

#[test]
fn what_did_not_pass_is_not_rechecked() {
    let project = accepted();
    project.change("omega.toml", "gates = {", "gates = { improvement = { min = 1000 },");
    omega(&project, ["lock"]).exits(0);
    omega(&project, ["update-gold", "--reason", "all the same", "--accept-failing"]).exits(0);
    recheck(&project).exits(1).shows("what was accepted did not pass: its verdict is FAIL:IMPROVEMENT");
}

#[test]
fn an_old_search_refuses_it_until_a_search_confirms_it() {
    let project = accepted();
    dated(&project, "2020-01-01T00:00:00Z");
    recheck(&project).exits(1).shows("days ago, on 2020-01-01; `recheck.max_age_days` is 7");
    project.commit("old");
    // A line that a pull request adds does not make the base younger.
    omega(&project, ["update-gold", "--reason", "still so"])
        .exits(0)
        .shows("Confirmed")
        .shows("Recorded fixtures/gold/HISTORY.jsonl");
    assert!(project.read(HISTORY).lines().last().expect("a line").contains("\"confirmed\":true"));
    recheck(&project).exits(0);
    against(&project).exits(1).shows("the last search that HEAD knows was").shows("on 2020-01-01");
    project.commit("confirmed");
    against(&project).exits(0);
    // The newest line counts, wherever a merge has put it.
    let turned: String = project.read(HISTORY).lines().rev().map(|line| format!("{line}\n")).collect();
    project.file(HISTORY, &turned).commit("merged");
    against(&project).exits(0);
    dated(&project, "2999-01-01T00:00:00Z");
    project.commit("ahead");
    against(&project).exits(1).shows("which is in the future: one of the clocks is wrong");
    dated(&project, "yesterday");
    recheck(&project).exits(3).shows("`when` is `yesterday`");
}

#[test]
fn a_search_that_comes_to_gold_by_hand_confirms_nothing() {
    let project = accepted();
    let gold = project.read(GOLD);
    project.file(GOLD, &gold.replace("\"train_fitness\": 20.0", "\"train_fitness\": 20.0000000001"));
    let shown = omega(&project, ["update-gold", "--reason", "still so"]).exits(1);
    shown.says("`fixtures/gold/bowl.json` was not confirmed").says("take the file from git");
    assert_eq!(project.read(HISTORY).lines().count(), 1);
    // Where nobody may recheck, nothing is confirmed.
    project.file(GOLD, &gold);
    project.change("omega.toml", "recheck = { max_age_days = 7 }\n", "");
    omega(&project, ["lock"]).exits(0);
    omega(&project, ["update-gold", "--reason", "without"]).exits(0).shows("Updated");
    omega(&project, ["update-gold", "--reason", "again"]).exits(0).hides("Confirmed");
}

#[test]
fn nothing_takes_a_recheck_for_a_search() {
    let project = accepted();
    std::fs::remove_dir_all(project.path("target/omega")).expect("what the search left");
    project.file("scale", "0.95");
    recheck(&project).exits(1);
    assert!(!project.path("target/omega/pending").exists(), "nothing waits to be accepted");
    // It is listed as what it is.
    omega(&project, ["show"]).exits(0).shows("FAIL:REPRODUCES (rechecked, searched on ").shows("bowl/recheck");
    omega(&project, ["diff", "bowl"]).exits(2);
    omega(&project, ["update-gold", "--recheck", "--reason", "x"]).exits(2);
}

#[test]
fn its_trail_is_rechecked_by_verify_and_its_statement_warns() {
    let project = accepted();
    recheck(&project).exits(0);
    let folder = "target/omega/workers/bowl/recheck";
    omega(&project, ["verify", folder])
        .exits(0)
        .shows("chain ok")
        .shows("recheck.json agrees with what the trail gives");
    let attested = omega(&project, ["attest", folder, "-o", "statement.json"]).exits(0);
    attested.shows("bowl WARNED").shows("it is a recheck: nothing was searched since").shows("no base");
    let statement = project.read("statement.json");
    for said in ["\"result\": \"WARNED\"", "bowl/recheck.json", "bowl::recheck::margin", "\"searched\": \"", GOLD] {
        assert!(statement.contains(said), "{said}\n{statement}");
    }
    // Where something was searched, its name means the search.
    omega(&project, ["attest", "bowl", "-o", "of-search.json"]).exits(0);
    assert!(project.read("of-search.json").contains("bowl/result.json"));
    let search = ["result.json", "trail.jsonl"];
    search.iter().for_each(|name| {
        std::fs::remove_file(project.path(&format!("target/omega/workers/bowl/{name}"))).expect("it is there")
    });
    omega(&project, ["attest", "bowl", "-o", "by-name.json"]).exits(0).shows("WARNED");
    // What it came to is not to be edited.
    let file = format!("{folder}/recheck.json");
    let whole = project.read(&file);
    for (from, to) in [
        ("\"total\": 5", "\"total\": 4"),
        ("PASS (re", "FAIL:MARGIN (re"),
        ("\"x\": 1.0", "\"x\": 1.5"),
        ("\"searched\": \"20", "\"searched\": \"19"),
        ("\"status\": \"pass\"", "\"status\": \"fail\""),
        ("recheck::margin", "recheck::margins"),
    ] {
        project.file(&file, &whole.replacen(from, to, 1));
        assert_ne!(project.read(&file), whole, "{from}");
        omega(&project, ["verify", folder]).exits(3).shows("recheck.json has another");
        omega(&project, ["attest", folder, "-o", "edited.json"]).exits(3);
    }
    omega(&project, ["report", folder]).exits(3);
    project.file(&file, "{}");
    omega(&project, ["verify", folder]).exits(3);
    omega(&project, ["explain", "PASS (rechecked, searched on 2026-11-20)"]).exits(0).shows("recheck.max_age_days");
    omega(&project, ["explain", "bowl::recheck::accepted"]).exits(0).shows("Run the search");
}

#[test]
fn figures_that_are_not_golds_are_a_question_to_the_test_slice() {
    let project = Project::empty();
    project.file("target.py", TARGET).file("scale", "1.0");
    project.file("omega.toml", &DECLARED.replace("recheck =", "walk_forward.consultations = true\nrecheck ="));
    omega(&project, ["lock"]).exits(0);
    omega(&project, ["update-gold", "--reason", "first"]).exits(0);
    project.commit("accepted");
    let questions = || Ledger::parse(&project.read("omega.ledger.jsonl")).expect("a ledger").looks().len();
    assert_eq!(questions(), 1);
    recheck(&project).exits(0).shows("bowl::consultations").shows("the figures are gold's, so nothing new was asked");
    assert_eq!(questions(), 1);
    project.file("scale", "0.95");
    recheck(&project).exits(1).shows("margin p of question 2").shows("new in omega.ledger.jsonl: commit it");
    assert_eq!(questions(), 2);
    // The same again is the same question; and it is that of the search with the same figures.
    recheck(&project).exits(1).shows("margin p of question 2");
    omega(&project, ["test", "bowl::consultations"]).run().shows("question 2");
    assert_eq!(questions(), 2);
}

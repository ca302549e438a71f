//! Tables and objects of any tool: the command line says what is what, and nothing is guessed.

use std::fs;

use omega_lock::internals::artifacts::TrialState;

use crate::support::Project;
use crate::tools::{Study, param};

const TOLD: [&str; 6] = ["--score", "score", "--direction", "minimize", "--params", "x,opt.*"];

#[test]
fn the_same_rows_are_one_study_however_they_are_spelled() {
    let project = Project::empty();
    let spellings = [
        ("a.csv", "x,opt.lr,opt.name,score,note\n1,0.25,adam,-0.5,a\n2,0.5,\"s,\"\"g\",nan,b\n3,,adam,1e-3,\n"),
        (
            "b.csv",
            "\u{feff}x;opt.lr;opt.name;score;note\r\n1;0,25;adam;-0,5;a\r\n2;0,5;\"s,\"\"g\";NaN;b\r\n3;;adam;1e-3;\r\n",
        ),
        (
            "c.tsv",
            "x\topt.lr\topt.name\tscore\tnote\n1\t0.25\tadam\t-0.5\ta\n2\t0.5\t\"s,\"\"g\"\tN/A\tb\n3\t\tadam\t0.001\t\n",
        ),
        (
            "d.jsonl",
            "{\"x\":1,\"opt\":{\"lr\":0.25,\"name\":\"adam\"},\"score\":-0.5,\"note\":\"a\"}\n\n\
             {\"x\":[2],\"opt\":{\"lr\":0.5,\"name\":\"s,\\\"g\"},\"score\":NaN,\"note\":\"b\"}\n\
             {\"x\":3,\"opt\":{\"name\":\"adam\"},\"score\":1e-3}",
        ),
        (
            "e.json",
            "[{\"x\":1,\"opt\":{\"lr\":0.25,\"name\":\"adam\"},\"score\":-0.5,\"note\":\"a\"},\n\
             {\"x\":2,\"opt\":{\"lr\":0.5,\"name\":\"s,\\\"g\"},\"score\":nan,\"note\":\"b\"}\n,\
             {\"x\":3,\"opt\":{\"name\":\"adam\"},\"score\":0.001}]",
        ),
        (
            "f.json",
            "{\n\"x\": [1,2,3],\n\"opt.lr\": {\"0\":0.25,\"1\":0.5,\"2\":[]},\n\"opt.name\": [\"adam\",\"s,\\\"g\",\"adam\"],\n\
             \"score\": \"[-5.e-01 nan\\n 1.e-03]\",\n\"note\": [\"a\",\"b\",[]]}",
        ),
    ];
    for (name, text) in spellings {
        project.file(name, text);
        let study = Study::of(&project, name, &TOLD);
        let rows: Vec<[String; 3]> =
            study.trials.iter().map(|trial| ["x", "opt.lr", "opt.name"].map(|name| param(trial, name))).collect();
        assert_eq!(rows, [["1", "0.25", "'adam'"], ["2", "0.5", "'s,\"g'"], ["3", "-", "'adam'"]], "{name}");
        let scores = study.scores("score");
        assert_eq!((scores[0], scores[2]), (Some(-0.5), Some(0.001)), "{name}");
        assert!(scores[1].is_some_and(f64::is_nan), "{name}");
        assert_eq!(study.trials[1].attributes["note"], "b", "{name}");
        assert_eq!(study.head.objectives[0].direction.expect("it was told").to_string(), "minimize");
    }
}

#[test]
fn score_direction_and_parameters_are_asked_for() {
    let project = Project::empty();
    project.file("a.csv", "x,lr,score\n1,2,3\n");
    let refused =
        |more: &[&str]| project.omega(["import", "a.csv", "-o", "out.json"].iter().chain(more).copied()).exits(2);
    refused(&[]).says("--score").says("`x`, `lr`, `score`");
    refused(&["--score", "score"]).says("--direction minimize");
    let told = ["--score", "score", "--direction", "maximize"];
    refused(&told).says("--params").says("`x`, `lr`, `score`");
    refused(&[&told[..], &["--params", "x,lrr"]].concat()).says("--params `lrr`").says("did you mean `lr`?");
    refused(&[&told[..], &["--params", "*"]].concat()).says("`score` is the score");
    refused(&[&told[..], &["--params", "[x"]].concat()).says("--params `[x`");
    refused(&["--score", "scor", "--direction", "maximize", "--params", "x"]).says("did you mean `score`?");
    refused(&[&told[..], &["--params", "x", "--study", "a"]].concat()).says("holds one study");
}

#[test]
fn no_number_is_spelled_in_many_ways_and_a_row_without_a_score_is_a_trial_that_failed() {
    let project = Project::empty();
    let scores = ["nan", "NaN", "NA", "n/a", "#N/A", "-nan", "inf", "-Infinity", "", "None", "7"];
    let rows: String = scores.iter().enumerate().map(|(x, score)| format!("{x},{score}\n")).collect();
    project.file("a.csv", &format!("x,score\n{rows}"));
    let study = Study::of(&project, "a.csv", &["--score", "score", "--direction", "maximize", "--params", "x"]);
    let found = study.scores("score");
    assert!(found[..6].iter().all(|score| score.is_some_and(f64::is_nan)), "{found:?}");
    assert_eq!(found[6..], [Some(f64::INFINITY), Some(f64::NEG_INFINITY), None, None, Some(7.0)]);
    let failed: Vec<bool> = study.states().iter().map(|state| *state == TrialState::Failed).collect();
    assert_eq!(failed.iter().filter(|failed| **failed).count(), 2, "{failed:?}");
}

#[test]
fn what_is_broken_is_refused_with_its_place() {
    let project = Project::empty();
    for (name, text, place) in [
        ("ragged.csv", "x,score\n1,2\n3\n", "line 3"),
        ("twice.csv", "x,x,score\n1,2,3\n", "two columns `x`"),
        ("word.csv", "x,score\n1,good\n", "`score` has no number, found `good`"),
        ("header.csv", "x,score\n", "no rows"),
        ("open.csv", "score,x\n1,\"2\n2,3\n3,4\n", "line 2: the quote that is opened there is never closed"),
        ("open;.csv", "score;x\r\n1;2\r\n2;\"\"\"3\r\n", "line 3: the quote that is opened there"),
        ("open-header.csv", "score,\"x\n1,2\n", "line 1: the quote that is opened there"),
        // Rows that end up in one field, though a quote of a later one closes it.
        ("behind.csv", "score,x\n1,\"2\n2,3\n3,\"4\n", "line 4: something stands behind the quote"),
        ("middle.jsonl", "{\"x\":1,\"score\":2}\n{\"x\":\n{\"x\":1,\"score\":2}\n", "line 2"),
        ("number.jsonl", "{\"x\":1,\"score\":2}\n7\n", "line 2: expected an object"),
        ("twice.jsonl", "{\"x\":1,\"x\":2,\"score\":2}\n{\"x\":1,\"score\":2}\n", "line 1: `x` occurs twice"),
        ("twice-later.jsonl", "{\"x\":1,\"score\":2}\n{\"x\":1,\"x\":2,\"score\":2}\n", "line 2: `x` occurs twice"),
        ("only.jsonl", "{\"x\":1,\"x\":2,\"score\":2}\n", "line 1: `x` occurs twice"),
        ("broken.jsonl", "{\"x\":1,,\"score\":2}\n{\"x\":1,\"score\":2}\n", "line 1: no JSON"),
        ("cut-first.jsonl", "{\"x\":1\n{\"x\":1,\"score\":2}\n", "line 1: no JSON"),
        ("broken.json", "{\n\"x\": [1,2],\n\"score\": [1,,2]\n}\n", "one document: no JSON: expected value at line 3"),
        (
            "dotted.jsonl",
            "{\"x\":1,\"a.b\":1,\"a\":{\"b\":2},\"score\":2}\n{\"x\":1,\"score\":2}\n",
            "`a.b` occurs twice",
        ),
        ("cut.json", "[{\"x\":1,\"score\":2},{\"x\":1", "element 2"),
        ("comma.json", "[{\"x\":1,\"score\":2},]", "element 2"),
        ("behind.json", "[{\"x\":1,\"score\":2}] 7", "behind the list"),
        ("unequal.json", "{\"x\":[1,2],\"score\":[1]}", "column `score` has 1 rows"),
        ("shortened.json", "{\"x\":[1,2],\"score\":\"[0.1 ... 0.2]\"}", "numpy shortens"),
    ] {
        project.file(name, text);
        let told = ["--score", "score", "--direction", "minimize", "--params", "x"];
        let said = project.omega(["import", name, "-o", "out.json"].into_iter().chain(told)).exits(2);
        said.says(place);
    }
    assert!(!project.path("out.json").is_file());
}

#[test]
fn a_line_that_is_nested_too_deep_is_named() {
    let project = Project::empty();
    let deep = format!("{{\"x\":{}1{},\"score\":2}}", "[".repeat(200), "]".repeat(200));
    project.file("deep.jsonl", &format!("{deep}\n{{\"x\":1,\"score\":2}}\n"));
    let told = ["--score", "score", "--direction", "minimize", "--params", "x"];
    let said = project.omega(["import", "deep.jsonl", "-o", "out.json"].into_iter().chain(told)).exits(2);
    said.says("line 1: no JSON: recursion limit exceeded");
}

#[test]
fn quotes_that_belong_to_a_field_are_no_damage() {
    let project = Project::empty();
    let text = "score,x\n1,\"a \"\"b\"\"\"\n2,\"c,\r\nd\"\n3,5\" pipe\n4,\"\"\n5,\"e\"";
    for text in [text.to_owned(), text.replace('\n', "\r\n").replace("\r\r", "\r")] {
        project.file("a.csv", &text);
        let study = Study::of(&project, "a.csv", &["--score", "score", "--direction", "minimize", "--params", "x"]);
        let found: Vec<String> = study.trials.iter().map(|trial| param(trial, "x")).collect();
        assert_eq!(found, ["'a \"b\"'", "'c,\r\nd'", "'5\" pipe'", "-", "'e'"]);
    }
}

#[test]
fn names_keep_their_blanks_unless_every_field_has_one_in_front() {
    let project = Project::empty();
    let told = ["--score", "score", "--direction", "minimize", "--params", "x*"];
    project.file("a.csv", "x,x ,\u{445} \t,score\n1,2,3,4\n");
    let study = Study::of(&project, "a.csv", &told);
    assert_eq!(["x", "x "].map(|name| param(&study.trials[0], name)), ["1", "2"]);
    assert_eq!(study.trials[0].attributes["\u{445} \t"], 3);
    project.file("a.csv", "x, x2, score\n1, 2, 4\nl1, True, 5\n");
    let study = Study::of(&project, "a.csv", &told);
    let found: Vec<[String; 2]> = study.trials.iter().map(|trial| ["x", "x2"].map(|name| param(trial, name))).collect();
    assert_eq!(found, [["1", "2"], ["'l1'", "true"]]);
    project.file("a.csv", "number,value,params_x,params_x ,state \n0,1.5,2,3,COMPLETE\n");
    let study = Study::of(&project, "a.csv", &["--direction", "minimize"]);
    assert_eq!(["x", "x "].map(|name| param(&study.trials[0], name)), ["2", "3"]);
    assert_eq!(study.states(), [TrialState::Complete]);
}

#[test]
fn types_that_are_read_from_texts_are_said_to_be() {
    let project = Project::empty();
    let told = ["--score", "score", "--direction", "minimize", "--params", "x,y"];
    project.file("a.csv", "x,y,score\n1,nan,2\n");
    assert_eq!(Study::of(&project, "a.csv", &told).left_out("types of parameters"), 2);
    project
        .omega(["import", "a.csv", "-o", "out.json"].into_iter().chain(told))
        .exits(0)
        .shows("types of parameters (2): the file has their texts only");
    project.file("a.jsonl", "{\"x\":\"1\",\"y\":\"nan\",\"score\":2}\n");
    let typed = Study::of(&project, "a.jsonl", &told);
    assert_eq!((param(&typed.trials[0], "x").as_str(), typed.left_out("types of parameters")), ("'1'", 0));
    project.file("a.csv", "number,value,params_x,state\n0,1.5,nan,COMPLETE\n");
    assert_eq!(Study::of(&project, "a.csv", &["--direction", "minimize"]).left_out("types of parameters"), 1);
}

#[test]
fn a_line_that_was_cut_at_the_end_is_left_out_and_said() {
    let project = Project::empty();
    project.file("a.jsonl", "{\"x\":1,\"score\":2}\n{\"x\":2,\"score\":3}\n{\"x\":3,\"sc");
    let told = ["--score", "score", "--direction", "minimize", "--params", "x"];
    let study = Study::of(&project, "a.jsonl", &told);
    assert_eq!((study.trials.len(), study.left_out("last line")), (2, 1));
    project
        .omega(["import", "a.jsonl", "-o", "out.json"].into_iter().chain(told))
        .exits(0)
        .shows("last line (1): it is cut");
}

#[test]
fn results_of_ray_tune_and_trials_of_hyperopt_are_objects_like_any_other() {
    let project = Project::empty();
    project.file(
        "result.json",
        "{\"score\":-0.04,\"samples\":100,\"config\":{\"x\":0.5,\"opt\":{\"name\":\"adam\",\"lr\":0.01}},\"trial_id\":\"a\"}\n\
         {\"score\":NaN,\"samples\":100,\"config\":{\"x\":0.95,\"opt\":{\"name\":\"sgd\",\"lr\":0.02}},\"trial_id\":\"b\"}\n",
    );
    let ray =
        Study::of(&project, "result.json", &["--score", "score", "--direction", "maximize", "--params", "config.*"]);
    assert_eq!(["config.x", "config.opt.name"].map(|name| param(&ray.trials[1], name)), ["0.95", "'sgd'"]);
    project.file(
        "trials.json",
        "[{\"state\":2,\"tid\":0,\"result\":{\"status\":\"fail\"},\"misc\":{\"vals\":{\"c\":[0],\"x\":[0.88],\"y\":[]}}},\
         {\"state\":2,\"tid\":1,\"result\":{\"loss\":0.001,\"status\":\"ok\"},\"misc\":{\"vals\":{\"c\":[1],\"x\":[0.26],\"y\":[3.5]}}}]",
    );
    let told = ["--score", "result.loss", "--direction", "minimize", "--params", "misc.vals.*"];
    let hyperopt = Study::of(&project, "trials.json", &told);
    assert_eq!(hyperopt.states(), [TrialState::Failed, TrialState::Complete]);
    let params = ["c", "x", "y"].map(|name| param(&hyperopt.trials[0], &format!("misc.vals.{name}")));
    assert_eq!(params, ["0", "0.88", "-"]);
}

#[test]
fn texts_of_unknown_origin_give_no_orders() {
    let project = Project::empty();
    let hostile = "\u{1b}[31mred\u{202e}";
    fs::write(project.path("a.csv"), format!("x,{hostile},score\n1,2,bad{hostile}\n")).expect("a file");
    let told = ["--score", "score", "--direction", "minimize", "--params", "x"];
    let shown = project.omega(["import", "a.csv", "-o", "out.json"].into_iter().chain(told)).exits(2);
    shown.hides("\u{1b}[31m").hides("\u{202e}");
    let shown = project.omega(["import", "a.csv", "-o", "out.json"]).exits(2);
    shown.hides("\u{1b}[31m").hides("\u{202e}");
}

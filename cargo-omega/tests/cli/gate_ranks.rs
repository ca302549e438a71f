//! `cargo omega gate`: whether ranks agree, and everything that is no answer.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Project, Shown, repository};

const TRAIN: &str = "[0.5, 0.1, 0.9, 0.3, 0.7, 0.2, 0.8, 0.4]";
const OTHER: &str = "[0.45, 0.15, 0.7, 0.33, 0.8, 0.1, 0.81, 0.37]";

fn gate(train: &str, holdout: &str, more: &[&str]) -> Shown {
    let project = Project::empty();
    project.file("train.json", train).file("holdout.json", holdout);
    let arguments = ["gate", "--train", "train.json", "--holdout", "holdout.json"];
    project.omega(arguments.iter().chain(more).copied()).run()
}

#[track_caller]
fn refuses(shown: &Shown, said: &[&str]) {
    assert_eq!((shown.code, shown.stdout.as_str()), (Some(2), ""), "{shown:?}");
    for said in said {
        shown.says(said);
    }
}

/// By hand: ranks 5 1 8 3 6 2 7 4 and 5 2 6 3 7 1 8 4 differ by 0 1 2 0 1 1 1 0, so rho is 1 - 6 * 8 / (8 * 63).
#[test]
fn ranks_that_agree_exit_0_and_say_that_the_winner_need_not_be_good() {
    let shown = gate(TRAIN, OTHER, &[]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    assert!(shown.stdout.starts_with("verdict  : ranks agree\nrho      : 0.905 "), "{shown:?}");
    shown.shows("pairs    : 8").shows("do not make the winner good").shows("fewer than 30 pairs").hides("PASS");
}

#[test]
fn ranks_that_do_not_agree_exit_1_and_neither_is_called_a_failure() {
    let shown = gate(TRAIN, "[1, 2, 3, 4, 5, 6, 7, 8]", &[]);
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows("verdict  : ranks do not agree").hides("FAIL").hides("PASS");
}

#[test]
fn what_is_no_question_exits_2_and_says_why() {
    for (train, holdout, said) in [
        ("[1, 2, 3, 4]", "[1, 3, 2, 4]", "4 pairs of scores, expected at least 5"),
        ("[]", "[]", "0 pairs of scores, expected at least 5"),
        (TRAIN, "[1, 2, 3]", "8 scores on train and 3 on the other data"),
        (TRAIN, "[1, 2, null, 4, 5, 6, 7, 8]", "`holdout.json`: score 3 is null, expected a finite number"),
        (TRAIN, "[1, 2, 3, 4, 5, 6, 7, NaN]", "`holdout.json`: score 8 is NaN"),
        (TRAIN, "[1, 2, 3, 4, 5, 6, 7, Infinity]", "`holdout.json`: score 8 is `inf`"),
        (TRAIN, "[1, 2, 3, 4, 5, 6, 7, true]", "`holdout.json`: score 8 is true"),
        (TRAIN, "[1, 2, 3, 4, 5, 6, 7, \"8\"]", "`holdout.json`: score 8 is `8`"),
        (TRAIN, "[1, 2, 3, 4, 5, 6, 7, 1e999]", "`holdout.json` is no JSON: number out of range"),
        (TRAIN, "[1, 1, 1, 1, 1, 1, 1, 1]", "all scores on the other data are equal"),
        (TRAIN, "[1, 0, 0, 0, 0, 0, 0, 0]", "the smallest p is 0.125"),
        (TRAIN, TRAIN, "the same data was scored twice"),
        (TRAIN, "{\"scores\": [1]}", "neither a gate verdict nor a study audit"),
        (TRAIN, "7", "`holdout.json` is a number, expected an array"),
        (TRAIN, "[[1, 2], 3, 4, 5, 6, 7, 8, 9]", "row 2 is a number, expected an array as the other rows"),
        (TRAIN, "", "is no JSON: EOF"),
        (
            TRAIN,
            "[[1,2,3,4],[2,3,4,1],[1,2,3,4],[1,2,3,4],[1,2,3,4],[1,2,3,4],[1,2,3,4],[1,2,3,4]]",
            "rows of 4 values, expected at least 5 blocks",
        ),
        (TRAIN, "[[1,2,3,4,5],[2,3,4,1],[1],[],[1],[1],[1],[1]]", "row 2 has 4 values, the first has 5"),
    ] {
        refuses(&gate(train, holdout, &[]), &[said]);
    }
    let deep = "[".repeat(100_000);
    refuses(&gate(TRAIN, &deep, &[]), &["is no JSON"]);
    refuses(&gate(TRAIN, OTHER, &["--pearson-min", "0.3"]), &["`--pearson-min` belongs to `--rule kc4`"]);
    let project = Project::empty();
    project.file("train.json", TRAIN);
    refuses(
        &project.omega(["gate", "--train", "train.json", "--holdout", "none.json"]).run(),
        &["file not found: `none.json`"],
    );
    refuses(&project.omega(["gate", "--train", "train.json", "--holdout", "train.json"]).run(), &["scored twice"]);
    refuses(&project.omega(["gate", "--train", "train.json"]).run(), &["--holdout <FILE>"]);
    refuses(&project.omega(["gate", "--train", "-", "--holdout", "-"]).run(), &["`-` is given twice"]);
}

/// Twelve candidates, six blocks: the same slope and other noise in each.
fn table(slope: f64) -> String {
    let cell =
        |row: i32, block: i32| slope * f64::from(row) + 2.0 * (f64::from(row * row) * (1.3 + f64::from(block))).sin();
    let row = |row: i32| {
        let blocks: Vec<String> = (0..6).map(|block| cell(row, block).to_string()).collect();
        format!("\"trial, {row}\",{},{}\r\n", f64::from(row) / 7.0, blocks.join(","))
    };
    let head = "name,train,block_1,block_2,block_3,block_4,block_5,block_6\r\n".to_owned();
    (0..12).map(row).fold(head, |text, row| text + &row)
}

#[test]
fn columns_of_a_table_are_a_list_or_blocks() {
    let project = Project::empty();
    project
        .file("a.csv", &table(1.0))
        .file("flat.csv", &table(0.0))
        .file("bom.csv", &format!("\u{feff}{}", table(1.0)));
    let shown = project.omega(["gate", "--train", "a.csv:train", "--holdout", "a.csv:block_1"]).exits(0);
    shown.shows("pairs    : 12").hides("blocks   :");
    let shown = project.omega(["gate", "--train", "a.csv:train", "--holdout", "a.csv:block_*"]).exits(0);
    shown.shows("blocks   : 6:").shows("0.0156 signs of blocks").shows("Candidates may be alike");
    project.omega(["gate", "--train", "flat.csv:train", "--holdout", "flat.csv:block_*"]).exits(1);
    project.omega(["gate", "--train", "bom.csv:train", "--holdout", "bom.csv:block_2"]).exits(0);
}

#[test]
fn a_table_that_is_broken_or_not_what_was_named_exits_2() {
    let project = Project::empty();
    project.file("a.csv", &table(1.0)).file("ragged.csv", "x,y\n1,2\n3\n").file("twice.csv", "x,x,y\n1,2,3\n");
    project
        .file("holes.csv", "x,y\n1,2\n3,\n4,NA\n")
        .file("inf.csv", "x,y\n1,1e999\n")
        .file("quote.csv", "x,y\n1,\"2\n2,3\n");
    for (train, said) in [
        ("a.csv", "is a table, and no column is named; it has `name`, `train`"),
        ("a.csv:fitness", "has no column `fitness`; it has `name`, `train`"),
        ("a.csv:name", "line 2: column `name` is `trial, 0`, expected a finite number"),
        ("ragged.csv:x", "line 3: the row has 1 fields, expected 2"),
        ("twice.csv:x", "has two columns `x`"),
        ("holes.csv:y", "line 3: column `y` is empty"),
        ("inf.csv:y", "line 2: column `y` is `1e999`"),
        ("quote.csv:y", "`quote.csv`"),
    ] {
        refuses(&project.omega(["gate", "--train", train, "--holdout", "a.csv:train"]).run(), &[said]);
    }
    refuses(&project.omega(["gate", "--train", "a.csv:train", "--holdout", "a.csv:train"]).run(), &["scored twice"]);
}

#[test]
fn a_table_of_a_spreadsheet_is_read_as_that_of_a_study_is() {
    let project = Project::empty();
    let rows = ["0,5;45", "0,1;15", "0,9;70", "0,3;33", "0,7;80", "0,2;10", "0,8;81", "0,4;37"];
    project.file("german.csv", &format!("x;y\n{}\n", rows.join("\n")));
    let gate = |holdout: &str| project.omega(["gate", "--train", "german.csv:x", "--holdout", holdout]).run();
    let shown = gate("german.csv:y");
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("rho      : 0.905 ");
    refuses(&gate("german.csv:z"), &["has no column `z`; it has `x`, `y`"]);
}

#[test]
fn a_copy_of_train_is_refused_in_any_spelling() {
    for copy in ["[-0.5, -0.1, -0.9, -0.3, -0.7, -0.2, -0.8, -0.4]", "[0.50000001, 0.1, 0.9, 0.3, 0.7, 0.2, 0.8, 0.4]"]
    {
        refuses(&gate(TRAIN, copy, &[]), &["the same data was scored twice"]);
    }
    let copy = "[2, 1.2, 2.8, 1.6, 2.4, 1.4, 2.6, 1.8]";
    refuses(&gate(TRAIN, copy, &[]), &["all 8 candidates in the very order of train", "as a copy would"]);
}

#[test]
fn what_the_search_saw_is_no_other_data_also_where_it_is_taken_apart() {
    let project = Project::empty();
    let cell = |row: i32, split: i32| (f64::from(row * row + 3) * (1.3 + f64::from(split))).sin();
    let row = |row: i32| {
        let splits: Vec<f64> = (0..5).map(|split| cell(row, split)).collect();
        let mean = splits.iter().sum::<f64>() / 5.0;
        let cells: Vec<String> = splits.iter().map(f64::to_string).collect();
        format!("{mean:.4},{},{}\n", mean * 5.0, cells.join(","))
    };
    let rows: String = (0..20).map(row).collect();
    let splits: Vec<String> = (0..5).map(|split| format!("split{split}_test_score")).collect();
    project.file("cv.csv", &format!("mean_test_score,total,{}\n{rows}", splits.join(",")));
    project.file("told.csv", &format!("loss,total,{}\n{rows}", splits.join(",")));
    let gate = |train: &str, holdout: &str| project.omega(["gate", "--train", train, "--holdout", holdout]).run();
    for (train, holdout) in [
        ("cv.csv:mean_test_score", "cv.csv:split*_test_score"),
        ("cv.csv:mean_test_score", "cv.csv:split0_test_score"),
        ("cv.csv:split1_test_score", "cv.csv:split0_test_score"),
    ] {
        refuses(&gate(train, holdout), &["the same splits of the same data"]);
    }
    for train in ["told.csv:loss", "told.csv:total"] {
        refuses(&gate(train, "told.csv:split*_test_score"), &["the blocks are what the search saw"]);
    }
}

#[test]
fn repeats_are_left_out_and_told() {
    let thrice = |list: &str| {
        let list = list.trim_matches(['[', ']']);
        format!("[{list}, {list}, {list}]")
    };
    let (once, often) = (gate(TRAIN, OTHER, &[]), gate(&thrice(TRAIN), &thrice(OTHER), &[]));
    assert_eq!(often.stdout.lines().take(4).collect::<Vec<_>>(), once.stdout.lines().take(4).collect::<Vec<_>>());
    often.shows("pairs    : 8").shows("16 of 24 pairs repeat the scores of an earlier one and are left out");
    refuses(
        &gate(&thrice("[1, 2, 3, 4]"), &thrice("[1, 3, 2, 4]"), &[]),
        &["4 pairs of scores that differ, and 8 that repeat one of them, expected at least 5"],
    );
}

#[test]
fn one_list_may_come_from_standard_input() {
    let project = Project::empty();
    project.file("holdout.json", OTHER);
    let mut command = project.omega_command(["gate", "--train", "-", "--holdout", "holdout.json"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    child.stdin.take().expect("a pipe").write_all(TRAIN.as_bytes()).expect("written");
    let shown = Shown::of(&child.wait_with_output().expect("it ends"));
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("ranks agree");
}

#[test]
fn files_of_the_python_package_give_both_lists() {
    let project = Project::empty();
    let fixture =
        |name: &str| std::fs::read_to_string(repository().join("fixtures/gate").join(name)).expect("a fixture");
    for (name, code, said) in [
        ("verdict-pass.json", 0, "ranks agree"),
        ("verdict-fail.json", 1, "ranks do not agree"),
        ("verdict-unequal.json", 2, "8 scores on train and 5"),
        ("verdict-flat.json", 2, "all scores on the other data are equal"),
        ("verdict-nan.json", 2, "holdout_scores: score 8 is NaN"),
        ("study-audit.json", 0, "the best 8 of 12 trials on train"),
        ("study-audit-skip.json", 2, "candidate 1: holdout_value is null"),
    ] {
        project.file("both.json", &fixture(name));
        let shown = project.omega(["gate", "--train", "both.json"]).exits(code);
        assert!(shown.stdout.contains(said) || shown.stderr.contains(said), "{name}: {shown:?}");
    }
    project.file("both.json", "{\"train_scores\": 3}");
    project.omega(["gate", "--train", "both.json"]).exits(2).says("train_scores is a number, expected an array");
}

#[test]
fn the_document_keeps_to_its_schema_which_is_committed() {
    let shown = gate(TRAIN, OTHER, &["--format", "json"]);
    let document: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    let printed = Project::empty().omega(["schema", "gate.json"]).exits(0).stdout;
    let schema: Value = serde_json::from_str(&printed).expect("JSON");
    let keys = |value: &Value| value.as_object().map(|map| map.keys().cloned().collect::<Vec<String>>());
    let required: Vec<String> =
        schema["required"].as_array().into_iter().flatten().filter_map(|key| key.as_str().map(str::to_owned)).collect();
    let sorted = |keys: Vec<String>| keys.into_iter().collect::<std::collections::BTreeSet<String>>();
    assert_eq!(keys(&document).map(sorted), Some(sorted(required.clone())));
    assert_eq!(keys(&schema["properties"]).map(sorted), Some(sorted(required)));
    assert_eq!(
        (&document["ranks_agree"], &document["pairs"], &document["p_signs"]),
        (&true.into(), &8.into(), &Value::Null)
    );
    let committed =
        std::fs::read_to_string(repository().join("docs/schema/gate.v1.json")).expect("the schema is committed");
    assert_eq!(printed, committed, "write it anew: cargo omega schema gate.json > docs/schema/gate.v1.json");
}

#[test]
fn the_page_shows_the_words_the_scores_against_each_other_and_no_markup_of_others() {
    let project = Project::empty();
    project.file("a.csv", &table(1.0).replace("block_6", "block_<b>6"));
    project
        .omega(["gate", "--train", "a.csv:train", "--holdout", "a.csv:block_<b>6", "--report", "page.html"])
        .exits(0);
    let page = project.read("page.html");
    assert!(page.contains("block_&lt;b&gt;6") && !page.contains("<b>6"), "{page}");
    let arguments = ["gate", "--train", "a.csv:train", "--holdout", "a.csv:block_*", "--report", "page.html"];
    project.omega(arguments).exits(0).says("Wrote");
    let page = project.read("page.html");
    for part in
        ["ranks agree", "One score against the other", "Block by block", "do not make the winner good", "a.csv:block_*"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("PASS") && !page.contains("<script"), "{page}");
    project.omega(arguments).exits(0);
    assert_eq!(project.read("page.html"), page);
}

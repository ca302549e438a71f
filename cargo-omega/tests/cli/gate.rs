//! `cargo omega gate --rule kc4`: scores in, the verdict of the Python package out.

use crate::support::{Project, Shown};

fn gate(train: &str, holdout: &str, more: &[&str]) -> Shown {
    let project = Project::empty();
    project.file("train.json", train).file("holdout.json", holdout);
    let arguments = ["gate", "--rule", "kc4", "--train", "train.json", "--holdout", "holdout.json"];
    project.omega(arguments.iter().chain(more).copied()).run()
}

#[track_caller]
fn assert_shows(shown: &Shown, code: i32, stdout: &str) {
    assert_eq!((shown.code, shown.stdout.as_str()), (Some(code), stdout), "{shown:?}");
}

#[test]
fn a_ranking_that_transfers_passes() {
    // omega-lock 0.3.8: gate_scores([1, 2, 3, 4], [1.1, 1.9, 3.2, 3.8]).pearson == 0.9908...
    let shown = gate("[1, 2, 3, 4]", "[1.1, 1.9, 3.2, 3.8]", &[]);
    assert_shows(&shown, 0, "gate     : PASS\npearson  : 0.991\nscores   : 4 candidate(s)\n");
}

#[test]
fn a_ranking_that_does_not_transfer_exits_1_with_the_reason() {
    let reason = "train->holdout correlation -1.000 is below the gate threshold 0.3 - the in-sample ranking did not \
                  survive out-of-sample";
    let expected = format!("gate     : FAIL\npearson  : -1.000\nscores   : 3 candidate(s)\nreason   : {reason}\n");
    assert_shows(&gate("[1, 2, 3]", "[3, 2, 1]", &[]), 1, &expected);
    let strict = gate("[1, 2, 3, 4]", "[1.1, 1.9, 3.2, 3.8]", &["--pearson-min", "0.995"]);
    assert_eq!(strict.code, Some(1), "{strict:?}");
}

#[test]
fn empty_unequal_constant_and_huge_scores_exit_1_and_say_why_nothing_could_be_computed() {
    for (train, holdout, count, reason) in [
        ("[]", "[]", 0, "EMPTY): no scores were provided"),
        ("[1, 2, 3]", "[1, 2]", 3, "LENGTH_MISMATCH): train and holdout score lists have different lengths"),
        ("[0.1, 0.1, 0.1]", "[0.1, 0.1, 0.1]", 3, "ZERO_VARIANCE_X): all train scores are identical (zero variance)"),
        ("[1, 2, 3]", "[0.1, 0.1, 0.1]", 3, "ZERO_VARIANCE_Y): all holdout scores are identical (zero variance)"),
        ("[1e200, -1e200]", "[1, 2]", 2, "NON_FINITE): a score is not finite, or too large to be squared"),
    ] {
        let expected = format!(
            "gate     : FAIL\npearson  : n/a\nscores   : {count} candidate(s)\nreason   : correlation not computable \
             ({reason}\n"
        );
        assert_shows(&gate(train, holdout, &[]), 1, &expected);
    }
}

#[test]
fn bad_input_exits_2_and_names_the_file_and_the_place() {
    for (train, said) in [
        ("[1, \"nan\", 3]", "`train.json`: score 2 is NaN, expected a finite number"),
        ("[1, 2, \"-inf\"]", "`train.json`: score 3 is -inf, expected a finite number"),
        ("[1, NaN, 3]", "`train.json`: score 2 is NaN, expected a finite number"),
        ("[-Infinity]", "`train.json`: score 1 is -inf, expected a finite number"),
        ("[1, true]", "`train.json` must contain a JSON array of numbers: invalid type: boolean `true`"),
        ("[1, null]", "`train.json` must contain a JSON array of numbers: invalid type: null"),
        ("[1, \"2\"]", "`train.json` must contain a JSON array of numbers"),
        ("{\"scores\": [1]}", "`train.json` must contain a JSON array of numbers: invalid type: map"),
        ("7", "`train.json` must contain a JSON array of numbers: invalid type: integer `7`"),
        ("[1, 1e999]", "invalid JSON in `train.json`: number out of range"),
        ("[1, 2", "invalid JSON in `train.json`: EOF"),
        ("[1, 2] 3", "invalid JSON in `train.json`: trailing characters"),
        ("\u{feff}[1, 2]", "invalid JSON in `train.json`: expected value"),
        ("", "invalid JSON in `train.json`: EOF"),
    ] {
        let shown = gate(train, "[1, 2, 3]", &[]);
        assert_eq!(shown.code, Some(2), "{train}: {shown:?}");
        shown.says(said).says("a file of scores holds one number per candidate").hides("PASS");
    }
    let project = Project::empty();
    project.file("train.json", "[1, 2]");
    project
        .omega(["gate", "--rule", "kc4", "--train", "train.json", "--holdout", "none.json"])
        .exits(2)
        .says("file not found: `none.json`");
    project
        .omega(["gate", "--rule", "kc4", "--train", "train.json", "--holdout", "."])
        .exits(2)
        .says("`.` is a folder, expected a regular file");
    std::fs::write(project.path("latin1.json"), b"[1, 2]\xe9").expect("a file");
    let unreadable =
        project.omega(["gate", "--rule", "kc4", "--train", "train.json", "--holdout", "latin1.json"]).exits(2);
    unreadable.says("`latin1.json` is not UTF-8, from byte 6 on");
    project.omega(["gate", "--rule", "kc4", "--train", "train.json"]).exits(2).says("--holdout <FILE>");
}

#[test]
fn a_minimum_that_a_reversed_ranking_would_pass_is_refused() {
    for minimum in ["-1", "1.5", "nan"] {
        let shown = gate("[1, 2, 3]", "[3, 2, 1]", &["--pearson-min", minimum]);
        assert_eq!(shown.code, Some(2), "{minimum}: {shown:?}");
        shown.says("expected a correlation from 0 to 1");
    }
}

/// Files that omega-lock 0.3.8 wrote (fixtures/gate/generate.py).
fn peer(name: &str) -> String {
    std::fs::read_to_string(crate::support::repository().join("fixtures/gate").join(name)).expect("a fixture")
}

#[test]
fn a_gate_verdict_of_the_python_package_is_read_and_written_again_byte_for_byte() {
    for (name, code) in
        [("verdict-pass.json", 0), ("verdict-fail.json", 1), ("verdict-unequal.json", 1), ("verdict-flat.json", 1)]
    {
        let project = Project::empty();
        project.file("verdict.json", &peer(name));
        let shown = project.omega(["gate", "--rule", "kc4", "--format", "json", "--train", "verdict.json"]).exits(code);
        assert_eq!(shown.stdout, peer(name), "{name}");
    }
}

#[test]
fn the_page_of_kc4_says_what_the_lines_say() {
    let project = Project::empty();
    project.file("verdict.json", &peer("verdict-fail.json"));
    project.omega(["gate", "--rule", "kc4", "--train", "verdict.json", "--report", "out/page.html"]).exits(1);
    let page = project.read("out/page.html");
    assert!(
        page.contains(">FAIL<") && page.contains("did not survive out-of-sample") && !page.contains("<script"),
        "{page}"
    );
}

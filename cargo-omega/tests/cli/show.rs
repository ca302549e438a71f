//! `cargo omega show`: the scorecard of an artifact of any kind.

use omega_lock::internals::artifacts::{RunResult, write_json};
use omega_lock::{Constraint, Declaration, Evaluation, FnTarget, ParamSpace, Rounds, Run, RunConfig, Thresholds};

use crate::support::{Project, Shown, repository};

fn fixture(path: &str) -> String {
    let path = repository().join("fixtures").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn show(text: &str) -> Shown {
    let project = Project::empty();
    project.file("a.json", text);
    project.omega(["show", "a.json"]).run()
}

/// The lines below a heading.
fn section<'s>(shown: &'s Shown, heading: &str) -> Vec<&'s str> {
    let below = shown.stdout.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    below.take_while(|line| line.starts_with("  ")).map(str::trim).collect()
}

#[test]
fn an_audit_report_shows_every_roles_constraints_and_the_best_of_the_searched_role() {
    for version in ["0.1.7", "0.3.8"] {
        let text = fixture(&format!("peer/{version}/audit.json"));
        let shown = show(&text);
        assert_eq!(shown.code, Some(0), "{shown:?}");
        shown.shows(&format!("Written by:   omega-lock {version} for Python")).shows("Method:       grid\n");
        let summary: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let (summary, runs) = (&summary["summary"], summary["runs"].as_array().expect("runs"));
        let of = |phase: &str| runs.iter().filter(|run| run["phase"] == phase).count();
        shown.shows(&format!("Evaluations:  {}\n", summary["n_total"]));
        // Of the candidates: 7 of all 12 evaluations are feasible, as the summary counts them.
        shown.shows(&format!("Candidates:   {} on train, 2 feasible (50.0 %)\n", of("grid")));
        // Two wrappers wrote into one report: ten runs on train were judged by two constraints, two on test by a third.
        let kept = &summary["constraint_pass_counts"];
        let constraints = section(&shown, "Constraints:");
        assert_eq!(constraints.len(), 3, "{shown:?}");
        let train = format!("{0}/10  train {0}/10, what it draws", kept["load < 4"]);
        assert!(constraints[0].starts_with("MIXED  load < 4") && constraints[0].ends_with(&train), "{shown:?}");
        let train = format!("{0}/10  train {0}/10", kept["leicht ≤ 1\u{202e}"]);
        assert!(
            constraints[1].starts_with("MIXED  leicht ≤ 1\\u{202e}") && constraints[1].ends_with(&train),
            "{shown:?}"
        );
        let test = "0/2  test 0/2, not among the declared ones";
        assert!(constraints[2].starts_with("NONE   never") && constraints[2].ends_with(test), "{shown:?}");
        // On test the fitness is larger by 5; -12 there is not the best.
        shown.shows(&format!("Best of {} candidates on train:\n", of("grid")));
        let best =
            runs.iter().filter(|run| run["phase"] == "grid").map(|run| run["fitness"].as_f64().expect("a number"));
        let best = best.fold(f64::NEG_INFINITY, f64::max);
        shown
            .shows(&format!("  feasible    #1 (call 7)  {best}  n=60  x=2.0, n=0, on=false\n  any         the same\n"));
        assert_eq!(section(&shown, "Stress ranking:").len(), 3);
        let breakdown: Vec<Vec<&str>> =
            section(&shown, "Evaluations by").into_iter().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(
            breakdown,
            [
                ["baseline", "train", "1"],
                ["stress", "train", "5"],
                ["grid", "train", "4"],
                ["walk_forward", "test", "2"]
            ]
        );
    }
}

#[test]
fn without_a_feasible_or_finite_candidate_the_best_says_so() {
    let shown = show(&fixture("peer/0.3.8/audit-no-chain.json"));
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("Candidates:   3 on train, 0 feasible (0.0 %)").shows("  NONE   never");
    shown.shows(
        "Best of 3 candidates on train, 1 without a finite fitness:\n  feasible    none: each violates a constraint\n",
    );
    // The infinite one is never the best; of the others x = 1 is the top of the bowl.
    shown.shows("  any         #2 (call 2)  0  n=62  x=1.0, n=2, on=false\n              violates never\n");
}

#[test]
fn results_of_the_python_package_show_verdict_gates_and_what_they_do_not_record() {
    for (file, lines) in [
        (
            "0.3.8/p1",
            &[
                "=== omega-lock p1 result ===",
                "Verdict:      PASS",
                "Selected:     #4 of 9\n  train       -1  n=62  baseline -4.25\n",
                "  params      n=2, x=0.0",
                "  holdout     -0.75  n=62  PASS",
                "  feasible    not recorded",
                "  any         the selected one",
                "  load < 4",
                "grid           train               9",
                "hybrid         validation          4",
                "Written by:   omega-lock 0.3.8 for Python, second format",
            ][..],
        ),
        ("0.1.7/p1", &["Verdict:      PASS", "Written by:   omega-lock for Python, first format"]),
        ("0.3.8/p1-kc2-fail", &["Verdict:      FAIL:KC-2", "Evaluations:  6", "FAIL     KC-2"]),
        (
            "0.3.8/p1-nan",
            &[
                "Selected:     #0 of 3\n  train       nan",
                "Best of 3 candidates on train, 1 without a finite fitness",
                "  any         #1  -0.25",
                "  holdout: fitness -16.25 < min 9",
                "constraint_policy='record'",
            ],
        ),
        (
            "0.1.7/iterative",
            &[
                "=== omega-lock iterative result ===",
                "Verdict:      FAIL:round2",
                "Stopped:      kc_fail after 2 rounds",
                "  any         round 1 #1  -0.25",
                "KC-4 (round 2)",
            ],
        ),
        (
            "0.3.8/p2",
            &[
                "=== omega-lock p2 result ===",
                "Verdict:      PASS",
                "Selected:     #1 of 4\n  train       -4.36647",
                "search         train               4",
            ],
        ),
        (
            "0.3.8/benchmark",
            &["=== omega-lock benchmark ===", "Runs:         2", "bowl::bad::42  CRASH:ValueError", "good", "inf±0.00"],
        ),
    ] {
        let shown = show(&fixture(&format!("peer/{file}.json")));
        assert_eq!(shown.code, Some(0), "{file}: {shown:?}");
        for line in lines {
            shown.shows(line);
        }
    }
}

#[test]
fn hostile_texts_are_spelt_out() {
    let text = fixture("peer/0.3.8/audit-no-chain.json");
    let hostile = r"\u001b[2J\u001b[1Aok\u009b\u202e\r\n::error::x\ud800";
    for (from, to) in [
        ("\"by hand\"", format!("\"{hostile}\"")),
        ("\"never\"", format!("\"{hostile}\"")),
        ("\"search\"", format!("\"{hostile}\"")),
        ("\"train\"", format!("\"{hostile}\"")),
        ("\"x\"", format!("\"{hostile}\"")),
        ("\"n\": 2", format!("\"n\": \"{hostile}\"")),
        ("\"omega_lock_version\": \"0.3.8\"", format!("\"omega_lock_version\": \"{hostile}\"")),
        ("\"stress_ranking\": null", format!("\"stress_ranking\": [[\"{hostile}\", 1.0]]")),
    ] {
        assert!(text.contains(from), "{from}");
        let shown = show(&text.replace(from, &to));
        let all = [shown.stdout.as_str(), shown.stderr.as_str()].concat();
        let obeyed = |character: char| character.is_control() && character != '\n' || character == '\u{202e}';
        assert!(!all.contains(obeyed), "{to}: {shown:?}");
        assert!(!all.lines().any(|line| line.starts_with("::error")), "{shown:?}");
    }
}

#[test]
fn a_damaged_artifact_is_shown_and_exits_3() {
    let shown = show(&fixture("hash-chain/tampered/t01_fitness_edited.json"));
    assert_eq!(shown.code, Some(3));
    shown.shows("=== omega-lock audit report ===").says("`a.json` is damaged: [run-hash] byte 2275: row 3");
    shown.says("help: see `cargo omega verify a.json`");
    let edited = fixture("peer/0.3.8/p1-nan.json").replace("\"FAIL:HOLDOUT\"", "\"PASS\"");
    assert_eq!(show(&edited).code, Some(3));
    let other = fixture("peer/0.3.8/p1.json").replace("\"top_k\": [", "\"top_k\": [1, ");
    show(&other).says("`a.json`: `top_k`: found a list, expected a list of texts");
    assert_eq!(show("{\"schema_version\": \"other\"}").code, Some(2));
}

/// Results of our own pipelines on a small target, written as the harness writes them.
pub(crate) fn own_results(project: &Project) {
    let train = FnTarget::new(ParamSpace::new().float("x", -2.0..=2.0, 0.5).float("y", -2.0..=2.0, 0.0), |params| {
        let (x, y) = (params.float("x")?, params.float("y")?);
        Ok(Evaluation::new(-(x - 1.0).powi(2) - 9.0 * (y + 0.5).powi(2)).samples(100))
    });
    let thresholds = Thresholds { gini_min: 0.0, top_bot_ratio_min: 1.0, ..Thresholds::default() };
    let config = RunConfig { unlock_k: 1, thresholds, ..RunConfig::reference() };
    let rounds = Rounds { max: 2, ..Rounds::default() };
    for (file, rounds) in [("p1.json", None), ("iterative.json", Some(rounds))] {
        let declaration = Declaration {
            config: RunConfig { rounds, ..config.clone() },
            constraints: vec![
                Constraint::below("y_small", "params.y", 0.5),
                Constraint::above("never", "params.x", 9.0),
            ],
            ..Declaration::of("bowl", &train)
        };
        let outcome = Run::of(&declaration).train(&train).run().expect("a verdict");
        let path = camino::Utf8PathBuf::from_path_buf(project.path(file)).expect("UTF-8");
        write_json(&RunResult::new(&declaration, &outcome), &path).expect("written");
    }
}

#[test]
fn our_own_results_are_shown_on_the_same_page_and_are_sound() {
    let project = Project::empty();
    own_results(&project);
    let shown = project.omega(["show", "p1.json"]).exits(0);
    shown.shows("=== omega-lock p1: bowl ===\nVerdict:      PASS\n");
    // y is unlocked and takes -2, -1, 0, 1, 2 where x = 0.5: the best is -0.25 - 9/4, at -1 first.
    shown.shows("Best of 5 candidates on train:\n  feasible    none: each violates a constraint\n");
    shown.shows("  any         the selected one\n              violates never\n");
    shown.shows("Selected:     #1 of 5\n  train       -2.5  n=100  baseline -2.5\n  violates    never\n");
    shown.shows("  moved       y 0.0 -> -1.0\n  kept        x=0.5\n");
    shown.shows("Candidates:   5 on train, 0 feasible (0.0 %)");
    let constraints = section(&shown, "Constraints:");
    assert!(constraints[0].starts_with("MIXED  y_small") && constraints[0].contains("train 3/5"), "{shown:?}");
    assert!(constraints[1].starts_with("NONE   never") && constraints[1].contains("train 0/5"), "{shown:?}");
    // y = -1 is locked in, and x takes -2, -1, 0, 1, 2.
    let shown = project.omega(["show", "iterative.json"]).exits(0);
    shown.shows("=== omega-lock iterative: bowl ===").shows("Selected:     round 2 #3 of 5\n  train       -2.25");
    shown.shows("Round 1:      PASS\n  unlocked    y (12.6)\n  selected    #1 of 5\n").shows("  locked in   y=-1.0\n");
    let shown = project.omega(["verify", "p1.json", "iterative.json"]).exits(0);
    shown.shows("p1.json: result of omega-lock for Rust\n  no chain: this kind of file has none\n");

    let text = project.read("p1.json");
    project.file("unknown.json", &text.replacen("\"verdict\"", "\"approved_by\": \"me\", \"verdict\"", 1));
    project.omega(["verify", "unknown.json"]).exits(3).says("unknown field `approved_by`");
    project.file("twice.json", &text.replacen("\"verdict\"", "\"verdict\": \"PASS\", \"verdict\"", 1));
    project.omega(["show", "twice.json"]).exits(3).says("the key `verdict` again");
    project.file("newer.json", &text.replacen("result.v1", "result.v9", 1));
    project.omega(["show", "newer.json"]).exits(2).says("omega-lock.result.v9");
}

#[test]
fn our_own_benchmark_is_shown_as_it_was() {
    let project = Project::empty();
    let only = ["bench", "--method", "plain_grid", "--keyhole", "phantom", "--seed", "42", "--json", "bench.json"];
    let made = project.omega(only).exits(0);
    let shown = project.omega(["show", "bench.json"]).exits(0);
    assert_eq!(shown.stdout, made.stdout);
    project.omega(["verify", "bench.json"]).exits(0).shows("bench.json: benchmark of omega-lock for Rust");
}

#[test]
fn a_calibration_is_named_wherever_a_run_is_and_a_list_says_which_there_are() {
    const RUN: &str = "target/omega/probe/bowl";
    let project = Project::copy_of("probe");
    project.omega(["show"]).exits(2).says("nothing has run: target/omega has no run");
    project.omega(["show", "bowl"]).exits(2).says("`bowl` is no file, and no calibration that has run");
    project.omega(["test"]).exits(0);
    let listed = project.omega(["show"]).exits(0);
    let row: Vec<&str> = listed.stdout.lines().nth(1).expect("a run").split_whitespace().collect();
    assert_eq!(
        (row[0], row[1], row.len(), row[4]),
        ("bowl", "PASS", 5, RUN),
        "calibration, verdict, when, where: {listed:?}"
    );
    listed.shows("\n    x 0.5 -> 1.0, y stays -1.0; 1 other was not unlocked (#8 of 25)\n");
    assert_eq!(project.omega(["show", "bowl"]).exits(0).stdout, project.omega(["show", RUN]).exits(0).stdout);
    project.omega(["verify", "bowl"]).exits(0).shows("scorecard.txt regenerated: the same, byte for byte");
    project.omega(["show", "bovl"]).exits(2).says("did you mean `bowl`?");
    let page = format!("{RUN}/report.html");
    let after_the_test = project.read(&page);
    for command in [&["report"][..], &["report", "bowl"]] {
        std::fs::remove_file(project.path(&page)).expect("removed");
        project.omega(command.iter().copied()).exits(0).says(&page);
        assert_eq!(project.read(&page), after_the_test);
    }
    project.omega(["report", "bowl", "-o", "other.html"]).exits(0);
    // A file of that name is what it says it is.
    project.file("bowl", "no artifact");
    project.omega(["show", "bowl"]).exits(2).says("`bowl` is no JSON of an artifact");
}

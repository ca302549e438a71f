//! The trail of a run through the doors of `cargo omega`: continued, verified, shown, exported.

use std::fs;

use omega_lock::internals::artifacts::TrialStatus;

use crate::support::{Project, Shown};

pub(crate) const RUN: &str = "target/omega/probe/bowl";

pub(crate) fn trail(project: &Project) -> Vec<u8> {
    fs::read(project.path(&format!("{RUN}/trail.jsonl"))).expect("there is a trail")
}

fn artifacts(project: &Project) -> [String; 3] {
    ["trail.jsonl", "result.json", "scorecard.txt"].map(|name| project.read(&format!("{RUN}/{name}")))
}

/// Offset behind each row.
pub(crate) fn ends(trail: &[u8]) -> Vec<usize> {
    trail.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(place, _)| place + 1).collect()
}

fn evaluated(project: &Project) -> usize {
    project.read("probe.log").lines().filter(|line| *line == "evaluated").count()
}

pub(crate) fn probe_log(project: &Project) -> String {
    project.path("probe.log").to_str().expect("UTF-8").to_owned()
}

fn verify<'a>(project: &Project, arguments: impl IntoIterator<Item = &'a str>) -> Shown {
    project.omega(["verify"].into_iter().chain(arguments)).run()
}

#[test]
fn a_run_that_died_is_continued_and_leaves_what_an_uninterrupted_one_does() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let whole = artifacts(&project);
    let log = probe_log(&project);
    let died = project.omega(["test"]).env("PROBE", "die_once").env("PROBE_LOG", &log).exits(5);
    died.hides("PASS");
    let before = evaluated(&project);
    let left = ends(&trail(&project)).len();
    let shown = project.omega(["test"]).env("PROBE", "die_once").env("PROBE_LOG", &log).exits(0);
    shown
        .says("is continued behind evaluation ")
        .shows("PASS (profile reference, lock off, gold off; continued behind evaluation ");
    let results = project.results();
    assert!(results.suites[0].runs[0].continued.as_ref().is_some_and(|how| how.starts_with("continued behind")));
    assert!(results.suites[0].trials[0].summary.contains(", continued behind evaluation "));
    assert_eq!(artifacts(&project), whole);
    // The header and the end row are no evaluations; what was under way when it died is evaluated again.
    let all = ends(&trail(&project)).len() - 2;
    let again = evaluated(&project) - before;
    assert!(left > 5 && again < all && again > all - left, "{left} rows were left, {again} of {all} evaluated");
    assert!(project.read(&format!("{RUN}/timings.json")).contains("continued behind evaluation"));
}

#[test]
fn a_run_whose_result_could_not_be_written_is_continued_and_evaluates_nothing_anew() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let whole = artifacts(&project);
    let log = probe_log(&project);
    project.omega(["test"]).env("PROBE", "block").exits(5).shows("scorecard.txt");
    fs::remove_dir(project.path(&format!("{RUN}/scorecard.txt"))).expect("an empty folder");
    project.omega(["test"]).env("PROBE_LOG", &log).exits(0).says("is continued behind evaluation ");
    assert_eq!(evaluated(&project), 0);
    assert_eq!(artifacts(&project), whole);
}

#[test]
fn an_attached_file_is_kept_as_it_was_when_its_evaluation_ended() {
    let project = Project::copy_of("probe");
    let declared = project.read("omega.toml").replace("profile =", "attachments = \"keep\"\nprofile =");
    project.file("omega.toml", &declared);
    project.omega(["test"]).env("PROBE", "scratch").env("OMEGA_LOCK_THREADS", "1").exits(0);
    let rows = project.read(&format!("{RUN}/trail.jsonl"));
    let (mut evaluations, mut first) = (0, None);
    for row in rows.lines().filter(|row| row.contains("\"kind\":\"eval\"")) {
        let row: serde_json::Value = serde_json::from_str(row).expect("JSON");
        let digest = row["b"]["attachments"][0]["sha256"].as_str().expect("a digest");
        let kept = project.read(&format!("{RUN}/attachments/{digest}"));
        let x = row["b"]["params"]["x"].as_f64().unwrap_or_else(|| first.expect("the first has every parameter"));
        first.get_or_insert(x);
        assert_eq!(kept, format!("x {x}\n"), "{row}");
        evaluations += 1;
    }
    let shown = verify(&project, [RUN]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows(&format!("({evaluations} evaluations, {evaluations} attachments)"));
}

#[test]
fn a_row_that_no_reader_would_take_is_not_written() {
    let project = Project::copy_of("probe");
    let shown = project.omega(["test"]).env("PROBE", "huge").exits(4);
    shown.shows("evaluation 0 makes a row of 16777").shows("at most 16777216").shows("`Evaluation::attach`");
    let shown = verify(&project, [RUN]);
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows("rows 1 (0 evaluations)").shows("incomplete");
}

/// Rows with these bodies, each digest computed anew.
pub(crate) fn chained(bodies: &[String]) -> String {
    use sha2::Digest;
    let mut previous = String::new();
    let mut text = String::new();
    for body in bodies {
        let digest = sha2::Sha256::digest(format!("{previous}\n{body}"));
        previous = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        text.extend(["{\"h\":\"", &previous, "\",\"b\":", body, "}\n"]);
    }
    text
}

#[test]
fn a_result_that_contradicts_a_trail_that_cannot_be_made_again_is_damage() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    // A run of another version is not made again.
    let timings = project.read(&format!("{RUN}/timings.json"));
    let version = format!("\"omega_lock_version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(timings.contains(&version), "{timings}");
    project.file(&format!("{RUN}/timings.json"), &timings.replace(&version, "\"omega_lock_version\": \"0.0.1\""));
    let shown = verify(&project, [RUN]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("not regenerated: omega-lock 0.0.1 made the run");
    let result = project.read(&format!("{RUN}/result.json"));
    let edit = |from: &str, to: &str| {
        assert!(result.contains(from), "{from} in {result}");
        project.file(&format!("{RUN}/result.json"), &result.replace(from, to));
        let shown = verify(&project, [RUN]);
        assert_eq!(shown.code, Some(3), "{shown:?}");
        shown
    };
    edit("\"verdict\": \"PASS\"", "\"verdict\": \"FAIL:KC-4\"")
        .shows("damage [contradiction] the end row says PASS, result.json says FAIL:KC-4");
    let rows = trail(&project).iter().filter(|byte| **byte == b'\n').count();
    edit(&format!("\"rows\": {rows}"), "\"rows\": 7").shows("damage [contradiction] result.json is of another trail");
}

#[test]
fn a_fresh_run_sets_an_unfinished_trail_aside() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let bytes = trail(&project);
    let half = &bytes[..ends(&bytes)[20]];
    fs::write(project.path(&format!("{RUN}/trail.jsonl")), half).expect("it is cut");
    let log = probe_log(&project);
    let shown = project.omega(["test", "--fresh"]).env("PROBE_LOG", &log).exits(0);
    shown.says("trail-aside-1.jsonl").says("a fresh run was asked for");
    assert_eq!(evaluated(&project), ends(&bytes).len() - 2);
    assert_eq!(trail(&project), bytes);
    assert_eq!(fs::read(project.path(&format!("{RUN}/trail-aside-1.jsonl"))).expect("set aside"), half);
}

#[test]
fn an_unfinished_trail_of_another_declaration_is_set_aside_with_the_difference() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let bytes = trail(&project);
    fs::write(project.path(&format!("{RUN}/trail.jsonl")), &bytes[..ends(&bytes)[20]]).expect("it is cut");
    let declared = project.read("omega.toml").replace("profile =", "max_failed_evaluations = 3\nprofile =");
    project.file("omega.toml", &declared);
    let shown = project.omega(["test"]).exits(0);
    shown.says("the declaration had `max_failed_evaluations = 0` and has `max_failed_evaluations = 3`");
}

#[test]
fn a_damaged_unfinished_trail_exits_3_and_says_how_to_go_on() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let mut bytes = trail(&project);
    let ends = ends(&bytes);
    bytes.truncate(ends[20]);
    bytes[ends[9] + 100] ^= 1;
    fs::write(project.path(&format!("{RUN}/trail.jsonl")), &bytes).expect("it is edited");
    let shown = project.omega(["test"]).exits(3);
    shown.shows(&format!("row 10 (byte {})", ends[9])).shows("`--fresh`");
    assert_eq!(trail(&project), bytes, "nothing was repaired");
    assert!(project.results().suites[0].trials.iter().all(|trial| trial.status != TrialStatus::Pass));
    project.omega(["test", "--fresh"]).exits(0);
}

#[test]
fn verify_says_what_holds_of_a_run_and_makes_its_files_again() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let rows = ends(&trail(&project)).len();
    for path in [RUN.to_owned(), format!("{RUN}/trail.jsonl"), format!("{RUN}/result.json")] {
        let shown = verify(&project, [path.as_str()]);
        assert_eq!(shown.code, Some(0), "{shown:?}");
        shown.shows("trail of calibration `bowl`").shows(&format!("  rows {rows} ({} evaluations)", rows - 2));
        shown.shows("  chain ok\n").shows("  anchor none\n").shows("  ended with PASS\n");
        shown.shows("result.json regenerated: the same, byte for byte");
        shown.shows("scorecard.txt regenerated: the same, byte for byte").hides("tamper");
        shown.shows("report.html regenerated: the same, byte for byte");
    }
}

#[test]
fn verify_names_row_byte_and_kind_of_what_was_edited_cut_or_forged() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let whole = trail(&project);
    let ends = ends(&whole);
    let look = |bytes: &[u8]| {
        fs::write(project.path("a.jsonl"), bytes).expect("a file");
        verify(&project, ["a.jsonl"])
    };
    let mut edited = whole.clone();
    let place = ends[4] + edited[ends[4]..].windows(7).position(|bytes| bytes == b"fitness").expect("a row") + 10;
    edited[place] = if edited[place] == b'1' { b'2' } else { b'1' };
    let shown = look(&edited);
    assert_eq!(shown.code, Some(3), "{shown:?}");
    shown.shows(&format!("damage [digest] byte {}: row 5: the digest does not follow", ends[4]));
    let shown = look(&whole[..ends[9]]);
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows("chain ok").shows("incomplete: the run has not ended");
    let shown = look(&whole[..ends[9] + 50]);
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows(&format!("incomplete: the run has not ended, a piece of a row from byte {} on", ends[9]));
    let shown = look(&[whole.as_slice(), b"{}\n"].concat());
    assert_eq!(shown.code, Some(3), "{shown:?}");
    shown.shows("damage [frame]");

    // The files beside it.
    let page = project.read(&format!("{RUN}/report.html"));
    project.file(&format!("{RUN}/report.html"), &page.replace("PASS", "FAIL"));
    let shown = verify(&project, [RUN]);
    assert_eq!(shown.code, Some(3), "{shown:?}");
    shown.shows("damage [report.html] it differs from what the trail gives");
    let result = project.read(&format!("{RUN}/result.json"));
    project.file(
        &format!("{RUN}/result.json"),
        &result.replace("\"profile\": \"\\\"reference", "\"profile\": \"\\\"strict"),
    );
    let shown = verify(&project, [RUN]);
    assert_eq!(shown.code, Some(3), "{shown:?}");
    shown.shows("damage [result.json] it differs from what the trail gives, from byte ");
}

/// Whoever edits a figure and computes the chain anew is found by the pipeline, or by an anchor.
#[test]
fn a_forged_verdict_contradicts_its_own_rows() {
    let project = Project::copy_of("overfit");
    project.omega(["test"]).exits(1);
    let run = "target/omega/overfit/overfit";
    let text = project.read(&format!("{run}/trail.jsonl"));
    let rows = text.lines().count();
    let head = text.lines().last().and_then(|line| line.get(6..70)).expect("a digest").to_owned();
    let anchored = format!("{rows}:{head}");
    let shown = verify(&project, [run, "--anchor", &anchored]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("anchor ok").shows("ended with FAIL:KC-4");
    let forge = |line: &str| line[76..line.len() - 1].replace("\"verdict\":\"FAIL:KC-4\"", "\"verdict\":\"PASS\"");
    let forged: Vec<String> = text.lines().map(forge).collect();
    project.file(&format!("{run}/trail.jsonl"), &chained(&forged));
    let shown = verify(&project, [run]);
    assert_eq!(shown.code, Some(3), "{shown:?}");
    shown.shows("chain ok").shows("damage [contradiction] the end row says PASS, what was recorded gives FAIL:KC-4");
    let shown = verify(&project, [run, "--anchor", &anchored]);
    assert_eq!(shown.code, Some(3), "{shown:?}");
    shown.shows(&format!("damage [anchor] the trail should have {rows} rows, head {head}; it has"));
}

#[test]
fn extends_tells_a_later_state_from_a_fork_and_a_cut() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let whole = trail(&project);
    let ends = ends(&whole);
    fs::write(project.path("half.jsonl"), &whole[..ends[9]]).expect("a file");
    project.omega(["test"]).env("OMEGA_LOCK_THREADS", "1").exits(0);
    let path = format!("{RUN}/trail.jsonl");
    let shown = verify(&project, [path.as_str(), "--extends", "half.jsonl"]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows(&format!("extends `half.jsonl`: {} rows appended", ends.len() - 10));
    let shown = verify(&project, ["half.jsonl", "--extends", &path]);
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows(&format!("{} of its rows are missing", ends.len() - 10));
    // Another declaration is another trail from its first row on.
    let declared = project.read("omega.toml").replace("profile =", "max_failed_evaluations = 3\nprofile =");
    project.file("omega.toml", &declared);
    project.omega(["test"]).exits(0);
    let shown = verify(&project, [path.as_str(), "--extends", "half.jsonl"]);
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows("does not extend `half.jsonl`: other rows from row 0 on");
    let shown = verify(&project, ["half.jsonl", &path, "--extends", &path]);
    assert_eq!(shown.code, Some(2), "{shown:?}");
}

#[test]
fn a_trail_is_shown_as_a_scorecard_and_exported_as_an_audit_report() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let rows = ends(&trail(&project)).len();
    let shown = project.omega(["show", RUN]).exits(0);
    shown.shows("=== omega-lock p1: bowl ===").shows("Verdict:      PASS");
    shown.shows("steepness").shows("holdout").hides("\u{1b}");
    // The trail adds itself, and the constraints on the other slices; all else is the scorecard.
    let scorecard = project.read(&format!("{RUN}/scorecard.txt"));
    let added = |line: &&str| !scorecard.contains(*line);
    let added: Vec<&str> = shown.stdout.lines().filter(added).collect();
    assert!(added.len() == 2 && added[0].starts_with("Trail: ") && added[1].contains("steepness"), "{added:?}");
    assert!(added[1].ends_with("train 25/25, test 10/10, holdout 1/1"), "{added:?}");
    assert_eq!(shown.stdout.lines().count(), scorecard.lines().count() + 1);
    project.omega(["audit", RUN, "-o", "audit.json", "--hash-chain"]).exits(0);
    let shown = verify(&project, ["audit.json"]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("audit report of omega-lock 0.3.8 for Python").shows(&format!("rows {}", rows - 2)).shows("chain ok");
    let shown = project.omega(["show", "audit.json"]).exits(0);
    shown.shows("=== omega-lock audit report ===").shows("steepness");
    let shown = project.omega(["audit", "omega.toml", "-o", "b.json"]).exits(2);
    shown.says("`omega.toml` is no run");
    assert!(!project.path("b.json").exists());
}

#[test]
fn a_candidate_has_the_same_number_in_the_result_and_in_its_trail_alone() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let best = |shown: &Shown| {
        let line = shown.stdout.lines().find(|line| line.starts_with("  feasible ")).expect("a best one");
        line.split_whitespace().nth(1).expect("a place").to_owned()
    };
    let selected = project.omega(["show", RUN]).exits(0);
    selected.shows("Candidates:   25 on train, 25 feasible").shows("  feasible    the selected one");
    let selected =
        selected.stdout.split("Selected:     ").nth(1).expect("one").split(' ').next().expect("a number").to_owned();
    fs::remove_file(project.path(&format!("{RUN}/result.json"))).expect("removed");
    let alone = project.omega(["show", RUN]).exits(0);
    alone.shows("=== omega-lock trail: bowl ===\nVerdict:      PASS\n").shows("Candidates:   25 on train, 25 feasible");
    assert_eq!(best(&alone), selected);
}

#[test]
fn the_anchor_in_gold_is_found_in_the_workspace_and_decides_only_where_it_is_declared_to() {
    let project = Project::copy_of("probe");
    let declared = project.read("omega.toml");
    let with = |anchor: &str| {
        let text = declared.replace("profile =", &format!("gold = \"required\"\nanchor = \"{anchor}\"\nprofile ="));
        project.file("omega.toml", &text);
        project.omega(["update-gold", "--reason", "a test"]).env("CI", "").exits(0);
    };
    with("report");
    let shown = verify(&project, [RUN]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("anchor ok: `fixtures/gold/bowl.json`");
    let gold = project.read("fixtures/gold/bowl.json");
    let head = gold.lines().find_map(|line| line.trim().strip_prefix("\"head\": \"")).expect("a head")[..64].to_owned();
    project.file("fixtures/gold/bowl.json", &gold.replace(&head, &"0".repeat(64)));
    let shown = verify(&project, [RUN]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("anchor of another trail: `fixtures/gold/bowl.json` has ").shows(&"0".repeat(64));
    with("exact");
    let gold = project.read("fixtures/gold/bowl.json");
    let head = gold.lines().find_map(|line| line.trim().strip_prefix("\"head\": \"")).expect("a head")[..64].to_owned();
    project.file("fixtures/gold/bowl.json", &gold.replace(&head, &"0".repeat(64)));
    assert_eq!(verify(&project, [RUN]).code, Some(1));
}

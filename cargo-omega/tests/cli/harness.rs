//! The same suites without `cargo omega`: under plain `cargo test`, and under nextest.

use std::collections::BTreeMap;

use crate::support::{Project, Shown};

const TEST: [&str; 4] = ["test", "--offline", "--test", "calibration"];

fn with<'a>(start: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [start, more].concat()
}

/// The lines of the probe's log.
fn log(project: &Project) -> Vec<String> {
    let path = project.path("probe.log");
    if path.exists() { project.read("probe.log").lines().map(str::to_owned).collect() } else { Vec::new() }
}

fn count(log: &[String], line: &str) -> usize {
    log.iter().filter(|found| *found == line).count()
}

fn probe_log(project: &Project) -> String {
    project.path("probe.log").to_str().expect("a UTF-8 path").to_owned()
}

#[test]
fn plain_cargo_test_shares_one_run_and_shows_why_a_gate_failed() {
    let project = Project::copy_of("overfit");
    let shown = project.cargo(TEST).exits(101);
    shown.shows("test overfit::gate::kc4   ... FAILED").shows("test overfit::run         ... ok");
    shown.shows("pearson      -0.986 (n = 10)  >= 0.300  FAIL").shows("next: cargo omega explain overfit::gate::kc4");
    shown.shows("another value by hand, on train: cargo omega eval overfit KEY=VALUE");
    let project = Project::copy_of("probe");
    project.cargo(TEST).env("PROBE_LOG", &probe_log(&project)).exits(0);
    assert_eq!(count(&log(&project), "made train"), 1);
}

#[test]
fn a_list_is_nothing_but_the_list_and_makes_no_target() {
    let project = Project::copy_of("probe");
    let list = with(&TEST, &["--quiet", "--", "--list", "--format", "terse"]);
    let shown = project.cargo(list).env("PROBE_LOG", &probe_log(&project)).exits(0);
    assert_eq!(
        shown.stdout,
        "bowl::run: test\nbowl::declaration: test\nbowl::gate::kc1: test\nbowl::gate::kc2: test\nbowl::gate::kc3: test\nbowl::gate::kc4: test\n\
         bowl::constraint::steepness: test\nbowl::gate::constraints: test\nbowl::holdout: test\nbowl::gate::sc2: test\nbowl::gold: test\n"
    );
    assert!(log(&project).is_empty());
}

#[test]
fn flags_that_tools_pass_are_understood() {
    let project = Project::copy_of("probe");
    let flags = ["--", "--test-threads", "0", "--no-capture", "--skip", "kc1", "kc", "holdout"];
    let shown = project.cargo(with(&TEST, &flags)).exits(0);
    shown.shows("bowl::gate::kc2").shows("bowl::holdout").hides("bowl::gate::kc1").hides("steepness");
    let shown = project.cargo(with(&TEST, &["--", "--ignored"])).exits(0);
    shown.shows("bowl::gate::sc2").shows("not asked for").hides("bowl::run");
    let shown = project.cargo(with(&TEST, &["--", "--exat"])).run();
    shown.says("error: unknown flag `--exat`");
}

#[test]
fn the_mode_declare_emits_the_declaration_and_evaluates_nothing() {
    let project = Project::copy_of("probe");
    project.file("declared/.keep", "");
    let folder = project.path("declared");
    let shown = project.cargo(TEST).env("OMEGA_LOCK_MODE", "declare").env("PROBE_LOG", &probe_log(&project));
    shown.env("OMEGA_LOCK_RESULTS_DIR", folder.to_str().expect("a UTF-8 path")).exits(0);
    let emitted = std::fs::read_dir(&folder).expect("the folder").filter_map(Result::ok);
    let document = emitted.map(|entry| entry.path()).find(|path| path.extension().is_some()).expect("a document");
    let text = std::fs::read_to_string(document).expect("the document");
    assert!(text.contains("\"key\": \"gates.pearson_min\"") && text.contains("\"value\": \"0.3\""), "{text}");
    assert_eq!(count(&log(&project), "evaluated"), 0);
    let shown = project.cargo(TEST).env("OMEGA_LOCK_MODE", "declrae").run();
    shown.says("OMEGA_LOCK_MODE is `declrae`").says("the nearest is `declare`");
}

/// Everybody can name a run, and commit what one of that name left.
#[test]
fn a_record_of_another_run_is_nobodys_answer_whatever_its_name() {
    let project = Project::copy_of("probe");
    let target = project.path("target");
    let told = [
        ("NEXTEST", "1"),
        ("NEXTEST_RUN_ID", "x"),
        ("NEXTEST_EXECUTION_MODE", "process-per-test"),
        ("OMEGA_LOCK_TARGET_DIR", target.to_str().expect("UTF-8")),
    ];
    let log_path = probe_log(&project);
    let run = |drift: &str, code| {
        let case = ["--", "--exact", "bowl::holdout"];
        let mut command = project.cargo(with(&TEST, &case)).env("PROBE_LOG", &log_path).env("PROBE_DRIFT", drift);
        for (name, value) in told {
            command = command.env(name, value);
        }
        command.exits(code)
    };
    run("0", 0);
    let record = "target/omega/runs/x/probe/calibration/bowl/finished.json";
    assert!(project.read(record).contains("\"made_by\""));
    // The same name, another process that starts it, and a target so bad that the holdout fails.
    run("-1000", 101);
    assert_eq!(count(&log(&project), "made train"), 2);
    run("0", 0);
    // `cargo omega` reads none, whatever the configuration says; what is in the record would pass.
    let lines: String = told[..3].iter().map(|(name, value)| format!("{name} = \"{value}\"\n")).collect();
    project.file(".cargo/config.toml", &format!("[env]\n{lines}"));
    let shown = project.omega(["test", "--fresh"]).env("PROBE_DRIFT", "-1000").env("PROBE_LOG", &log_path).exits(5);
    shown.says("found `1` in NEXTEST").hides("PASS");
    assert_eq!(count(&log(&project), "made train"), 4);
}

/// Trial and result, from nextest's or libtest's lines.
fn trials(shown: &Shown) -> BTreeMap<String, &'static str> {
    let mut trials = BTreeMap::new();
    for line in shown.stdout.lines().chain(shown.stderr.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let libtest = match words.as_slice() {
            ["test", name, "...", ending] => Some((*name, *ending)),
            _ => None,
        };
        let nextest = match (words.first(), words.last()) {
            (Some(&"PASS"), Some(name)) => Some((*name, "ok")),
            (Some(&"FAIL"), Some(name)) => Some((*name, "FAILED")),
            (Some(&"SIGABRT"), Some(name)) => Some((*name, "died")),
            _ => None,
        };
        let ending = match libtest.or(nextest) {
            Some((name, "ok")) => (name, "ok"),
            Some((name, "FAILED")) => (name, "FAILED"),
            Some((name, "died")) => (name, "died"),
            _ => continue,
        };
        trials.insert(ending.0.to_owned(), ending.1);
    }
    trials
}

fn nextest(project: &Project) -> crate::support::Omega {
    let arguments = ["nextest", "run", "--offline", "--no-fail-fast", "--test", "calibration", "--retries", "0"];
    project.cargo(arguments).env("PROBE_LOG", &probe_log(project))
}

#[test]
#[ignore = "needs cargo-nextest; .ci/run installs it and runs this"]
fn nextest_shows_the_same_trials_with_the_same_results() {
    let project = Project::copy_of("overfit");
    let plain = trials(&project.cargo(TEST).exits(101));
    let next = nextest(&project).exits(100);
    assert_eq!(plain, trials(&next));
    assert_eq!(plain.get("overfit::gate::kc4"), Some(&"FAILED"));
    next.says("Error: overfit::gate::kc4: pearson -0.986 (n = 10) < 0.300");
}

#[test]
#[ignore = "needs cargo-nextest; .ci/run installs it and runs this"]
fn what_the_processes_of_nextest_find_that_accepts_no_run_is_shown_of_it_as_a_whole() {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "profile =", "lock = \"required\"\ngold = \"required\"\nprofile =");
    nextest(&project).exits(100);
    let shown = project.omega(["show", "bowl"]).exits(0);
    shown.shows("Verdict:      FAIL:DECLARATION,GOLD").shows("Not accepted: declaration: omega.lock is missing");
    shown.shows("Not accepted: gold: no gold: fixtures/gold/bowl.json is missing");
}

#[test]
#[ignore = "needs cargo-nextest; .ci/run installs it and runs this"]
fn under_nextest_one_process_runs_and_the_others_read() {
    let project = Project::copy_of("probe");
    let shown = nextest(&project).env("PROBE", "slow").exits(0);
    assert_eq!(trials(&shown).len(), 8, "{shown:?}");
    assert_eq!(count(&log(&project), "made train"), 1);
    nextest(&project).exits(0);
    assert_eq!(count(&log(&project), "made train"), 2, "another test run runs anew");
}

#[test]
#[ignore = "needs cargo-nextest; .ci/run installs it and runs this"]
fn a_run_that_fails_is_not_repeated_by_every_trial() {
    let project = Project::copy_of("probe");
    let shown = nextest(&project).env("PROBE", "error").exits(100);
    assert!(trials(&shown).values().all(|ending| *ending == "FAILED"), "{shown:?}");
    assert_eq!(count(&log(&project), "made train"), 1);
}

#[test]
#[ignore = "needs cargo-nextest; .ci/run installs it and runs this"]
fn another_process_takes_over_from_one_that_dies() {
    let project = Project::copy_of("probe");
    let shown = nextest(&project).env("PROBE", "die_once").exits(100);
    let endings = trials(&shown);
    assert_eq!(endings.values().filter(|ending| **ending == "died").count(), 1, "{shown:?}");
    assert_eq!(endings.values().filter(|ending| **ending == "ok").count(), 7, "{shown:?}");
    assert_eq!(count(&log(&project), "made train"), 2);
}

//! What is shown, and what is kept in results.json.

use omega_lock::internals::artifacts::{SuiteResults, TestRun, TrialStatus};

use crate::support::{Project, Suite};

/// One case of each kind.
fn every_kind() -> Suite {
    Suite::new()
        .run("phantom", Some("FAIL:KC-4"))
        .pass("phantom::run")
        .fail("phantom::gate::kc4")
        .measure("pearson", "0.120", ">= 0.300", false)
        .measure("trade_ratio", "3.691", ">= 0.500", true)
        .trial("phantom::gate::sc2", TrialStatus::Advisory, "0.4 below random")
        .skip("phantom::holdout")
        .error("phantom::gold", 5, "could not read `gold/phantom.json`")
        .details("  the gold file is gone\n")
        .declares("phantom::gate::kc1")
}

#[test]
fn every_case_has_its_line_and_every_failure_its_block() {
    let project = Project::with(&every_kind());
    let shown = project.omega(["test", "phantom"]).exits(5);
    let seconds =
        shown.stdout.lines().find_map(|line| line.strip_prefix("     Summary [").and_then(|rest| rest.get(..9)));
    let stdout = shown.stdout.replace(seconds.expect("a summary"), "   SECS s");
    let expected = "\
        PASS [   0.250s] (1/5) phantom::run        holds
        FAIL [   0.250s] (2/5) phantom::gate::kc4  pearson 0.120 < 0.300
        NOTE [   0.250s] (3/5) phantom::gate::sc2  0.4 below random
        SKIP [   0.250s] (4/5) phantom::holdout    no holdout is declared
       ERROR [   0.250s] (5/5) phantom::gold       not evaluated

──── phantom::gate::kc4 ────────────────────────────────────────────────
  metric       measured  required
  pearson         0.120  >= 0.300  FAIL
  trade_ratio     3.691  >= 0.500  ok

──── phantom::gold ─────────────────────────────────────────────────────
  the gold file is gone
  could not read `gold/phantom.json`

     Verdict phantom  FAIL:KC-4 (profile reference)
    Selected          none
     Summary [   SECS s] 1 run, 5 cases: 1 passed, 1 failed, 1 in error, 1 advisory, 1 skipped, 1 filtered out (partial)
   Artifacts target/omega/demo/phantom
   Artifacts target/omega/results.json
";
    assert_eq!(stdout, format!("        {}", expected.trim_start()));
    shown.says("    Starting demo v1.2.3 (calibration)").says("error: 2 of 5 cases failed");
}

#[test]
fn results_json_holds_everything_and_nothing_else_is_left() {
    let project = Project::with(&every_kind());
    project.omega(["test", "phantom"]).exits(5);
    let expected = TestRun {
        schema_version: TestRun::SCHEMA.to_owned(),
        exit_code: 5,
        partial: true,
        problems: Vec::new(),
        suites: vec![SuiteResults { echo: None, ..every_kind().results }],
        against: None,
    };
    assert_eq!(project.results(), expected);
    let left = std::fs::read_dir(project.root().join("target/omega")).expect("the folder");
    let left: Vec<_> = left.map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(left, ["results.json"]);
}

#[cfg(unix)]
#[test]
fn results_json_may_be_read_by_others() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::with(&Suite::passing());
    project.omega(["test"]).exits(0);
    let ordinary = project.root().join("ordinary");
    std::fs::write(&ordinary, "").expect("a file");
    let mode = |path| std::fs::metadata(path).expect("it exists").permissions().mode();
    assert_eq!(mode(project.root().join("target/omega/results.json")), mode(ordinary));
}

#[test]
fn a_results_json_that_cannot_be_written_exits_5() {
    let project = Project::with(&Suite::passing());
    project.file("target/omega/results.json/in-the-way", "");
    project.omega(["test"]).exits(5).says("results.json`");
}

#[test]
fn control_characters_of_a_target_never_reach_the_terminal() {
    let evil = "\u{1b}[2J\u{1b}]0;title\u{7}\r\u{8}\u{9b}31m\u{202e}";
    let suite = Suite::new()
        .run(evil, Some("PASS"))
        .trial("phantom::run", TrialStatus::Pass, &format!("a{evil}\nb"))
        .error(&format!("{evil}::run"), 4, evil)
        .details(&format!("line 1{evil}\nline 2"))
        .measure(evil, evil, evil, false)
        .problem(3, evil);
    let project = Project::with(&suite);
    for color in ["never", "always"] {
        let shown = project.omega(["test", "-v", "--color", color]).exits(4);
        shown.shows("a\\u{1b}[2J").shows("\\r\\u{8}\\u{9b}31m\\u{202e}").shows("\nline 2\n");
        let bare = anstream::adapter::strip_str(&shown.stdout).to_string();
        let own = |text: &str| text.chars().all(|character| character == '\n' || !character.is_control());
        assert!(own(&bare) && !bare.contains('\u{202e}'), "{bare:?}");
        for sequence in shown.stdout.split('\u{1b}').skip(1) {
            let end = sequence.find('m').expect("only colours");
            assert!(sequence[1..end].chars().all(|c| c.is_ascii_digit() || c == ';'), "{sequence:?}");
        }
    }
}

#[test]
fn colour_is_there_only_when_asked_for() {
    let project = Project::with(&every_kind());
    let escape = "\u{1b}[";
    project.omega(["test"]).exits(5).hides(escape);
    project.omega(["test", "--color", "always"]).exits(5).shows(escape).says(escape);
    project.omega(["test"]).env("CARGO_TERM_COLOR", "always").exits(5).shows(escape);
    project.omega(["test"]).env("CLICOLOR_FORCE", "1").exits(5).shows(escape);
    project.omega(["test", "--color=never"]).env("CARGO_TERM_COLOR", "always").exits(5).hides(escape);
    project.omega(["test", "--color", "auto"]).env("CARGO_TERM_COLOR", "always").exits(5).hides(escape);
    project.omega(["test"]).env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1").exits(5).hides("\u{1b}[1m\u{1b}[31m");
    project.omega(["--help", "--color", "always"]).exits(0).shows(escape);
    project.omega(["--help"]).exits(0).hides(escape);
    assert!(project.saw("", "env OMEGA_LOCK_COLOR=never"));
    project.omega(["--color", "always", "test"]).exits(5);
    assert!(project.saw("", "env OMEGA_LOCK_COLOR=always"));
}

#[test]
fn quiet_shows_what_did_not_pass_and_verbose_shows_the_figures() {
    let project = Project::with(&every_kind());
    let shown = project.omega(["test", "-q"]).exits(5);
    shown.shows("(2/5) phantom::gate::kc4").shows("Verdict").shows("Summary");
    shown.hides("(1/5)").hides("Starting").hides("Artifacts").hides("Compiling");
    project.says("", &Suite::passing().measure("gini", "0.890", ">= 0.200", true));
    project.omega(["test"]).exits(0).hides("gini");
    project.omega(["test", "-v"]).exits(0).shows("  gini       0.890  >= 0.200  ok");
    project.omega(["test", "-v", "-q"]).exits(2);
}

#[test]
fn a_run_without_a_verdict_says_so() {
    let project = Project::with(&Suite::new().run("phantom", None).error("phantom::run", 4, "broken"));
    project.omega(["test"]).exits(4).shows("     Verdict phantom  none (profile reference)");
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_changes_no_exit_code() {
    let mut suite = Suite::passing();
    for number in 0..4_000 {
        suite = suite.pass(&format!("phantom::gate::number_{number}"));
    }
    let project = Project::with(&suite);
    let mut command = std::process::Command::new("sh");
    let script = format!("('{}' test; echo $? > code) | head -n 1", env!("CARGO_BIN_EXE_cargo-omega"));
    let output = command.args(["-c", &script]).current_dir(project.root()).output().expect("sh");
    assert!(output.status.success());
    assert_eq!(project.read("code").trim(), "0");
}

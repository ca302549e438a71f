//! `cargo omega review`: one by one, by somebody at a terminal.

use crate::support::Project;

/// Two calibrations whose results both moved away from gold.
fn waiting() -> Project {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "[calibration.bowl]", "[defaults]\ngold = \"required\"\n\n[calibration.bowl]");
    project.omega(["update-gold", "--reason", "first"]).env("PROBE", "siblings").exits(0);
    project.omega(["test"]).env("PROBE", "siblings").env("PROBE_DRIFT", "-0.001").exits(1);
    project
}

#[test]
fn without_a_terminal_it_refuses_and_says_what_to_type() {
    let project = waiting();
    let shown = project.omega(["review"]).exits(2);
    shown.says("review needs a terminal; `bowl`, `bowl2` waits");
    shown.says("cargo omega diff fixtures/gold/bowl.json target/omega/pending/bowl.json");
    shown.says("cargo omega update-gold bowl::gold --reason");
    shown.hides("\u{1b}");
    project.omega(["review"]).env("CI", "true").exits(2).says("refusing to review because CI is set (CI=true)");
    project.omega(["diff", "fixtures/gold/bowl.json", "target/omega/pending/bowl.json"]).exits(1).shows("worse");
}

#[test]
fn when_nothing_waits_there_is_nothing_to_decide() {
    Project::copy_of("probe").omega(["review"]).exits(0).shows("no result waits");
}

#[cfg(unix)]
#[test]
fn at_a_terminal_one_result_is_accepted_with_a_reason_and_one_rejected() {
    use rexpect::session::spawn_command;

    let project = waiting();
    let (first, second) = ("fixtures/gold/bowl.json", "fixtures/gold/bowl2.json");
    let before = (project.read(first), project.read(second));
    let command = project.omega_command(["--color", "never", "review"]);
    // Of a run that was made elsewhere the result is all there is.
    std::fs::remove_dir_all(project.path("target/omega/probe/bowl2")).expect("removed");
    let mut terminal = spawn_command(command, Some(60_000)).expect("a terminal");
    terminal.exp_string("Reviewing [1/2] bowl   fixtures/gold/bowl.json").expect("the first one");
    let mut answer = |until: &str, line: &str| {
        terminal.exp_string(until).expect("the question");
        terminal.send_line(line).expect("the answer");
    };
    answer("selected  x 0.5 -> 1.0", "d");
    answer("+    \"train_fitness\"", "i");
    answer("gold was made at", "a");
    answer("why?", "");
    answer("gold does not change without a reason", "a");
    answer("why?", "the solver was mended");
    answer("selected  x=1.0, y=", "r");
    terminal.exp_string("Reviewed 2 results: 1 accepted, 1 rejected, 0 skipped").expect("the end");
    terminal.exp_eof().expect("it ends");
    assert_ne!(project.read(first), before.0, "the first one is accepted");
    assert_eq!(project.read(second), before.1, "the second one is not");
    assert!(project.read("fixtures/gold/HISTORY.jsonl").contains("\"reason\":\"the solver was mended\""));
    assert!(!project.path("target/omega/pending/bowl.json").exists());
    assert!(!project.path("target/omega/pending/bowl2.json").exists());
}

/// The declaration is not the locked one: whoever accepts the figures has not accepted that.
#[cfg(unix)]
#[test]
fn what_another_case_refused_may_become_gold_and_is_not_shipped() {
    use rexpect::session::spawn_command;

    let project = Project::copy_of("probe");
    let keys = "lock = \"required\"\ngold = \"required\"\nship = { file = \"src/tuned.rs\" }\nprofile =";
    project.change("omega.toml", "profile =", keys);
    project.omega(["lock"]).exits(0);
    project.omega(["update-gold", "--reason", "first"]).exits(0);
    let shipped = project.read("src/tuned.rs");
    project.change("omega.toml", "points_per_axis = 5", "points_per_axis = 9");
    project.omega(["test"]).env("PROBE_DRIFT", "-0.1").exits(1).shows("bowl::declaration");
    let mut terminal =
        spawn_command(project.omega_command(["--color", "never", "review"]), Some(60_000)).expect("a terminal");
    terminal.exp_string("[a/r/s/d/i/q/A/R/S]").expect("the question");
    terminal.send_line("a").expect("the answer");
    terminal.exp_string("why?").expect("the question");
    terminal.send_line("looked at").expect("the answer");
    terminal.exp_string("the run of `bowl` was not accepted: declaration failed").expect("it says so");
    terminal.exp_string("src/tuned.rs was not written").expect("it says so");
    terminal.exp_eof().expect("it ends");
    assert_eq!(project.read("src/tuned.rs"), shipped);
}

//! What somebody who waits sees while a calibration runs.

use crate::support::Project;

#[cfg(unix)]
#[test]
fn on_a_terminal_a_live_line_says_phase_count_and_best_and_goes_away_again() {
    use rexpect::session::spawn_command;

    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let whole = project.read("target/omega/probe/bowl/result.json");
    let mut command = project.omega_command(["--color", "never", "test", "--threads", "1"]);
    command.env("PROBE", "slow").env("TERM", "xterm");
    let mut terminal = spawn_command(command, Some(60_000)).expect("a terminal");
    terminal.exp_regex(r"bowl: train search, [0-9]+ of 25, [0-9.]+/s, best -[0-9.]+, [0-9]+ s left\r").expect("a line");
    terminal.exp_string("\r\u{1b}[J").expect("it is drawn anew or taken away");
    terminal.exp_string("PASS").expect("a case");
    let rest = terminal.exp_eof().expect("the end");
    assert!(!rest.contains("\u{1b}[J") && !rest.contains("bowl: train"), "{rest}");
    assert_eq!(project.read("target/omega/probe/bowl/result.json"), whole);
}

#[test]
fn a_short_run_shows_no_progress_in_a_log_and_none_is_ever_on_stdout() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0).hides("bowl: ").hides("\u{1b}");
    let shown = project.cargo(["test", "--offline", "--test", "calibration"]).exits(0);
    shown.hides("bowl: ").hides("\u{1b}");
}

#[cfg(unix)]
#[test]
fn quiet_shows_none() {
    use rexpect::session::spawn_command;

    let project = Project::copy_of("probe");
    let mut command = project.omega_command(["--color", "never", "test", "--quiet"]);
    command.env("PROBE", "slow").env("TERM", "xterm");
    let mut terminal = spawn_command(command, Some(60_000)).expect("a terminal");
    let all = terminal.exp_eof().expect("the end");
    assert!(all.contains("Summary") && !all.contains("bowl: train"), "{all}");
}

#[test]
fn before_a_run_it_says_how_many_evaluations_are_planned_and_what_for_and_what_the_last_run_took() {
    let project = Project::copy_of("probe");
    let planned = "`bowl`: about 43 evaluations: baseline 1, stress 6, search 25, best on test 10, holdout 1";
    project.omega(["test"]).exits(0).says(planned).hides("; the last run");
    project.omega(["test"]).exits(0).says(&format!("{planned}; the last run made 43 in 0.")).says(" s\n");
    // What somebody wrote into the file of clock readings breaks nothing.
    project.file("target/omega/probe/bowl/timings.json", "no JSON");
    project.omega(["test"]).exits(0).says(planned).hides("; the last run");
    project.omega(["test", "--quiet"]).exits(0).hides("evaluations: baseline");
}

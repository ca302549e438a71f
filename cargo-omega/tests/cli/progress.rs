//! What somebody who waits sees while a calibration runs.

use crate::support::{Project, Suite};

/// A run of so many milliseconds an evaluation, on a terminal of so many columns; all that is shown.
#[cfg(unix)]
fn on_a_terminal(project: &Project, columns: u16, milliseconds: u32, more: &[(&str, &str)]) -> String {
    use rexpect::session::spawn_command;

    let omega = project.omega_command(["--color", "never", "test", "--threads", "1"]);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", &format!("stty cols {columns} rows 24 && exec \"$@\""), "sh"]);
    command.arg(omega.get_program()).args(omega.get_args());
    command.current_dir(omega.get_current_dir().expect("a folder"));
    for (name, value) in omega.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.env("PROBE", "slow").env("PROBE_MS", milliseconds.to_string()).env("TERM", "xterm").env_remove("NO_COLOR");
    command.envs(more.iter().copied());
    spawn_command(command, Some(120_000)).expect("a terminal").exp_eof().expect("the end")
}

/// What stands on a line of the terminal at some time.
fn drawn(shown: &str) -> Vec<String> {
    let pieces = shown.split(['\r', '\n']).map(|piece| {
        let mut text = String::new();
        let mut rest = piece;
        while let Some(at) = rest.find('\u{1b}') {
            text.push_str(&rest[..at]);
            let end = rest[at + 2..].find(|c: char| c.is_ascii_alphabetic()).map_or(rest.len(), |end| at + 3 + end);
            rest = &rest[end..];
        }
        text + rest
    });
    pieces.map(|piece| piece.trim_end().to_owned()).filter(|piece| !piece.is_empty()).collect()
}

#[cfg(unix)]
#[test]
fn on_a_terminal_a_live_line_says_phase_count_rate_best_and_what_is_left_and_goes_away_again() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let whole = project.read("target/omega/probe/bowl/result.json");
    let shown = on_a_terminal(&project, 90, 100, &[]);
    let lines = drawn(&shown);
    let live =
        |line: &&String| line.contains(" bowl: train ") && line.contains(" of 25, ") && line.contains("/s, best -");
    let found: Vec<_> = lines.iter().filter(live).collect();
    assert!(found.len() > 2 && found.iter().all(|line| line.contains(" left")), "{shown}");
    assert!(found[0].starts_with(['|', '/', '-', '\\']) && found[0][1..].starts_with(" 00:00:0"), "{shown}");
    // What comes behind it stands where it was, and it is not drawn any more.
    let (before, results) = shown.split_once("PASS").expect("a case");
    assert!(before.contains("\u{1b}[2K") && !results.contains('\u{1b}'), "{shown}");
    assert_eq!(project.read("target/omega/probe/bowl/result.json"), whole);
    assert!(!project.path("target/omega/probe/bowl/progress.json").exists());
}

#[cfg(unix)]
#[test]
fn live_lines_fit_the_terminal_and_tick_while_nothing_ends() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    for columns in [40, 200] {
        let shown = on_a_terminal(&project, columns, 100, &[]);
        let live: Vec<_> = drawn(&shown).into_iter().filter(|line| line.contains(" 00:00:0")).collect();
        assert!(live.iter().any(|line| line.contains("bowl: train search")), "{shown}");
        assert!(live.iter().all(|line| line.chars().count() <= usize::from(columns)), "{shown}");
        assert_eq!(live.iter().any(|line| line.contains("[====")), columns == 200, "{shown}");
    }
    // The first evaluation alone takes longer than what is looked at.
    let mut command = project.omega_command(["--color", "never", "test", "--threads", "1"]);
    command.env("PROBE", "slow").env("PROBE_MS", "20000").env("TERM", "xterm").env_remove("NO_COLOR");
    let mut terminal = rexpect::session::spawn_command(command, Some(60_000)).expect("a terminal");
    for second in 1..4 {
        terminal.exp_string(&format!(" 00:00:0{second} bowl: ")).expect("it ticks");
    }
    terminal.send_control('c').expect("Ctrl-C");
    terminal.exp_string("stopping after the current evaluations").expect("it is heard");
    terminal.send_control('c').expect("Ctrl-C again");
    terminal.exp_eof().expect("the end");
}

#[cfg(unix)]
#[test]
fn a_terminal_that_draws_nothing_and_ci_get_lines_without_a_control_character() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    for (name, value) in [("TERM", "dumb"), ("NO_COLOR", "1"), ("CI", "true")] {
        let shown = on_a_terminal(&project, 80, 20, &[(name, value)]);
        assert!(shown.contains("PASS") && !shown.contains('\u{1b}'), "{shown}");
        assert!(!shown.replace("\r\n", "\n").contains('\r'), "{shown}");
    }
}

#[test]
fn a_short_run_shows_no_progress_in_a_log_and_none_is_ever_on_stdout() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0).hides("bowl: ").hides("\u{1b}");
    let shown = project.cargo(["test", "--offline", "--test", "calibration"]).exits(0);
    shown.hides("bowl: ").hides("\u{1b}");
}

#[test]
fn a_log_says_after_ten_seconds_how_far_a_run_is() {
    let project = Project::copy_of("probe");
    project.omega(["test"]).exits(0);
    let slow = project.omega(["test", "--threads", "1"]).env("PROBE", "slow").env("PROBE_MS", "300").exits(0);
    let line = slow.stderr.lines().find(|line| line.starts_with("bowl: ")).expect("a line");
    assert!(line.contains("/s, best -") && line.contains(" left"), "{line}");
    assert!(!slow.stderr.contains(['\r', '\u{1b}']) && !slow.stdout.contains("bowl: train"), "{slow:?}");
}

#[cfg(unix)]
#[test]
fn quiet_shows_none() {
    use rexpect::session::spawn_command;

    let project = Project::copy_of("probe");
    let mut command = project.omega_command(["--color", "never", "test", "--quiet"]);
    command.env("PROBE", "slow").env("TERM", "xterm").env_remove("NO_COLOR");
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

#[cfg(unix)]
#[test]
fn what_takes_longer_than_two_seconds_is_named_and_what_takes_less_is_not() {
    let project = Project::with(&Suite::passing());
    project.omega(["test"]).exits(0).hides("asking cargo");
    let slow = format!("#!/bin/sh\n[ \"$1\" = metadata ] && sleep 3\nexec {} \"$@\"\n", env!("CARGO"));
    project.file("slow-cargo", &slow);
    let made = std::process::Command::new("chmod").arg("+x").arg(project.path("slow-cargo")).status();
    assert!(made.expect("chmod starts").success());
    let cargo = project.path("slow-cargo");
    let cargo = cargo.to_str().expect("UTF-8");
    project.omega(["test"]).env("CARGO", cargo).exits(0).says("asking cargo for the packages\n");
    project.omega(["test", "--quiet"]).env("CARGO", cargo).exits(0).hides("asking cargo");
}

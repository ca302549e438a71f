//! A look at a holdout is counted before the holdout is asked: nothing that ends the run after that loses it.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use omega_lock::internals::artifacts::Ledger;

use crate::elsewhere::{asked, holdout, looks, project};
use crate::support::{Omega, Project};
use crate::workers::{in_folder, omega};

/// A bowl in Rust, with blocks, whose holdout may be looked at once.
const BOWL: &str = r#"[calibration.bowl]
lock = "off"
gold = "off"
blocks = 8
holdout = { mode = "gate", min_fitness = -10.0, looks = 1 }
"#;

fn bowl(project: &Project, how: &str, drift: &str) -> Omega {
    let run = project.omega(["test", "--fresh"]).env("PROBE", how).env("PROBE_BLOCKS", "8");
    run.env("PROBE_DRIFT", drift)
}

#[test]
fn a_holdout_in_rust_that_fails_panics_or_has_other_blocks_was_looked_at() {
    let project = Project::copy_of("probe");
    project.file("omega.toml", BOWL);
    for (place, how) in ["error_on_holdout", "panic_on_holdout", "blocks_on_holdout"].into_iter().enumerate() {
        let (number, drift) = (place + 1, format!("0.00{place}"));
        let counts = format!("it counts as look {number} of 1 at the holdout");
        let shown = bowl(&project, how, &drift).exits(4);
        shown.shows("(holdout, holdout) failed").shows(&format!("{counts}, new in {}: commit it", Ledger::FILE));
        assert_eq!(looks(&project), number, "{how}");
        bowl(&project, how, &drift).exits(4).shows(&format!("{counts}\n"));
        let shown = bowl(&project, "", &drift).exits(i32::from(number > 1));
        shown.shows(&format!("look {number} of 1\n"));
        assert_eq!(looks(&project), number, "{how}");
    }
    let shown = bowl(&project, "abort_on_holdout", "0.01").run();
    assert_ne!(shown.code, Some(0), "{shown:?}");
    assert_eq!(looks(&project), 4, "the harness itself is gone");
    let continued = project.omega(["test"]).env("PROBE_BLOCKS", "8").env("PROBE_DRIFT", "0.01").exits(1);
    continued.shows("look 4 of 1\n");
    let shown = bowl(&project, "error_on_holdout", "0.02").env("CI", "true").exits(4);
    shown.shows("it counts as look 5 of 1 at the holdout, not in omega.ledger.jsonl");
    assert_eq!(looks(&project), 4);
}

#[test]
fn a_worker_that_answers_with_an_error_or_too_late_has_looked() {
    for (how, says) in [("error", "secret: 1"), ("hangs", "no answer within 1 s (`evaluation_timeout`)")] {
        let project = project();
        project.change(
            "omega.toml",
            "[calibration.bowl.worker]\n",
            "[calibration.bowl.worker]\nevaluation_timeout = 1\n",
        );
        let shown = holdout(&project, how);
        assert_eq!(shown.code, Some(4), "{how}: {shown:?}");
        shown.shows(says).shows("it counts as look 1 of 1 at the holdout, new in omega.ledger.jsonl: commit it");
        holdout(&project, how).shows("it counts as look 1 of 1 at the holdout\n");
        assert_eq!((asked(&project), looks(&project)), (2, 1), "{how}");
        assert_eq!(holdout(&project, "").shows("look 1 of 1\n").code, Some(0));
        project.change("omega.toml", "points_per_axis = 9", "points_per_axis = 11");
        holdout(&project, how).shows("it counts as look 2 of 1 at the holdout, new");
        assert_eq!(holdout(&project, "").shows("look 2 of 1\n").code, Some(1));
        // One that may fail is answered, and counts as one that is.
        project.change("omega.toml", "points_per_axis = 11", "points_per_axis = 13");
        project.change("omega.toml", "[calibration.bowl]\n", "[calibration.bowl]\nmax_failed_evaluations = 1\n");
        assert_eq!(holdout(&project, how).shows("look 3 of 1, new").code, Some(1));
    }
}

/// Starts it, waits until the holdout was asked so often, and sends signals to the group.
fn ended(project: &Project, times: usize, signals: &[&str]) {
    project.file("how", "hangs");
    let mut command = omega(project, ["test"]).into_command();
    let mut child = command.process_group(0).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let begun = Instant::now();
    while asked(project) < times {
        assert!(begun.elapsed() < Duration::from_secs(60), "the holdout was not asked");
        std::thread::sleep(Duration::from_millis(20));
    }
    for signal in signals {
        let kill = format!("kill {signal} -{}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
        std::thread::sleep(Duration::from_millis(300));
    }
    assert_ne!(child.wait().expect("it ends").code(), Some(0));
    // A guard ends what is left.
    while !in_folder(project.root()).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(90), "{:?}", in_folder(project.root()));
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn whoever_kills_the_run_while_the_holdout_is_evaluated_has_looked() {
    for signals in [&["-KILL"][..], &["-INT", "-INT"]] {
        let project = project();
        ended(&project, 1, signals);
        assert_eq!(looks(&project), 1, "{signals:?}");
        let shown = holdout(&project, "");
        assert_eq!(shown.code, Some(0), "{shown:?}");
        shown.shows("continued behind evaluation").shows("look 1 of 1\n");
        assert_eq!((asked(&project), looks(&project)), (2, 1), "a run that goes on counts once");
        project.change("omega.toml", "points_per_axis = 9", "points_per_axis = 11");
        ended(&project, 3, signals);
        assert_eq!(looks(&project), 2, "{signals:?}");
        assert_eq!(holdout(&project, "").shows("look 2 of 1\n").code, Some(1));
    }
}

#[test]
fn a_look_that_cannot_be_written_down_is_not_taken() {
    let project = project();
    project.file(Ledger::FILE, "once\n");
    let shown = holdout(&project, "");
    assert_eq!(shown.code, Some(3), "{shown:?}");
    shown.shows("the holdout was not asked, because the look at it could not be counted");
    shown.shows("`omega.ledger.jsonl` is damaged: line 1: ");
    assert_eq!(asked(&project), 0);
    std::fs::remove_file(project.path(Ledger::FILE)).expect("it is there");
    std::fs::create_dir(project.path(Ledger::FILE)).expect("a folder");
    assert_ne!(holdout(&project, "").code, Some(0));
    assert_eq!(asked(&project), 0);
    std::fs::remove_dir(project.path(Ledger::FILE)).expect("it is there");
    let shown = holdout(&project, "");
    assert_eq!(shown.code, Some(0), "{shown:?}");
    shown.shows("continued behind evaluation").shows("look 1 of 1, new");
}

#[test]
fn a_look_that_never_began_is_taken_back_and_leaves_the_other_lines_as_they_were() {
    let project = project();
    assert_eq!(holdout(&project, "").code, Some(0));
    let before = project.read(Ledger::FILE);
    project.change("omega.toml", "points_per_axis = 9", "points_per_axis = 11");
    assert_eq!(holdout(&project, "never began").hides("counts as look").code, Some(4));
    assert_eq!(project.read(Ledger::FILE), before);
    // One that was lost may have begun, whatever happens to the same question later.
    holdout(&project, "lost").shows("it counts as look 2 of 1");
    assert_eq!(holdout(&project, "never began").code, Some(4));
    assert_eq!(looks(&project), 2);
}

#[test]
fn a_single_case_of_the_run_has_looked_as_well() {
    let project = project();
    omega(&project, ["test", "bowl::run"]).exits(0);
    assert_eq!(looks(&project), 1);
    omega(&project, ["test", "--fresh"]).exits(0).shows("look 1 of 1\n");
}

//! Windows of a calibration without code: omega.toml says what the program is told of each.

use crate::support::Project;
use crate::workers::{SPACE, WORKER, omega, project};

/// The bowl over four windows, whose tests are files.
pub(crate) fn walked() -> Project {
    let project = project();
    let (worker, _) = WORKER.split_once("[calibration.bowl.roles]").expect("its slices");
    let mut text = format!("{worker}{SPACE}\n[calibration.bowl.roles]\nholdout = {{ center = 1.5 }}\n");
    for window in 1..=4 {
        let center = 0.9 + 0.1 * f64::from(window);
        project.file(&format!("data/{window}.txt"), &format!("{:.2}", center + 0.05));
        let train = format!("train = {{ center = {center:.2} }}");
        let test = format!("test = {{ files = [\"data/{window}.txt\"] }}");
        text.extend([format!("[calibration.bowl.windows.{window}]"), train, test].map(|line| line + "\n"));
    }
    project.file("omega.toml", &text);
    project
}

#[test]
fn a_program_walks_over_the_windows_that_omega_toml_tells_it_of() {
    let project = walked();
    omega(&project, ["lock"]).exits(0).shows("Added bowl");
    let lock = project.read("omega.lock");
    assert!(lock.contains("windows.4.train = ") && lock.contains("windows.count = 4"), "{lock}");
    assert!(!lock.contains("roles.train"), "{lock}");
    assert!(!project.path("started").exists(), "nothing is started to lock it");
    omega(&project, ["update-gold", "--reason", "first"]).exits(0);
    let shown = omega(&project, ["test"]).exits(0);
    shown.shows("bowl::gate::windows").shows("rests on windows 4");
    // The last window's winner is what would ship.
    shown.shows("(window 4 #");
    let selected = project.results().suites[0].runs[0].selected.clone().expect("a candidate");
    assert_eq!((selected.window, selected.round, selected.ships), (Some(4), None, true));
    assert_eq!(project.read("started").lines().count() % 2, 0, "one process a run serves all windows");
    omega(&project, ["verify", "bowl"]).exits(0);
    // Other data in one window is another declaration.
    project.file("data/3.txt", "1.9");
    omega(&project, ["test"]).exits(1).shows("windows.3.test");
}

#[test]
fn windows_of_a_program_that_cannot_be_walked_exit_2_and_are_named() {
    for (from, to, said) in [
        ("[calibration.bowl.windows.2]", "[calibration.bowl.windows.7]", "`calibration.bowl.windows.2` is missing"),
        ("test = { files = [\"data/2.txt\"] }", "", "`calibration.bowl.windows.2.test` is missing"),
        ("data/2.txt", "/data/2.txt", "which is an absolute path"),
        ("data/2.txt", "data/none.txt", "which matches no file"),
        ("holdout = {", "train = {", "`calibration.bowl.roles.train` stands beside windows"),
    ] {
        let project = walked();
        project.change("omega.toml", from, to);
        let shown = omega(&project, ["test"]).run();
        assert_eq!(shown.code, Some(2), "{to}: {shown:?}");
        assert!(format!("{}{}", shown.stdout, shown.stderr).contains(said), "{to}: {shown:?}");
    }
}

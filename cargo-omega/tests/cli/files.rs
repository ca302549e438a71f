//! Files that omega.toml names for workers, as data or as inputs: which they are, and that they stay what they were.

use crate::support::Project;
use crate::workers::{SPACE, WORKER, omega, project};

#[test]
fn a_file_of_a_slice_is_told_to_the_worker_and_digested_into_the_lock() {
    let project = project();
    omega(&project, ["lock"]).exits(0);
    let lock = project.read("omega.lock");
    assert!(
        lock.contains(r#"roles.test = "data/test.txt: slice {\"files\":[\"data/*.txt\"],\"of\":2023}, sha256 "#),
        "{lock}"
    );
    assert!(lock.contains(r#"roles.train = "slice {\"center\":1.0}""#), "{lock}");
    project.file("data/test.txt", "1.26");
    omega(&project, ["lock", "--check"]).exits(1).shows("roles.test").shows("moved");
    omega(&project, ["test", "bowl::declaration"]).exits(1).shows("roles.test").shows("moved");
    std::fs::remove_file(project.path("data/test.txt")).expect("it goes");
    let shown = omega(&project, ["test"]).exits(2);
    shown.shows("`calibration.bowl.roles.test.files` in omega.toml has `data/*.txt`, which matches no file in `");
}

/// A project whose test slice has two files in two folders, with the folder as their label, locked.
fn labelled() -> Project {
    let project = project();
    project.file("data/cat/a.txt", "1.25").file("data/dog/c.txt", "1.0").change(
        "omega.toml",
        "data/*.txt",
        "data/*/*.txt",
    );
    omega(&project, ["lock"]).exits(0);
    project
}

#[test]
fn a_file_that_moves_to_another_folder_and_another_pattern_are_other_data() {
    let project = labelled();
    std::fs::rename(project.path("data/dog/c.txt"), project.path("data/cat/c.txt")).expect("it moves");
    omega(&project, ["lock", "--check"]).exits(1).shows("roles.test").shows("moved");
    let project = labelled();
    project.change("omega.toml", "data/*/*.txt", "data/**/?.txt");
    omega(&project, ["lock", "--check"]).exits(1).shows("roles.test").shows("moved");
}

#[test]
fn a_run_during_which_a_file_of_its_data_or_its_code_changes_ends_without_a_verdict_and_is_not_continued() {
    for (changes, says) in [
        ("data/test.txt", "other data than before: `data/test.txt` was changed while the run went on"),
        ("helper.py", "other code than before: its input `helper.py` was changed while the run went on"),
    ] {
        let project = project();
        // Once, in the middle; then it sets everything back.
        let writes = format!(
            "        if not os.path.exists('changed') and params['x'] == 1.0:\n            open('changed', 'w').close()\n            \
             open('{changes}', 'w').write('1.75')\n"
        );
        project.change("target.py", "        center =", &format!("{writes}        center ="));
        project.change("omega.toml", "\"target.py\"]", "\"target.py\"]\ninputs = [\"helper.py\"]");
        project.file("helper.py", "1.25");
        omega(&project, ["lock"]).exits(0);
        let shown = omega(&project, ["test", "bowl::run"]).exits(4);
        shown.shows(says).hides("continues from there");
        project.file(changes, "1.25");
        omega(&project, ["test", "bowl::run"]).exits(0).hides("continued");
    }
}

#[cfg(unix)]
#[test]
fn two_stars_lead_into_no_link_and_inputs_leave_out_what_a_run_writes() {
    let project = project();
    for link in ["a", "b", "c"] {
        std::os::unix::fs::symlink(".", project.path(&format!("data/{link}"))).expect("a link");
    }
    project.change("omega.toml", "data/*.txt", "data/**/*.txt");
    project.change(
        "omega.toml",
        "\"target.py\"]",
        "\"target.py\"]\ninputs = [\"**/*.json*\", \"**/*.py\", \"**/*.log\"]",
    );
    project.file("settings.json", "{}").file("notes.log", "");
    omega(&project, ["lock"]).exits(0);
    assert!(
        project.read("omega.lock").contains("roles.test = \"data/test.txt: slice"),
        "{}",
        project.read("omega.lock")
    );
    for _ in 0..2 {
        omega(&project, ["test", "bowl::run"]).exits(0);
    }
}

#[cfg(unix)]
#[test]
fn a_listed_file_that_cannot_be_read_and_inputs_that_are_not_there_exit_2() {
    let project = project();
    std::os::unix::fs::symlink("nowhere", project.path("data/gone.txt")).expect("a link");
    omega(&project, ["test"]).exits(2).shows("data/gone.txt` could not be read");
    std::fs::remove_file(project.path("data/gone.txt")).expect("it goes");
    let inputs = "\"target.py\"]\ninputs = [\"nope/*\"]";
    for declared in [format!("{WORKER}{SPACE}"), WORKER.to_owned()] {
        project.file("omega.toml", &declared.replace("\"target.py\"]", inputs));
        omega(&project, ["test"]).exits(2).shows("`inputs` has `nope/*`, which matches no file in `");
    }
}

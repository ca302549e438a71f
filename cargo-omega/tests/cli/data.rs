//! Data has a name, and slices that should differ are different data.

use crate::support::Project;

/// Judges strictly, and holds against nothing that is committed.
fn declare(project: &Project, more: &str) {
    project.file("omega.toml", &format!("[calibration.bowl]\nlock = \"off\"\ngold = \"off\"\n{more}"));
}

#[test]
fn two_slices_of_one_identity_or_with_the_same_figures_fail_by_name() {
    let project = Project::copy_of("probe");
    declare(&project, "");
    project.omega(["test"]).exits(0).shows("bowl::gate::slices").hides("no identity");
    let shown = project.omega(["test"]).env("PROBE", "same_name").exits(1);
    for pair in ["train and test", "train and holdout", "test and holdout"] {
        shown.shows(&format!("identity of {pair}"));
    }
    shown.shows("a bowl").shows("Two slices are one set of data");
    shown.shows("bowl  FAIL:SLICES").hides("bowl  FAIL:SLICES,");
    let shown = project.omega(["test"]).env("PROBE", "same_data").exits(1);
    shown
        .shows("figures alike on train and test")
        .shows("the test target has the data of train")
        .shows("bowl  FAIL:SLICES");
    shown.shows("no identity: train, test, holdout");
}

#[test]
fn data_without_a_name_is_told_beside_the_verdict_and_refused_where_it_is_counted() {
    let project = Project::copy_of("probe");
    declare(&project, "");
    project.omega(["test"]).env("PROBE", "nameless").exits(0).shows("; no identity: train, test, holdout)");
    let page = project.read("target/omega/probe/bowl/report.html");
    assert!(page.contains("the data of train, test, holdout has no identity"));
    for (key, role) in [("holdout.looks = 2", "holdout"), ("walk_forward.consultations = true", "test")] {
        declare(&project, key);
        for command in ["test", "lock"] {
            let shown = project.omega([command]).env("PROBE", "nameless").exits(2);
            let all = format!("{}{}", shown.stdout, shown.stderr);
            let (name, value) = key.split_once(" = ").expect("a key");
            assert!(all.contains(&format!("`{name}` is {value}, expected data with a name")), "{shown:?}");
            assert!(all.contains(&format!("let the {role} target's `identity` say which data it has")), "{shown:?}");
        }
        project.omega(["test"]).exits(0);
    }
}

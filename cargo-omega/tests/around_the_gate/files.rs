//! Files that nobody reads, and names that two have.

use crate::gate::Gate;

/// A pull request that adds a file is refused by `test` and by `lock`, and the file is named.
#[track_caller]
fn refused(path: &str, text: &str, named: &str) {
    let gate = Gate::new();
    gate.project.file(path, text);
    gate.committed();
    let junit = ["--junit", "target/junit.xml"];
    gate.judged_with(&junit).exits(2).says(named);
    // The results are there all the same.
    let results = gate.project.results();
    assert_eq!((results.exit_code, results.problems[0].exit_code, results.suites.len()), (2, 2, 0), "{results:?}");
    assert!(gate.project.read("target/junit.xml").contains(named));
    gate.project.omega(["test", "--workspace"]).env("CI", "true").exits(2).says(named);
    gate.project.omega(["lock"]).exits(2).says(named);
}

#[test]
pub(crate) fn a_table_of_no_calibration_is_refused() {
    let gate = Gate::new();
    let text = gate.project.read("omega.toml");
    drop(gate);
    let with_table = format!("{text}\n[calibration.typo]\nprofile = \"strict\"\n");
    refused("omega.toml", &with_table, "omega.toml has a table for `typo`");
}

#[test]
pub(crate) fn a_declaration_that_nobody_reads_is_refused() {
    for path in ["a/omega.toml", "plain/omega.toml", "b/Omega.toml", "OMEGA.toml"] {
        refused(path, "[defaults]\nprofile = \"reference\"\n", path);
    }
}

#[test]
pub(crate) fn under_plain_cargo_test_a_declaration_that_nobody_reads_fails_the_case() {
    let gate = Gate::new();
    gate.project.file("a/omega.toml", "[defaults]\n");
    let shown = gate.project.cargo(["test", "-p", "gated-a"]).exits(101);
    shown.shows("---- bitcell::run ----").shows("nobody reads this file");
    gate.project.cargo(["test", "-p", "gated-b"]).exits(0);
}

#[test]
pub(crate) fn one_name_in_two_packages_is_refused() {
    let gate = Gate::new();
    gate.project.file("b/calibrations.txt", "bitcell\nother\n");
    gate.committed();
    let named = "calibration `bitcell` is declared by `gated-a::calibration` and by `gated-b::calibration`";
    gate.judged().exits(2).says(named);
    gate.project.omega(["test", "--workspace"]).exits(2).says(named);
    gate.project.omega(["lock"]).exits(2).says(named);
    gate.project.omega(["lock", "--check"]).exits(2).says(named);
}

#[test]
pub(crate) fn one_name_is_refused_too_where_a_filter_shows_only_one_of_both() {
    let gate = Gate::new();
    gate.project.file("b/calibrations.txt", "bitcell\nother\n");
    gate.committed();
    gate.project.omega(["test", "-p", "gated-a", "--against", "main"]).exits(2).says("`gated-b::calibration`");
}

#[test]
pub(crate) fn gold_and_entries_that_nothing_declares_are_left_over() {
    let gate = Gate::new();
    gate.project
        .file("omega.lock", &(gate.project.read("omega.lock") + "\n[calibration.ghost]\nprofile = \"strict\"\n"));
    let ghost = gate.project.read("fixtures/gold/other.json").replace("\"other\"", "\"ghost\"");
    gate.project.file("fixtures/gold/ghost.json", &ghost);
    gate.committed();
    let shown = gate.judged().exits(1);
    shown.shows("REMOVED ghost  entry of omega.lock").shows("REMOVED ghost  gold");
    let shown = gate.project.omega(["test", "--workspace"]).exits(1);
    shown.says("omega.lock has an entry for `ghost`").says("there is gold of `ghost`");
    // A run of one package knows nothing of the others.
    gate.project.omega(["test", "-p", "gated-a"]).exits(0).shows("(partial)").hides("ghost");
}

#[test]
pub(crate) fn a_workspace_with_a_package_without_calibrations_passes() {
    let gate = Gate::new();
    gate.project.file("plain/notes.toml", "").file("omega.md", "");
    gate.committed();
    gate.judged().exits(0).shows("omega.lock and gold are those of main");
}

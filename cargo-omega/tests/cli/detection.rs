//! Which targets are harnesses: declared, or the only possibility; never tried out.

use crate::support::{Project, Suite};

/// A package `demo` that depends on a library called omega-lock; `more` is appended to its manifest.
fn dependent(more: &str) -> Project {
    let project = Project::empty();
    project.plain_package("stub", "omega-lock", "");
    project.plain_package(
        "",
        "demo",
        &format!("[dev-dependencies]\nomega-lock = {{ path = \"stub\" }}\n[workspace]\n{more}"),
    );
    project.fake("", "calibration").says("", &Suite::passing());
    project
}

fn harness(name: &str) -> String {
    format!("[[test]]\nname = \"{name}\"\nharness = false\n")
}

#[test]
fn the_only_target_without_the_standard_harness_of_a_dependent_package_is_its_harness() {
    let project = dependent(&harness("calibration"));
    project.file("tests/ordinary.rs", "#[test] fn fails() { panic!() }");
    project.omega(["test"]).exits(0);
    assert!(project.was_called(""));
}

#[test]
fn a_renamed_dependency_counts_too() {
    let project = dependent(&harness("calibration"));
    let manifest = project.read("Cargo.toml");
    project.file("Cargo.toml", &manifest.replace("omega-lock = {", "gate = { package = \"omega-lock\","));
    project.omega(["test"]).exits(0);
}

#[test]
fn a_package_that_does_not_depend_on_the_library_has_no_harness() {
    let project = Project::empty();
    project.plain_package("", "demo", &format!("[workspace]\n{}", harness("calibration"))).fake("", "calibration");
    let shown = project.omega(["test"]).exits(6);
    shown.says("error: package `demo` has no harness target, so nothing was evaluated");
    shown.says("      [package.metadata.omega]\n      tests = [\"calibration\"]\n");
    shown.says("      [[test]]\n      name = \"calibration\"\n      harness = false\n");
    assert!(!project.was_called(""), "a foreign program is never started");
    assert_eq!(project.results().exit_code, 6);
}

#[test]
fn several_candidates_are_listed_and_none_is_started() {
    let project = dependent(&(harness("calibration") + &harness("browser")));
    project.fake("", "browser");
    let shown = project.omega(["test"]).exits(2);
    shown.says("2 test targets with `harness = false` (`calibration`, `browser`)");
    shown.says("      [package.metadata.omega]\n      tests = [\"calibration\", \"browser\"]\n");
    assert!(!project.was_called(""));
    assert_eq!(project.results().exit_code, 2);
    project.omega(["test", "--test", "*"]).exits(2);
    project.omega(["test", "--test", "calibration"]).exits(0);
}

#[test]
fn the_real_library_is_found_by_its_name_and_foreign_programs_are_not_started() {
    let project = Project::copy_of("undeclared");
    project.omega(["test"]).exits(2).says("package `undeclared` has 2 test targets with `harness = false`");
    assert!(!project.path("started").exists());
}

#[test]
fn a_declared_harness_wins_over_the_candidates() {
    let declaration = "[package.metadata.omega]\ntests = [\"calibration\"]\n";
    let project = dependent(&(harness("calibration") + &harness("browser") + declaration));
    project.fake("", "browser").omega(["test"]).exits(0);
    assert!(!project.root().join("fake/browser.seen").exists());
}

#[test]
fn a_package_may_declare_that_it_has_no_harness() {
    let project = dependent(&(harness("calibration") + "[package.metadata.omega]\ntests = []\n"));
    project.omega(["test"]).exits(6);
    assert!(!project.was_called(""));
}

#[test]
fn a_wrong_declaration_exits_2_and_says_what_is_wrong() {
    let project = dependent(&harness("calibration"));
    let manifest = project.read("Cargo.toml");
    for (declaration, message) in [
        ("[package.metadata.omega]\ntest = [\"calibration\"]", "unknown key `test`\n  = help: did you mean `tests`?"),
        ("[package.metadata.omega]\nbanana = 1", "unknown key `banana`\n  = help: the only key is `tests`"),
        ("[package.metadata.omega]\ntests = \"calibration\"", "`tests` must be a list of names, found a string"),
        ("[package.metadata.omega]\ntests = [1]", "`tests` must hold names, found a number"),
        ("[package.metadata]\nomega = true", "expected a table, found a boolean"),
        (
            "[package.metadata.omega]\ntests = [\"calibrations\"]",
            "`calibrations`, which is no test target of the package\n  = help: did you mean `calibration`?",
        ),
        ("[package.metadata.omega]\ntests = [\"calibration\", \"calibration\"]", "names `calibration` twice"),
    ] {
        project.file("Cargo.toml", &format!("{manifest}\n{declaration}\n"));
        project.omega(["test"]).exits(2).says(message).says("[package.metadata.omega] in `");
    }
    assert!(!project.was_called(""));
}

#[test]
fn a_declared_target_under_the_standard_harness_exits_2() {
    let project = dependent("[package.metadata.omega]\ntests = [\"calibration\"]\n");
    let shown = project.omega(["test"]).exits(2);
    shown.says("test target `calibration` runs under the standard test harness");
    shown.says("      [[test]]\n      name = \"calibration\"\n      harness = false\n");
}

#[test]
fn a_harness_is_chosen_by_name_and_a_misspelt_name_exits_2() {
    let project = Project::with(&Suite::passing());
    project.omega(["test", "--test", "calibration"]).exits(0);
    project.omega(["test", "--test", "cal*"]).exits(0);
    let shown = project.omega(["test", "--test", "calibratoin"]).exits(2);
    shown.says("no harness target matches `--test calibratoin`").says("did you mean `calibration`?");
}

#[test]
fn a_target_with_a_dash_in_its_name_is_known_by_its_crate_name() {
    let project = Project::empty();
    let declaration = "[workspace]\n[package.metadata.omega]\ntests = [\"my-corner\"]\n";
    project.plain_package("", "demo", &(declaration.to_owned() + &harness("my-corner"))).fake("", "my-corner");
    project.says("", &Suite::passing().of("demo", "my_corner"));
    project.omega(["test"]).exits(0);
    assert_eq!(project.results().suites[0].suite, "my-corner");
}

#[test]
fn an_empty_project_exits_6_and_says_how_to_start() {
    let project = Project::empty();
    project.plain_package("", "demo", "[workspace]");
    project.omega(["test"]).exits(6).says("add `omega-lock` to [dev-dependencies]");
}

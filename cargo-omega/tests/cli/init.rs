//! `cargo omega init`: from an empty crate to one whose calibrations pass.

use omega_lock::internals::artifacts::TrialStatus;

use crate::support::{Project, repository};

const MADE: [&str; 5] =
    ["tests/calibration.rs", "omega.toml", ".gitattributes", ".github/workflows/omega.yml", "omega.lock"];

/// An empty crate `demo` in a temporary folder.
fn crate_without_tests() -> Project {
    let project = Project::empty();
    project.plain_package("", "demo", "[workspace]");
    project
}

#[test]
fn a_new_crate_is_set_up_passes_at_once_and_is_left_alone_by_a_second_run() {
    let project = Project::copy_of("bare");
    let manifest = project.read("Cargo.toml");
    let root = repository().into_os_string().into_string().expect("a UTF-8 path");

    let shown = project.omega(["init", "--check", "--path", &root]).exits(1);
    shown.shows("Missing tests/calibration.rs").shows("Incomplete Cargo.toml").says("run `cargo omega init`");
    assert!(MADE.iter().all(|file| !project.path(file).exists()));
    assert_eq!(project.read("Cargo.toml"), manifest);

    let shown = project.omega(["init", "--path", &root]).exits(0);
    for file in MADE {
        shown.shows(&format!("Created {file}"));
    }
    shown.shows("Modified Cargo.toml").shows("Next cargo omega test");
    let edited = project.read("Cargo.toml");
    let mut lines = edited.lines();
    for line in manifest.lines() {
        assert!(lines.any(|other| other == line), "{line:?} is gone or moved\n{edited}");
    }
    assert!(project.read("tests/calibration.rs").contains("a `#[test]`\n//! in it would never run"));

    project.omega(["test"]).exits(0).shows("bare::gate::transfer").shows("bare  PASS (profile strict, gold off");
    let failed = project.results().suites[0].trials.iter().filter(|trial| trial.status == TrialStatus::Fail).count();
    assert_eq!(failed, 0);
    project.omega(["test"]).exits(0);
    project.omega(["lock", "--check"]).env("CI", "true").exits(0);

    let made: Vec<String> = MADE.iter().map(|file| project.read(file)).collect();
    project.omega(["init"]).exits(0).shows("Finished nothing to do").hides("Created");
    project.omega(["init", "--check"]).env("CI", "true").exits(0).shows("nothing to do");
    assert_eq!(MADE.iter().map(|file| project.read(file)).collect::<Vec<_>>(), made);
    assert_eq!(project.read("Cargo.toml"), edited);

    // Its last line says how gold is turned on, and what it says works.
    project.change("omega.toml", "gold = \"off\"", "gold = \"required\"");
    project.omega(["lock"]).exits(0);
    project.omega(["update-gold", "--reason", "first baseline"]).exits(0);
    project.omega(["test"]).exits(0).hides("gold off");
}

#[test]
fn an_interrupted_init_goes_on_where_it_stopped() {
    let whole = Project::copy_of("bare");
    let root = repository().into_os_string().into_string().expect("a UTF-8 path");
    whole.omega(["init", "--path", &root]).exits(0);
    let example = whole.read("tests/calibration.rs").replace("\"bare\"", "\"demo\"");

    let project = crate_without_tests();
    project.file("tests/calibration.rs", &example);
    let shown = project.omega(["init", "--check", "--path", &root]).exits(1);
    shown.hides("tests/calibration.rs").shows("Missing omega.toml").shows("Incomplete Cargo.toml");
}

#[test]
fn a_folder_repairs_what_an_init_without_one_left_half_done() {
    let project = Project::copy_of("bare");
    // As it is while nothing is published, and as it is without a network.
    let failed = project.omega(["init"]).env("CARGO_NET_OFFLINE", "true").exits(5);
    failed.says("nothing is published yet").says("`cargo omega init --path ../omega-lock`").shows("Created omega.toml");
    assert!(!project.path("omega.lock").exists());
    assert!(project.read(".github/workflows/omega.yml").contains("cargo-omega --version"));

    let root = repository().into_os_string().into_string().expect("a UTF-8 path");
    let shown = project.omega(["init", "--path", &root]).exits(0);
    shown.shows("Modified Cargo.toml").shows("Modified .github/workflows/omega.yml").shows("Created omega.lock");
    shown.shows("which is no part of this repository").hides("Created omega.toml");
    assert!(project.read("Cargo.toml").contains("omega-lock = { path = "));
    assert!(!project.read(".github/workflows/omega.yml").contains("cargo-omega --version"));
    project.omega(["init", "--path", &root]).exits(0).shows("nothing to do");

    // A workflow that somebody has changed stays.
    project.change(".github/workflows/omega.yml", "name: omega", "name: mine");
    project.change("Cargo.toml", "{ path = ", "{ version = \"0.1.0\", path = ");
    let elsewhere = project.omega(["init", "--check", "--path", &root]).exits(0);
    elsewhere.hides("omega.yml");
}

#[test]
fn nothing_is_set_up_in_ci() {
    let project = crate_without_tests();
    project.omega(["init"]).env("CI", "woodpecker").exits(2).says("because CI is set (CI=woodpecker)");
    assert!(!project.path("tests").exists() && !project.path("omega.toml").exists());
    project.omega(["init", "--check"]).env("CI", "1").exits(1);
}

#[test]
fn a_test_file_that_would_stop_running_is_not_made_a_harness() {
    let project = crate_without_tests();
    project.file("tests/calibration.rs", "#[test]\nfn mine() {}\n");
    let shown = project.omega(["init"]).exits(2);
    shown.says("`tests/calibration.rs` is there and is no harness").says("give it another name");
    assert_eq!(project.read("tests/calibration.rs"), "#[test]\nfn mine() {}\n");
    assert!(!project.path("omega.toml").exists());
}

#[test]
fn a_package_with_a_harness_keeps_its_calibrations_and_its_declarations() {
    let project = Project::empty();
    project.harness_package("", "demo", "[workspace]");
    let shown = project.omega(["init", "--check"]).exits(1);
    shown.hides("tests/calibration.rs").hides("omega.toml").shows("Missing .github/workflows/omega.yml");
}

#[test]
fn in_a_workspace_the_member_is_named_or_is_the_one_here() {
    let project = Project::empty();
    project.file("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n");
    project.plain_package("a", "a", "").plain_package("b", "b", "");
    project.file("omega.toml", "# ours\n[calibration.other]\nprofile = \"reference\"\n");
    let shown = project.omega(["init", "--check"]).exits(2);
    shown.says("2 packages could be meant: `a`, `b`").says("--package NAME");
    let shown = project.omega(["init", "--check", "-p", "b"]).exits(1);
    shown.shows("Missing b/tests/calibration.rs").shows("Incomplete omega.toml");
    shown.shows("Incomplete b/Cargo.toml").shows("Incomplete Cargo.toml");
    project.omega_in("a", ["init", "--check"]).exits(1).shows("Missing tests/calibration.rs");
}

#[test]
fn a_path_without_the_library_is_refused() {
    let project = crate_without_tests();
    project.omega(["init", "--path", "."]).exits(2).says("there is no package `omega-lock` in `.`");
    assert!(!project.path("tests").exists());
}

const MADE_FOR_PYTHON: [&str; 5] =
    ["calibration.py", "omega.toml", ".gitignore", ".gitattributes", ".github/workflows/omega.yml"];

/// A folder that `init --python` is typed in, with the module of the wheel beside what it makes.
#[cfg(unix)]
fn folder_for_python() -> Project {
    let project = Project::empty();
    let module = repository().join("cargo-omega/python/omega_worker");
    for file in
        std::fs::read_dir(module).expect("the module is there").map(|entry| entry.expect("it is readable").path())
    {
        if file.extension().is_some_and(|extension| extension == "py") {
            let name = file.file_name().expect("it has a name").to_str().expect("UTF-8");
            project.file(&format!("omega_worker/{name}"), &std::fs::read_to_string(&file).expect("UTF-8"));
        }
    }
    project
}

#[cfg(unix)]
#[test]
fn a_folder_for_python_is_set_up_without_cargo_passes_at_once_and_fails_where_the_target_is_overfitted() {
    let project = folder_for_python();
    let omega = |arguments: &[&'static str]| {
        let path = std::env::var("PATH").expect("a path");
        project.omega(arguments.iter().copied()).env("CARGO", "/nowhere/cargo").env("PATH", &path)
    };
    let shown = omega(&["init", "--python", "--check"]).exits(1);
    shown.shows("Missing calibration.py").says("run `cargo omega init --python`");
    assert!(!project.path("omega.toml").exists());

    let shown = omega(&["init", "--python"]).exits(0);
    for file in MADE_FOR_PYTHON {
        shown.shows(&format!("Created {file}"));
    }
    shown.shows("Created omega.lock").shows("Next cargo omega test");
    shown.shows("Needs the Python module `omega_worker`, which comes with the wheel");
    let workflow = project.read(".github/workflows/omega.yml");
    assert!(workflow.contains("omega test --junit") && !workflow.contains("cargo install"), "{workflow}");
    let made = MADE_FOR_PYTHON.map(|file| project.read(file));

    for _ in 0..2 {
        omega(&["test"]).exits(0).shows("::gate::margin").shows("PASS (profile strict, gold off; rests on blocks 8");
    }
    omega(&["lock", "--check"]).env("CI", "true").exits(0);
    omega(&["init", "--python"]).exits(0).shows("Finished nothing to do");
    assert_eq!(MADE_FOR_PYTHON.map(|file| project.read(file)), made);

    // What is best where it is searched is worst elsewhere.
    project.change("calibration.py", "batch - 6.0", "batch - (9.0 if slice[\"load\"] == 100.0 else 1.0)");
    omega(&["test"]).exits(1).shows("FAIL").shows("::gate::margin");
}

#[test]
fn a_project_of_cargo_and_a_strange_calibration_are_not_set_up_for_python() {
    let project = crate_without_tests();
    project.omega(["init", "--python"]).exits(2).says("Cargo.toml` is there, so this is a project of cargo");
    assert!(MADE_FOR_PYTHON.iter().all(|file| !project.path(file).exists()));
    let project = Project::empty();
    project.file("calibration.py", "mine = 1\n");
    project.omega(["init", "--python"]).exits(2).says("no omega.toml says what it is").says("give it another name");
    assert_eq!(project.read("calibration.py"), "mine = 1\n");
    project.omega(["init", "--python", "--path", "."]).exits(2);
}

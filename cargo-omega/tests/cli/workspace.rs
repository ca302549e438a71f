//! The packages meant, as cargo means them: from wherever, and however they are laid out.

use crate::support::{Project, Suite};

/// A workspace whose packages `a` and `b` have a harness and `c` has none; the root manifest starts with `root`.
fn workspace(root: &str) -> Project {
    let project = Project::empty();
    project.file("Cargo.toml", &format!("{root}\n[workspace]\nmembers = [\"a\", \"b\", \"c\"]\nresolver = \"3\"\n"));
    for name in ["a", "b"] {
        project.harness_package(name, name, "").says(name, &Suite::passing_as(name).of(name, "calibration"));
        project.file(&format!("{name}/src/deep/lib.rs"), "");
    }
    project.plain_package("c", "c", "");
    project
}

/// Runs in `folder` and names the packages whose harness was called.
#[track_caller]
fn called(project: &Project, folder: &str, arguments: &[&str]) -> String {
    project.omega_in(folder, ["test"].into_iter().chain(arguments.iter().copied())).exits(0);
    let names = ["root", "a", "b", "outside"];
    let folder = |name: &str| if name == "root" { String::new() } else { name.to_owned() };
    let mut called = Vec::new();
    for name in names {
        let seen = project.root().join(folder(name)).join("fake/calibration.seen");
        if seen.exists() {
            called.push(name);
            std::fs::remove_file(seen).expect("it can be removed");
        }
    }
    called.join(" ")
}

#[test]
fn a_virtual_workspace_means_all_its_members_and_a_member_means_itself() {
    let project = workspace("");
    assert_eq!(called(&project, "", &[]), "a b");
    assert_eq!(called(&project, "a", &[]), "a");
    assert_eq!(called(&project, "b/src/deep", &[]), "b");
    assert_eq!(called(&project, "a", &["--workspace"]), "a b");
    project.omega_in("c", ["test"]).exits(6).says("package `c` has no harness target").says("`-p a` or `--workspace`");
}

#[test]
fn packages_are_chosen_and_left_out_by_name_and_pattern() {
    let project = workspace("");
    assert_eq!(called(&project, "", &["-p", "a"]), "a");
    assert_eq!(called(&project, "a", &["-p", "b", "-p", "c"]), "b");
    assert_eq!(called(&project, "", &["-p", "b@1.2.3"]), "b");
    assert_eq!(called(&project, "", &["-p", "[ab]"]), "a b");
    assert_eq!(called(&project, "", &["--workspace", "--exclude", "b"]), "a");
    project
        .omega(["test", "--workspace", "--exclude", "z"])
        .exits(0)
        .says("warning: no package of the workspace matches");
    project.omega(["test", "-p", "a@9.9.9"]).exits(2).says("no package of the workspace matches `a@9.9.9`");
    project.omega(["test", "-p", "[a"]).exits(2).says("is not a pattern");
}

#[test]
fn a_misspelt_package_exits_2_and_the_nearest_is_named() {
    let project = Project::with(&Suite::passing());
    project.omega(["test", "-p", "dmeo"]).exits(2).says("  = help: did you mean `demo`?");
    assert!(!project.was_called(""));
}

#[test]
fn default_members_win_at_the_root() {
    let project = workspace("");
    project.file(
        "Cargo.toml",
        "[workspace]\nmembers = [\"a\", \"b\", \"c\"]\ndefault-members = [\"b\"]\nresolver = \"3\"\n",
    );
    assert_eq!(called(&project, "", &[]), "b");
    assert_eq!(called(&project, "a", &[]), "a");
    assert_eq!(called(&project, "", &["--workspace"]), "a b");
}

#[test]
fn a_root_package_stands_for_itself() {
    let project = workspace("");
    project.harness_package("", "root", "[workspace]\nmembers = [\"a\", \"b\", \"c\"]");
    project.says("", &Suite::passing_as("root").of("root", "calibration"));
    assert_eq!(called(&project, "", &[]), "root");
    assert_eq!(called(&project, "a", &[]), "a");
    assert_eq!(called(&project, "a/src", &["--workspace"]), "root a b");
    assert_eq!(called(&project, "a", &["-p", "root"]), "root");
}

#[test]
fn a_manifest_path_means_what_its_folder_means() {
    let project = workspace("");
    assert_eq!(called(&project, "a", &["--manifest-path", "../Cargo.toml"]), "a b");
    assert_eq!(called(&project, "", &["--manifest-path", "b/Cargo.toml"]), "b");
    assert_eq!(called(&project, "c", &["--manifest-path", "../a/Cargo.toml"]), "a");
    let absolute = project.root().join("b/Cargo.toml");
    let elsewhere = Project::empty();
    elsewhere.omega(["test", "--manifest-path", absolute.to_str().expect("UTF-8")]).exits(0);
    assert!(project.was_called("b") && !project.was_called("a"));
    elsewhere.omega(["test", "--manifest-path", "Cargo.toml"]).exits(2);
}

#[test]
fn a_member_outside_of_the_workspaces_folder_is_a_member() {
    let project = Project::empty();
    project.file("inside/Cargo.toml", "[workspace]\nmembers = [\"../outside\"]\nresolver = \"3\"\n");
    project.harness_package("outside", "outside", "").file("outside/.keep", "");
    let manifest = project.read("outside/Cargo.toml");
    project.file("outside/Cargo.toml", &manifest.replace("edition", "workspace = \"../inside\"\nedition"));
    project.says("outside", &Suite::passing().of("outside", "calibration"));
    assert_eq!(called(&project, "inside", &[]), "outside");
    assert_eq!(called(&project, "outside", &[]), "outside");
    assert_eq!(called(&project, "", &["--manifest-path", "inside/Cargo.toml"]), "outside");
    assert!(project.root().join("inside/target/omega/results.json").exists());
}

#[test]
fn results_lie_in_the_target_directory_of_the_workspace() {
    let project = workspace("");
    let shown = project.omega_in("a", ["test"]).exits(0);
    let root = project.root().canonicalize().expect("it exists");
    shown.shows(&format!("Artifacts {}/target/omega/results.json", root.display()));
    assert!(project.root().join("target/omega/results.json").exists());
}

#[test]
fn several_suites_are_one_run_ordered_by_name() {
    let project = workspace("");
    project.says("a", &Suite::new().of("a", "calibration").pass("alpha::run").fail("alpha::gate::kc4"));
    project.says("b", &Suite::new().of("b", "calibration").error("beta::run", 4, "broken"));
    let shown = project.omega(["test"]).exits(4);
    shown.shows("2 runs, 3 cases: 1 passed, 1 failed, 1 in error").says("error: 2 of 3 cases failed");
    let names: Vec<_> = project.results().suites.into_iter().map(|suite| suite.package).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn a_package_that_does_not_build_does_not_silence_the_others() {
    let project = workspace("");
    project.file("a/tests/calibration.rs", "not Rust");
    let shown = project.omega(["test"]).exits(5);
    shown.says("`a` could not be built").shows("1 run, 1 case: 1 passed");
    assert_eq!(project.results().suites.len(), 1);
}

#[cfg(unix)]
#[test]
fn a_symlinked_folder_is_what_it_points_to() {
    let project = workspace("");
    std::os::unix::fs::symlink(project.root().join("a"), project.root().join("link")).expect("a link");
    assert_eq!(called(&project, "link", &[]), "a");
    let elsewhere = Project::empty();
    std::os::unix::fs::symlink(project.root(), elsewhere.root().join("workspace")).expect("a link");
    elsewhere.omega_in("workspace/b", ["test"]).exits(0);
    elsewhere.omega(["test", "--manifest-path", "workspace/Cargo.toml"]).exits(0);
    assert!(project.was_called("a") && project.was_called("b"));
}

#[test]
fn a_package_in_an_odd_folder_works() {
    let project = Project::empty();
    project.harness_package("with space & ümlaut#1", "demo", "[workspace]");
    project.says("with space & ümlaut#1", &Suite::passing());
    project.omega_in("with space & ümlaut#1", ["test"]).exits(0);
}

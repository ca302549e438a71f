//! Where artifacts lie, whose they are, and that what lies elsewhere is as good as what does not.

use std::path::Path;
use std::process::Command;

#[cfg(unix)]
use crate::support::Shown;
use crate::support::{Omega, Project};

/// The artifacts of the run below a target directory that other workspaces may have too.
fn own(target: &Path, root: &Path) -> std::path::PathBuf {
    let name = root.file_name().expect("a name").to_str().expect("UTF-8").to_owned() + "-";
    let entries =
        std::fs::read_dir(target.join("omega")).expect("artifacts").map(|entry| entry.expect("an entry").path());
    let mut own =
        entries.filter(|path| path.file_name().is_some_and(|file| file.to_str().expect("UTF-8").starts_with(&name)));
    own.next().expect("a folder of its own")
}

/// A copy of the project with its times, as a second checkout has them that is older than the build of the first.
fn copied(project: &Project) -> Project {
    let other = Project::empty();
    let status = Command::new("cp").args(["-a", "."]).arg(other.root()).current_dir(project.root()).status();
    assert!(status.expect("cp starts").success());
    other
}

/// The command as if both projects were built in one target directory.
fn sharing(omega: Omega, target: &Path) -> Omega {
    let build = Path::new(env!("CARGO_TARGET_TMPDIR")).join("build");
    omega
        .env("CARGO_TARGET_DIR", target.to_str().expect("UTF-8"))
        .env("CARGO_BUILD_BUILD_DIR", build.to_str().expect("UTF-8"))
}

fn required_gold(project: &Project) {
    project.change("omega.toml", "profile =", "gold = \"required\"\nprofile =");
}

#[cfg(unix)]
#[test]
fn of_two_checkouts_that_share_a_target_directory_neither_sees_what_the_other_left() {
    let one = Project::copy_of("probe");
    required_gold(&one);
    let shared = tempfile::tempdir().expect("a folder");
    let target = shared.path();
    sharing(one.omega(["update-gold", "--reason", "first"]), target).exits(0);
    let two = copied(&one);
    sharing(one.omega(["test"]), target).env("PROBE_DRIFT", "-0.001").exits(1).shows("Pending");
    // Nothing of the first one waits, is listed, or is found by its name in the second one.
    sharing(two.omega(["review"]), target).exits(0).shows("no result waits");
    sharing(two.omega(["show"]), target).exits(2).says("nothing has run");
    sharing(two.omega(["show", "bowl"]), target).exits(2).says("no calibration that has run");
    sharing(one.omega(["review"]), target).exits(2).says("`bowl` waits to be looked at");
    sharing(one.omega(["show"]), target).exits(0).shows("probe/bowl");
    // Cargo runs the first one's binary in the second one, where no source is younger.
    let built = |shown: &Shown| {
        shown.says("that was built from the sources of `").says("give each a target directory of its own");
        assert!(shown.stderr.contains(one.root().to_str().expect("UTF-8")), "{shown:?}");
        shown.hides("PASS");
    };
    built(&sharing(two.omega(["test"]), target).exits(5));
    built(&sharing(two.omega(["lock"]), target).exits(5));
    let plain = sharing(two.cargo(["test", "--offline", "--test", "calibration"]), target).run();
    assert_ne!(plain.code, Some(0), "{plain:?}");
    built(&plain);
    // Built anew it is the second one's, and the first one finds that out.
    let source = two.path("tests/calibration.rs");
    let file = std::fs::File::options().append(true).open(source).expect("the source");
    file.set_modified(std::time::SystemTime::now()).expect("its time");
    sharing(two.omega(["test"]), target).exits(0);
    assert_ne!(own(target, one.root()), own(target, two.root()));
    sharing(one.omega(["test"]), target).exits(5);
}

#[cfg(unix)]
#[test]
fn a_run_is_as_whole_in_another_target_directory_in_a_copy_and_downloaded_as_where_it_was_made() {
    let project = Project::copy_of("probe");
    required_gold(&project);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let target = elsewhere.path();
    sharing(project.omega(["update-gold", "--reason", "first"]), target).exits(0);
    sharing(project.omega(["test"]), target).exits(0);
    let run = own(target, project.root()).join("probe/bowl");
    let run = run.to_str().expect("UTF-8");
    // Gold is that of the workspace that the command is typed in.
    let whole = |shown: &Shown| {
        shown.shows("anchor ok: `fixtures/gold/bowl.json`").shows("report.html regenerated: the same, byte for byte");
    };
    whole(&project.omega(["verify", run]).exits(0));
    sharing(project.omega(["verify", "bowl"]), target).exits(0).shows("report.html regenerated: the same");
    // With its workspace: the artifacts are downloaded into a copy.
    let copy = copied(&project);
    let status = Command::new("cp").args(["-a", run]).arg(copy.path("downloaded")).status();
    assert!(status.expect("cp starts").success());
    whole(&copy.omega(["verify", "downloaded"]).exits(0));
    // Without it: nothing is wrong, and what cannot be known is said.
    let alone = Project::empty();
    let status = Command::new("cp").args(["-a", run]).arg(alone.path("run")).status();
    assert!(status.expect("cp starts").success());
    let shown = alone.omega(["verify", "run"]).exits(0);
    shown.shows("anchor none").shows("report.html not regenerated: no gold beside it, which `--gold FILE` can name");
    let gold = project.path("fixtures/gold/bowl.json");
    let gold = gold.to_str().expect("UTF-8");
    let shown = alone.omega(["verify", "run", "--gold", gold]).exits(0);
    shown.shows("report.html regenerated: the same, byte for byte");
    alone.omega(["verify", "run", "--gold", "run/result.json"]).exits(2).says("is no gold");
    // An anchor that is named takes nothing away.
    let rows = project.read("fixtures/gold/bowl.json");
    let gold: serde_json::Value = serde_json::from_str(&rows).expect("JSON");
    let anchor = format!("{}:{}", gold["anchor"]["rows"], gold["anchor"]["head"].as_str().expect("a digest"));
    let shown = project.omega(["verify", run, "--anchor", &anchor]).exits(0);
    shown.shows("report.html regenerated: the same, byte for byte");
    // A page that was edited is damage where gold is there.
    let page = std::fs::read_to_string(format!("{run}/report.html")).expect("a page");
    std::fs::write(format!("{run}/report.html"), page.replace("Beside gold", "Gold")).expect("it is edited");
    alone.omega(["verify", run]).exits(3).shows("damage [report.html]");
}

#[test]
fn plain_cargo_test_and_cargo_omega_write_to_one_place() {
    // The copies are built in a build directory of their own, outside of the target directory.
    let project = Project::copy_of("probe");
    let plain = ["test", "--offline", "--test", "calibration"];
    project.cargo(plain).exits(0);
    let first = project.read("target/omega/probe/bowl/trail.jsonl");
    std::fs::remove_file(project.path("target/omega/probe/bowl/result.json")).expect("a result");
    project.omega(["test"]).exits(0);
    assert_eq!(project.read("target/omega/probe/bowl/trail.jsonl"), first);
    assert!(project.path("target/omega/probe/bowl/result.json").exists());
    // A target directory of the configuration.
    project.file(".cargo/config.toml", "[build]\ntarget-dir = \"out\"\n");
    std::fs::remove_dir_all(project.path("target")).expect("artifacts");
    project.omega(["test"]).exits(0);
    std::fs::remove_file(project.path("out/omega/probe/bowl/result.json")).expect("a result");
    project.cargo(plain).exits(0);
    assert!(project.path("out/omega/probe/bowl/result.json").exists() && !project.path("target").exists());
}

#[cfg(unix)]
#[test]
#[ignore = "needs cargo-nextest; .ci/run installs it and runs this"]
fn an_archive_of_nextest_is_judged_in_the_workspace_that_it_is_unpacked_for() {
    let project = Project::copy_of("probe");
    let build = ["nextest", "archive", "--offline", "--archive-file", "tests.tar.zst", "--test", "calibration"];
    project.cargo(["nextest", "run", "--offline", "--test", "calibration"]).exits(0);
    project.cargo(build).exits(0);
    let other = copied(&project);
    other.change("omega.toml", "min_fitness = -10.0", "min_fitness = 10.0");
    let run = ["nextest", "run", "--archive-file", "tests.tar.zst", "--workspace-remap", ".", "--no-fail-fast"];
    let shown = other.cargo(run).exits(100);
    shown.says("Error: bowl::holdout: fitness").hides("built from the sources");
    assert!(other.path("target/omega/probe/bowl/result.json").exists(), "{shown:?}");
}

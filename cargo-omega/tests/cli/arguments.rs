//! How the command may be typed, and what reaches cargo and the harness.

use crate::support::{Project, Suite};
use omega_lock::internals::artifacts::RESULTS_SCHEMA;
use omega_lock::internals::harness::variables;

#[test]
fn cargo_omega_and_cargo_dash_omega_are_the_same() {
    let project = Project::with(&Suite::passing());
    let with_word = project.omega(["omega", "test", "--help"]).exits(0);
    let without = project.omega(["test", "--help"]).exits(0);
    assert_eq!(with_word.stdout, without.stdout);
    project.omega(["omega", "test"]).exits(0);
    project.omega(["test"]).exits(0);
}

#[test]
fn help_names_every_variable_and_every_exit_code() {
    let shown = Project::empty().omega(["test", "--help"]).exits(0);
    for (name, meaning) in variables::TABLE {
        shown.shows(name).shows(meaning);
    }
    for code in 0..=6 {
        shown.shows(&format!("\n  {code}  "));
    }
}

#[test]
fn the_version_is_shown_either_way() {
    let project = Project::empty();
    let expected = concat!("cargo-omega ", env!("CARGO_PKG_VERSION"), "\n");
    for arguments in [&["--version"][..], &["version"], &["omega", "-V"]] {
        assert_eq!(project.omega(arguments.iter().copied()).exits(0).stdout, expected);
    }
}

#[test]
fn filters_and_harness_arguments_reach_the_harness_in_order() {
    let project = Project::with(&Suite::passing());
    project.omega(["test", "phantom", "run", "--exact", "--skip", "kc2", "--skip", "kc4", "--", "--ignored"]).exits(0);
    let seen = project.read("fake/calibration.seen");
    let arguments: Vec<_> = seen.lines().filter_map(|line| line.strip_prefix("arg ")).collect();
    assert_eq!(arguments, ["phantom", "run", "--exact", "--skip", "kc2", "--skip", "kc4", "--ignored"]);
}

#[test]
fn the_harness_is_told_everything_in_the_table_of_variables() {
    let project = Project::with(&Suite::passing());
    project
        .omega(["test", "--threads", "3", "--fresh", "--launcher", "srun -n1"])
        .env(variables::MODE, "declare")
        .exits(0);
    let seen = project.read("fake/calibration.seen");
    for (name, _) in variables::TABLE {
        // Gold is written by this program, not by the harness that it runs; looks and what was accepted of
        // another side are there only beside one.
        // The guard is another process. A question by hand and a study come with commands of their own.
        let absent = [
            variables::LEDGER,
            variables::BASE,
            variables::UPDATE_GOLD,
            variables::REASON,
            variables::GUARD,
            variables::QUESTION,
            variables::STUDY,
        ];
        let told = !absent.contains(&name);
        assert_eq!(seen.contains(&format!("env {name}=")), told, "{name}");
    }
    let root = project.root().canonicalize().expect("it exists");
    let root = root.to_str().expect("UTF-8");
    for (name, value) in [
        (variables::MODE, "run"),
        (variables::WORKSPACE_ROOT, root),
        (variables::TARGET_DIR, &format!("{root}/target")),
        (variables::RESULTS_SCHEMA, &RESULTS_SCHEMA.to_string()),
        (variables::CLI_VERSION, env!("CARGO_PKG_VERSION")),
        (variables::COLOR, "never"),
        (variables::THREADS, "3"),
        (variables::LAUNCHER, "srun -n1"),
    ] {
        assert!(project.saw("", &format!("env {name}={value}")), "{name} is not {value}\n{seen}");
    }
}

#[test]
fn the_number_of_threads_may_also_come_from_its_variable() {
    let project = Project::with(&Suite::passing());
    project.omega(["test"]).env(variables::THREADS, "5").exits(0);
    assert!(project.saw("", "env OMEGA_LOCK_THREADS=5"));
}

#[test]
fn what_cargo_and_nextest_said_about_this_process_does_not_reach_the_project() {
    let project = Project::with(&Suite::passing());
    let shown = project
        .omega(["test"])
        .env("CARGO_MANIFEST_DIR", "/somewhere/else")
        .env("CARGO_PKG_HOMEPAGE", "of another package")
        .env("CARGO_BIN_EXE_other", "/other")
        .env("NEXTEST", "1")
        .env("NEXTEST_RUN_ID", "7")
        .exits(0);
    shown.shows("Artifacts target/omega/results.json");
    let seen = project.read("fake/calibration.seen");
    for stale in ["/somewhere/else", "of another package", "CARGO_BIN_EXE_other", "env NEXTEST"] {
        assert!(!seen.contains(stale), "{stale}");
    }
    assert!(project.saw("", "env CARGO_PKG_NAME=demo"));
}

#[test]
fn the_manifest_directory_of_cargo_run_does_not_choose_the_project() {
    let here = Project::with(&Suite::passing());
    let elsewhere = Project::with(&Suite::passing().fail("phantom::holdout"));
    here.omega(["test"]).env("CARGO_MANIFEST_DIR", elsewhere.root().to_str().expect("UTF-8")).exits(0);
    assert!(!elsewhere.was_called(""));
}

#[test]
fn build_flags_reach_cargo() {
    let project = Project::empty();
    project.harness_package("", "demo", "[features]\nextra = []\n[workspace]").says("", &Suite::passing());
    project.omega(["test", "-F", "extra", "-j", "1", "-v"]).exits(0);
    assert!(project.saw("", "profile dev") && project.saw("", "feature extra"));
    project.omega(["test", "--release", "--cargo-arg", "--config=profile.release.debug-assertions=false"]).exits(0);
    assert!(project.saw("", "profile release") && !project.saw("", "feature extra"));
    project.omega(["test", "--cargo-profile", "release", "--all-features"]).exits(0);
    assert!(project.saw("", "profile release") && project.saw("", "feature extra"));
    project.omega(["test", "-F", "no-such"]).exits(5).says("no-such");
}

#[test]
fn a_feature_that_only_one_of_several_packages_has_goes_to_that_one() {
    let project = Project::empty();
    project.file("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n");
    project.harness_package("a", "a", "[features]\nextra = []").says("a", &Suite::passing().of("a", "calibration"));
    project.harness_package("b", "b", "").says("b", &Suite::passing_as("other").of("b", "calibration"));
    for feature in ["extra", "a/extra"] {
        project.omega(["test", "-F", feature]).exits(0);
        assert!(project.saw("a", "feature extra") && !project.saw("b", "feature extra"));
    }
}

#[test]
fn another_target_directory_gets_everything() {
    let project = Project::with(&Suite::passing());
    let shown = project.omega(["test", "--target-dir", "elsewhere"]).exits(0);
    shown.shows("Artifacts elsewhere/omega/results.json");
    let root = project.root().canonicalize().expect("it exists");
    assert!(project.saw("", &format!("env OMEGA_LOCK_TARGET_DIR={}/elsewhere", root.display())));
    assert!(project.root().join("elsewhere/omega/results.json").exists());
    assert!(!project.root().join("target").exists());

    project.omega(["test", "--config", "build.target-dir='configured'"]).exits(0);
    assert!(project.root().join("configured/omega/results.json").exists());
}

#[test]
fn locked_reaches_both_cargos() {
    let project = Project::with(&Suite::passing());
    project.omega(["test", "--locked"]).exits(5).says("--locked");
    project.omega(["test", "--offline"]).exits(0);
    project.omega(["test", "--locked"]).exits(0);
    project.omega(["test", "--frozen"]).exits(0);
}

#[test]
fn a_list_is_passed_through_and_leaves_no_results() {
    let project = Project::with(&Suite::new());
    std::fs::remove_file(project.root().join("fake/calibration.results.json")).expect("it is there");
    project.file("fake/calibration.stdout", "phantom::run: test\n");
    assert_eq!(project.omega(["test", "--", "--list"]).exits(0).stdout, "phantom::run: test\n");
    assert!(!project.root().join("target/omega/results.json").exists());
    project.file("fake/calibration.end", "101");
    project.omega(["test", "--", "--list"]).exits(5);
}

#[test]
fn the_output_of_a_harness_is_shown_only_when_asked() {
    let project = Project::with(&Suite::passing());
    project.file("fake/calibration.stdout", "a word of the target\n");
    project.omega(["test"]).exits(0).hides("a word of the target");
    project.omega(["test", "--", "--nocapture"]).exits(0).shows("a word of the target");
    project.omega(["test", "--", "--no-capture"]).exits(0).shows("a word of the target").hides("\"reason\"");
}

#[test]
fn a_harness_that_prints_much_does_not_block() {
    let project = Project::with(&Suite::passing());
    project.file("fake/calibration.stdout", &"x".repeat(3_000_000));
    project.omega(["test"]).exits(0);
}

#[test]
fn a_case_that_failed_names_the_command_that_asks_for_it_in_the_same_build() {
    let again = "  again: cargo omega test phantom::gate::kc4";
    let suite =
        Suite::new().run("phantom", Some("FAIL:KC-4")).fail("phantom::gate::kc4").details(&format!("  why\n{again}"));
    let project = Project::with(&suite);
    project.omega(["test"]).exits(1).shows(&format!("{again}\n"));
    let shown = project.omega(["test", "-p", "demo", "--release", "--test=cal*"]).exits(1);
    shown.shows(&format!("{again} -p demo '--test=cal*' --release\n"));
    assert!(project.results().suites[0].trials[0].details.ends_with(" --release"));
}

#[test]
fn who_asks_for_one_member_is_not_warned_of_the_others() {
    let mut suite = Suite::passing();
    suite.results.unclaimed = vec!["other".to_owned()];
    let project = Project::with(&suite);
    project.change("Cargo.toml", "[workspace]", "[workspace]\nmembers = [\"second\"]");
    let mut second = Suite::passing_as("bowl").of("second", "calibration");
    second.results.unclaimed.clone_from(&suite.results.unclaimed);
    project.harness_package("second", "second", "").says("second", &second);
    let shown = project.omega(["test", "--workspace"]).exits(2);
    shown.says("omega.toml has a table for `other`, which nothing in the workspace declares");
    project.omega(["test", "-p", "demo"]).exits(0).hides("`other`");
}

//! What a run is told reaches it, or nothing counts as passed.

use crate::gate::Gate;

/// A pull request that forces these variables by cargo's configuration.
fn forcing(lines: &str) -> Gate {
    let gate = Gate::new();
    gate.project.file(".cargo/config.toml", &format!("[env]\n{lines}\n"));
    gate.committed();
    gate
}

#[test]
pub(crate) fn another_root_forced_on_the_harness_is_named() {
    let gate = forcing("OMEGA_LOCK_WORKSPACE_ROOT = { value = \"decoy\", relative = true, force = true }");
    gate.project.file("decoy/omega.toml", "[defaults]\nprofile = \"reference\"\n");
    gate.committed();
    gate.judged().exits(5).says("in OMEGA_LOCK_WORKSPACE_ROOT, and cargo omega said");
}

#[test]
pub(crate) fn every_other_setting_forced_on_the_harness_is_named() {
    for (name, value) in [
        ("OMEGA_LOCK_CI", "0"),
        ("OMEGA_LOCK_MODE", "declare"),
        ("OMEGA_LOCK_FRESH", "0"),
        ("OMEGA_LOCK_NONCE", "0123"),
        ("OMEGA_LOCK_TARGET_DIR", "elsewhere"),
        ("NEXTEST_RUN_ID", "x"),
    ] {
        let gate = forcing(&format!("{name} = {{ value = \"{value}\", force = true }}"));
        gate.project
            .omega(["test", "--workspace"])
            .env("CI", "true")
            .exits(5)
            .says(&format!("in {name}, and cargo omega said"));
    }
}

#[test]
pub(crate) fn what_a_runner_adds_to_the_arguments_is_named() {
    let gate = Gate::new();
    gate.project.file("runner.sh", "exec \"$@\" --skip gate\n");
    gate.project.file(".cargo/config.toml", "[target.'cfg(all())']\nrunner = [\"sh\", \"../runner.sh\"]\n");
    gate.committed();
    gate.judged().exits(5).says("was asked with the arguments `--skip gate`");
}

#[test]
pub(crate) fn threads_of_the_projects_own_choice_pass() {
    let gate = forcing("OMEGA_LOCK_THREADS = \"2\"\nRUST_BACKTRACE = \"1\"");
    gate.judged().exits(0).shows("omega.lock and gold are those of main");
}

#[test]
pub(crate) fn code_that_declares_one_thing_and_is_judged_by_another_is_named() {
    let gate = Gate::new();
    gate.project.file("b/calibrations.txt", "other two-faced\n");
    gate.committed();
    gate.judged().exits(5).says("`other` was judged under another declaration than it declares:");
}

#[test]
pub(crate) fn a_service_that_does_not_set_ci_counts_and_no_committed_file_is_written() {
    let gate = Gate::new();
    for (name, value) in [
        ("TF_BUILD", "True"),
        ("TEAMCITY_VERSION", "2026.1"),
        ("CODEBUILD_BUILD_ID", "a:1"),
        ("JENKINS_URL", "https://x"),
    ] {
        for arguments in [&["lock"][..], &["update-gold", "--reason", "x"]] {
            let refused = gate.project.omega(arguments.iter().copied()).env(name, value).exits(2);
            refused.says(&format!("because CI is set ({name}={value})"));
        }
    }
    gate.project.omega(["lock"]).env("CI", "false").env("BUILDKITE", "true").exits(2);
    gate.project.omega(["lock"]).env("CI", "false").env("TF_BUILD", "False").exits(0);
}

#[test]
pub(crate) fn plain_cargo_test_knows_the_services_too() {
    let gate = Gate::new();
    let test = gate.project.cargo(["test", "--quiet", "-p", "gated-a"]).env("TF_BUILD", "True");
    let shown = test.env("OMEGA_LOCK_UPDATE_GOLD", "1").env("OMEGA_LOCK_REASON", "x").run();
    assert_ne!(shown.code, Some(0));
    shown.says("refusing to write gold because CI is set (TF_BUILD=True)");
}

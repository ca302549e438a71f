//! omega.lock: a lowered bar is seen, and it takes an approval from outside to get it in.

use omega_lock::internals::declaration::Lock;

use crate::support::{Project, Shown};

/// The probe with everything that a repository commits.
fn locked() -> Project {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "profile =", "lock = \"required\"\ngates.pearson_min = 0.3\nprofile =");
    project.omega(["lock"]).exits(0).shows("Added bowl").shows("Locked omega.lock   1 calibration");
    project.commit("everything that is declared is accepted");
    project
}

/// The digest that `--against` asks to be approved.
fn asked(shown: &Shown) -> String {
    let (_, rest) = shown.stderr.split_once("--accept-change ").expect("a digest");
    rest.chars().take_while(char::is_ascii_hexdigit).collect()
}

#[test]
fn a_lowered_threshold_exits_1_and_names_the_field_both_values_and_looser() {
    let project = locked();
    project.omega(["test"]).exits(0).shows("fields as in omega.lock").shows("bowl  PASS (profile reference, gold off)");
    project.change("omega.toml", "gates.pearson_min = 0.3", "gates.pearson_min = 0.1");
    let shown = project.omega(["test"]).exits(1);
    shown.shows("1 field differs from omega.lock: gates.pearson_min 0.3 -> 0.1 LOOSER");
    shown.shows("  field              locked  declared\n  gates.pearson_min     0.3       0.1  LOOSER\n");
    shown.shows("`cargo omega lock`").shows("bowl  FAIL:DECLARATION");
    project.change("omega.toml", "gates.pearson_min = 0.1", "gates.pearson_min = 0.3");
    project.change("omega.toml", "value = 40.0", "value = 400.0");
    project.omega(["test"]).exits(1).shows("constraint.steepness.value 40.0 -> 400.0 LOOSER");
    project.change("omega.toml", "value = 400.0", "value = 30.0");
    project.omega(["test"]).exits(1).shows("constraint.steepness.value 40.0 -> 30.0 tighter");
}

#[test]
fn a_change_that_lowers_the_bar_and_locks_it_still_fails_against_the_commit_before() {
    let project = locked();
    project.change("omega.toml", "gates.pearson_min = 0.3", "gates.pearson_min = 0.1");
    let shown = project.omega(["lock"]).exits(0);
    shown.shows("gates.pearson_min     0.3       0.1  LOOSER").says("1 bar lower than before");
    let hunk = project.git(["diff", "--unified=0", "omega.lock"]);
    assert_eq!(hunk.matches("\n@@ ").count(), 1, "{hunk}");
    assert!(hunk.ends_with("-gates.pearson_min = 0.3\n+gates.pearson_min = 0.1\n"), "{hunk}");
    project.commit("lower the bar");
    project.omega(["test"]).exits(0);
    let shown = project.omega(["test", "--against", "HEAD~1"]).exits(1);
    shown.shows("LOOSER bowl  gates.pearson_min 0.3 -> 0.1").says("1 change since HEAD~1 needs an approval");
    let digest = asked(&shown);
    assert_eq!(digest.len(), 64, "{shown:?}");
    project.omega(["test", "--against", "HEAD~1", "--accept-change", &digest]).exits(0).shows("fine or approved");
    project.omega(["test", "--against", "HEAD~1", "--accept-change", "0123"]).exits(1);
    // The approval is for this change and no other.
    project.change("omega.toml", "gates.pearson_min = 0.1", "gates.pearson_min = 0.0");
    project.omega(["lock"]).exits(0);
    project.omega(["test", "--against", "HEAD~1", "--accept-change", &digest]).exits(1);
    let against = project.results().against.expect("what changed");
    assert_eq!((against.accepted, against.changes[0].kind.as_str()), (false, "LOOSER"));
}

#[test]
fn a_change_that_tightens_or_adds_a_calibration_passes_against_the_commit_before() {
    let project = locked();
    project.change("omega.toml", "gates.pearson_min = 0.3", "gates.pearson_min = 0.5");
    project.omega(["lock"]).env("PROBE", "siblings").exits(0).shows("Added bowl2").shows("tighter");
    project.commit("tighten");
    let shown = project.omega(["test", "--against", "HEAD~1"]).env("PROBE", "siblings").exits(0);
    shown.shows("tighter bowl   gates.pearson_min 0.3 -> 0.5").shows("new bowl2  calibration");
    project.omega(["test", "--against", "HEAD"]).env("PROBE", "siblings").exits(0).shows("are those of HEAD");
}

#[test]
fn a_calibration_or_a_lock_that_is_gone_fails_against_the_commit_before() {
    let project = locked();
    std::fs::remove_file(project.path("omega.lock")).expect("the lock is there");
    project.change("omega.toml", "lock = \"required\"", "lock = \"off\"");
    project.omega(["test"]).exits(0).shows("lock off");
    let shown = project.omega(["test", "--against", "HEAD"]).exits(1);
    shown.shows("LOOSER bowl  lock \"required\" -> \"off\"");
    project.omega(["lock"]).exits(0);
    let shown = project.omega(["test", "--against", "HEAD"]).exits(1);
    shown.shows("LOOSER bowl  lock \"required\" -> \"off\"");
    project.omega(["test", "--against", "no-such-branch"]).exits(2).says("`no-such-branch` is no commit");
    project.omega(["test", "--against", "--help"]).exits(2);
}

#[test]
fn a_missing_lock_or_entry_fails_and_names_the_command() {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "profile =", "lock = \"required\"\nprofile =");
    let shown = project.omega(["test"]).exits(1);
    shown.shows("omega.lock is missing").shows("write it with `cargo omega lock`");
    project.omega(["lock", "--check"]).exits(1).says("omega.lock is missing");
    project.file("omega.lock", "version = 1\n\n[calibration.ghost]\n");
    let shown = project.omega(["test"]).exits(1);
    shown.shows("omega.lock has no entry for `bowl`").says("omega.lock has an entry for `ghost`");
    let shown = project.omega(["lock", "--check"]).exits(1);
    shown.shows("Removed ghost").shows("Added bowl").says("omega.lock is not what the workspace declares");
    assert!(
        Lock::parse(&project.read("omega.lock")).expect("a lock").entry("ghost").is_some(),
        "--check writes nothing"
    );
}

#[test]
fn a_damaged_lock_exits_3_and_is_written_anew_on_request() {
    let project = locked();
    project.change("omega.lock", "[calibration.bowl]", "<<<<<<< ours\n[calibration.bowl]");
    project.omega(["test"]).exits(3).shows("omega.lock` line 4");
    project.omega(["lock", "--check"]).exits(3);
    project.omega(["lock"]).exits(0);
    project.omega(["test"]).exits(0);
}

#[test]
fn no_lock_is_written_in_ci_but_checked_there() {
    let project = locked();
    project.change("omega.toml", "gates.pearson_min = 0.3", "gates.pearson_min = 0.1");
    let before = project.read("omega.lock");
    let shown = project.omega(["lock"]).env("CI", "true").exits(2);
    shown.says("refusing to write omega.lock because CI is set (CI=true)");
    project.omega(["lock", "--check"]).env("CI", "true").exits(1).shows("LOOSER");
    assert_eq!(project.read("omega.lock"), before);
    project.omega(["lock"]).env("CI", "false").exits(0);
    project.omega(["lock", "--check"]).env("CI", "1").exits(0).shows("Unchanged omega.lock");
}

#[test]
fn locking_evaluates_nothing() {
    let project = Project::copy_of("probe");
    let log = project.path("probe.log");
    project.omega(["lock"]).env("PROBE_LOG", log.to_str().expect("UTF-8")).exits(0);
    assert!(!project.read("probe.log").contains("evaluated"));
    project.omega(["lock"]).env("PROBE", "factory").exits(4).says("no file `prices.csv`");
    project.omega(["lock"]).env("PROBE", "twice").exits(2).says("calibration `bowl` is declared twice");
}

#[test]
fn a_space_that_cannot_be_searched_is_refused_before_anything_is_written() {
    let project = Project::copy_of("probe");
    for (probe, named) in
        [("twice_in_space", "`x`"), ("bad_range", "`w`"), ("empty_space", "the parameter space is empty")]
    {
        project.omega(["lock"]).env("PROBE", probe).exits(2).says(named);
        project.omega(["test"]).env("PROBE", probe).exits(2).shows(named);
        assert!(!project.path("omega.lock").exists(), "{probe}");
        assert!(!project.path("target/omega/probe/bowl/trail.jsonl").exists(), "{probe}");
    }
    // Mended, it runs: nothing was left that would have to be set aside.
    project.omega(["lock"]).exits(0);
    project.omega(["test"]).exits(0);
}

#[test]
fn a_bar_that_is_measured_elsewhere_needs_an_approval_like_a_lowered_one() {
    let project = locked();
    project.change("omega.toml", "gates.pearson_min = 0.3", "gates.pearson_min = 0.3\nbase.x = -1.5");
    let shown = project.omega(["lock"]).exits(0);
    shown.shows("moved").says("moved, which bars are measured against; say in the commit why");
    project.commit("a worse baseline is easier to beat");
    let shown = project.omega(["test", "--against", "HEAD~1"]).exits(1);
    shown.shows("moved bowl  base.x (none) -> -1.5").says("need an approval");
    project.omega(["test", "--against", "HEAD~1", "--accept-change", &asked(&shown)]).exits(0);
}

#[test]
fn the_ratio_of_samples_cannot_be_made_easy_by_its_scale_unseen() {
    let project = locked();
    project.change(
        "omega.toml",
        "gates.pearson_min = 0.3",
        "gates.pearson_min = 0.3\nwalk_forward.trade_ratio_scale = 0.001",
    );
    project.omega(["lock"]).exits(0).says("1 bar lower than before");
    project.commit("the ratio half of kc4 can never fail");
    let shown = project.omega(["test", "--against", "HEAD~1"]).exits(1);
    shown.shows("LOOSER bowl  walk_forward.trade_ratio_scale 1.0 -> 0.001");
}

#[test]
fn a_declaration_is_shown_with_where_each_value_came_from() {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "[calibration.bowl]", "[defaults]\nlock = \"off\"\n\n[calibration.bowl]");
    project.change("omega.toml", "profile =", "gates = { preset = \"pure_objective\" }\nprofile =");
    let log = project.path("probe.log");
    let shown = project.omega(["show", "--declaration", "bowl"]).env("PROBE_LOG", log.to_str().expect("UTF-8"));
    let shown = shown.exits(0);
    assert!(!project.read("probe.log").contains("evaluated"));
    let source = |key: &str| {
        let line = shown.stdout.lines().find(|line| line.trim_start().starts_with(&format!("{key} ")));
        let words: Vec<&str> = line.unwrap_or_else(|| panic!("{key} is not shown\n{shown:?}")).split("  ").collect();
        words.last().expect("a source").trim().to_owned()
    };
    for (key, expected) in [
        ("gates.pearson_min", "default"),
        ("gates.trade_count_min", "omega.toml, by another key"),
        ("lock", "omega.toml [defaults]"),
        ("holdout.min_fitness", "omega.toml [calibration.bowl]"),
        ("constraint.steepness.value", "omega.toml [calibration.bowl]"),
        ("space.x.high", "target"),
    ] {
        assert_eq!(source(key), expected, "{key}");
    }
    let shown = project.omega(["show", "--declaration", "bowll"]).exits(2);
    shown.says("no calibration `bowll`; there is `bowl`").says("did you mean `bowl`?");
}

#[test]
fn the_committed_schema_of_omega_toml_is_the_one_that_is_printed() {
    let shown = Project::empty().omega(["schema"]).exits(0);
    let path = crate::support::repository().join("docs/schema/omega.toml.v1.json");
    let committed = std::fs::read_to_string(path).expect("the schema is committed");
    assert_eq!(shown.stdout, committed, "write it anew: cargo omega schema > docs/schema/omega.toml.v1.json");
}

//! What the workspace declares decides, not what its files say of that.

use crate::gate::Gate;

const LAX: &str = "[defaults]\nprofile = \"reference\"\ngates.pearson_min = -1.0\n";

#[test]
pub(crate) fn a_profile_that_is_held_against_nothing_is_looser_by_what_it_declares() {
    let gate = Gate::new();
    // The lock stays as it was, and says strict and required.
    gate.project.file("omega.toml", LAX).change("b/calibrations.txt", "other", "other overfit");
    gate.committed();
    let shown = gate.judged().exits(1);
    shown.shows("LOOSER other    profile \"strict\" -> \"reference\"");
    shown.shows("LOOSER other    lock \"required\" -> \"off\"").shows("LOOSER other    gold \"required\" -> \"off\"");
    shown.hides("are those of main");
}

#[test]
pub(crate) fn a_lock_that_is_off_hides_no_lowered_threshold() {
    let gate = Gate::new();
    gate.project.change("omega.toml", "lock = \"required\"", "lock = \"off\"");
    gate.project.change("omega.toml", "pearson_min = 0.3", "pearson_min = -1.0");
    gate.committed();
    let shown = gate.judged().exits(1);
    shown.shows("LOOSER bitcell  gates.pearson_min 0.3 -> -1.0").shows("LOOSER bitcell  lock \"required\" -> \"off\"");
}

#[test]
pub(crate) fn a_package_that_names_no_harness_any_more_has_removed_its_calibration() {
    let gate = Gate::new();
    gate.project.change("b/Cargo.toml", "tests = [\"calibration\"]", "tests = []");
    gate.committed();
    let shown = gate.judged().exits(1);
    shown.shows("REMOVED other  calibration (nothing in the workspace declares it)");
    // Also where nobody compares with a base, lock and gold tell it.
    let shown = gate.project.omega(["test", "--workspace"]).exits(1);
    shown.says("omega.lock has an entry for `other`").says("there is gold of `other`");
}

#[test]
pub(crate) fn a_calibration_that_is_dropped_or_leaves_the_workspace_is_removed() {
    let gate = Gate::new();
    gate.project.change("a/calibrations.txt", "bitcell", "second");
    gate.locked();
    // The entry is gone from the lock as well: the base still has it.
    gate.judged().exits(1).shows("REMOVED bitcell  calibration");
    // There is one copy of the fixture.
    drop(gate);
    let gate = Gate::new();
    gate.project.change(
        "Cargo.toml",
        "members = [\"a\", \"b\", \"plain\"]",
        "members = [\"a\"]\nexclude = [\"b\", \"plain\"]",
    );
    gate.locked();
    gate.judged().exits(1).shows("REMOVED other  calibration");
}

#[test]
pub(crate) fn a_filtered_run_judges_the_declarations_of_all_and_says_that_it_is_partial() {
    let gate = Gate::new();
    let shown = gate.judged_with(&["bitcell"]).exits(0);
    shown.shows("(partial)").shows("not all of it was judged").hides("are those of main");
    assert!(gate.project.results().partial);
    gate.project.change("b/Cargo.toml", "tests = [\"calibration\"]", "tests = []");
    gate.committed();
    for filter in [&["bitcell"][..], &["--test", "calibration"]] {
        gate.judged_with(filter).exits(1).shows("REMOVED other  calibration");
    }
    gate.project.omega(["test", "-p", "gated-a", "--against", "main"]).exits(1).shows("REMOVED other");
}

#[test]
pub(crate) fn default_members_that_leave_a_package_out_are_named() {
    let gate = Gate::new();
    gate.project.change("Cargo.toml", "resolver", "default-members = [\"a\"]\nresolver");
    gate.committed();
    let shown = gate.project.omega(["test", "--against", "main"]).env("CI", "true").exits(1);
    shown.says("`gated-b` was not judged").says("--workspace");
    gate.judged().exits(0).shows("are those of main");
}

#[test]
pub(crate) fn a_new_calibration_and_an_approved_new_name_pass() {
    let gate = Gate::new();
    gate.project.file("a/calibrations.txt", "bitcell\nsecond\n");
    gate.project.omega(["lock"]).exits(0);
    gate.project.omega(["update-gold", "second::gold", "--reason", "new"]).exits(0);
    gate.committed();
    gate.judged().exits(0).shows("new second  calibration").shows("new second  gold");
    drop(gate);

    let gate = Gate::new();
    gate.project.file("b/calibrations.txt", "renamed\n");
    gate.project.omega(["lock"]).exits(0);
    gate.project.git(["rm", "--quiet", "fixtures/gold/other.json"]);
    gate.project.omega(["update-gold", "renamed::gold", "--reason", "a better name"]).exits(0);
    gate.committed();
    let digest = gate.judged().exits(1).asked();
    gate.judged_with(&["--accept-change", &digest]).exits(0).shows("fine or approved");
}

#[test]
pub(crate) fn gold_that_changes_where_nothing_is_locked_is_seen() {
    let gate = Gate::new();
    // The base has no lock, and gold all the same.
    gate.project.git(["checkout", "--quiet", "main"]);
    gate.project.change("omega.toml", "lock = \"required\"", "lock = \"off\"");
    std::fs::remove_file(gate.project.path("omega.lock")).expect("the lock");
    gate.project.commit("no lock");
    gate.project.git(["checkout", "--quiet", "-B", "change"]);
    gate.project.change("fixtures/gold/other.json", "\"train_fitness\": 0.973", "\"train_fitness\": 0.5");
    gate.committed();
    gate.judged().exits(1).shows("GOLD other").shows("train_fitness 0.973 -> 0.5");
}

#[test]
pub(crate) fn an_approval_covers_everything_that_is_listed() {
    let gate = Gate::new();
    gate.project.change("omega.toml", "pearson_min = 0.3", "pearson_min = 0.2");
    gate.locked();
    let digest = gate.judged().exits(1).asked();
    gate.judged_with(&["--accept-change", &digest]).exits(0).shows("fine or approved");
    // Neither of these would need an approval by itself.
    gate.project.change("omega.toml", "pearson_min = 0.2", "pearson_min = 0.2\ngates.gini_min = 0.25");
    gate.locked();
    gate.judged_with(&["--accept-change", &digest]).exits(1).shows("tighter bitcell  gates.gini_min");
}

#[test]
pub(crate) fn an_approval_is_void_once_a_calibration_is_added() {
    let gate = Gate::new();
    gate.project.change("omega.toml", "pearson_min = 0.3", "pearson_min = 0.2");
    gate.locked();
    let digest = gate.judged().exits(1).asked();
    gate.project.file("a/calibrations.txt", "bitcell\nsecond\n");
    gate.locked();
    gate.judged_with(&["--accept-change", &digest]).exits(1).shows("new second   calibration");
}

#[test]
pub(crate) fn an_approved_change_passes() {
    let gate = Gate::new();
    gate.project.change("omega.toml", "pearson_min = 0.3", "pearson_min = 0.2");
    gate.locked();
    let digest = gate.judged().exits(1).asked();
    gate.judged_with(&["--accept-change", &digest]).exits(0);
}

#[test]
pub(crate) fn a_calibration_that_is_there_only_while_its_declaration_is_asked_for_is_named() {
    let gate = Gate::new();
    gate.project.file("b/calibrations.txt", "other only-declared\nlast\n");
    gate.committed();
    let named = "`gated-b::calibration` declares `other`, and did not judge it when it ran";
    gate.judged().exits(5).says(named).hides("are those of main");
    // A filter says what is shown, not what there is.
    gate.judged_with(&["last"]).exits(5).says(named);
}

/// The base does not hold its calibrations against omega.lock, and has one.
fn base_with_the_lock_off() -> Gate {
    let gate = Gate::new();
    gate.project.git(["checkout", "--quiet", "main"]);
    gate.project.change("omega.toml", "lock = \"required\"", "lock = \"off\"");
    gate.locked();
    gate.project.git(["checkout", "--quiet", "-B", "change"]);
    gate
}

#[test]
pub(crate) fn the_lock_is_held_against_the_base_where_nothing_is_held_against_the_lock() {
    let gate = base_with_the_lock_off();
    let lock = gate.project.read("omega.lock");
    gate.project.file("omega.lock", &lock.replace("pearson_min = 0.3", "pearson_min = -1.0"));
    gate.committed();
    let shown = gate.judged().exits(1);
    shown.shows("LOOSER bitcell  gates.pearson_min 0.3 -> -1.0 in omega.lock").hides("are those of main");
    gate.project.file("omega.lock", &format!("{lock}<<<<<<< HEAD\n"));
    gate.committed();
    gate.judged().exits(3).says("`omega.lock` is damaged");
    std::fs::remove_file(gate.project.path("omega.lock")).expect("the lock");
    gate.committed();
    gate.judged().exits(1).shows("REMOVED bitcell  entry of omega.lock").shows("REMOVED other    entry of omega.lock");
}

#[test]
pub(crate) fn a_tightened_bar_passes_where_the_lock_is_off() {
    let gate = base_with_the_lock_off();
    gate.project.change("omega.toml", "pearson_min = 0.3", "pearson_min = 0.4");
    gate.locked();
    gate.judged().exits(0).shows("tighter bitcell  gates.pearson_min 0.3 -> 0.4").hides("in omega.lock");
}

//! What nobody sees who does not compare with a base, and what nobody sees at all: SECURITY.md names each, so that nobody
//! relies on more than there is.

use crate::gate::Gate;
use crate::support::Project;

/// What a workflow runs that names no base.
const ALONE: [&str; 2] = ["test", "--workspace"];

fn passes_alone(gate: &Gate) {
    gate.project.omega(ALONE).env("CI", "true").exits(0);
}

#[test]
fn a_bar_that_is_lowered_and_locked_anew_passes_where_nobody_names_a_base() {
    let gate = Gate::new();
    gate.project.change("omega.toml", "pearson_min = 0.3", "pearson_min = 0.1");
    // Not locked anew, it is seen.
    gate.project.omega(ALONE).env("CI", "true").exits(1).shows("bitcell::declaration").shows("LOOSER");
    gate.locked();
    passes_alone(&gate);
    gate.judged().exits(1).shows("LOOSER bitcell  gates.pearson_min 0.3 -> 0.1");
}

#[test]
fn a_profile_that_holds_nothing_against_the_lock_passes_where_nobody_names_a_base() {
    let gate = Gate::new();
    gate.project.file("omega.toml", "[defaults]\nprofile = \"reference\"\ngates.pearson_min = -1.0\n");
    gate.committed();
    passes_alone(&gate);
    gate.judged().exits(1).shows("LOOSER other    lock \"required\" -> \"off\"");
}

#[test]
fn gold_that_was_made_worse_passes_where_nobody_names_a_base() {
    let gate = Gate::new();
    gate.project.change("fixtures/gold/other.json", "\"train_fitness\": 0.973", "\"train_fitness\": 0.5");
    gate.committed();
    passes_alone(&gate);
    gate.judged().exits(1).shows("GOLD other");
}

#[test]
fn a_calibration_that_is_gone_with_its_lock_and_gold_passes_where_nobody_names_a_base() {
    let gate = Gate::new();
    gate.project.change("b/Cargo.toml", "tests = [\"calibration\"]", "tests = []");
    gate.project.git(["rm", "--quiet", "fixtures/gold/other.json"]);
    gate.locked();
    passes_alone(&gate);
    gate.judged().exits(1).shows("REMOVED other");
}

#[test]
fn looks_that_are_gone_from_the_ledger_pass_where_nobody_names_a_base() {
    let project = Project::copy_of("probe");
    project.change("omega.toml", "min_fitness = -10.0", "min_fitness = -10.0, looks = 1");
    project.omega(["lock"]).exits(0);
    project.omega(["test"]).exits(0);
    project.commit("one look");
    let test = |arguments: &[&str]| {
        project.omega(arguments.iter().copied()).env("PROBE_DRIFT", "0.001").env("CI", "true").run()
    };
    assert_eq!(test(&["test"]).code, Some(1), "a second look is one too many");
    std::fs::remove_file(project.path("omega.ledger.jsonl")).expect("the ledger");
    assert_eq!(test(&["test"]).code, Some(0));
    let shown = test(&["test", "--against", "HEAD"]);
    assert_eq!(shown.code, Some(1), "{shown:?}");
    shown.shows("REMOVED bowl  a look at the holdout");
}

/// Cargo starts it with the rights of whoever runs the tests, as it does build scripts, wrappers of the compiler and the
/// compiler itself. What it changes is what is declared and judged.
#[test]
fn a_program_that_runs_before_the_harness_decides_what_is_judged() {
    let gate = Gate::new();
    gate.project.change("b/calibrations.txt", "other", "other overfit");
    gate.committed();
    gate.judged().exits(1).shows("FAIL:");
    gate.project.file(
        "runner.sh",
        "sed 's/ overfit//' ../b/calibrations.txt >../new.txt\nmv ../new.txt ../b/calibrations.txt\nexec \"$@\"\n",
    );
    gate.project.file(".cargo/config.toml", "[target.'cfg(all())']\nrunner = [\"sh\", \"../runner.sh\"]\n");
    gate.committed();
    gate.judged().exits(0).shows("omega.lock and gold are those of main");
}

#[test]
fn a_committed_file_of_more_than_64_mib_is_not_read() {
    let gate = Gate::new();
    let file = std::fs::File::create(gate.project.path("omega.lock")).expect("a file");
    // A hole: it takes no room.
    file.set_len((64 << 20) + 1).expect("a length");
    gate.project.omega(["lock", "--check"]).exits(3).says("is larger than 67108864 bytes");
}

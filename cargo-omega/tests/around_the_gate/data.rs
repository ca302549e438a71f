//! What the data is, how often it was looked at, and what an earlier run left.

use crate::gate::Gate;

const LEDGER: &str = "omega.ledger.jsonl";

/// A pull request in which the calibration of `a` or `b` differs by these words, and is locked.
fn differing(path: &str, line: &str) -> Gate {
    let gate = Gate::new();
    gate.project.file(path, &format!("{line}\n"));
    gate.locked();
    gate
}

/// Writes down on the base that the holdout may be looked at, and each look; the pull request begins there.
fn counted() -> Gate {
    let gate = Gate::new();
    gate.project.git(["checkout", "--quiet", "main"]);
    gate.project.change("omega.toml", "gates.pearson_min = 0.3", "gates.pearson_min = 0.3\nholdout.looks = 2");
    // Asked the same of the same data, both would be one look.
    gate.project.file("b/calibrations.txt", "other cooler\n");
    gate.project.omega(["lock"]).exits(0);
    gate.project.omega(["update-gold", "--workspace", "--reason", "looks"]).exits(0);
    gate.project.omega(["test", "--workspace"]).exits(0);
    gate.committed();
    gate.project.git(["checkout", "--quiet", "-B", "change"]);
    gate
}

#[test]
pub(crate) fn looks_in_another_order_are_removed() {
    let gate = counted();
    let mut lines: Vec<String> = gate.project.read(LEDGER).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    lines.reverse();
    gate.project.file(LEDGER, &(lines.join("\n") + "\n"));
    gate.committed();
    gate.judged().exits(1).shows("a look at the holdout").shows("REMOVED ");
}

#[test]
pub(crate) fn a_look_that_is_taken_away_is_removed() {
    let gate = counted();
    let text = gate.project.read(LEDGER);
    let (first, _) = text.split_once('\n').expect("two lines");
    gate.project.file(LEDGER, &format!("{first}\n"));
    gate.committed();
    gate.judged().exits(1).shows("REMOVED ").shows("a look at the holdout");
}

#[test]
pub(crate) fn a_look_that_is_added_is_listed_and_passes() {
    let gate = counted();
    gate.project.file("a/calibrations.txt", "bitcell\nsecond renamed\n");
    gate.project.omega(["lock"]).exits(0);
    gate.project.omega(["update-gold", "second::gold", "--reason", "new"]).exits(0);
    gate.project.omega(["test", "--workspace"]).exits(0);
    gate.committed();
    gate.judged().exits(0).shows("new second  a look at the holdout");
}

#[test]
pub(crate) fn another_name_for_the_same_data_needs_an_approval() {
    let gate = counted();
    gate.project.file("a/calibrations.txt", "bitcell renamed\n");
    gate.locked();
    gate.judged().exits(1).shows("moved bitcell  roles.holdout ");
}

#[test]
pub(crate) fn one_set_of_data_for_two_slices_fails_by_name() {
    let gate = differing("a/calibrations.txt", "bitcell same-data nameless");
    gate.judged().exits(1).shows("figures alike on train and test").shows("SLICES");
}

#[test]
pub(crate) fn one_name_for_two_slices_fails_by_name() {
    let gate = differing("a/calibrations.txt", "bitcell same-name");
    gate.judged().exits(1).shows("identity of train and test").shows("SLICES");
}

#[test]
pub(crate) fn data_that_loses_its_name_needs_an_approval_and_is_told() {
    let gate = differing("a/calibrations.txt", "bitcell nameless");
    gate.judged().exits(1).shows("moved bitcell  roles.test ").shows("no identity: train, test, holdout");
}

#[test]
pub(crate) fn data_without_a_name_is_refused_where_it_is_counted() {
    let gate = counted();
    gate.project.file("a/calibrations.txt", "bitcell nameless\n");
    gate.committed();
    gate.judged().exits(2).says("expected data with a name");
}

const NEXTEST: [(&str, &str); 3] =
    [("NEXTEST", "1"), ("NEXTEST_RUN_ID", "x"), ("NEXTEST_EXECUTION_MODE", "process-per-test")];

/// Commits the record of an honest run, as another process of the same nextest run would find it.
fn with_a_record(line: &str) -> Gate {
    let gate = Gate::new();
    let mut test = gate.project.cargo(["test", "--quiet", "-p", "gated-b"]);
    for (name, value) in NEXTEST {
        test = test.env(name, value);
    }
    test.exits(0);
    gate.project.file("b/calibrations.txt", &format!("{line}\n"));
    gate.project.git(["add", "--force", "target/omega"]);
    assert!(gate.project.git(["ls-files", "target"]).contains("finished.json"));
    gate.committed();
    gate
}

#[test]
pub(crate) fn a_record_with_the_variables_that_have_it_read_is_named() {
    let gate = with_a_record("other overfit");
    let lines: Vec<String> = NEXTEST.iter().map(|(name, value)| format!("{name} = \"{value}\"")).collect();
    gate.project.file(".cargo/config.toml", &format!("[env]\n{}\n", lines.join("\n")));
    gate.committed();
    gate.judged().exits(5).says("in NEXTEST, and cargo omega said");
}

#[test]
pub(crate) fn a_record_that_is_laid_beforehand_decides_nothing() {
    with_a_record("other overfit").judged().exits(1).shows("FAIL:");
}

#[test]
pub(crate) fn a_record_of_an_honest_run_does_no_harm() {
    with_a_record("other").judged().exits(0).shows("omega.lock and gold are those of main");
}

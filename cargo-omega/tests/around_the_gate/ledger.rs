//! What was asked and accepted before: the looks at data that was set aside, and the history of the gold.

use crate::gate::Gate;

const LEDGER: &str = "omega.ledger.jsonl";
const HISTORY: &str = "fixtures/gold/HISTORY.jsonl";

/// A base that allows two looks at the holdout, of which `used` are used; and the line of the look that a run takes.
fn looked_at(used: usize) -> (Gate, String) {
    let gate = Gate::new();
    let project = &gate.project;
    project.git(["checkout", "--quiet", "main"]);
    project.change("omega.toml", "[defaults]\n", "[defaults]\nholdout.looks = 2\n");
    project.omega(["lock"]).exits(0);
    project.omega(["test", "--workspace"]).exits(0).shows("look 1 of 2, new");
    let line = project.read(LEDGER);
    project.file(LEDGER, &(1..=used).map(|number| earlier(&line, number)).collect::<String>());
    gate.committed();
    project.git(["checkout", "--quiet", "-B", "change"]);
    (gate, line)
}

/// The line of another look at the same data.
fn earlier(line: &str, number: usize) -> String {
    let (before, rest) = line.split_once("\"question\":\"").expect("a question");
    format!("{before}\"question\":\"{number:0>64}{}", &rest[64..])
}

#[test]
pub(crate) fn a_look_that_is_put_before_those_of_the_base_counts_after_them() {
    let (gate, line) = looked_at(2);
    gate.project.file(LEDGER, &format!("{line}{}", gate.project.read(LEDGER)));
    gate.committed();
    let shown = gate.judged().exits(1);
    shown.shows("look 3 of 2\n").shows("FAIL:LEDGER").shows("new bitcell  a look at the holdout").hides("REMOVED");
    gate.project.omega(["test", "--workspace"]).exits(0).shows("look 1 of 2\n");
}

#[test]
pub(crate) fn what_the_base_was_asked_since_counts_before_what_a_branch_asks() {
    let (gate, line) = looked_at(1);
    let project = &gate.project;
    let base = project.read(LEDGER);
    project.file(LEDGER, &format!("{base}{line}"));
    gate.committed();
    gate.judged().exits(0).shows("look 2 of 2\n");
    project.git(["checkout", "--quiet", "main"]);
    project.file(LEDGER, &format!("{base}{}", earlier(&line, 2)));
    gate.committed();
    project.git(["checkout", "--quiet", "change"]);
    gate.judged().exits(1).shows("look 3 of 2\n").hides("REMOVED");
    // Once the base has the same look it is the same one, whoever wrote it down first.
    project.git(["checkout", "--quiet", "main"]);
    project.file(LEDGER, &format!("{base}{line}"));
    gate.committed();
    project.git(["checkout", "--quiet", "change"]);
    project.file(LEDGER, &base);
    gate.committed();
    gate.judged().exits(0).shows("look 2 of 2\n");
}

#[test]
pub(crate) fn a_new_look_and_a_new_line_of_history_are_listed_and_pass() {
    let (gate, line) = looked_at(1);
    gate.project.file(LEDGER, &format!("{}{line}", gate.project.read(LEDGER)));
    let history = gate.project.read(HISTORY);
    // Others may stand between those of the base.
    let (first, rest) = history.split_once('\n').expect("two lines");
    gate.project.file(HISTORY, &format!("{first}\n{}\n{rest}", first.replace("\"first\"", "\"once more\"")));
    gate.committed();
    let shown = gate.judged().exits(0);
    shown.shows("look 2 of 2\n").shows("new bitcell  a look at the holdout");
    shown.shows("new bitcell  a line of `fixtures/gold/HISTORY.jsonl`, ").shows(": \"once more\"").hides("REMOVED");
}

#[test]
pub(crate) fn a_line_that_the_history_loses_is_removed() {
    let gate = Gate::new();
    let history = gate.project.read(HISTORY);
    let (_, rest) = history.split_once('\n').expect("two lines");
    gate.project.file(HISTORY, rest);
    gate.committed();
    let shown = gate.judged().exits(1);
    shown.shows("REMOVED bitcell  a line of `fixtures/gold/HISTORY.jsonl`, ").shows(": \"first\"").says("approval");
    shown.hides("REMOVED other");
    gate.judged_with(&["--accept-change", &shown.asked()]).exits(0);
    std::fs::remove_file(gate.project.path(HISTORY)).expect("it is there");
    gate.committed();
    gate.judged().exits(1).shows("REMOVED bitcell  a line of").shows("REMOVED other    a line of");
}

#[test]
pub(crate) fn a_line_of_the_history_that_says_something_else_or_elsewhere_is_removed() {
    let gate = Gate::new();
    let history = gate.project.read(HISTORY);
    let turned: String = history.lines().rev().map(|line| format!("{line}\n")).collect();
    for other in [history.replacen("\"first\"", "\"better\"", 1), history.replacen("{", "{ ", 1), turned] {
        gate.project.file(HISTORY, &other);
        gate.committed();
        gate.judged().exits(1).shows("REMOVED ").shows("a line of `fixtures/gold/HISTORY.jsonl`, ");
    }
}

#[test]
fn a_history_that_moves_with_its_gold_loses_nothing() {
    let gate = Gate::new();
    gate.project.change("omega.toml", "[defaults]\n", "gold_dir = \"accepted\"\n[defaults]\n");
    gate.project.git(["mv", "fixtures/gold", "accepted"]);
    gate.locked();
    // The move is approved or not; the lines are there.
    gate.judged().exits(1).shows("moved bitcell  gold_dir \"fixtures/gold\" -> \"accepted\"").hides("a line of");
    gate.project.git(["rm", "--quiet", "-f", "accepted/HISTORY.jsonl"]);
    gate.committed();
    gate.judged().exits(1).shows("REMOVED bitcell  a line of `fixtures/gold/HISTORY.jsonl`, ");
}

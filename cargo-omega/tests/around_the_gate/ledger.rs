//! What was asked before: the looks at data that was set aside.

use crate::gate::Gate;

const LEDGER: &str = "omega.ledger.jsonl";

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
pub(crate) fn a_new_look_is_listed_and_passes() {
    let (gate, line) = looked_at(1);
    gate.project.file(LEDGER, &format!("{}{line}", gate.project.read(LEDGER)));
    gate.committed();
    gate.judged().exits(0).shows("look 2 of 2\n").shows("new bitcell  a look at the holdout").hides("REMOVED");
}

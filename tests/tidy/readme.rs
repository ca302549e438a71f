//! The README's tables beside the code they are about.

use omega_lock::artifacts::ExitCode;
use omega_lock::gates::GateId;
use omega_lock::harness::variables;

use crate::repository;

/// The rows of the table below a heading, cell by cell, without its head.
fn table(text: &str, heading: &str) -> Vec<Vec<String>> {
    let below = text.lines().skip_while(|line| *line != heading).skip(1);
    let section = below.take_while(|line| !line.starts_with("## "));
    let rows = section.skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = |row: &str| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    rows.skip(2).map(cells).collect()
}

/// Every gate the library has.
fn gates() -> Vec<GateId> {
    let constraint = GateId::Constraint("<name>".to_owned());
    use GateId::{
        Constraints, Deterministic, Finite, Holdout, Improvement, Kc1, Kc2, Kc3, Kc4, Null, Sc2, Searched, Selected,
        Transfer,
    };
    let strict = [Finite, Searched, Improvement, Selected, Transfer, Null, Deterministic];
    let mut all = vec![Kc1, Kc2, Kc3, Kc4];
    all.extend(strict);
    all.extend([constraint, Constraints, Holdout, Sc2]);
    // Every file of a gate is one, so that a new one is missed here.
    let folder = repository::files().into_iter().filter(|path| path.starts_with("src/gates/"));
    let not_gates = ["mod", "report", "rules", "scores", "thresholds", "verdict"];
    let files = folder.filter(|path| !not_gates.iter().any(|name| path.ends_with(&format!("/{name}.rs")))).count();
    assert_eq!(files, all.len(), "src/gates has another number of gates than this list");
    all
}

#[test]
fn the_readmes_exit_codes_are_those_of_the_code() {
    let expected: Vec<Vec<String>> =
        ExitCode::ALL.iter().map(|code| vec![code.number().to_string(), code.meaning().to_owned()]).collect();
    assert_eq!(table(&repository::text("README.md"), "## Exit codes"), expected);
}

#[test]
fn the_readmes_gates_are_those_of_the_code() {
    let shown: Vec<String> =
        table(&repository::text("README.md"), "## Gates").into_iter().map(|mut row| row.swap_remove(0)).collect();
    let expected: Vec<String> = gates().iter().map(|gate| format!("`{}`", gate.id())).collect();
    assert_eq!(shown, expected);
}

#[test]
fn the_readmes_variables_are_those_of_the_code() {
    let expected: Vec<Vec<String>> =
        variables::TABLE.iter().map(|(name, meaning)| vec![format!("`{name}`"), (*meaning).to_owned()]).collect();
    assert_eq!(table(&repository::text("README.md"), "## Variables"), expected);
}

#[test]
fn a_table_is_read_from_below_its_heading_and_no_other() {
    let text = "## A\n\n| x | y |\n|---|---|\n| 1 | `a|b` |\n| 2 | c |\n\n| z |\n## B\n| x |\n|---|\n| 3 |\n";
    assert_eq!(table(text, "## A"), [["1", "`a|b`"], ["2", "c"]]);
    assert_eq!(table(text, "## B"), [["3"]]);
    assert!(table(text, "## C").is_empty());
}

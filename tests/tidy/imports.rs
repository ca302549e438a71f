//! Who may import whom among the modules at the top of `src/`.

use crate::repository;
use crate::source::Source;

/// The table of the architecture: a row is the complete list of what the code of a module may use. Modules come in
/// levels, lowest first, and use only what stands above them here. A new arrow is a decision: change the table in the
/// same commit as the code, and say why.
const TABLE: &[(&str, &[&str])] = &[
    // Leaves. How numbers and words are spelled is everybody's.
    ("number", &[]),
    ("words", &[]),
    ("stats", &[]),
    ("rng", &[]),
    // How files are read: for those at the edge, not for the core.
    ("regular_file", &[]),
    // The Python package's text: a feature. What uses it is a file of its own behind the same feature.
    ("interop", &[]),
    // What is calibrated.
    ("objective", &[]),
    // What targets may call: data in files is named where it is loaded.
    ("identity", &["objective"]),
    // What stands around an evaluation.
    ("progress", &["objective"]),
    // A target that asks programs; it needs nothing of a run.
    ("worker", &["objective", "identity"]),
    ("audit", &["objective"]),
    ("gates", &["objective", "stats", "rng"]),
    ("keyholes", &["objective", "rng", "stats"]),
    // The steps of a run. A holdout shot and a hybrid ranking start from the search's candidates.
    ("search", &["objective", "rng", "stats", "progress"]),
    ("stress", &["objective", "stats", "progress"]),
    ("holdout", &["objective", "search", "progress"]),
    ("walk_forward", &["objective", "search", "stats", "progress"]),
    ("hybrid", &["objective", "search", "stats", "progress"]),
    // A run, and methods that are runs.
    ("pipeline", PIPELINE),
    ("benchmark", BENCHMARK),
    // What is declared, promised and kept. Two pages of `report` show what no file holds: the verdict over two lists of
    // scores, and the demonstration.
    ("declaration", DECLARATION),
    ("artifacts", ARTIFACTS),
    // Gold shows figures as every report does, and names the nearest one.
    ("gold", &["artifacts", "declaration", "interop", "objective"]),
    // What gold accepts, called as it is declared, in a file that is read as every one is.
    ("ship", &["regular_file", "declaration", "artifacts", "gold"]),
    ("run_store", &["artifacts", "declaration"]),
    // The scorecard says under which profile a run was judged.
    (
        "report",
        &[
            "objective",
            "audit",
            "artifacts",
            "declaration",
            "gold",
            "interop",
            "stats",
            "gates",
            "pipeline",
            "benchmark",
        ],
    ),
    // The door that library users, the harness and the replay of a record have in common: it makes the evaluator.
    ("run", &["objective", "progress", "audit", "pipeline", "declaration"]),
    ("verify", VERIFY),
    // The front end, and the names a test file needs.
    ("harness", HARNESS),
    ("prelude", &["objective", "identity", "audit", "gates", "pipeline", "harness"]),
];

/// Where the modules are named, and nothing else is.
const ROOTS: [&str; 2] = ["src/lib.rs", "src/internals.rs"];

/// Modules that every other one may use.
const SPELLING: [&str; 2] = ["number", "words"];

const PIPELINE: &[&str] = &[
    "stats",
    "rng",
    "objective",
    "progress",
    "audit",
    "gates",
    "search",
    "stress",
    "holdout",
    "walk_forward",
    "hybrid",
];

const BENCHMARK: &[&str] = &[
    "stats",
    "rng",
    "objective",
    "progress",
    "audit",
    "gates",
    "search",
    "stress",
    "holdout",
    "walk_forward",
    "hybrid",
    "pipeline",
    "keyholes",
];

const DECLARATION: &[&str] = &[
    "regular_file",
    "stats",
    "rng",
    "objective",
    "progress",
    "audit",
    "gates",
    "search",
    "stress",
    "holdout",
    "walk_forward",
    "hybrid",
    "pipeline",
];

const ARTIFACTS: &[&str] = &[
    "regular_file",
    "stats",
    "rng",
    "interop",
    "objective",
    "progress",
    "audit",
    "gates",
    "search",
    "stress",
    "holdout",
    "walk_forward",
    "hybrid",
    "pipeline",
    "benchmark",
    "declaration",
];

const VERIFY: &[&str] = &[
    "regular_file",
    "objective",
    "progress",
    "audit",
    "gates",
    "pipeline",
    "search",
    "declaration",
    "artifacts",
    "report",
    "run",
];

const HARNESS: &[&str] = &[
    "regular_file",
    "stats",
    "rng",
    "objective",
    "progress",
    "audit",
    "gates",
    "search",
    "stress",
    "holdout",
    "walk_forward",
    "hybrid",
    "pipeline",
    "declaration",
    "artifacts",
    "gold",
    "ship",
    "run_store",
    "report",
    "run",
    // What omega.toml declares without code is evaluated by programs.
    "worker",
];

/// Every arrow that the table does not have.
fn findings(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !ROOTS.contains(&source.path.as_str())) {
        let from = module(&source.path);
        let Some((_, allowed)) = TABLE.iter().find(|(name, _)| *name == from) else {
            findings.push(format!("{}: module `{from}` has no row in the table", source.path));
            continue;
        };
        for (at, to) in uses(source) {
            if to != from && !SPELLING.contains(&to.as_str()) && !allowed.contains(&to.as_str()) {
                findings.push(format!("{}: `{from}` may not use `{to}`", source.place(at)));
            }
        }
    }
    findings
}

/// The module at the top of `src/` that a file belongs to.
fn module(path: &str) -> &str {
    let below = path.strip_prefix("src/").unwrap_or(path);
    below.split('/').next().and_then(|first| first.split('.').next()).unwrap_or(below)
}

/// Every top-level module that a path in the code names, with its place.
fn uses(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let up = "super::".repeat(depth(&source.path));
    for root in ["crate::internals::", "crate::", up.as_str()] {
        for at in source.find(root).filter(|at| !source.code[..*at].trim_end().ends_with("::")) {
            found.extend(heads(&source.code[at + root.len()..]).into_iter().map(|name| (at, name)));
        }
    }
    found.retain(|(_, name)| name != "internals");
    found
}

/// How deep in the crate a file's module lies: as many `super` lead to the root.
fn depth(path: &str) -> usize {
    path.trim_start_matches("src/").trim_end_matches("/mod.rs").split('/').count()
}

/// The first names of what follows a path: one, or those of a group.
fn heads(rest: &str) -> Vec<String> {
    let name = |text: &str| {
        let text = text.trim_start();
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        text[..end].to_owned()
    };
    let Some(group) = rest.trim_start().strip_prefix('{') else { return vec![name(rest)] };
    let mut names = vec![name(group)];
    let mut depth = 0;
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(&group[at + 1..])),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn modules_import_only_what_the_table_of_the_architecture_allows() {
    crate::none(&findings(&repository::sources(&["src/"])));
}

#[test]
fn the_table_has_no_cycle_because_every_row_uses_only_rows_above_it() {
    for (index, (from, allowed)) in TABLE.iter().enumerate() {
        for to in *allowed {
            assert!(TABLE[..index].iter().any(|(name, _)| name == to), "`{from}` uses `{to}`, which is not above it");
        }
    }
}

#[test]
fn a_planted_import_is_found_however_it_is_spelt() {
    let planted = |path: &str, text: &str| findings(&[Source::new(path, text)]);
    assert_eq!(
        planted("src/stats/a.rs", "//! A.\nuse crate::objective::Params;"),
        ["src/stats/a.rs:2: `stats` may not use `objective`"]
    );
    assert_eq!(planted("src/audit/a.rs", "use crate::{objective::{A, B}, gates::C,};").len(), 1);
    assert_eq!(planted("src/audit/a.rs", "fn f() { crate::pipeline::run() }").len(), 1);
    assert_eq!(planted("src/audit/a.rs", "use super::super::report::scorecard;").len(), 1);
    assert_eq!(planted("src/audit/mod.rs", "use super::report;").len(), 1);
    assert_eq!(planted("src/stress.rs", "use super::{report, stats};").len(), 1);
    assert_eq!(planted("src/news/mod.rs", "").len(), 1);
    assert_eq!(planted("src/audit/a.rs", "use super::report; use crate::audit::b; // crate::report"), [""; 0]);
    assert_eq!(planted("src/stats/a.rs", "#[cfg(test)]\nmod tests { use crate::report; }"), [""; 0]);
}

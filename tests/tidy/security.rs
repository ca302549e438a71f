//! `SECURITY.md`: each sentence that claims something names the tests that hold it, and what it says of this repository's own
//! files is so.
//!
//! A sentence ends in a note, `[^name]`, and the note names files and tests. What is shown and what is not are claims; the
//! sections below say what nothing here can show, or what to do, and there is no test of that.

use std::collections::{BTreeMap, BTreeSet};

use omega_lock::internals::artifacts::Ledger;
use omega_lock::internals::declaration::Lock;

use crate::{documents, repository};

const DOCUMENT: &str = "SECURITY.md";

/// Sections without claims of what is shown.
const WITHOUT_CLAIMS: [&str; 4] = ["# Security", "## What nothing here shows", "## Files to own", "## Reporting"];

/// Of a table, the cells before this one say who can do what. The others are claims.
const FIRST_CLAIM: usize = 2;

/// What holds a sentence: the file of a test, and its name.
type Test = (String, String);

/// The sentences that claim something.
fn claims(text: &str) -> Vec<String> {
    let mut section = "";
    let mut pieces: Vec<String> = vec![String::new()];
    let mut rows = 0;
    for (_, line) in documents::lines(text).into_iter().filter(|(block, _)| block.is_none()) {
        rows = if line.starts_with('|') { rows + 1 } else { 0 };
        if line.starts_with('#') {
            section = line;
        }
        let skipped = line.starts_with(['#', '[']) || WITHOUT_CLAIMS.contains(&section);
        if skipped || line.is_empty() {
            pieces.push(String::new());
        } else if rows > 0 {
            // Two lines are the head.
            let cells = line.trim_matches('|').split(" | ").skip(if rows > 2 { FIRST_CLAIM } else { usize::MAX });
            pieces.extend(cells.map(str::to_owned));
        } else {
            let item = line.strip_prefix("- ");
            if item.is_some() {
                pieces.push(String::new());
            }
            let piece = pieces.last_mut().expect("one to begin with");
            piece.extend([item.unwrap_or(line).trim(), " "]);
        }
    }
    let sentences = pieces.iter().flat_map(|piece| piece.split(". ").flat_map(|part| part.split("; ")));
    let trimmed = sentences.map(|sentence| sentence.trim().trim_end_matches(['.', ';']));
    trimmed.filter(|sentence| !sentence.is_empty()).map(str::to_owned).collect()
}

/// The notes of a sentence, if one stands at its end; there may be others before it.
fn notes_of(sentence: &str) -> Vec<&str> {
    let notes: Vec<&str> = sentence.split("[^").skip(1).filter_map(|rest| Some(rest.split_once(']')?.0)).collect();
    let ends_in = |note: &&&str| sentence.ends_with(&format!("[^{note}]"));
    if notes.last().filter(ends_in).is_some() { notes } else { Vec::new() }
}

/// What each note says: files, and behind each the tests that are in it.
fn notes(text: &str) -> BTreeMap<&str, Vec<Test>> {
    let defined = text.lines().filter_map(|line| line.strip_prefix("[^")?.split_once("]: "));
    let tests = |said: &str| {
        let mut file = String::new();
        let mut tests = Vec::new();
        for word in said.split('`').skip(1).step_by(2) {
            if word.ends_with(".rs") {
                word.clone_into(&mut file);
            } else {
                tests.push((file.clone(), word.to_owned()));
            }
        }
        tests
    };
    defined.map(|(name, said)| (name, tests(said))).collect()
}

/// Whether a source has a test of this name: an attribute above the function, or a trial of a harness of its own.
fn has_test(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let function = |line: &str| line.trim_start_matches("pub(crate) ").starts_with(&format!("fn {name}("));
    let marked =
        |at: usize| lines[..at].iter().rev().take_while(|line| line.starts_with("#[")).any(|l| *l == "#[test]");
    source.contains(&format!("trial(\"{name}\","))
        || lines.iter().enumerate().any(|(at, line)| function(line) && marked(at))
}

/// What is wrong with the claims of a text, of whose files `source` knows the text.
fn unheld(text: &str, source: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let notes = notes(text);
    let mut findings = Vec::new();
    let mut named = BTreeSet::new();
    for sentence in claims(text) {
        let of_it = notes_of(&sentence);
        if of_it.is_empty() {
            findings.push(format!("{DOCUMENT}: no test holds \"{sentence}\""));
        }
        for note in of_it {
            if !notes.contains_key(note) {
                findings.push(format!("{DOCUMENT}: there is no note [^{note}]"));
            }
            named.insert(note.to_owned());
        }
    }
    for (note, tests) in notes {
        if !named.contains(note) {
            findings.push(format!("{DOCUMENT}: no sentence has the note [^{note}]"));
        }
        if tests.is_empty() {
            findings.push(format!("{DOCUMENT}: the note [^{note}] names no test"));
        }
        for (file, test) in tests {
            if !source(&file).is_some_and(|text| has_test(&text, &test)) {
                findings.push(format!("{DOCUMENT}: [^{note}] names `{test}`, which is no test of `{file}`"));
            }
        }
    }
    findings
}

#[test]
fn every_claim_about_security_names_the_tests_that_hold_it() {
    let files = repository::files();
    let text = repository::text(DOCUMENT);
    assert!(claims(&text).len() > 40, "{:?}", claims(&text));
    crate::none(&unheld(&text, |path| files.iter().any(|file| file == path).then(|| repository::text(path))));
}

#[test]
fn a_planted_claim_that_nothing_holds_is_found() {
    let source = |path: &str| {
        (path == "tests/a.rs").then(|| "#[test]\n#[ignore]\nfn one() {}\nfn two() {}\ntrial(\"three\", x)".to_owned())
    };
    let text = "# Security\n\nWelcome.\n\n## Held\n\nOne\nline[^a]. Two of `.b`; three[^a][^b].\n\n- Four[^c]\n  goes on.\n\n\
                | who | can | shown |\n|---|---|---|\n| they | see | this[^a] |\n| we | see | that |\n\n\
                ```text\ncode\n```\n## Files to own\n\nAll.\n\n\
                [^a]: `tests/a.rs` `one`, `three`\n[^b]: `tests/a.rs` `two`; `tests/b.rs` `one`\n[^d]: nothing\n";
    assert_eq!(claims(text), ["One line[^a]", "Two of `.b`", "three[^a][^b]", "Four[^c] goes on", "this[^a]", "that"]);
    assert_eq!(
        unheld(text, source),
        [
            "no test holds \"Two of `.b`\"",
            "no test holds \"Four[^c] goes on\"",
            "no test holds \"that\"",
            "[^b] names `two`, which is no test of `tests/a.rs`",
            "[^b] names `one`, which is no test of `tests/b.rs`",
            "no sentence has the note [^d]",
            "the note [^d] names no test",
        ]
        .map(|finding| format!("{DOCUMENT}: {finding}"))
    );
}

/// The owners that the document proposes, pattern by pattern.
fn owned(text: &str) -> Vec<&str> {
    let lines = documents::lines(text).into_iter().filter(|(block, _)| *block == Some("text")).map(|(_, line)| line);
    lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_whitespace().next()).collect()
}

#[test]
fn every_file_that_decides_what_is_judged_is_among_those_to_own() {
    let text = repository::text(DOCUMENT);
    let owned = owned(&text);
    let decides = [
        ".github/",
        ".cargo/",
        ".config/",
        "Cargo.toml",
        "Cargo.lock",
        "build.rs",
        "rust-toolchain",
        "rust-toolchain.toml",
        "omega.toml",
        Lock::FILE,
        Ledger::FILE,
        "/fixtures/gold/",
        "**/tests/calibration.rs",
        ".gitattributes",
    ];
    let missing: Vec<&str> = decides.into_iter().filter(|file| !owned.contains(file)).collect();
    assert!(missing.is_empty(), "{DOCUMENT} proposes no owner for {missing:?}");
}

/// Workflows and actions, ours and the one that a new project gets.
fn workflows() -> Vec<(String, String)> {
    let is_one = |path: &String| path.ends_with(".yml") && !path.starts_with("fixtures/");
    let found: Vec<_> =
        repository::files().into_iter().filter(is_one).map(|path| (repository::text(&path), path)).collect();
    assert!(found.len() > 3, "{found:?}");
    found.into_iter().map(|(text, path)| (path, text)).collect()
}

/// What a workflow takes without saying which commit of it, and what it may write.
fn loose(path: &str, text: &str) -> Vec<String> {
    let pinned = |used: &str| {
        used == "./"
            || used.split_once('@').is_some_and(|(_, at)| at.len() == 40 && at.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let mut findings = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.split(" #").next().unwrap_or(line).trim().trim_start_matches("- ");
        let place = format!("{path}:{}", at + 1);
        if let Some(used) = line.strip_prefix("uses: ").filter(|used| !pinned(used)) {
            findings.push(format!("{place}: `{used}` is not pinned by its commit"));
        }
        if line.ends_with(": write") || line.ends_with("write-all") {
            findings.push(format!("{place}: a job may write: `{line}`"));
        }
    }
    if text.contains("\njobs:") && !text.contains("\npermissions:") {
        findings.push(format!("{path}: it does not say what its jobs may do"));
    }
    findings
}

/// What a release cannot do without: its files, and three times a name for itself that others trust. Nothing else writes.
const RELEASE: &str = ".github/workflows/release.yml";
const OF_A_RELEASE: [&str; 5] =
    ["contents: write", "id-token: write", "attestations: write", "id-token: write", "id-token: write"];

#[test]
fn every_action_is_pinned_by_its_commit_and_no_job_may_write_but_those_of_a_release() {
    let of = |release: bool| {
        let workflows = workflows().into_iter().filter(move |(path, _)| (path == RELEASE) == release);
        workflows.flat_map(|(path, text)| loose(&path, &text)).collect::<Vec<String>>()
    };
    crate::none(&of(false));
    let release = of(true);
    assert_eq!(release.len(), OF_A_RELEASE.len(), "{release:?}");
    for (finding, allowed) in release.iter().zip(OF_A_RELEASE) {
        assert!(finding.ends_with(&format!("a job may write: `{allowed}`")), "{finding}, expected {allowed}");
    }
    let (_, text) = workflows().into_iter().find(|(path, _)| path == RELEASE).expect("the workflow");
    assert!(text.contains("\non:\n  push:\n    tags: [\"v*\"]\n\npermissions: {}\n"), "{RELEASE}: by a tag alone");
    let planted = "on: x\njobs:\n  a:\n    permissions:\n      contents: write\n    steps:\n      - uses: b/c@v1 # d\n      - uses: ./\n";
    assert_eq!(loose("w.yml", planted).len(), 3, "{:?}", loose("w.yml", planted));
}

#[test]
fn the_workflow_looks_for_licences_sources_and_advisories() {
    let (_, text) = workflows().into_iter().find(|(path, _)| path == ".github/workflows/ci.yml").expect("the workflow");
    assert!(text.contains("cargo deny --locked check"));
    let deny = repository::text("deny.toml");
    for rule in ["[advisories]", "[licenses]", "unknown-registry = \"deny\"", "unknown-git = \"deny\""] {
        assert!(deny.contains(rule), "deny.toml lacks {rule}");
    }
}

#[test]
fn no_code_of_ours_is_unsafe() {
    let sources =
        repository::sources(&["src/", "cargo-omega/", "tests/", "benches/", "examples/", "fuzz/", "fixtures/"]);
    let found = sources.iter().flat_map(|source| source.find("unsafe").map(|at| source.place(at)));
    crate::none(&found.collect::<Vec<_>>());
}

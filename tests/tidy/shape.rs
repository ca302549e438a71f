//! What a file looks like: its length, its first line, its name, and what a `mod.rs` may hold.

use crate::repository;
use crate::source::Source;

/// Lines a file may have without its inline tests.
const LONGEST: usize = 400;

/// Own lines, those without inline tests, that library and subcommand may have together. It falls with what is deleted; one
/// who raises it says in the commit what is worth the lines.
const OWN_LINES: usize = 72_000;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 6] = ["utils", "util", "helpers", "helper", "common", "manager"];

/// Doors that hold what the whole folder is about: two traits with defaults and forwarding impls at most, the list of the
/// gates beside the files they are in, and the one place that sends a command line to its subcommand.
const DOORS_WITH_CODE: [&str; 4] =
    ["src/search/mod.rs", "src/objective/mod.rs", "src/gates/mod.rs", "cargo-omega/src/commands/mod.rs"];

/// Both crates and all of their tests.
const EVERYTHING: [&str; 6] = ["src/", "tests/", "benches/", "examples/", "cargo-omega/src/", "cargo-omega/tests/"];

fn too_long(sources: &[Source]) -> Vec<String> {
    let finding = |source: &Source| {
        let own = source.own_lines();
        (own > LONGEST).then(|| format!("{}:{own}: {own} lines without its tests, at most {LONGEST}", source.path))
    };
    sources.iter().filter_map(finding).collect()
}

fn undocumented(sources: &[Source]) -> Vec<String> {
    let bare = sources.iter().filter(|source| !source.text.starts_with("//! "));
    bare.map(|source| format!("{}:1: does not say what it owns (`//! ...`)", source.path)).collect()
}

fn empty_names(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources {
        let folders = source.path.split('/').rev().skip(1).chain([source.stem()]);
        findings.extend(
            folders
                .filter(|name| EMPTY_NAMES.contains(name))
                .map(|name| format!("{}:1: `{name}` is no noun of this project", source.path)),
        );
        for name in EMPTY_NAMES {
            findings.extend(
                source
                    .find(&format!("mod {name}"))
                    .map(|at| format!("{}: `{name}` is no noun of this project", source.place(at))),
            );
        }
    }
    findings
}

/// What is no docs, attribute, `mod`, `use` in a file that is a door.
fn door_with_code(sources: &[Source]) -> Vec<String> {
    let door = |source: &&Source| {
        source.path.ends_with("/mod.rs") || ["src/lib.rs", "src/internals.rs"].contains(&source.path.as_str())
    };
    let closed = |source: &&Source| !DOORS_WITH_CODE.contains(&source.path.as_str());
    let mut findings = Vec::new();
    for source in sources.iter().filter(door).filter(closed) {
        for (at, statement) in statements(&source.code) {
            let mut words = statement.split_whitespace().filter(|word| !word.starts_with("pub"));
            let first = words.find(|word| !["(crate)", "(super)"].contains(word)).unwrap_or_default();
            if first != "mod" && first != "use" {
                let place = source.place(at);
                findings.push(format!("{place}: `{first}` in a file that only opens doors (docs, mod, use)"));
            }
        }
    }
    findings
}

/// The statements of a file without their attributes, each up to its semicolon or the end, with its offset.
fn statements(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut start = 0;
    for piece in code.split_inclusive(';') {
        let mut text = piece;
        loop {
            text = text.trim_start();
            let attribute = text.starts_with("#[") || text.starts_with("#![");
            let Some(end) = attribute.then(|| end_of_attribute(text)) else { break };
            text = &text[end..];
        }
        if !text.is_empty() {
            found.push((start + piece.len() - text.len(), text.to_owned()));
        }
        start += piece.len();
    }
    found
}

fn end_of_attribute(text: &str) -> usize {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '[' => depth += 1,
            ']' if depth == 1 => return at + 1,
            ']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[test]
fn no_file_has_more_than_400_lines_without_its_inline_tests() {
    crate::none(&too_long(&repository::sources(&EVERYTHING)));
}

/// Prints what `.ci/own-lines` shows.
#[test]
#[expect(clippy::print_stdout, reason = "the figures are what somebody asks for by running this test alone")]
fn own_lines_of_library_and_subcommand_stay_below_the_limit() {
    let mut sources = repository::sources(&["src/", "cargo-omega/src/"]);
    let sum: usize = sources.iter().map(Source::own_lines).sum();
    println!("{sum} own lines in {} files, at most {OWN_LINES}; the longest:", sources.len());
    sources.sort_by_key(|source| std::cmp::Reverse(source.own_lines()));
    for source in sources.iter().take(15) {
        println!("{:>6} {}", source.own_lines(), source.path);
    }
    assert!(
        sum <= OWN_LINES,
        "{sum} own lines in src and cargo-omega/src, at most {OWN_LINES}: delete what nobody reads"
    );
}

#[test]
fn every_file_says_at_its_top_what_it_owns() {
    crate::none(&undocumented(&repository::sources(&EVERYTHING)));
}

#[test]
fn no_module_is_called_utils_or_the_like() {
    crate::none(&empty_names(&repository::sources(&EVERYTHING)));
}

#[test]
fn a_mod_rs_is_a_door_and_holds_no_code() {
    crate::none(&door_with_code(&repository::sources(&["src/", "cargo-omega/src/"])));
}

#[test]
fn a_planted_file_of_the_wrong_shape_is_found() {
    let file = |path: &str, text: &str| [Source::new(path, text)];
    let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "fn a() {}\n".repeat(500));
    assert_eq!(too_long(&file("src/a.rs", &"fn a() {}\n".repeat(401))).len(), 1);
    assert_eq!(too_long(&file("src/a.rs", &("fn a() {}\n".repeat(400) + &tests))), [""; 0]);
    assert_eq!(too_long(&file("src/a.rs", &(tests + &"fn a() {}\n".repeat(401)))).len(), 1);

    assert_eq!(
        undocumented(&file("src/a.rs", "// A.\nuse b::c;")),
        ["src/a.rs:1: does not say what it owns (`//! ...`)"]
    );
    assert_eq!(undocumented(&file("src/a.rs", "//! A.\n")), [""; 0]);

    assert_eq!(empty_names(&file("src/utils/a.rs", "")).len(), 1);
    assert_eq!(empty_names(&file("src/common.rs", "")).len(), 1);
    assert_eq!(
        empty_names(&file("src/a.rs", "\nmod helpers { }")),
        ["src/a.rs:2: `helpers` is no noun of this project"]
    );
    assert_eq!(empty_names(&file("src/uncommon.rs", "mod common_sense;")), [""; 0]);

    assert_eq!(
        door_with_code(&file("src/a/mod.rs", "//! A.\n#[cfg(feature = \"[x]\")]\nmod b;\npub use b::{C, d};\n")),
        [""; 0]
    );
    assert_eq!(
        door_with_code(&file("src/a/mod.rs", "//! A.\nmod b;\nfn c() {}\n")),
        ["src/a/mod.rs:3: `fn` in a file that only opens doors (docs, mod, use)"]
    );
}

//! The documents beside the code they are about: their tables, their links, the declarations they show.

use std::collections::BTreeSet;

use omega_lock::GateId;
use omega_lock::internals::artifacts::ExitCode;
use omega_lock::internals::declaration::DeclarationFile;
use omega_lock::internals::harness::variables;

use crate::repository;

/// The rows of the table below a heading, cell by cell, without its head.
fn table(text: &str, heading: &str) -> Vec<Vec<String>> {
    let below = text.lines().skip_while(|line| *line != heading).skip(1);
    let section = below.take_while(|line| !line.starts_with("## "));
    let rows = section.skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = |row: &str| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    rows.skip(2).map(cells).collect()
}

/// The documents that people read, by their paths.
fn documents() -> Vec<String> {
    let is_document = |path: &String| path.ends_with(".md") && !path.starts_with("fixtures/");
    repository::files().into_iter().filter(is_document).collect()
}

/// The lines of a document, each with the language of the code block it stands in.
pub(crate) fn lines(text: &str) -> Vec<(Option<&str>, &str)> {
    let mut block = None;
    let mut found = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("```"), block) {
            (Some(language), None) => block = Some(language),
            (Some(_), Some(_)) => block = None,
            (None, _) => found.push((block, line)),
        }
    }
    found
}

/// Where the links outside of code blocks lead.
fn links(text: &str) -> Vec<String> {
    let prose = lines(text).into_iter().filter(|(block, _)| block.is_none());
    let of_line = |line: &str| {
        let targets = line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()));
        targets.collect::<Vec<_>>()
    };
    prose.flat_map(|(_, line)| of_line(line)).collect()
}

/// What a link behind `#` can name, as GitHub spells headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let heading = |(block, line): (Option<&str>, &str)| {
        let title = line.strip_prefix('#').filter(|_| block.is_none())?.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        Some(kept.map(|c| if c == ' ' { '-' } else { c }).collect())
    };
    lines(text).into_iter().filter_map(heading).collect()
}

/// `docs/../README.md` without its dots.
fn resolved(document: &str, link: &str) -> String {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/').filter(|part| *part != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// What is wrong with the links of a document.
fn broken(document: &str, text: &str, files: &[String]) -> Vec<String> {
    let inside = links(text).into_iter().filter(|link| !link.contains("://"));
    let problem = |link: String| {
        let (path, anchor) = link.split_once('#').map_or((link.as_str(), None), |(path, anchor)| (path, Some(anchor)));
        let path = if path.is_empty() { document.to_owned() } else { resolved(document, path) };
        let known = files.iter().any(|file| *file == path || file.starts_with(&format!("{path}/")));
        let named = |anchor: &str| anchors(&repository::text(&path)).contains(anchor);
        (!known || !anchor.is_none_or(named)).then(|| format!("{document}: nothing is at `{link}`"))
    };
    inside.filter_map(problem).collect()
}

#[test]
fn every_link_of_a_document_leads_to_a_file_and_a_heading_that_are_there() {
    let files = repository::files();
    let findings: Vec<String> =
        documents().iter().flat_map(|path| broken(path, &repository::text(path), &files)).collect();
    crate::none(&findings);
}

#[test]
fn a_planted_broken_link_is_found() {
    let files = ["README.md".to_owned(), "docs/verdict.md".to_owned()];
    let text =
        "[a](docs/verdict.md) [b](docs/gone.md) [c](https://example.org/x.md)\n```text\n[d](gone)\n```\n[e](#gone)";
    let expected = ["README.md: nothing is at `docs/gone.md`", "README.md: nothing is at `#gone`"];
    assert_eq!(broken("README.md", text, &files), expected);
    assert_eq!(resolved("docs/a.md", "../README.md"), "README.md");
}

#[test]
fn every_page_is_in_the_index() {
    let index = links(&repository::text("docs/README.md"));
    let pages = documents().into_iter().filter_map(|path| path.strip_prefix("docs/").map(str::to_owned));
    let missing: Vec<String> = pages.filter(|page| page != "README.md" && !index.contains(page)).collect();
    assert!(missing.is_empty(), "docs/README.md does not link to {missing:?}");
}

/// What a document names in backticks as a file or folder of this repository.
fn paths(text: &str) -> Vec<String> {
    let roots = ["src/", "cargo-omega/", "tests/", "fixtures/", "docs/", "benches/", "examples/", ".ci/", ".github/"];
    let prose = lines(text).into_iter().filter(|(block, _)| block.is_none()).map(|(_, line)| line);
    let quoted = prose.flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_path = |word: &&str| roots.iter().any(|root| word.starts_with(root)) && !word.contains(['*', '<', ' ']);
    quoted.filter(is_path).map(|path| path.trim_end_matches('/').to_owned()).collect()
}

/// `CONTRIBUTING.md` tells people where to look, so what it names is there.
#[test]
fn every_path_that_the_guide_for_contributors_names_is_there() {
    let files = repository::files();
    let there = |path: &String| files.iter().any(|file| file == path || file.starts_with(&format!("{path}/")));
    let named = paths(&repository::text("CONTRIBUTING.md"));
    assert!(named.len() > 10, "{named:?}");
    let missing: Vec<String> = named.into_iter().filter(|path| !there(path)).collect();
    assert!(missing.is_empty(), "CONTRIBUTING.md names what is not there: {missing:?}");
}

#[test]
fn a_path_is_found_in_backticks_and_nowhere_else() {
    let text = "`src/lib.rs` and src/gone.rs, `fixtures/gold/` and `fixtures/*.json`\n```text\n`src/gone.rs`\n```\n";
    assert_eq!(paths(text), ["src/lib.rs", "fixtures/gold"]);
}

#[test]
fn every_omega_toml_that_a_document_shows_can_be_read() {
    let mut read = 0;
    for document in documents() {
        let text = repository::text(&document);
        let shown: Vec<&str> =
            lines(&text).into_iter().filter_map(|(block, line)| (block == Some("toml")).then_some(line)).collect();
        let shown = shown.join("\n");
        if shown.contains("[calibration.") {
            // A manifest in the same document is no declaration.
            let declaration = shown.split("[[test]]").next().unwrap_or_default();
            DeclarationFile::parse(declaration).unwrap_or_else(|error| panic!("{document}: {error}"));
            read += 1;
        }
    }
    assert!(read > 1, "no document shows an omega.toml");
}

#[test]
fn the_readme_is_read_in_one_go() {
    let bytes = repository::text("README.md").len();
    assert!(bytes <= 10_000, "README.md has {bytes} bytes, at most 10,000: the rest stands in a page of docs/");
}

#[test]
fn the_exit_codes_of_the_readme_are_those_of_the_code() {
    let expected: Vec<Vec<String>> =
        ExitCode::ALL.iter().map(|code| vec![code.number().to_string(), code.meaning().to_owned()]).collect();
    assert_eq!(table(&repository::text("README.md"), "## Exit codes"), expected);
}

/// The table of docs/gates.md as the gates' own files make it.
fn gates_table() -> String {
    let row = |gate: GateId| {
        let keys: Vec<String> = gate.about().keys.iter().map(|key| format!("`{key}`")).collect();
        format!("| `{gate}` | {} | {} |\n", gate.about().fails, keys.join(", "))
    };
    let rows: String = GateId::every(&["<name>"]).into_iter().map(row).collect();
    format!("| gate | fails when | keys |\n|---|---|---|\n{rows}")
}

#[test]
fn the_table_of_docs_gates_md_is_the_one_that_the_gates_make() {
    let page = repository::text("docs/gates.md");
    let (head, rest) = page.split_once("## Gates\n\n").expect("the heading of the table");
    let (_, rest) = rest.split_once("\n\n").expect("text below the table");
    let made = format!("{head}## Gates\n\n{}\n{rest}", gates_table());
    if std::env::var_os("OMEGA_WRITE_DOCS").is_some() {
        return std::fs::write(repository::root().join("docs/gates.md"), &made).expect("the page can be written");
    }
    assert!(
        made == page,
        "docs/gates.md is old, write its table anew: OMEGA_WRITE_DOCS=1 cargo test --test tidy gates"
    );
}

#[test]
fn the_variables_of_the_documents_are_those_of_the_code() {
    let expected: Vec<Vec<String>> =
        variables::TABLE.iter().map(|(name, meaning)| vec![format!("`{name}`"), (*meaning).to_owned()]).collect();
    assert_eq!(table(&repository::text("docs/variables.md"), "## The table"), expected);
}

#[test]
fn a_table_is_read_from_below_its_heading_and_no_other() {
    let text = "## A\n\n| x | y |\n|---|---|\n| 1 | `a|b` |\n| 2 | c |\n\n| z |\n## B\n| x |\n|---|\n| 3 |\n";
    assert_eq!(table(text, "## A"), [["1", "`a|b`"], ["2", "c"]]);
    assert_eq!(table(text, "## B"), [["3"]]);
    assert!(table(text, "## C").is_empty());
}

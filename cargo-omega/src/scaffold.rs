//! What `init` makes: the texts of new files and the edits of files that are there. Pure; nothing is read or written.

mod manifest;
mod python;
mod workflow;

use omega_lock::internals::artifacts::Ledger;
use omega_lock::internals::gold::HISTORY;
use toml_edit::{DocumentMut, Item, Table};

pub(crate) use manifest::{Dependency, library, package_manifest, workspace_manifest};
pub(crate) use python::{declaration_for_python, example_in_python, ignored};
pub(crate) use workflow::{lies_inside, workflow, workflow_for_python};

pub(crate) const TARGET: &str = "calibration";

const EXAMPLE: &str = include_str!("../templates/calibration.rs");
const DECLARATION: &str = include_str!("../templates/omega.toml");
const TABLE: &str = include_str!("../templates/calibration.toml");

/// tests/calibration.rs with one calibration of this name.
pub(crate) fn example(name: &str) -> String {
    EXAMPLE.replace("@NAME@", name)
}

/// omega.toml with a table for the example; `None` if it has one. What is there stays as it is written.
///
/// # Errors
/// If the file is no TOML, with the parser's words.
pub(crate) fn declaration(there: Option<&str>, name: &str) -> Result<Option<String>, String> {
    with_table(there, name, TABLE)
}

/// omega.toml with this table; `None` if it has one.
fn with_table(there: Option<&str>, name: &str, table: &str) -> Result<Option<String>, String> {
    let table = table.replace("@NAME@", name);
    let Some(there) = there else { return Ok(Some(format!("{DECLARATION}\n{table}"))) };
    let document: DocumentMut = there.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    if document.get("calibration").and_then(|tables| tables.get(name)).is_some() {
        return Ok(None);
    }
    // Behind everything else, where a table of its own belongs: whatever stood last in the file has ended there.
    let end = if there.is_empty() || there.ends_with('\n') { "" } else { "\n" };
    Ok(Some(format!("{there}{end}\n{table}")))
}

/// .gitattributes in which two branches that added lines merge to the lines of both; `None` if it says how already.
pub(crate) fn attributes(there: Option<&str>) -> Option<String> {
    let said = |file: &str| {
        let mut lines = there.unwrap_or_default().lines().map(str::trim);
        lines.any(|line| {
            line.split_whitespace().next().is_some_and(|path| path.ends_with(file)) && line.contains("merge")
        })
    };
    let missing = [Ledger::FILE, HISTORY].into_iter().filter(|file| !said(file));
    with_lines(there, missing.map(|file| format!("{file} merge=union")))
}

/// A file with these lines behind those that are there; `None` if there are none to add.
fn with_lines(there: Option<&str>, missing: impl Iterator<Item = String>) -> Option<String> {
    let mut text = there.unwrap_or_default().to_owned();
    let before = text.len();
    for line in missing {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.extend([&line, "\n"]);
    }
    (text.len() > before).then_some(text)
}

/// The table at `path`, made where it is missing; `None` if something else is in the way.
fn table<'a>(document: &'a mut DocumentMut, path: &[&str]) -> Option<&'a mut dyn toml_edit::TableLike> {
    let mut item: &mut Item = document.as_item_mut();
    for key in path {
        let below = item.as_table_like_mut()?.entry(key).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        item = below;
    }
    item.as_table_like_mut()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_that_is_there_keeps_every_byte_and_gets_one_table_more() {
        let there = "# mine\n[calibration.a]   # odd\nprofile='reference'";
        let text = declaration(Some(there), "b").unwrap().unwrap();
        assert!(text.starts_with(&format!("{there}\n\n[calibration.b]\n")), "{text}");
        assert_eq!(declaration(Some(&text), "b"), Ok(None));
        assert!(declaration(Some("[calibration"), "b").is_err());
    }

    #[test]
    fn attributes_keep_every_line_and_say_once_how_the_files_merge() {
        let union = "omega.ledger.jsonl merge=union\nHISTORY.jsonl merge=union\n";
        assert_eq!(attributes(None).as_deref(), Some(union));
        assert_eq!(attributes(Some("* text=auto")), Some(format!("* text=auto\n{union}")));
        assert_eq!(attributes(Some(union)), None);
        let mine = "omega.ledger.jsonl -merge\n";
        assert_eq!(attributes(Some(mine)), Some(format!("{mine}HISTORY.jsonl merge=union\n")));
    }

    #[test]
    fn the_last_line_of_a_new_declaration_says_how_gold_is_turned_on() {
        let text = declaration(None, "a").unwrap().unwrap();
        let last = text.lines().last().unwrap();
        assert!(last.contains("gold = \"required\"") && last.contains("cargo omega update-gold --reason"), "{last}");
        assert!(text.contains("\ngold = \"off\"\n"));
    }
}

//! What two artifacts differ in, for a terminal and for a pull request.

use super::escaped_line;
use super::gold::signed;
use super::table::table;
use crate::artifacts::{DiffDocument, DiffRow};

/// Longer values are cut in the middle of a terminal's line; the whole ones are in the other formats.
const LONGEST_VALUE: usize = 40;

/// Rows in columns, then the counts.
pub fn diff_text(document: &DiffDocument) -> String {
    let mut last = "";
    let mut rows = Vec::new();
    for row in &document.rows {
        let section = if row.section == last { "" } else { row.section.as_str() };
        last = &row.section;
        let values = format!("{} -> {}", cut(&row.before), cut(&row.after));
        rows.push([section.to_owned(), escaped_line(&row.name), values, delta(row), word(row)]);
    }
    let header = ["", "", "before -> after", "delta", ""].map(str::to_owned);
    let mut lines = if rows.is_empty() { Vec::new() } else { table(&header, &rows, &[3]) };
    lines.push(String::new());
    lines.push(format!("  {}", summary(document)));
    lines.join("\n").trim_start_matches('\n').to_owned() + "\n"
}

/// A table in Markdown, then the counts.
pub fn diff_markdown(document: &DiffDocument) -> String {
    let mut lines = Vec::new();
    if !document.rows.is_empty() {
        lines.push("| | | before | after | delta | |\n|---|---|---|---|---:|---|".to_owned());
    }
    let cell = |text: &str| format!("`{}`", escaped_line(text).replace('|', "\\|").replace('`', "'"));
    let value = |value: &Option<String>| value.as_deref().map_or_else(String::new, cell);
    for row in &document.rows {
        let word = if row.regressed { format!("**{}**", row.word) } else { row.word.clone() };
        let (before, after) = (value(&row.before), value(&row.after));
        lines.push(format!("| {} | {} | {before} | {after} | {} | {word} |", row.section, cell(&row.name), delta(row)));
    }
    lines.push(format!("\n{}", summary(document)));
    lines.join("\n").trim_start().to_owned() + "\n"
}

fn summary(document: &DiffDocument) -> String {
    if document.rows.is_empty() {
        return "nothing differs".to_owned();
    }
    let mut parts = Vec::new();
    for section in ["verdict", "gates", "candidate", "metrics", "declared", "feasible", "trail"] {
        let of = || document.rows.iter().filter(|row| row.section == section);
        let (all, bad) = (of().count(), of().filter(|row| row.regressed).count());
        match (all, bad) {
            (0, _) => {}
            (all, 0) => parts.push(format!("{section}: {all} changed")),
            (all, bad) => parts.push(format!("{section}: {bad} regressed of {all} changed")),
        }
    }
    parts.join(", ")
}

fn word(row: &DiffRow) -> String {
    match row.word.as_str() {
        "changed" => String::new(),
        word => word.to_owned(),
    }
}

fn delta(row: &DiffRow) -> String {
    row.delta.map_or_else(String::new, |delta| signed(delta.0))
}

fn cut(value: &Option<String>) -> String {
    let Some(value) = value else { return "(none)".to_owned() };
    let value = escaped_line(value);
    if value.chars().count() <= LONGEST_VALUE {
        return value;
    }
    let start: String = value.chars().take(LONGEST_VALUE - 3).collect();
    start + "..."
}

//! What two artifacts differ in, for a terminal and for a pull request.

use super::escaped_line;
use super::gold::signed;
use super::table::table;
use crate::artifacts::{DiffDocument, DiffRow};

/// Longer values are cut in the middle of a terminal's line; the whole ones are in the other formats.
const LONGEST_VALUE: usize = 40;
/// The same where only what matters most is shown, so that a narrow terminal has room for it.
const SHORT_VALUE: usize = 20;

/// Rows in columns, those that matter most if there are more than so many, then the counts of all.
pub fn diff_text(document: &DiffDocument, most: usize) -> String {
    let mut last = "";
    let mut rows = Vec::new();
    let longest = if most == usize::MAX { LONGEST_VALUE } else { SHORT_VALUE };
    let shown = foremost(document, most);
    for row in shown.iter().filter_map(|&place| document.rows.get(place)) {
        let section = if row.section == last { "" } else { row.section.as_str() };
        last = &row.section;
        let values = format!("{} -> {}", cut(&row.before, longest), cut(&row.after, longest));
        rows.push([section.to_owned(), escaped_line(&row.name), values, delta(row), word(row)]);
    }
    let header = ["", "", "before -> after", "delta", ""].map(str::to_owned);
    let mut lines = if rows.is_empty() { Vec::new() } else { table(&header, &rows, &[3]) };
    match document.rows.len() - shown.len() {
        0 => {}
        1 => lines.push("  ... and 1 more difference: add `--full`".to_owned()),
        more => lines.push(format!("  ... and {more} more differences: add `--full`")),
    }
    lines.push(String::new());
    lines.push(format!("  {}", summary(document)));
    lines.join("\n").trim_start_matches('\n').to_owned() + "\n"
}

/// The places of the rows that matter most, in order: verdict, what would ship and its figures before all else, and of each
/// what is a step back first.
fn foremost(document: &DiffDocument, most: usize) -> Vec<usize> {
    const FIRST: [(&str, usize); 5] = [("verdict", 1), ("candidate", 3), ("metrics", 3), ("gates", 2), ("declared", 1)];
    let mut order: Vec<(usize, &DiffRow)> = document.rows.iter().enumerate().collect();
    order.sort_by_key(|(_, row)| !row.regressed);
    let mut chosen: Vec<usize> = Vec::new();
    for (section, room) in FIRST {
        let of = order.iter().filter(|(_, row)| row.section == section).take(room);
        chosen.extend(of.map(|(place, _)| *place));
    }
    let rest: Vec<usize> = order.iter().map(|(place, _)| *place).filter(|place| !chosen.contains(place)).collect();
    chosen.extend(rest);
    chosen.truncate(most);
    chosen.sort_unstable();
    chosen
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

fn cut(value: &Option<String>, longest: usize) -> String {
    let Some(value) = value else { return "(none)".to_owned() };
    let value = escaped_line(value);
    if value.chars().count() <= longest {
        return value;
    }
    let start: String = value.chars().take(longest - 3).collect();
    start + "..."
}

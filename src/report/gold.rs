//! A result beside gold, as people read it: the figures that moved, then the same as a diff of the files.

use similar::TextDiff;

use super::table::table;
use crate::artifacts::{GoldDocument, Provenance, document_text};
use crate::gold::{Comparison, Outcome, Part, Row};
use crate::number::general;

/// Lines of a diff that are worth reading; the rest is counted.
const LONGEST_DIFF: usize = 60;

/// One line: what moved, or how close it came.
pub fn gold_line(comparison: &Comparison) -> String {
    let total = comparison.figures().count();
    let named = |row: &Row| format!("{} {} -> {}", name(row), shown(&row.gold), shown(&row.new));
    let better: Vec<&Row> = comparison.rows.iter().filter(|row| row.outcome == Outcome::Better).collect();
    if comparison.holds() {
        let quiet = comparison.figures().filter(|row| row.outcome.is_quiet()).count();
        let worst = match comparison.most_used() {
            used if used > 0.0 => format!(", worst at {:.0} % of its tolerance", 100.0 * used),
            _ => String::new(),
        };
        let better = match better.as_slice() {
            [] => String::new(),
            [only] => format!("; better: {}", named(only)),
            [first, others @ ..] => format!("; better: {} and {} more", named(first), others.len()),
        };
        return format!("{quiet} of {total} metrics as accepted{worst}{better}");
    }
    let moved = comparison.failing().filter(|row| row.part == Part::Metric).count();
    let others = comparison.failing().filter(|row| matches!(row.part, Part::Verdict | Part::Trail)).map(named);
    let params = comparison.failing().filter(|row| row.part == Part::Param).count();
    let gates = comparison.failing().filter(|row| row.part == Part::Gate).map(named);
    let mut parts: Vec<String> = others.chain(gates.take(1)).collect();
    if moved > 0 {
        parts.push(format!("{moved} of {total} metrics moved"));
    }
    if params > 0 {
        parts.push(format!("another candidate ({params} parameters)"));
    }
    parts.join(", ")
}

/// The rows that are not as accepted, as a table, and a count of the others.
pub fn gold_table(comparison: &Comparison) -> Vec<String> {
    let header = ["metric", "gold", "new", "delta", "allowed", ""].map(str::to_owned);
    let shown_rows: Vec<&Row> = comparison.rows.iter().filter(|row| !row.outcome.is_quiet()).collect();
    let row = |row: &&Row| {
        let delta = row.delta.map_or_else(String::new, signed);
        [name(row), shown(&row.gold), shown(&row.new), delta, row.allowed.clone(), word(row.outcome).to_owned()]
    };
    let rows: Vec<[String; 6]> = shown_rows.iter().map(row).collect();
    let mut lines = if rows.is_empty() { Vec::new() } else { table(&header, &rows, &[1, 2, 3]) };
    let quiet = comparison.figures().filter(|row| row.outcome.is_quiet()).count();
    lines.push(format!("  {quiet} of {} metrics as accepted", comparison.figures().count()));
    lines.extend(comparison.notes.iter().map(|note| format!("  note: {note}")));
    lines
}

/// Where gold was made, beside where the result was.
pub fn provenance_line(gold: &Provenance, new: &Provenance) -> String {
    let commit = gold.commit.as_deref().map_or("no commit", |commit| commit.get(..7).unwrap_or(commit));
    let rustc = gold.rustc.as_deref().unwrap_or("an unknown compiler");
    let same = gold.rustc == new.rustc && gold.platform == new.platform;
    let here = if same { "same here".to_owned() } else { format!("here {}, {}", shown(&new.rustc), new.platform) };
    format!("  gold was made at {commit} with {rustc} on {} ({here})", gold.platform)
}

/// The difference of two gold files as a unified diff, capped; where they were made is no difference.
pub fn gold_diff(gold: &GoldDocument, new: &GoldDocument) -> Vec<String> {
    let new = GoldDocument { recorded: gold.recorded.clone(), ..new.clone() };
    let text = |document: &GoldDocument| document_text(document).unwrap_or_default();
    unified(&text(gold), &text(&new), LONGEST_DIFF)
}

/// A unified diff, indented as the rest of a failure is, of at most `longest` lines.
pub fn unified(old: &str, new: &str, longest: usize) -> Vec<String> {
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().context_radius(2).to_string();
    let mut lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    if lines.len() > longest {
        let rest = lines.len() - longest;
        lines.truncate(longest);
        lines.push(format!("  ... {rest} more lines"));
    }
    lines
}

fn name(row: &Row) -> String {
    match row.part {
        Part::Gate | Part::Param => format!("{} {}", row.part.name(), row.name),
        Part::Verdict | Part::Metric | Part::Trail => row.name.clone(),
    }
}

fn shown(value: &Option<String>) -> String {
    value.clone().unwrap_or_else(|| "(none)".to_owned())
}

/// A distance with its sign.
pub(super) fn signed(delta: f64) -> String {
    let sign = if delta < 0.0 { "" } else { "+" };
    format!("{sign}{}", general(delta, 6))
}

/// What is said of an outcome.
pub(super) const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Same | Outcome::Within { .. } => "ok",
        Outcome::Better => "better",
        Outcome::Added => "new",
        Outcome::Unknown => "no such metric  FAIL",
        Outcome::NotANumber => "not a number  FAIL",
        Outcome::Removed => "gone  FAIL",
        Outcome::Moved | Outcome::Worse => "FAIL",
    }
}

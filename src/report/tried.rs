//! Parameters tried by hand, and a calibration looked at, as plain lines.

use super::{escaped_line, table, wrapped};
use crate::artifacts::{Number, ParamValue, Tried, TriedEvaluation};
use crate::number::{general, repr};

/// Digits of a difference; the figures themselves are shown to the last bit.
const DIGITS: usize = 6;

/// Width of a line of words.
const WIDTH: usize = 100;

/// Every figure of what was asked beside those of the baseline and of gold, its constraints, its parameters, the notes.
#[must_use]
pub fn tried_evaluations(tried: &Tried) -> String {
    let Some((asked, others)) = tried.evaluations.split_first() else { return String::new() };
    let mut lines = vec![format!("  on {}, in no trail", asked.slice)];
    if let Some(failure) = &asked.failure {
        let what = if asked.not_applicable { "these parameters do not go together" } else { "the evaluation failed" };
        lines.push(format!("  {what}: {}", escaped_line(failure)));
    } else {
        lines.extend(figures(asked, others));
    }
    for constraint in &asked.constraints {
        lines.push(format!("  constraint {}: {}", escaped_line(&constraint.name), escaped_line(&constraint.shown)));
    }
    lines.extend(parameters(asked, others.first()));
    lines.extend(tried.notes.iter().map(|note| format!("  note: {}", escaped_line(note))));
    lines.push(String::new());
    lines.join("\n")
}

fn figures(asked: &TriedEvaluation, others: &[TriedEvaluation]) -> Vec<String> {
    let of = |name: &str| others.iter().find(|other| other.name == name);
    let (baseline, gold) = (of("baseline"), of("gold"));
    let beside = |value: f64, other: Option<f64>| match other {
        Some(other) if other == value => format!("{} (the same)", repr(other)),
        Some(other) => {
            let sign = if value > other { "+" } else { "" };
            format!("{} ({sign}{})", repr(other), general(value - other, DIGITS))
        }
        None => "-".to_owned(),
    };
    let row = |name: &str, read: &dyn Fn(&TriedEvaluation) -> Option<f64>| {
        let value = read(asked)?;
        let other = |other: Option<&TriedEvaluation>| beside(value, other.and_then(read));
        Some([escaped_line(name), repr(value), other(baseline), other(gold)])
    };
    let mut rows = Vec::new();
    rows.extend(row("fitness", &|tried| tried.fitness.map(|Number(value)| value)));
    let samples = |other: Option<&TriedEvaluation>| {
        other.filter(|other| other.fitness.is_some()).map_or_else(|| "-".to_owned(), |other| other.samples.to_string())
    };
    rows.push(["samples".to_owned(), asked.samples.to_string(), samples(baseline), samples(gold)]);
    for name in asked.metadata.keys() {
        rows.extend(row(name, &|tried| tried.metadata.get(name).and_then(serde_json::Value::as_f64)));
    }
    if !asked.blocks.is_empty() {
        let wins =
            |other: Option<&TriedEvaluation>| match other.filter(|other| other.blocks.len() == asked.blocks.len()) {
                Some(other) => {
                    let better = asked.blocks.iter().zip(&other.blocks).filter(|(one, other)| one.0 > other.0).count();
                    format!("better in {better}")
                }
                None => "-".to_owned(),
            };
        rows.push(["blocks".to_owned(), asked.blocks.len().to_string(), wins(baseline), wins(gold)]);
    }
    table(&["", "asked", "baseline", "gold"].map(str::to_owned), &rows, &[1])
}

/// What differs from the baseline.
fn parameters(asked: &TriedEvaluation, baseline: Option<&TriedEvaluation>) -> Vec<String> {
    let Some(baseline) = baseline else { return Vec::new() };
    let before = |name: &str| baseline.params.0.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let change = |(name, value): &(String, ParamValue)| {
        let before = before(name).filter(|before| *before != value)?;
        Some(format!(
            "  {} {} -> {}",
            escaped_line(name),
            escaped_line(&before.to_string()),
            escaped_line(&value.to_string())
        ))
    };
    let changes: Vec<String> = asked.params.0.iter().filter_map(change).collect();
    if changes.is_empty() { vec!["  parameters: those of the baseline".to_owned()] } else { changes }
}

/// What was looked at, one thing a line; what a run could not do with is marked.
#[must_use]
pub fn tried_findings(tried: &Tried) -> String {
    let widest = tried.findings.iter().map(|finding| finding.what.chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for finding in &tried.findings {
        let mark = if finding.ok { "ok   " } else { "WRONG" };
        let found = wrapped(&escaped_line(&finding.found), widest + 9, WIDTH);
        lines.push(format!("{mark}  {:widest$}  {found}", finding.what));
    }
    lines.extend(tried.notes.iter().map(|note| format!("note: {}", escaped_line(note))));
    lines.push(String::new());
    lines.join("\n")
}

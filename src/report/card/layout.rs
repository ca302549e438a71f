//! The page of a scorecard.

use std::fmt::{Result, Write};

use super::Scorecard;
use super::bests::{Best, Shown};
use super::constraints::Standing;
use crate::number::{fixed, general};
use crate::report::escaped_line;

/// Lines that a section has at most; what is left out is counted.
const LONGEST: usize = 50;

impl Scorecard {
    /// The page: plain text that a terminal obeys nowhere. The same scorecard gives the same bytes.
    pub fn page(&self) -> String {
        let mut page = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut page);
        page
    }

    fn write(&self, page: &mut String) -> Result {
        writeln!(page, "=== omega-lock {} ===", escaped_line(&self.title))?;
        for (label, text) in &self.identity {
            writeln!(page, "{:<13} {}", format!("{label}:"), escaped_line(text))?;
        }
        self.write_totals(page)?;
        section(page, "Gates", &self.gates, |page, (status, name, message)| {
            writeln!(page, "  {:<8} {:<24} {}", escaped_line(status), escaped_line(name), escaped_line(message))
        })?;
        section(page, "Constraints", &self.constraints.standings, write_standing)?;
        if let Some((role, best)) = self.bests.searched() {
            write_best(page, role, best)?;
        }
        let mut ranking: Vec<_> = self.ranking.iter().collect();
        ranking.sort_by(|a, b| crate::stats::descending(a.1, b.1));
        section(page, "Stress ranking", &ranking, |page, (name, stress)| {
            writeln!(page, "  {:<24} {:>14}", escaped_line(name), general(*stress, 6))
        })?;
        section(page, "Breakdown by phase and role", &self.breakdown, |page, (phase, role, count)| {
            writeln!(page, "  {:<14} {:<12} {count:>8}", escaped_line(phase), escaped_line(role))
        })?;
        section(page, "Notes", &self.notes, |page, note| writeln!(page, "  {}", escaped_line(note)))
    }

    fn write_totals(&self, page: &mut String) -> Result {
        let total: u64 = self.breakdown.iter().map(|(.., count)| count).sum();
        let failed = if self.failed > 0 { format!(", {} failed", self.failed) } else { String::new() };
        writeln!(page, "Evaluations:  {total}{failed}")?;
        let (feasible, judged) = (self.constraints.feasible, self.constraints.judged);
        if judged == 0 {
            return writeln!(page, "Feasible:     not recorded");
        }
        let share = fixed(100.0 * feasible as f64 / judged as f64, 1);
        writeln!(page, "Feasible:     {feasible} of {judged} ({share} %)")
    }
}

/// A heading and a line per item, if there are any.
fn section<T>(
    page: &mut String,
    heading: &str,
    items: &[T],
    mut write: impl FnMut(&mut String, &T) -> Result,
) -> Result {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(page, "\n{heading}:")?;
    for item in items.iter().take(LONGEST) {
        write(page, item)?;
    }
    match items.len().saturating_sub(LONGEST) {
        0 => Ok(()),
        more => writeln!(page, "  ... and {more} more"),
    }
}

fn write_standing(page: &mut String, standing: &Standing) -> Result {
    let (kept, judged) = standing.total();
    let shown = standing.roles.iter().take(LONGEST);
    let mut roles: Vec<String> =
        shown.map(|(role, kept, judged)| format!("{} {kept}/{judged}", escaped_line(role))).collect();
    if !standing.declared {
        roles.push("not among the declared ones".to_owned());
    }
    if !standing.description.is_empty() {
        roles.push(escaped_line(&standing.description));
    }
    let name = escaped_line(&standing.name);
    writeln!(page, "  {:<6} {name:<24} {:>11}  {}", standing.status(), format!("{kept}/{judged}"), roles.join(", "))
}

fn write_best(page: &mut String, role: &str, best: &Best) -> Result {
    let not_finite = match best.not_finite {
        0 => String::new(),
        count => format!(", {count} not finite or failed"),
    };
    writeln!(page, "\nBest of {} candidates on {}{not_finite}:", best.candidates, escaped_line(role))?;
    match &best.feasible {
        Some(feasible) => writeln!(page, "  feasible    {}", candidate(feasible))?,
        None if best.candidates == best.not_finite => writeln!(page, "  feasible    none")?,
        None if best.judged => writeln!(page, "  feasible    none: each violates a constraint")?,
        None => writeln!(page, "  feasible    not recorded")?,
    }
    match &best.any {
        Some(any) if best.feasible.as_ref() == Some(any) => writeln!(page, "  any         the same"),
        Some(any) => {
            writeln!(page, "  any         {}", candidate(any))?;
            if any.violates.is_empty() {
                return Ok(());
            }
            writeln!(page, "              violates {}", escaped_line(&any.violates.join(", ")))
        }
        None => writeln!(page, "  any         none"),
    }
}

fn candidate(shown: &Shown) -> String {
    let (place, samples) = (escaped_line(&shown.place), escaped_line(&shown.samples));
    format!("{place}  {}  n={samples}  {}", general(shown.fitness, 6), escaped_line(&shown.params))
}

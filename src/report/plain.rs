//! The page as plain text: `scorecard.txt`, and what `show` prints.

use std::fmt::{Result, Write};

use super::escape::Text;
use super::view::{Best, Level, Page, Param, Pass, Selected, Shown, Standing};
use crate::artifacts::RunResult;
use crate::number::fixed;

/// Lines that a section has at most, and parameters that a line has; what is left out is counted.
const LONGEST: usize = 60;
/// Parameters of a candidate that is not the selected one.
const FEW: usize = 12;

/// `scorecard.txt` of a run; the same result gives the same bytes.
pub fn scorecard(result: &RunResult) -> String {
    Page::from(result).text()
}

impl Page {
    /// The page as plain text that a terminal obeys nowhere.
    pub fn text(&self) -> String {
        let mut page = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut page);
        page
    }

    fn write(&self, page: &mut String) -> Result {
        let of = if self.name.as_str().is_empty() { "" } else { ": " };
        writeln!(page, "=== omega-lock {}{of}{} ===", self.kind, self.name)?;
        let refused = self.refusal.as_ref().map(|refusal| &refusal.verdict);
        if let Some(verdict) = refused.or(self.verdict.as_ref()) {
            let parts = [("rests on ", &self.rests_on), ("skipped: ", &self.without)];
            let parts = parts.into_iter().filter(|(_, known)| !known.is_empty());
            let parts: Vec<String> = parts.map(|(word, known)| format!("{word}{}", listed(known.iter()))).collect();
            let beside = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) };
            writeln!(page, "{:<13} {verdict}{beside}", "Verdict:")?;
        }
        for (case, reason) in self.refusal.iter().flat_map(|refusal| &refusal.cases) {
            writeln!(page, "{:<13} {case}: {reason}", "Not accepted:")?;
        }
        for (label, text) in &self.identity {
            writeln!(page, "{:<13} {text}", format!("{label}:"))?;
        }
        self.write_totals(page)?;
        section(page, "Gates", &self.gates, |page, gate| {
            writeln!(page, "  {:<8} {:<24} {}", gate.status, gate.name, gate.message)
        })?;
        section(page, "Constraints", &self.constraints.standings, write_standing)?;
        section(page, "Windows", &self.windows, |page, window| {
            let of = if window.of.as_str().is_empty() { String::new() } else { format!(" ({})", window.of) };
            writeln!(page, "  {:<4} {:<16} gain {}{of}", window.number, window.winner, window.gain)
        })?;
        section(page, "Winners' parameters, window by window", &self.wander, |page, wander| {
            let same = if wander.distinct < 2 { "  the same in all" } else { "" };
            writeln!(page, "  {:<24} {}{same}", wander.name, listed(wander.values.iter()))
        })?;
        for pass in self.passes.iter().filter(|pass| pass.round > 0) {
            write_round(page, pass)?;
        }
        if !self.passes.is_empty() {
            self.write_selected(page)?;
        }
        section(page, "Gain over the baseline", &self.gains, |page, (slice, gain)| {
            writeln!(page, "  {slice:<11} {gain}")
        })?;
        section(page, "Blocks", &self.blocks, |page, (whose, blocks)| {
            writeln!(page, "  {whose:<20} {}", listed(blocks.iter().map(|block| Text::number(*block))))
        })?;
        if let Some((role, best)) = self.bests.searched() {
            write_best(page, role, best, self.selected.as_ref())?;
        }
        section(page, "Stress ranking", &self.stress, |page, stress| {
            let unlocked = if stress.unlocked { "  unlocked" } else { "" };
            writeln!(page, "  {:<24} {:>14}{unlocked}", stress.name, Text::number(stress.value))
        })?;
        section(page, "Evaluations by phase and role", &self.breakdown, |page, (phase, role, count)| {
            writeln!(page, "  {phase:<14} {role:<12} {count:>8}")
        })?;
        section(page, "Notes", &self.notes, |page, note| writeln!(page, "  {note}"))
    }

    fn write_totals(&self, page: &mut String) -> Result {
        let total: u64 = self.breakdown.iter().map(|(.., count)| count).sum();
        write!(page, "Evaluations:  {total}")?;
        for (count, what) in [(self.failed, "failed"), (self.not_applicable, "not applicable")] {
            if count > 0 {
                write!(page, ", {count} {what}")?;
            }
        }
        writeln!(page)?;
        let Some((role, best)) = self.bests.searched() else { return Ok(()) };
        let feasible = match best.keeping {
            Some(keeping) => {
                let share = fixed(100.0 * keeping as f64 / best.candidates.max(1) as f64, 1);
                format!("{keeping} feasible ({share} %)")
            }
            None => "feasibility not recorded".to_owned(),
        };
        writeln!(page, "Candidates:   {} on {role}, {feasible}", best.candidates)
    }

    /// What would ship, slice by slice.
    fn write_selected(&self, page: &mut String) -> Result {
        let Some(selected) = &self.selected else {
            writeln!(page, "\nSelected:     none")?;
            return write_levels(page, &self.levels);
        };
        writeln!(page, "\nSelected:     {} of {}", selected.place, selected.of)?;
        write_levels(page, &self.levels)?;
        if !selected.violates.is_empty() {
            writeln!(page, "  violates    {}", listed(selected.violates.iter()))?;
        }
        let (moved, kept) = selected.moved();
        let moves = |param: &&Param| match &param.before {
            Some(before) => format!("{} {before} -> {}", param.name, param.value),
            None => assigned(param),
        };
        if let Some(first) = moved.first() {
            let label = if first.before.is_some() { "moved" } else { "params" };
            writeln!(page, "  {label:<11} {}", listed(moved.iter().map(moves)))?;
        }
        if !kept.is_empty() {
            writeln!(page, "  kept        {}", listed(kept.iter().map(|param| assigned(param))))?;
        }
        Ok(())
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

/// Items on one line.
fn listed(items: impl ExactSizeIterator<Item = impl ToString>) -> String {
    let more = items.len().saturating_sub(LONGEST);
    let mut shown: Vec<String> = items.take(LONGEST).map(|item| item.to_string()).collect();
    shown.extend((more > 0).then(|| format!("and {more} more")));
    shown.join(", ")
}

fn assigned(param: &Param) -> String {
    format!("{}={}", param.name, param.value)
}

fn write_standing(page: &mut String, standing: &Standing) -> Result {
    let (kept, judged) = standing.total();
    let shown = standing.roles.iter().take(LONGEST);
    let mut roles: Vec<String> = shown.map(|(role, kept, judged)| format!("{role} {kept}/{judged}")).collect();
    if !standing.declared {
        roles.push("not among the declared ones".to_owned());
    }
    if !standing.description.as_str().is_empty() {
        roles.push(standing.description.to_string());
    }
    let (status, name, kept) = (standing.status(), &standing.name, format!("{kept}/{judged}"));
    writeln!(page, "  {status:<6} {name:<24} {kept:>11}  {}", roles.join(", "))
}

fn write_round(page: &mut String, pass: &Pass) -> Result {
    writeln!(page, "\n{} {}:      {}", if pass.window { "Window" } else { "Round" }, pass.round, pass.verdict)?;
    let axis = |axis: &super::view::Axis| match axis.stress {
        Some(stress) => format!("{} ({})", axis.name, Text::number(stress)),
        None => axis.name.to_string(),
    };
    let unlocked = if pass.axes.is_empty() { "nothing".to_owned() } else { listed(pass.axes.iter().map(axis)) };
    writeln!(page, "  unlocked    {unlocked}")?;
    if let Some(selected) = &pass.selected {
        writeln!(page, "  selected    #{} of {}", selected.index, pass.candidates)?;
    }
    write_levels(page, &pass.levels)?;
    if !pass.violates.is_empty() {
        writeln!(page, "  violates    {}", listed(pass.violates.iter()))?;
    }
    if pass.window {
        return Ok(());
    }
    let locked = if pass.locked.is_empty() { "nothing".to_owned() } else { listed(pass.locked.iter().map(assigned)) };
    writeln!(page, "  locked in   {locked}")
}

/// A line for each slice: the selected candidate there, and what is beside it.
fn write_levels(page: &mut String, levels: &[Level]) -> Result {
    for level in levels {
        let mut parts =
            vec![level.selected.map_or_else(|| "none".to_owned(), |fitness| Text::number(fitness).to_string())];
        if !level.samples.as_str().is_empty() {
            parts.push(format!("n={}", level.samples));
        }
        parts.extend(level.baseline.map(|baseline| format!("baseline {}", Text::number(baseline))));
        parts.extend(level.required.map(|required| format!("required {}", Text::number(required))));
        parts.extend((!level.remark.as_str().is_empty()).then(|| level.remark.to_string()));
        writeln!(page, "  {:<11} {}", level.slice, parts.join("  "))?;
    }
    Ok(())
}

fn write_best(page: &mut String, role: &Text, best: &Best, selected: Option<&Selected>) -> Result {
    let not_finite = match best.not_finite {
        0 => String::new(),
        count => format!(", {count} without a finite fitness"),
    };
    writeln!(page, "\nBest of {} candidates on {role}{not_finite}:", best.candidates)?;
    let candidate = |shown: &Shown| candidate(shown, selected);
    match &best.feasible {
        Some(feasible) => writeln!(page, "  feasible    {}", candidate(feasible))?,
        None if best.candidates == best.not_finite => writeln!(page, "  feasible    none")?,
        None if best.keeping.is_some() => writeln!(page, "  feasible    none: each violates a constraint")?,
        None => writeln!(page, "  feasible    not recorded")?,
    }
    match &best.any {
        Some(any) if best.feasible.as_ref() == Some(any) => writeln!(page, "  any         the same"),
        Some(any) => {
            writeln!(page, "  any         {}", candidate(any))?;
            if any.violates.is_empty() {
                return Ok(());
            }
            writeln!(page, "              violates {}", listed(any.violates.iter()))
        }
        None => writeln!(page, "  any         none"),
    }
}

fn candidate(shown: &Shown, selected: Option<&Selected>) -> String {
    let Shown { place, fitness, samples, params, .. } = shown;
    if selected.is_some_and(|selected| selected.place == *place) {
        return "the selected one".to_owned();
    }
    let more = params.len().saturating_sub(FEW);
    let mut values: Vec<String> = params.iter().take(FEW).map(assigned).collect();
    values.extend((more > 0).then(|| format!("and {more} more")));
    format!("{place}  {}  n={samples}  {}", Text::number(*fitness), values.join(", "))
}

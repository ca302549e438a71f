//! `scorecard.txt`: one run on one page of plain text.

use std::fmt::{Result, Write};

use super::page::{level, number, params, write_evaluations, write_gates, write_head, write_warnings};
use crate::artifacts::{HoldoutEntry, PassEntry, RunResult, WalkForwardEntry};

/// The scorecard of a run; the same result gives the same bytes.
pub fn scorecard(result: &RunResult) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write_page(&mut page, result);
    page
}

fn write_page(page: &mut String, result: &RunResult) -> Result {
    write_head(page, result)?;
    write_evaluations(page, &result.evaluations)?;
    if let Some(reason) = result.stop_reason {
        let most = result.declared("iterative.rounds").unwrap_or("?");
        writeln!(page, "Stopped:      {reason} after {} of at most {most} rounds", result.passes.len())?;
    }
    write_gates(page, &result.gates)?;
    for pass in &result.passes {
        match pass.round {
            Some(round) => write_round(page, round, pass)?,
            None => write_pass(page, result, pass)?,
        }
    }
    if let (Some(_), Some(final_params)) = (result.stop_reason, &result.params) {
        writeln!(page, "\nFinal:")?;
        writeln!(page, "  params      {}", params(final_params))?;
        write_holdout(page, result)?;
    }
    write_warnings(page, &result.warnings)
}

fn write_pass(page: &mut String, result: &RunResult, pass: &PassEntry) -> Result {
    if let Some(best) = &pass.selected {
        writeln!(page, "\nSelected:     #{} of {}", best.index, pass.searched())?;
        writeln!(page, "  feasible    {} of {} candidates", pass.feasible(), pass.searched())?;
        writeln!(page, "  unlocked    {}", params(&pass.tuned()))?;
        writeln!(page, "  params      {}", params(&best.params))?;
        writeln!(page, "  baseline    {}", level(pass.baseline.fitness, pass.baseline.samples))?;
        writeln!(page, "  train       {}", level(best.fitness, best.samples))?;
        if let Some((lead, test)) = pass.walk_forward.as_ref().and_then(on_test) {
            let same = if lead == best.index { "" } else { "  (best on train, not the selected one)" };
            writeln!(page, "  test        {test}{same}")?;
        }
        write_holdout(page, result)?;
        if !best.constraints_failed.is_empty() {
            writeln!(page, "  violates    {}", best.constraints_failed.join(", "))?;
        }
    } else {
        writeln!(page, "\nSelected:     none")?;
    }
    writeln!(page, "\nStress ranking:")?;
    for row in &pass.stresses {
        let unlocked = if pass.unlocked.contains(&row.name) { "  unlocked" } else { "" };
        writeln!(page, "  {:<24} {:>14}{unlocked}", row.name, number(row.stress))?;
    }
    Ok(())
}

fn write_round(page: &mut String, round: usize, pass: &PassEntry) -> Result {
    writeln!(page, "\nRound {round}:      {}", pass.verdict.as_deref().unwrap_or("none"))?;
    let stress = |name: &String| {
        let row = pass.stresses.iter().find(|row| row.name == *name);
        row.map_or_else(|| name.clone(), |row| format!("{name} ({})", number(row.stress)))
    };
    let unlocked: Vec<String> = pass.unlocked.iter().map(stress).collect();
    let unlocked = if unlocked.is_empty() { "nothing".to_owned() } else { unlocked.join(", ") };
    writeln!(page, "  unlocked    {unlocked}")?;
    writeln!(page, "  baseline    {}", level(pass.baseline.fitness, pass.baseline.samples))?;
    if let Some(best) = &pass.selected {
        let place = format!("#{} of {}", best.index, pass.searched());
        writeln!(page, "  train       {}  {place}", level(best.fitness, best.samples))?;
        if !best.constraints_failed.is_empty() {
            writeln!(page, "  violates    {}", best.constraints_failed.join(", "))?;
        }
    }
    if let Some((_, test)) = pass.walk_forward.as_ref().and_then(on_test) {
        writeln!(page, "  test        {test}")?;
    }
    let locked_in = if pass.locked_in { params(&pass.tuned()) } else { "nothing".to_owned() };
    writeln!(page, "  locked in   {locked_in}")
}

/// The best on train, and its level on test.
fn on_test(walked: &WalkForwardEntry) -> Option<(u64, String)> {
    let lead = walked.candidates.first()?;
    Some((lead.index, level(lead.test_fitness, lead.test_samples)))
}

fn write_holdout(page: &mut String, result: &RunResult) -> Result {
    let Some(HoldoutEntry { fitness, samples, .. }) = &result.ending.holdout else { return Ok(()) };
    let status = result.gate("holdout").map_or("", |gate| gate.status.as_str());
    writeln!(page, "  holdout     {}  {status}", level(*fitness, *samples))
}

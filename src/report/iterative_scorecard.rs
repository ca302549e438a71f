//! `scorecard.txt` of an iterative run: one page for all rounds.

use std::fmt::{Result, Write};

use super::page::{Head, level, number, params, write_evaluations, write_gates, write_warnings};
use crate::artifacts::{IterativeResult, P1Result};

/// The scorecard of an iterative run; the same result gives the same bytes.
pub fn iterative_scorecard(result: &IterativeResult) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write_page(&mut page, result);
    page
}

fn write_page(page: &mut String, result: &IterativeResult) -> Result {
    let head = Head {
        pipeline: "iterative",
        calibration: &result.calibration,
        verdict: &result.final_status,
        profile: &result.profile,
        digest: &result.declaration_digest,
        opaque_constraints: result.opaque_constraints,
        gates: &result.gates,
    };
    head.write(page)?;
    write_evaluations(page, &result.evaluations)?;
    let (run, most) = (result.rounds.len(), result.config.rounds);
    writeln!(page, "Stopped:      {} after {run} of at most {most} rounds", result.stop_reason)?;
    write_gates(page, &result.gates)?;

    for (index, round) in result.rounds.iter().enumerate() {
        write_round(page, index, round, result.locked_in_order.get(index))?;
    }
    writeln!(page, "\nFinal:")?;
    writeln!(page, "  params      {}", params(&result.final_baseline))?;
    if let Some(holdout) = &result.holdout_result {
        writeln!(page, "  holdout     {}  {}", level(holdout.fitness, holdout.n_trials), holdout.gate_status)?;
    }
    write_warnings(page, &result.warnings)
}

fn write_round(page: &mut String, index: usize, round: &P1Result, locked: Option<&Vec<String>>) -> Result {
    writeln!(page, "\nRound {}:      {}", index + 1, round.status)?;
    let stress = |name: &String| {
        let row = round.stress_results.iter().find(|row| row.name == *name);
        row.map_or_else(|| name.clone(), |row| format!("{name} ({})", number(row.raw_stress)))
    };
    let unlocked: Vec<String> = round.top_k.iter().map(stress).collect();
    let unlocked = if unlocked.is_empty() { "nothing".to_owned() } else { unlocked.join(", ") };
    writeln!(page, "  unlocked    {unlocked}")?;
    let baseline = &round.baseline_result;
    writeln!(page, "  baseline    {}", level(baseline.fitness, baseline.n_trials))?;
    if let Some(best) = &round.grid_best {
        let place = format!("#{} of {}", best.idx, round.candidates());
        writeln!(page, "  train       {}  {place}", level(best.fitness, best.n_trials))?;
        if !best.constraints_failed.is_empty() {
            writeln!(page, "  violates    {}", best.constraints_failed.join(", "))?;
        }
    }
    if let Some(walked) = &round.walk_forward {
        writeln!(page, "  test        {}", level(walked.test_best_fitness, walked.test_best_trades))?;
    }
    match (locked, &round.grid_best) {
        (Some(_), Some(best)) => writeln!(page, "  locked in   {}", params(&best.unlocked)),
        _ => writeln!(page, "  locked in   nothing"),
    }
}

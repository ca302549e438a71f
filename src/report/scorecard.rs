//! `scorecard.txt`: one run on one page of plain text.

use std::fmt::Write;

use super::page::{Head, level, number, params, write_evaluations, write_gates, write_warnings};
use crate::artifacts::{P1Result, StressEntry};

/// The scorecard of a p1 run; the same result gives the same bytes.
pub fn scorecard(result: &P1Result) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write_page(&mut page, result);
    page
}

fn write_page(page: &mut String, result: &P1Result) -> std::fmt::Result {
    let head = Head {
        pipeline: "p1",
        calibration: &result.calibration,
        verdict: &result.status,
        profile: &result.profile,
        digest: &result.declaration_digest,
        opaque_constraints: result.opaque_constraints,
        gates: &result.gates,
    };
    head.write(page)?;
    write_evaluations(page, &result.evaluations)?;
    write_gates(page, &result.gates)?;
    write_candidates(page, result)?;

    writeln!(page, "\nStress ranking:")?;
    let mut ranking: Vec<_> = result.stress_results.iter().collect();
    let ranked_by = |row: &StressEntry| row.range_stress.unwrap_or(row.raw_stress);
    ranking.sort_by(|a, b| crate::stats::descending(ranked_by(a).0, ranked_by(b).0));
    for row in ranking {
        let unlocked = if result.top_k.contains(&row.name) { "  unlocked" } else { "" };
        writeln!(page, "  {:<24} {:>14}{unlocked}", row.name, number(ranked_by(row)))?;
    }
    write_warnings(page, &result.warnings)
}

fn write_candidates(page: &mut String, result: &P1Result) -> std::fmt::Result {
    let Some(best) = &result.grid_best else {
        return writeln!(page, "\nSelected:     none");
    };
    writeln!(page, "\nSelected:     #{} of {}", best.idx, result.candidates())?;
    writeln!(page, "  feasible    {} of {} candidates", result.feasible(), result.candidates())?;
    writeln!(page, "  unlocked    {}", params(&best.unlocked))?;
    writeln!(page, "  params      {}", params(&best.params))?;
    writeln!(page, "  baseline    {}", level(result.baseline_result.fitness, result.baseline_result.n_trials))?;
    writeln!(page, "  train       {}", level(best.fitness, best.n_trials))?;
    if let Some(walked) = &result.walk_forward {
        let test = level(walked.test_best_fitness, walked.test_best_trades);
        let same = if walked.test_best_params == best.params { "" } else { "  (best on train, not the selected one)" };
        writeln!(page, "  test        {test}{same}")?;
    }
    if let Some(holdout) = &result.holdout_result {
        writeln!(page, "  holdout     {}  {}", level(holdout.fitness, holdout.n_trials), holdout.gate_status)?;
    }
    if !best.constraints_failed.is_empty() {
        writeln!(page, "  violates    {}", best.constraints_failed.join(", "))?;
    }
    Ok(())
}

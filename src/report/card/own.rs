//! Our own results as a scorecard.

use super::{Evaluated, Scorecard};
use crate::artifacts::{GridEntry, IterativeResult, P1Result, RunResult};
use crate::report::page::{level, params};

/// Gates of this prefix are constraints.
const CONSTRAINT: &str = "constraint::";

impl From<&RunResult> for Scorecard {
    fn from(result: &RunResult) -> Self {
        let mut card = match result {
            RunResult::P1(result) => of_p1(result),
            RunResult::Iterative(result) => of_iterative(result),
        };
        for gate in result.gates() {
            card.gate(&gate.status, &gate.gate, &gate.message);
        }
        let names: Vec<&str> = result.gates().iter().filter_map(|gate| gate.gate.strip_prefix(CONSTRAINT)).collect();
        names.iter().for_each(|name| card.declare(name, ""));
        let evaluations = result.evaluations();
        for entry in &evaluations.by_phase {
            card.count(&entry.phase, &entry.role, entry.count);
        }
        card.count_failed(evaluations.failed);
        for (index, pass) in result.passes().iter().enumerate() {
            let round = matches!(result, RunResult::Iterative(_)).then(|| format!("round {} ", index + 1));
            for row in &pass.grid_results {
                take(&mut card, row, &format!("{}#{}", round.as_deref().unwrap_or_default(), row.idx), &names);
            }
            if let Some(left_out) = &pass.grid_results_left_out {
                card.leave_out("train", left_out.candidates, left_out.not_finite + left_out.failed);
                card.note(format!(
                    "{}the result lists {} of {} candidates, and constraints are counted over these; the trail has all",
                    round.as_deref().unwrap_or_default(),
                    pass.grid_results.len(),
                    pass.candidates()
                ));
            }
        }
        // The first round measures every parameter, a later one what is left.
        for stress in result.passes().first().map(|pass| pass.stress_results.as_slice()).unwrap_or_default() {
            card.rank(&stress.name, stress.raw_stress.0);
        }
        card
    }
}

fn of_p1(result: &P1Result) -> Scorecard {
    let mut card = Scorecard::new("p1 result");
    identify(&mut card, &result.omega_lock_version, &result.calibration, &result.status, &result.profile);
    card.identify("Declaration", &result.declaration_digest);
    if let Some(best) = &result.grid_best {
        let figures = level(best.fitness, best.n_trials);
        card.identify("Selected", format!("#{}  {figures}  {}", best.idx, params(&best.params)));
    }
    if let Some(shot) = &result.holdout_result {
        card.identify("Holdout", format!("{}  {}", level(shot.fitness, shot.n_trials), shot.gate_status));
    }
    result.warnings.iter().for_each(|warning| card.note(warning));
    card
}

fn of_iterative(result: &IterativeResult) -> Scorecard {
    let mut card = Scorecard::new("iterative result");
    identify(&mut card, &result.omega_lock_version, &result.calibration, &result.final_status, &result.profile);
    card.identify("Declaration", &result.declaration_digest);
    card.identify("Stopped", format!("{} after {} rounds", result.stop_reason, result.rounds.len()));
    card.identify("Final", params(&result.final_baseline));
    if let Some(shot) = &result.holdout_result {
        card.identify("Holdout", format!("{}  {}", level(shot.fitness, shot.n_trials), shot.gate_status));
    }
    result.warnings.iter().for_each(|warning| card.note(warning));
    card
}

fn identify(card: &mut Scorecard, version: &str, calibration: &str, verdict: &str, profile: &str) {
    card.identify("Written by", format!("omega-lock {version} for Rust"));
    card.identify("Calibration", calibration);
    card.identify("Verdict", verdict);
    card.identify("Profile", profile);
}

fn take(card: &mut Scorecard, row: &GridEntry, place: &str, names: &[&str]) {
    let failed: Vec<&str> = row.constraints_failed.iter().map(String::as_str).collect();
    let passed: Vec<&str> = names.iter().copied().filter(|name| !failed.contains(name)).collect();
    let samples = row.n_trials.to_string();
    let row_of_card = Evaluated {
        place,
        role: "train",
        phase: "search",
        fitness: row.fitness.filter(|_| row.failure.is_none()).map(|fitness| fitness.0),
        samples: &samples,
        judged: row.failure.is_none().then_some((&passed, &failed)),
    };
    card.candidate(&row_of_card, || params(&row.unlocked));
}

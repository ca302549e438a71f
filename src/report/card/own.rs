//! Our own results as a scorecard.

use super::{Evaluated, Scorecard};
use crate::artifacts::{CandidateEntry, RunResult};
use crate::report::page::{level, params};

/// Gates of this prefix are constraints.
const CONSTRAINT: &str = "constraint::";

impl From<&RunResult> for Scorecard {
    fn from(result: &RunResult) -> Self {
        let mut card = identity(result);
        for gate in &result.gates {
            card.gate(&gate.status, &gate.gate, &gate.message);
        }
        let names: Vec<&str> = result.gates.iter().filter_map(|gate| gate.gate.strip_prefix(CONSTRAINT)).collect();
        names.iter().for_each(|name| card.declare(name, ""));
        for entry in &result.evaluations.by_phase {
            card.count(entry.phase.0.name(), entry.role.0.name(), entry.count);
        }
        card.count_failed(result.evaluations.failed);
        for pass in &result.passes {
            let round = pass.round.map(|round| format!("round {round} ")).unwrap_or_default();
            for row in &pass.candidates {
                take(&mut card, row, &format!("{round}#{}", row.index), &names);
            }
            if let Some(left_out) = &pass.left_out {
                card.leave_out("train", left_out.candidates, left_out.not_finite + left_out.failed);
                card.note(format!(
                    "{round}the result lists {} of {} candidates, and constraints are counted over these; the trail has all",
                    pass.candidates.len(),
                    pass.searched()
                ));
            }
        }
        // The first round measures every parameter, a later one what is left.
        for stress in result.passes.first().map(|pass| pass.stresses.as_slice()).unwrap_or_default() {
            card.rank(&stress.name, stress.stress.0);
        }
        card
    }
}

fn identity(result: &RunResult) -> Scorecard {
    let mut card = Scorecard::new(format!("{} result", result.pipeline()));
    card.identify("Written by", format!("omega-lock {} for Rust", result.omega_lock_version));
    card.identify("Calibration", &result.calibration);
    card.identify("Verdict", &result.verdict);
    card.identify("Profile", result.profile());
    card.identify("Declaration", &result.declaration_digest);
    match (result.stop_reason, result.passes.first().and_then(|pass| pass.selected.as_ref())) {
        (Some(reason), _) => {
            card.identify("Stopped", format!("{reason} after {} rounds", result.passes.len()));
            card.identify("Final", result.params.as_ref().map(params).unwrap_or_default());
        }
        (None, Some(best)) => {
            let figures = level(best.fitness, best.samples);
            card.identify("Selected", format!("#{}  {figures}  {}", best.index, params(&best.params)));
        }
        (None, None) => {}
    }
    if let Some(shot) = &result.ending.holdout {
        let status = result.gate("holdout").map_or("", |gate| gate.status.as_str());
        card.identify("Holdout", format!("{}  {status}", level(shot.fitness, shot.samples)));
    }
    result.warnings.iter().for_each(|warning| card.note(warning));
    card
}

fn take(card: &mut Scorecard, row: &CandidateEntry, place: &str, names: &[&str]) {
    let failed: Vec<&str> = row.constraints_failed.iter().map(String::as_str).collect();
    let passed: Vec<&str> = names.iter().copied().filter(|name| !failed.contains(name)).collect();
    let samples = row.samples.to_string();
    let row_of_card = Evaluated {
        place,
        role: "train",
        phase: "search",
        fitness: row.fitness.filter(|_| row.failure.is_none()).map(|fitness| fitness.0),
        samples: &samples,
        judged: row.failure.is_none().then_some((&passed, &failed)),
    };
    card.candidate(&row_of_card, || params(&row.params));
}

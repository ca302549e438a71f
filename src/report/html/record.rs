//! The evaluations of a run, in order, taken in one by one.

use std::io::BufRead;

use super::model::{Call, CallKind, Page, Record};
use crate::artifacts::{TrailBody, TrailReadError, TrailReader};

impl Record {
    /// Takes an evaluation in; `feasible` is absent where nothing says.
    pub(super) fn take(&mut self, phase: &str, role: &str, fitness: Option<f64>, feasible: Option<bool>) {
        if phase == "null" {
            self.null_runs += 1;
            return;
        }
        // Null runs would leave gaps: what is drawn is numbered through.
        let call = self.calls.seen() + self.failed;
        let Some(fitness) = fitness.filter(|fitness| fitness.is_finite()) else {
            self.failed += 1;
            return;
        };
        let kind = kind(phase, role);
        let feasible = feasible.unwrap_or(true);
        self.calls.push(Call { call, fitness, kind, feasible });
        if kind == CallKind::Search && feasible && self.best.is_none_or(|best| fitness > best) {
            self.best = Some(fitness);
            self.frontier.push((call, fitness));
        }
    }
}

fn kind(phase: &str, role: &str) -> CallKind {
    match (phase, role) {
        (_, "holdout") => CallKind::Holdout,
        (_, "test" | "validation") => CallKind::Test,
        ("baseline" | "stress" | "repeat", _) => CallKind::Before,
        ("random_draws" | "transfer" | "walk_forward" | "hybrid", _) => CallKind::Other,
        _ => CallKind::Search,
    }
}

impl Page {
    /// Shows every evaluation of a trail instead of the candidates alone, in memory that does not grow with it.
    ///
    /// # Errors
    /// If the trail cannot be read or is damaged; the page shows the rows before that then.
    pub fn follow<R: BufRead>(&mut self, reader: &mut TrailReader<R>) -> Result<(), TrailReadError> {
        self.record = Record::default();
        while let Some(body) = reader.next_body()? {
            let TrailBody::Evaluation(row) = body else { continue };
            let fitness = row.outcome.evaluation().map(|evaluation| evaluation.fitness);
            let (phase, role) = (row.context.phase.name(), row.context.role.name());
            let feasible = row.outcome.feasibility.is_feasible();
            self.record.take(phase, role, fitness, Some(feasible));
        }
        Ok(())
    }
}

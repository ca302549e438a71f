//! Evaluations, taken in one by one: in the order of the run, for pictures.

use super::thinned::Thinned;

/// Evaluations in the order of the run.
#[derive(Debug, Clone, Default)]
pub(in crate::internals::report) struct Record {
    pub(in crate::internals::report) calls: Thinned<Call>,
    /// The best feasible fitness of the searched slice so far, wherever it rose.
    pub(in crate::internals::report) frontier: Thinned<(u64, f64)>,
    pub(in crate::internals::report) best: Option<f64>,
    pub(in crate::internals::report) failed: u64,
    pub(in crate::internals::report) null_runs: u64,
}

#[derive(Debug, Clone)]
pub(in crate::internals::report) struct Call {
    pub(in crate::internals::report) call: u64,
    pub(in crate::internals::report) fitness: f64,
    pub(in crate::internals::report) kind: CallKind,
    pub(in crate::internals::report) feasible: bool,
}

/// What an evaluation was for, as far as a picture tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::internals::report) enum CallKind {
    Before,
    Search,
    Test,
    Holdout,
    Other,
}

/// Phases of a run that propose nothing: what is evaluated there is no candidate. Another package may have phases of its
/// own; what they evaluate is one.
pub fn proposes(phase: &str) -> bool {
    let known =
        ["baseline", "stress", "repeat", "walk_forward", "hybrid", "holdout", "random_draws", "null", "transfer"];
    !known.contains(&phase)
}

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
        let kind = match (phase, role) {
            (_, "holdout") => CallKind::Holdout,
            (_, "test" | "validation") => CallKind::Test,
            ("baseline" | "stress" | "repeat", _) => CallKind::Before,
            (phase, _) if proposes(phase) => CallKind::Search,
            _ => CallKind::Other,
        };
        let feasible = feasible.unwrap_or(true);
        self.calls.push(Call { call, fitness, kind, feasible });
        if kind == CallKind::Search && feasible && self.best.is_none_or(|best| fitness > best) {
            self.best = Some(fitness);
            self.frontier.push((call, fitness));
        }
    }
}

//! What a scorecard knows, gathered evaluation by evaluation.

use std::collections::HashMap;

use super::bests::Bests;
use super::constraints::Constraints;

/// What there is to show about an artifact. It grows by roles, phases and constraints, never by evaluations, so that a
/// trail of any length can be [recorded](Self::record) as it is read.
#[derive(Debug, Clone, Default)]
pub struct Scorecard {
    pub(super) title: String,
    pub(in crate::report) identity: Vec<(String, String)>,
    pub(super) gates: Vec<(String, String, String)>,
    pub(super) constraints: Constraints,
    pub(in crate::report) bests: Bests,
    pub(super) breakdown: Vec<(String, String, u64)>,
    places: HashMap<(String, String), usize>,
    pub(super) failed: u64,
    pub(super) ranking: Vec<(String, f64)>,
    pub(in crate::report) notes: Vec<String>,
}

/// One evaluation, whoever recorded it. Texts may be of any origin; they are escaped when the page is made.
#[derive(Debug, Clone, Copy)]
pub struct Evaluated<'e> {
    /// How a reader finds it: `#12`.
    pub place: &'e str,
    /// The slice of the data: `train`, `test`, ...
    pub role: &'e str,
    /// The phase of the run: `grid`, `stress`, ...
    pub phase: &'e str,
    /// None if the evaluation failed.
    pub fitness: Option<f64>,
    /// The size of the sample.
    pub samples: &'e str,
    /// The constraints it keeps and those it breaks; none where the artifact does not say.
    pub judged: Option<(&'e [&'e str], &'e [&'e str])>,
}

/// Phases of a run that propose nothing: what is evaluated there is no candidate and never the best.
const NO_CANDIDATES: [&str; 8] =
    ["baseline", "stress", "walk_forward", "hybrid", "holdout", "random_draws", "null", "transfer"];

impl Scorecard {
    /// A page with this title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// A line that says which artifact this is, or what it came to.
    pub fn identify(&mut self, label: &str, text: impl Into<String>) {
        self.identity.push((label.to_owned(), text.into()));
    }

    /// What a gate said.
    pub fn gate(&mut self, status: impl Into<String>, name: impl Into<String>, message: impl Into<String>) {
        self.gates.push((status.into(), name.into(), message.into()));
    }

    /// A constraint that was declared, whether or not anything was judged by it.
    pub fn declare(&mut self, constraint: &str, description: &str) {
        self.constraints.declare(constraint, description);
    }

    /// Takes an evaluation in: counts it, judges the constraints by it and, if its phase proposes candidates, holds it
    /// against the best of its role. `params` is asked only for one that is better than those before.
    pub fn record(&mut self, row: &Evaluated<'_>, params: impl FnOnce() -> String) {
        self.count(row.phase, row.role, 1);
        self.failed += u64::from(row.fitness.is_none());
        if NO_CANDIDATES.contains(&row.phase) { self.judge(row) } else { self.candidate(row, params) }
    }

    /// The same of a candidate whose evaluation is counted elsewhere.
    pub fn candidate(&mut self, row: &Evaluated<'_>, params: impl FnOnce() -> String) {
        self.judge(row);
        self.bests.hold(row, params);
    }

    /// Candidates of a role that the artifact counts and does not list; `not_finite` of them failed or have a fitness that
    /// is no finite number. What is said of constraints is said of the others.
    pub fn leave_out(&mut self, role: &str, candidates: u64, not_finite: u64) {
        self.bests.leave_out(role, candidates, not_finite);
    }

    /// Evaluations in a phase on a role.
    pub fn count(&mut self, phase: &str, role: &str, evaluations: u64) {
        let next = self.breakdown.len();
        let place = *self.places.entry((phase.to_owned(), role.to_owned())).or_insert(next);
        match self.breakdown.get_mut(place) {
            Some(entry) => entry.2 += evaluations,
            None => self.breakdown.push((phase.to_owned(), role.to_owned(), evaluations)),
        }
    }

    /// Evaluations that failed, beside the ones that were recorded.
    pub fn count_failed(&mut self, evaluations: u64) {
        self.failed += evaluations;
    }

    /// The stress of a parameter.
    pub fn rank(&mut self, parameter: impl Into<String>, stress: f64) {
        self.ranking.push((parameter.into(), stress));
    }

    /// What a reader should know beside the figures.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    fn judge(&mut self, row: &Evaluated<'_>) {
        if let Some((passed, failed)) = row.judged {
            self.constraints.judge(row.role, passed, failed);
        }
    }
}

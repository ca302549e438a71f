//! Artifacts that list evaluations and number no candidates: taken in one by one.

use super::bests::Place;
use super::model::{Page, Param};
use super::record::proposes;

/// One evaluation, whoever recorded it.
pub(super) struct Evaluated<'e> {
    pub(super) round: u64,
    /// Its number among all evaluations.
    pub(super) call: u64,
    /// The slice of the data: `train`, `test`, ...
    pub(super) role: &'e str,
    /// The phase of the run: `grid`, `stress`, ...
    pub(super) phase: &'e str,
    /// Absent if the evaluation failed or the parameters do not go together.
    pub(super) fitness: Option<f64>,
    pub(super) not_applicable: bool,
    /// The constraints it breaks; absent where the artifact does not say.
    pub(super) violates: Option<&'e [&'e str]>,
}

impl Page {
    /// Takes an evaluation in: counts it and, if its phase proposes candidates, holds it against the best of its role.
    /// `shown`, samples and parameters, is asked only for one that is better than those before.
    pub(super) fn record(&mut self, row: &Evaluated<'_>, shown: impl FnOnce() -> (String, Vec<Param>)) {
        self.count(row.phase, row.role, 1);
        self.failed += u64::from(row.fitness.is_none() && !row.not_applicable);
        self.not_applicable += u64::from(row.not_applicable);
        if proposes(row.phase) {
            let index = self.bests.number(row.role, row.round);
            let place = Place { round: row.round, window: self.walks, index, call: Some(row.call) };
            self.bests.of(row.role).hold(place, row.fitness, row.violates, shown);
        }
    }
}

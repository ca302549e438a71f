//! The best candidates, role by role: fitness on two slices of the data is not compared.

use std::collections::HashMap;

use super::Evaluated;

/// The candidates of each role, in the order the roles are first seen.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Bests {
    roles: Vec<(String, Best)>,
    places: HashMap<String, usize>,
}

/// The best candidates of a role.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Best {
    pub(in crate::report) candidates: u64,
    /// Candidates that are never the best, because their fitness is no finite number.
    pub(in crate::report) not_finite: u64,
    /// Whether the artifact says which candidates are feasible.
    pub(in crate::report) judged: bool,
    pub(in crate::report) any: Option<Shown>,
    pub(in crate::report) feasible: Option<Shown>,
}

/// A candidate as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Shown {
    pub(in crate::report) place: String,
    pub(in crate::report) fitness: f64,
    pub(in crate::report) samples: String,
    pub(in crate::report) params: String,
    pub(in crate::report) violates: Vec<String>,
}

impl Bests {
    /// Counts candidates of a role that are not shown, those among them that are never the best.
    pub(super) fn leave_out(&mut self, role: &str, candidates: u64, not_finite: u64) {
        let place = self.place(role);
        let best = &mut self.roles[place].1;
        best.candidates += candidates;
        best.not_finite += not_finite;
    }

    fn place(&mut self, role: &str) -> usize {
        self.places.get(role).copied().unwrap_or_else(|| {
            self.roles.push((role.to_owned(), Best::default()));
            self.places.insert(role.to_owned(), self.roles.len() - 1);
            self.roles.len() - 1
        })
    }

    /// Holds a candidate against the best of its role; of equal ones the first stays.
    pub(super) fn hold(&mut self, row: &Evaluated<'_>, params: impl FnOnce() -> String) {
        let place = self.place(row.role);
        let best = &mut self.roles[place].1;
        best.candidates += 1;
        best.judged |= row.judged.is_some();
        let Some(fitness) = row.fitness.filter(|fitness| fitness.is_finite()) else {
            best.not_finite += 1;
            return;
        };
        let beats = |held: &Option<Shown>| held.as_ref().is_none_or(|held| fitness > held.fitness);
        let feasible = row.judged.is_some_and(|(_, failed)| failed.is_empty());
        let (any_falls, feasible_falls) = (beats(&best.any), feasible && beats(&best.feasible));
        if !any_falls && !feasible_falls {
            return;
        }
        let shown = Shown {
            place: row.place.to_owned(),
            fitness,
            samples: row.samples.to_owned(),
            params: params(),
            violates: row
                .judged
                .map(|(_, failed)| failed.iter().map(|&name| name.to_owned()).collect())
                .unwrap_or_default(),
        };
        if feasible_falls {
            best.feasible = Some(shown.clone());
        }
        if any_falls {
            best.any = Some(shown);
        }
    }

    /// The role that was searched: `train` where there is one, else the first.
    pub(in crate::report) fn searched(&self) -> Option<(&str, &Best)> {
        let train = self.places.get("train").and_then(|&place| self.roles.get(place));
        train.or_else(|| self.roles.first()).map(|(role, best)| (role.as_str(), best))
    }
}

//! The best candidates, role by role: fitness on two slices of the data is not compared.

use std::collections::HashMap;
use std::fmt;

use super::model::Param;
use crate::report::escape::Text;

/// The candidates of each role, in the order the roles are first seen.
#[derive(Debug, Clone, Default)]
pub(in crate::internals::report) struct Bests {
    roles: Vec<(Text, Best)>,
    places: HashMap<String, usize>,
    /// Candidates so far, by role and round.
    #[cfg(feature = "subcommand")]
    counted: HashMap<(String, u64), u64>,
}

#[derive(Debug, Clone, Default)]
pub(in crate::internals::report) struct Best {
    pub(in crate::internals::report) candidates: u64,
    /// Candidates that are never the best, because they have no finite fitness.
    pub(in crate::internals::report) not_finite: u64,
    /// How many keep every constraint; absent where the artifact does not say.
    pub(in crate::internals::report) keeping: Option<u64>,
    pub(in crate::internals::report) any: Option<Shown>,
    pub(in crate::internals::report) feasible: Option<Shown>,
}

/// A candidate as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::internals::report) struct Shown {
    pub(in crate::internals::report) place: Place,
    pub(in crate::internals::report) fitness: f64,
    pub(in crate::internals::report) samples: Text,
    pub(in crate::internals::report) params: Vec<Param>,
    pub(in crate::internals::report) violates: Vec<Text>,
}

/// Where a candidate stands: the same number on every page and in every artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::internals::report) struct Place {
    /// The round of an iterative run, or the window, from 1; 0 where there are none.
    pub(in crate::internals::report) round: u64,
    /// Whether that is a window.
    pub(in crate::internals::report) window: bool,
    /// Its number among the candidates of its pass, from 0.
    pub(in crate::internals::report) index: u64,
    /// Its number among all evaluations, by which a trail or an audit report is searched.
    pub(in crate::internals::report) call: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.round > 0 {
            write!(f, "{} {} ", if self.window { "window" } else { "round" }, self.round)?;
        }
        write!(f, "#{}", self.index)?;
        self.call.map_or(Ok(()), |call| write!(f, " (call {call})"))
    }
}

impl Bests {
    pub(super) fn of(&mut self, role: &str) -> &mut Best {
        let next = self.roles.len();
        let place = *self.places.entry(role.to_owned()).or_insert(next);
        if place == next {
            self.roles.push((Text::new(role), Best::default()));
        }
        &mut self.roles[place].1
    }

    /// The number of the next candidate of a role in a round, where the artifact lists evaluations and numbers no
    /// candidates.
    #[cfg(feature = "subcommand")]
    pub(super) fn number(&mut self, role: &str, round: u64) -> u64 {
        let counted = self.counted.entry((role.to_owned(), round)).or_default();
        *counted += 1;
        *counted - 1
    }

    /// The role that was searched: `train` where there is one, else the first.
    pub(in crate::internals::report) fn searched(&self) -> Option<(&Text, &Best)> {
        let train = self.places.get("train").and_then(|&place| self.roles.get(place));
        train.or_else(|| self.roles.first()).map(|(role, best)| (role, best))
    }
}

impl Best {
    /// Holds a candidate against the best of its role; of equal ones the first stays. `violates` is absent where the
    /// artifact does not say; a failed one has neither.
    pub(super) fn hold(
        &mut self,
        place: Place,
        fitness: Option<f64>,
        violates: Option<&[&str]>,
        shown: impl FnOnce() -> (String, Vec<Param>),
    ) {
        self.candidates += 1;
        let feasible = violates.is_some_and(<[&str]>::is_empty);
        if violates.is_some() {
            *self.keeping.get_or_insert(0) += u64::from(feasible);
        }
        let Some(fitness) = fitness.filter(|fitness| fitness.is_finite()) else {
            self.not_finite += 1;
            return;
        };
        let beats = |held: &Option<Shown>| held.as_ref().is_none_or(|held| fitness > held.fitness);
        let (any_falls, feasible_falls) = (beats(&self.any), feasible && beats(&self.feasible));
        if !any_falls && !feasible_falls {
            return;
        }
        let violates = violates.unwrap_or_default().iter().map(Text::new).collect();
        let (samples, params) = shown();
        let shown = Shown { place, fitness, samples: Text::new(samples), params, violates };
        if feasible_falls {
            self.feasible = Some(shown.clone());
        }
        if any_falls {
            self.any = Some(shown);
        }
    }
}

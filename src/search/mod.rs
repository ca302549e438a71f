//! Who proposes candidates, and the one loop that has them evaluated.
//!
//! A [`Search`] is asked for parameter sets and told how they did; [`explore`] is the only loop that drives one. An
//! optimizer that is not here takes part by implementing [`Search`], or by calling the evaluator itself.

mod axis;
mod budget;
mod candidate;
mod candidates;
mod explore;
mod grid;
mod random;
pub mod tpe;
mod zoom;

pub use axis::{grid_points, grid_points_in};
pub use budget::PROPOSALS_PER_TRIAL;
pub use candidate::{Candidate, first_maximum, ranked};
pub use candidates::{Candidates, Figures};
pub use explore::{explore, next_proposals};
pub use grid::GridSearch;
pub use random::RandomSearch;
pub use tpe::TpeSearch;
pub use zoom::ZoomingGridSearch;

use crate::objective::Params;

/// Proposes parameter sets.
///
/// Parameters that do not go together are told like any others: their outcome [says so](crate::objective::Outcome::is_not_applicable).
/// They are no trial, so a search that has a budget proposes others in their place, and gives up after a bounded number;
/// one of the code's own is ended where of 20,000 proposals or more no twentieth went together.
pub trait Search {
    /// Up to `room` further proposals, in the order in which they shall be evaluated and recorded.
    ///
    /// Called only after every earlier proposal was told. No proposal means that the search is over.
    fn ask(&mut self, room: usize) -> Vec<Params>;

    /// Up to `room` proposals that come next and wait for no answer that is still to come, beside what [`ask`](Self::ask) gave.
    /// None where the next ones have to wait, or where nobody knows.
    fn ask_on(&mut self, _room: usize) -> Vec<Params> {
        Vec::new()
    }

    /// How the proposals since the last time did, in the same order.
    fn tell(&mut self, candidates: &[Candidate]);
}

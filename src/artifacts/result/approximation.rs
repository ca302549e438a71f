//! What surrogate surfaces said of `transfer`.

use serde::{Deserialize, Serialize};

use super::SignificanceEntry;
use crate::artifacts::Number;
use crate::gates::{Approximation, Places};
use crate::stats::Nearness;

/// What surfaces as smooth as test say of both halves of `transfer`, where neither blocks nor a null version do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ApproximationEntry {
    /// The unlocked parameters.
    pub axes: Vec<AxisEntry>,
    /// The share of the variance on test that each candidate has for itself.
    pub own: Number,
    /// How many independent candidates the ranked ones are worth.
    pub independent: Number,
    /// How many surfaces were drawn.
    pub surfaces: u64,
    /// Significance of the rank half.
    pub rank: Option<SignificanceEntry>,
    /// Significance of the lead half.
    pub lead: Option<SignificanceEntry>,
    /// Where the ranked candidates lie along each parameter, in parts of its range, in the order of their fitness.
    pub rank_at: Vec<Vec<Number>>,
    /// Where the best on train lie.
    pub lead_at: Vec<Vec<Number>>,
    /// Where the fresh draws lie.
    pub draw_at: Vec<Vec<Number>>,
}

/// A parameter as test sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AxisEntry {
    /// Its name.
    pub name: String,
    /// Over how much of its range test stays alike.
    pub length: Number,
    /// Whether its values are alternatives, of which each is as near as the other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alternatives: bool,
}

impl ApproximationEntry {
    pub(super) fn new(found: &Approximation, places: &Places) -> Self {
        let at = |places: &[Vec<f64>]| {
            let numbers = |place: &Vec<f64>| place.iter().copied().map(Number).collect();
            places.iter().map(numbers).collect::<Vec<Vec<Number>>>()
        };
        let axis = |((name, nearness), (_, length)): (&(String, Nearness), &(String, f64))| AxisEntry {
            name: name.clone(),
            length: Number(*length),
            alternatives: *nearness == Nearness::Alike,
        };
        Self {
            axes: places.axes.iter().zip(&found.lengths).map(axis).collect(),
            own: found.own.into(),
            independent: found.independent.into(),
            surfaces: found.surfaces as u64,
            rank: found.rank.map(SignificanceEntry::from),
            lead: found.lead.map(SignificanceEntry::from),
            rank_at: at(&places.ranked),
            lead_at: at(&places.lead),
            draw_at: at(&places.draws),
        }
    }

    /// Where everything lies, as the gate took it.
    pub(super) fn places(&self) -> Places {
        let at = |places: &[Vec<Number>]| {
            places.iter().map(|place| place.iter().map(|number| number.0).collect()).collect::<Vec<Vec<f64>>>()
        };
        let nearness = |axis: &AxisEntry| if axis.alternatives { Nearness::Alike } else { Nearness::Distance };
        Places {
            axes: self.axes.iter().map(|axis| (axis.name.clone(), nearness(axis))).collect(),
            ranked: at(&self.rank_at),
            lead: at(&self.lead_at),
            draws: at(&self.draw_at),
        }
    }
}

//! Which passes a run makes.

use super::{Pass, StopReason};
use crate::objective::{ParamError, Params};
use crate::stress::StressOptions;

/// One pass, before it is run.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// Its number, from 1; 0 where a run has only one. Every evaluation of the pass is recorded under it.
    pub(super) number: u32,
    /// Its baseline.
    pub(super) base: Params,
    /// Which parameters are perturbed, and by how much.
    pub(super) stress: StressOptions,
}

/// The passes of a run, one after the other: each is planned from what the ones before it found.
///
/// Null runs follow a course of the same kind, so it must not ask for anything that only a judged pass has.
pub(super) trait Course {
    /// The next pass, or why there is none; no reason where one pass is declared.
    fn next(&mut self) -> Result<Plan, Option<StopReason>>;

    /// Learns what a pass found.
    fn learn(&mut self, pass: &Pass) -> Result<(), ParamError>;

    /// The unlocked parameters whose values each pass handed on.
    fn locked_in(&self) -> &[Vec<String>];

    /// Every parameter as it would ship by now; absent if there is nothing to ship.
    fn shipped(&self) -> Option<Params>;
}

//! Coordinate descent with lock-in: rounds over the parameters that are left.

use super::course::{Course, Plan};
use super::{Pass, Profile, Rounds, RunConfig, StopReason};
use crate::gates::GateId;
use crate::objective::{ParamError, ParamSpace, Params};
use crate::stress::StressOptions;

/// Each round starts from the baseline that the one before left, measures the stress of the parameters that are not
/// locked in, and locks in the values of those it unlocked.
pub(super) struct Descent<'d> {
    rounds: Rounds,
    config: &'d RunConfig,
    space: &'d ParamSpace,
    base: Params,
    locked_in: Vec<Vec<String>>,
    made: u32,
    stop: Option<StopReason>,
}

impl<'d> Descent<'d> {
    pub(super) fn new(rounds: Rounds, config: &'d RunConfig, space: &'d ParamSpace, base: Params) -> Self {
        Self { rounds, config, space, base, locked_in: Vec::new(), made: 0, stop: None }
    }

    /// The parameters that may still be unlocked, in the order in which stress measures them.
    fn remaining(&self) -> Vec<String> {
        let every = || self.space.specs().iter().map(|spec| spec.name.clone()).collect();
        let mut names: Vec<String> = self.config.stress.subset.clone().unwrap_or_else(every);
        names.retain(|name| !self.locked_in.iter().flatten().any(|locked| locked == name));
        names
    }

    /// Whether a round keeps the next one from being run, and nothing of it from being locked in.
    fn refused(&self, round: &Pass) -> Option<StopReason> {
        if self.config.profile == Profile::Strict && round.verdict.blames(&GateId::Kc1) {
            return Some(StopReason::TimeBox);
        }
        (self.rounds.stop_on_kc_fail && !round.verdict.is_pass()).then_some(StopReason::GateFailed)
    }
}

impl Course for Descent<'_> {
    fn next(&mut self) -> Result<Plan, Option<StopReason>> {
        if self.stop.is_some() {
            return Err(self.stop);
        }
        if self.made as usize == self.rounds.max {
            return Err(Some(StopReason::MaxRounds));
        }
        let remaining = self.remaining();
        if remaining.len() < self.config.unlock_k {
            return Err(Some(StopReason::TooFewParams));
        }
        self.made = self.made.saturating_add(1);
        let stress = StressOptions { subset: Some(remaining), ..self.config.stress.clone() };
        Ok(Plan { number: self.made, base: self.base.clone(), stress })
    }

    fn learn(&mut self, round: &Pass) -> Result<(), ParamError> {
        self.stop = self.refused(round);
        if self.stop.is_some() {
            return Ok(());
        }
        let Some(selected) = &round.selected else {
            self.stop = Some(StopReason::NothingSelected);
            return Ok(());
        };
        for name in &round.unlocked {
            if let Some(value) = selected.params.get(name) {
                self.base = self.base.with(name, value.clone())?;
            }
        }
        self.locked_in.push(round.unlocked.clone());
        let improvement = selected.fitness().unwrap_or(f64::NAN) - round.baseline_fitness();
        // As in the reference implementation, an improvement that is NaN is not too little.
        self.stop = (improvement < self.rounds.min_improvement).then_some(StopReason::NoImprovement);
        Ok(())
    }

    fn locked_in(&self) -> &[Vec<String>] {
        &self.locked_in
    }

    fn shipped(&self) -> Option<Params> {
        (self.made > 0).then(|| self.base.clone())
    }
}

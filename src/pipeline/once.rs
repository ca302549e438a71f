//! The course of a single pass.

use super::course::{Course, Plan};
use super::{Pass, StopReason};
use crate::objective::{ParamError, Params};
use crate::stress::StressOptions;

/// One pass, and what it selects ships.
pub(super) struct Once {
    plan: Option<Plan>,
    selected: Option<Params>,
}

impl Once {
    pub(super) fn new(base: Params, stress: &StressOptions) -> Self {
        Self { plan: Some(Plan { number: 0, base, stress: stress.clone() }), selected: None }
    }
}

impl Course for Once {
    fn next(&mut self) -> Result<Plan, Option<StopReason>> {
        self.plan.take().ok_or(None)
    }

    fn learn(&mut self, pass: &Pass) -> Result<(), ParamError> {
        self.selected = pass.selected.as_ref().map(|selected| selected.params.clone());
        Ok(())
    }

    fn locked_in(&self) -> &[Vec<String>] {
        &[]
    }

    fn shipped(&self) -> Option<Params> {
        self.selected.clone()
    }
}

//! Walk-forward proper: one pass per window, each searched on its own train part.

use super::course::{Course, Plan};
use super::{Pass, StopReason};
use crate::gates::GateId;
use crate::objective::{ParamError, Params};
use crate::stress::StressOptions;

/// Each window begins with the baseline of the run and learns nothing from the ones before; what the last one selects ships.
pub(super) struct Walk {
    windows: u32,
    base: Params,
    stress: StressOptions,
    made: u32,
    selected: Option<Params>,
    late: bool,
}

impl Walk {
    pub(super) fn new(windows: u64, base: Params, stress: &StressOptions) -> Self {
        let windows = u32::try_from(windows).unwrap_or(u32::MAX);
        Self { windows, base, stress: stress.clone(), made: 0, selected: None, late: false }
    }
}

impl Course for Walk {
    fn next(&mut self) -> Result<Plan, Option<StopReason>> {
        if self.late {
            return Err(Some(StopReason::TimeBox));
        }
        if self.made == self.windows {
            return Err(None);
        }
        self.made += 1;
        Ok(Plan { number: self.made, base: self.base.clone(), stress: self.stress.clone() })
    }

    fn learn(&mut self, pass: &Pass) -> Result<(), ParamError> {
        self.late = pass.verdict.blames(&GateId::Kc1);
        let last = self.made == self.windows;
        self.selected = pass.selected.as_ref().filter(|_| last).map(|selected| selected.params.clone());
        Ok(())
    }

    fn locked_in(&self) -> &[Vec<String>] {
        &[]
    }

    fn shipped(&self) -> Option<Params> {
        self.selected.clone()
    }
}

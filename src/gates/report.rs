//! What a gate says.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::{GateId, Measure};

words! {
    /// How a gate ended.
    pub enum GateStatus {
        /// The rule holds.
        Pass = "PASS",
        /// The rule does not hold, or could not be evaluated.
        Fail = "FAIL",
        /// Declared not to apply.
        Skip = "SKIP",
        /// Shown, never decides.
        Advisory = "ADVISORY",
    }
}

impl GateStatus {
    pub(super) const fn of(passed: bool) -> Self {
        if passed { Self::Pass } else { Self::Fail }
    }
}

/// What one gate says of a run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GateReport {
    /// Which gate.
    pub gate: GateId,
    /// How it ended.
    pub status: GateStatus,
    /// One line, as the reference implementation words it where it has the gate.
    pub message: String,
    /// The figures behind the line.
    pub measures: Vec<Measure>,
    /// What was judged, if anything was; see [`GateReport::evidence`].
    pub(super) judged: Option<Arc<dyn Evidence>>,
}

/// What a gate has judged: a type of the gate's own.
pub trait Evidence: Any + fmt::Debug + Send + Sync {
    /// Whether another one is the same.
    fn is_same(&self, other: &dyn Evidence) -> bool;
}

impl<E: Any + fmt::Debug + PartialEq + Send + Sync> Evidence for E {
    fn is_same(&self, other: &dyn Evidence) -> bool {
        (other as &dyn Any).downcast_ref::<E>() == Some(self)
    }
}

impl PartialEq for dyn Evidence {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
    }
}

impl GateReport {
    /// A report with nothing behind it yet.
    pub(super) fn new(gate: GateId, status: GateStatus, message: impl Into<String>, measures: Vec<Measure>) -> Self {
        Self { gate, status, message: message.into(), measures, judged: None }
    }

    /// The same with what was judged.
    pub(super) fn on(self, evidence: impl Evidence) -> Self {
        Self { judged: Some(Arc::new(evidence)), ..self }
    }

    /// The same, shown and deciding nothing: `instead` says what does.
    pub(crate) fn shown(mut self, instead: &str) -> Self {
        let unmeasured = self.measures.iter().any(|measure| measure.measured.is_none());
        let said = self.message.split_once(": ").map_or("", |(_, said)| said);
        self.message = if unmeasured { format!("{instead}; {said}") } else { instead.to_owned() };
        for measure in &mut self.measures {
            // A requirement that decides nothing is not shown as one.
            (measure.required, measure.ok) = (None, true);
        }
        Self { status: GateStatus::Advisory, ..self }
    }

    /// What was judged, if it is of this type: each gate has its own.
    pub fn evidence<E: Evidence>(&self) -> Option<&E> {
        let judged: &dyn Any = &**self.judged.as_ref()?;
        judged.downcast_ref()
    }
}

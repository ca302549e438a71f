//! What all gates together say.

use std::fmt;

use super::{GateId, GateReport, GateStatus};

/// `PASS`, or `FAIL:` and what failed, in the order it was judged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    failed: Vec<Failed>,
}

/// One thing that keeps a verdict from being a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failed {
    /// A gate.
    Gate(GateId),
    /// Some round of an iterative run; the number is that of the rounds run, as the reference implementation counts.
    Round(usize),
    /// An iterative run in which there was nothing to run.
    NoRounds,
}

impl Verdict {
    /// The verdict over these reports: every report with status FAIL counts.
    pub fn of<'r>(reports: impl IntoIterator<Item = &'r GateReport>) -> Self {
        let failed = |report: &&GateReport| report.status == GateStatus::Fail;
        reports.into_iter().filter(failed).map(|report| Failed::Gate(report.gate.clone())).collect()
    }

    /// Whether nothing failed.
    pub fn is_pass(&self) -> bool {
        self.failed.is_empty()
    }

    /// The gates among what failed.
    pub fn failed_gates(&self) -> impl Iterator<Item = &GateId> + Clone {
        self.failed.iter().filter_map(|failed| match failed {
            Failed::Gate(gate) => Some(gate),
            _ => None,
        })
    }

    /// Whether this gate is among it.
    pub fn blames(&self, gate: &GateId) -> bool {
        self.failed_gates().any(|failed| failed == gate)
    }
}

impl FromIterator<Failed> for Verdict {
    fn from_iter<I: IntoIterator<Item = Failed>>(failed: I) -> Self {
        Self { failed: failed.into_iter().collect() }
    }
}

/// As the reference implementation spells it: `FAIL:KC-4,HOLDOUT`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, rest)) = self.failed.split_first() else { return f.write_str("PASS") };
        write!(f, "FAIL:{first}")?;
        rest.iter().try_for_each(|failed| write!(f, ",{failed}"))
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gate(gate) => f.write_str(&gate.peer_name()),
            Self::Round(rounds) => write!(f, "round{rounds}"),
            Self::NoRounds => f.write_str("no_rounds"),
        }
    }
}

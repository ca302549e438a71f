//! What all gates together say.

use std::fmt;

use super::{GateId, GateReport, GateStatus};

/// `PASS`, or `FAIL:` and the failed gates in the order they were judged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    failed: Vec<GateId>,
}

impl Verdict {
    /// The verdict over these reports: every report with status FAIL counts.
    pub fn of<'r>(reports: impl IntoIterator<Item = &'r GateReport>) -> Self {
        let failed = |report: &&GateReport| report.status == GateStatus::Fail;
        Self { failed: reports.into_iter().filter(failed).map(|report| report.gate.clone()).collect() }
    }

    /// Whether no gate failed.
    pub fn is_pass(&self) -> bool {
        self.failed.is_empty()
    }

    /// The failed gates in order.
    pub fn failed(&self) -> &[GateId] {
        &self.failed
    }
}

/// As the reference implementation spells it: `FAIL:KC-4,HOLDOUT`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_pass() {
            return f.write_str("PASS");
        }
        let names: Vec<String> = self.failed.iter().map(GateId::peer_name).collect();
        write!(f, "FAIL:{}", names.join(","))
    }
}

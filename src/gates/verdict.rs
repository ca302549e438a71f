//! What all gates together say.

use std::fmt;
use std::str::FromStr;

use super::{GateId, GateReport, GateStatus};
use crate::words::Word;

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
    /// A case that holds the run against what is committed; only a test run knows.
    Case(CommittedCase),
}

words! {
    /// A case that holds a run against what is committed.
    pub enum CommittedCase {
        /// The declaration beside omega.lock.
        Declaration = "declaration",
        /// The questions to the test slice beside omega.ledger.jsonl.
        Consultations = "consultations",
        /// The looks at the holdout beside omega.ledger.jsonl.
        Ledger = "ledger",
        /// The result beside its gold file.
        Gold = "gold",
        /// The file that production takes its parameters from, beside gold.
        Shipped = "shipped",
    }
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

    /// What failed, in order.
    pub fn failed(&self) -> &[Failed] {
        &self.failed
    }

    /// The gates among it.
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

    /// Adds one more failure, behind the others.
    pub fn fail(&mut self, failed: Failed) {
        self.failed.push(failed);
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
            Self::Case(case) => f.write_str(&case.name().to_uppercase()),
        }
    }
}

/// A text that is no verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no verdict, expected `PASS`, or `FAIL:` and what failed, such as `FAIL:KC-4,HOLDOUT`", .0.escape_debug())]
pub struct NoVerdict(String);

impl FromStr for Verdict {
    type Err = NoVerdict;

    fn from_str(text: &str) -> Result<Self, NoVerdict> {
        if text == "PASS" {
            return Ok(Self::default());
        }
        let failed = text.strip_prefix("FAIL:").and_then(|names| names.split(',').map(Failed::named).collect());
        failed.ok_or_else(|| NoVerdict(text.to_owned()))
    }
}

impl Failed {
    fn named(name: &str) -> Option<Self> {
        let case = || CommittedCase::of_word(&name.to_lowercase()).map(Self::Case);
        let known = match name.strip_prefix("round") {
            Some(rounds) => rounds.parse().ok().map(Self::Round),
            None if name == "no_rounds" => Some(Self::NoRounds),
            None => GateId::of_peer_name(name).map(Self::Gate).or_else(case),
        };
        // A second spelling of the same would not come out as it went in.
        known.filter(|failed| failed.to_string() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_read_as_it_is_written_and_no_other_text_is_one() {
        for text in ["PASS", "FAIL:KC-4,HOLDOUT", "FAIL:round2,KC-1", "FAIL:no_rounds", "FAIL:CONSTRAINT:margin,GOLD"] {
            let verdict: Verdict = text.parse().unwrap();
            assert_eq!((verdict.to_string().as_str(), verdict.is_pass()), (text, text == "PASS"));
        }
        for text in ["", "pass", "PASS,KC-1", "FAIL", "FAIL:", "FAIL:KC-9", "FAIL:kc4", "FAIL:round+2", "FAIL:gold"] {
            let refused = text.parse::<Verdict>().unwrap_err().to_string();
            assert!(refused.starts_with(&format!("`{text}` is no verdict, expected `PASS`")), "{refused}");
        }
    }

    #[test]
    fn a_later_failure_stands_behind_the_earlier_ones() {
        let mut verdict = Verdict::default();
        verdict.fail(Failed::Case(CommittedCase::Declaration));
        assert_eq!(verdict.to_string(), "FAIL:DECLARATION");
        verdict.fail(Failed::Case(CommittedCase::Gold));
        assert_eq!(verdict.to_string(), "FAIL:DECLARATION,GOLD");
        assert_eq!(verdict.failed_gates().count(), 0);
    }
}

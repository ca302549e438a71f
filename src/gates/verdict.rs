//! What all gates together say.

use std::fmt;
use std::str::FromStr;

use super::{GateId, GateReport, GateStatus};
use crate::words::Word;

/// What stands around the day of the search in the verdict of a recheck.
const RECHECKED: (&str, &str) = (" (rechecked, searched on ", ")");

/// `PASS`, or `FAIL:` and what failed, in the order it was judged. That of a recheck says so, and when the search was that it
/// stands for: nobody takes it for the verdict of a search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    failed: Vec<Failed>,
    /// The day of the search behind a recheck; absent where the run searched itself.
    searched: Option<String>,
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

    /// The verdict of a recheck, whose accepted result was searched for on this day: `2026-11-20`. Another text is no day, and says
    /// nothing.
    #[must_use]
    pub fn rechecked(self, searched: &str) -> Self {
        Self { searched: is_day(searched).then(|| searched.to_owned()), ..self }
    }

    /// The day of the search that a recheck stands for; absent where the run searched itself.
    pub fn searched(&self) -> Option<&str> {
        self.searched.as_deref()
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
        Self { failed: failed.into_iter().collect(), searched: None }
    }
}

/// As the reference implementation spells it: `FAIL:KC-4,HOLDOUT`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.failed.split_first() {
            None => f.write_str("PASS")?,
            Some((first, rest)) => {
                write!(f, "FAIL:{first}")?;
                rest.iter().try_for_each(|failed| write!(f, ",{failed}"))?;
            }
        }
        let (before, behind) = RECHECKED;
        self.searched.iter().try_for_each(|day| write!(f, "{before}{day}{behind}"))
    }
}

/// Whether a text has the form of a day, `2026-11-20`.
fn is_day(text: &str) -> bool {
    let form = |(place, byte): (usize, u8)| if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(form)
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
        let (before, behind) = RECHECKED;
        let searched = text.split_once(before).and_then(|(verdict, day)| Some((verdict, day.strip_suffix(behind)?)));
        if let Some((verdict, day)) = searched.filter(|(verdict, day)| is_day(day) && !verdict.contains(before)) {
            return Ok(verdict.parse::<Self>().map_err(|_| NoVerdict(text.to_owned()))?.rechecked(day));
        }
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
    fn a_recheck_says_in_its_verdict_when_the_search_was_and_is_no_other_verdict() {
        for text in ["PASS (rechecked, searched on 2026-11-20)", "FAIL:MARGIN (rechecked, searched on 2026-11-20)"] {
            let verdict: Verdict = text.parse().unwrap();
            assert_eq!((verdict.to_string().as_str(), verdict.searched()), (text, Some("2026-11-20")));
            assert_eq!(verdict.is_pass(), text.starts_with("PASS"));
        }
        for text in ["PASS (rechecked)", "PASS (rechecked, searched on x)", "x (rechecked, searched on 2026-11-20)"] {
            text.parse::<Verdict>().unwrap_err();
        }
        let plain = Verdict::default();
        assert_ne!(plain.clone().rechecked("2026-11-20"), plain);
        assert_eq!(plain.clone().rechecked("2026-11-20\n"), plain);
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

//! `searched`: a search that tried next to nothing has found nothing.

use super::{Digits, Gate, GateId, GateReport, GateStatus, Measure};
use crate::number::Op;

/// Why a candidate is not eligible, as the figures of a report call it.
const VIOLATE: &str = "violate a constraint";
const FAILED: &str = "failed";
const REPEATED: &str = "repeat another";
const APART: &str = "not applicable";

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "searched",
    peer_name: "SEARCHED",
    asks: "Was there something to search, and was it searched?",
    fails: "no parameter was unlocked, or there are too few distinct eligible candidates",
    advice: "The case counts what was tried, and says why so little of it is eligible. Unlock more parameters or take more points; \
             if most of it violates a constraint, look at the table of constraints in the scorecard; if most of it is not \
             applicable, narrow the ranges.",
    causes: &[
        ("unlocked", "No parameter was unlocked, so nothing was searched: see the stress ranking of the scorecard."),
        (
            VIOLATE,
            "Enough was tried, but most of it violates a constraint: see the table of constraints in the scorecard.",
        ),
        (APART, "Most proposals have parameters that do not go together: narrow the ranges."),
        (FAILED, "Enough was tried, but most of it could not be evaluated."),
        (REPEATED, "The search proposed the same again and again: take more points, or let more parameters move."),
        ("", "Next to nothing was tried, so nothing was found: unlock parameters, or search more."),
    ],
    keys: &["gates.searched.min_distinct", "search.unlock_k", "search.points_per_axis", "constraint_policy"],
    at_the_end: false,
    applies: |asked| asked.strictly(),
};

/// What came of everything that a search proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Tried {
    /// Proposals whose parameters go together.
    pub tried: u64,
    /// Those of them that violate a constraint and may not be selected for it.
    pub infeasible: u64,
    /// Those that have no finite fitness.
    pub failed: u64,
    /// Those that would be eligible but for being the same parameters as an earlier one.
    pub repeated: u64,
    /// Those that may be selected.
    pub distinct: u64,
    /// Proposals whose parameters do not go together, beside the tried ones.
    pub not_applicable: u64,
    /// How many the search was to try, if it gave up before: it made as many proposals as it may.
    pub gave_up_on: Option<u64>,
    /// Whether an optimizer of the code's own ended, or was ended, where next to nothing of very many proposals went together.
    pub in_vain: bool,
}

impl Tried {
    /// Of the tried ones, and beside them, why they are not eligible and how many.
    const fn lost(&self) -> [(&'static str, u64); 4] {
        let Self { infeasible, failed, repeated, not_applicable, .. } = *self;
        [(VIOLATE, infeasible), (FAILED, failed), (REPEATED, repeated), (APART, not_applicable)]
    }

    /// `of 300 tried, 295 violate a constraint; 7 more not applicable`; absent if everything is eligible.
    fn told(&self) -> Option<String> {
        let lost = self.lost().into_iter().filter(|(what, count)| *count > 0 && *what != APART);
        let lost: Vec<String> = lost.map(|(what, count)| format!("{count} {what}")).collect();
        let apart = (self.not_applicable > 0).then(|| format!("{} more {APART}", self.not_applicable));
        let gave_up = self.gave_up_on.map(|wanted| {
            let proposed = self.tried + self.not_applicable;
            format!("the search gave up after {proposed} proposals, {wanted} were to be tried")
        });
        let in_vain = self.in_vain.then(|| {
            let proposed = self.tried + self.not_applicable;
            format!("the search ended after {proposed} proposals, of which not one in 20 was applicable")
        });
        let tried = match (lost.is_empty(), &apart) {
            (true, None) => None,
            (true, Some(_)) => Some(format!("{} tried", self.tried)),
            (false, _) => Some(format!("of {} tried, {}", self.tried, lost.join(", "))),
        };
        let said: Vec<String> = tried.into_iter().chain(apart).chain(gave_up).chain(in_vain).collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// The reason that most of the others are lost for, where there would be enough of them without it.
    fn blamed(&self, min_distinct: u64) -> Option<(&'static str, u64)> {
        let most = self.lost().into_iter().rev().max_by_key(|(_, count)| *count);
        most.filter(|(_, count)| self.distinct + count >= min_distinct)
    }
}

/// Judges how many parameters were unlocked and how many distinct eligible candidates were evaluated.
pub fn judge_searched(unlocked: usize, tried: Tried, min_distinct: u64) -> GateReport {
    // Whatever is declared, nothing is not enough.
    let min_distinct = min_distinct.max(1);
    let distinct = tried.distinct;
    let (axes_ok, distinct_ok) = (unlocked > 0, distinct >= min_distinct);
    let told = tried.told();
    let beside = told.as_ref().map_or_else(String::new, |told| format!(" ({told})"));
    let mut failures = Vec::new();
    if !axes_ok {
        failures.push("no parameter was unlocked".to_owned());
    }
    if !distinct_ok {
        failures.push(format!("{distinct} distinct eligible candidates, at least {min_distinct} are required{beside}"));
    }
    let status = GateStatus::of(failures.is_empty());
    let message = match status {
        GateStatus::Pass => format!("PASS: {distinct} distinct eligible candidates over {unlocked} parameters{beside}"),
        _ => format!("FAIL: {}", failures.join("; ")),
    };
    let eligible = Measure::count("distinct eligible candidates", distinct, Op::AtLeast, min_distinct);
    let mut measures = vec![
        Measure::count("unlocked parameters", unlocked as u64, Op::AtLeast, 1),
        told.map_or_else(|| eligible.clone(), |told| eligible.clone().noted(told)),
    ];
    if let Some((what, count)) = tried.blamed(min_distinct).filter(|_| !distinct_ok) {
        measures.push(Measure { ok: false, ..Measure::shown(what, Some(count as f64), Digits::Fixed(0)) });
    }
    GateReport::new(GateId::Searched, status, message, measures).on(tried)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(unlocked: usize, tried: Tried, min_distinct: u64) -> (GateStatus, String, Option<&'static str>) {
        let report = judge_searched(unlocked, tried, min_distinct);
        let failing = report.measures.iter().filter(|measure| !measure.ok).map(|measure| measure.metric.as_str());
        (report.status, report.message.clone(), GATE.cause(failing))
    }

    fn all_eligible(distinct: u64) -> Tried {
        Tried { tried: distinct, distinct, ..Tried::default() }
    }

    #[test]
    fn no_axis_or_too_few_candidates_fail() {
        assert_eq!(judge(1, all_eligible(10), 10).0, GateStatus::Pass);
        assert_eq!(judge(0, all_eligible(10), 10).1, "FAIL: no parameter was unlocked");
        assert_eq!(judge(1, all_eligible(0), 0).0, GateStatus::Fail);
        let (_, message, cause) = judge(2, all_eligible(9), 10);
        assert_eq!(message, "FAIL: 9 distinct eligible candidates, at least 10 are required");
        assert!(cause.is_some_and(|cause| cause.starts_with("Next to nothing was tried")), "{cause:?}");
    }

    #[test]
    fn what_most_candidates_are_lost_for_is_the_cause() {
        let tried = Tried { tried: 300, infeasible: 295, failed: 2, distinct: 3, ..Tried::default() };
        let (_, message, cause) = judge(2, tried, 10);
        assert_eq!(
            message,
            "FAIL: 3 distinct eligible candidates, at least 10 are required (of 300 tried, 295 violate a constraint, 2 failed)"
        );
        assert!(cause.is_some_and(|cause| cause.contains("violates a constraint")), "{cause:?}");
        let repeats = Tried { tried: 40, repeated: 36, distinct: 4, ..Tried::default() };
        assert!(judge(1, repeats, 10).2.is_some_and(|cause| cause.contains("again and again")));
        let apart = Tried { tried: 4, distinct: 4, not_applicable: 796, gave_up_on: Some(40), ..Tried::default() };
        let (_, message, cause) = judge(1, apart, 10);
        assert!(message.ends_with(
            "4 tried; 796 more not applicable; the search gave up after 800 proposals, 40 were to be tried)"
        ));
        assert!(cause.is_some_and(|cause| cause.contains("narrow the ranges")), "{cause:?}");
        // Had everything else been eligible, it would not have been enough either.
        let few = Tried { tried: 5, infeasible: 3, distinct: 2, ..Tried::default() };
        assert!(judge(1, few, 10).2.is_some_and(|cause| cause.starts_with("Next to nothing")));
    }
}

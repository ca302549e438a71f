//! `null`: the same calibration of targets in which there is nothing to find.
//!
//! Candidates share noise, and acting less often correlates with itself: such structure passes a test that takes
//! candidates for independent. A null version, the target with its labels permuted, has the same structure and no
//! signal; the whole calibration is run on it `runs` times, and the winner's test fitness has to be above what winners
//! reach there. p = (1 + null runs that reach it) / (1 + runs), as in scikit-learn's `permutation_test_score` (Ojala and
//! Garriga 2010).

use super::measure::shown;
use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, NullRule};
use crate::number::Op;

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "null",
    peer_name: "NULL",
    asks: "Is the winner better on test than winners of the same calibration where there is nothing to find?",
    fails: "the same calibration of null versions gives winners as good on test, where a null version is declared",
    advice: "The search finds as much in data without a signal as in yours: what it found is how well it fits. \
             Declare a null version with `Calibration::null`; without one the gate is skipped.",
    causes: &[(
        "",
        "Where there is nothing to find, the same calibration gives winners as good. So this winner shows nothing.",
    )],
    keys: &["gates.null"],
    at_the_end: true,
    applies: |asked| match asked.strictly() {
        Applies::Yes if asked.study => Applies::Skip(
            "nobody can ask the study's optimizer what it would have tried where there is nothing to find",
        ),
        Applies::Yes => {
            Applies::unless(asked.null, "no null version is declared: `Calibration::null`, or a slice `roles.null`")
        }
        other => other,
    },
};

/// Test fitness of the winner, and of the winners of the null runs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NullEvidence {
    /// The selected candidate's test fitness; absent if there is none.
    pub observed: Option<f64>,
    /// The same of each null run, in order; absent where a run selected nothing or its winner has no test fitness.
    pub nulls: Vec<Option<f64>>,
}

impl NullEvidence {
    /// How many null runs reach the observed fitness. One without an answer counts as if it did.
    pub fn reached(&self) -> usize {
        let below = |null: &Option<f64>| matches!((null, self.observed), (Some(null), Some(seen)) if *null < seen);
        self.nulls.iter().filter(|null| !below(null)).count()
    }

    /// The share of runs, the observed one among them, that reach the observed fitness.
    pub fn p(&self) -> f64 {
        (1 + self.reached()) as f64 / (1 + self.nulls.len()) as f64
    }
}

/// Judges the winner beside the winners of the null runs.
pub fn judge_null(evidence: NullEvidence, rule: &NullRule) -> GateReport {
    let (p, reached, runs) = (evidence.p(), evidence.reached(), evidence.nulls.len());
    let status = GateStatus::of(evidence.observed.is_some_and(f64::is_finite) && p <= rule.alpha);
    let seen = shown(evidence.observed, Digits::General(6));
    let largest = shown(evidence.nulls.iter().flatten().copied().reduce(f64::max), Digits::General(6));
    let message = match status {
        GateStatus::Pass => format!("PASS: test fitness {seen}, the best of {runs} null runs {largest}"),
        _ => format!("FAIL: {reached} of {runs} null runs reach the test fitness {seen} (the best {largest})"),
    };
    let p = Measure::new("p", Some(p), Op::AtMost, rule.alpha, Digits::General(4), status == GateStatus::Pass);
    let measures = vec![p.noted(format!("{reached} of {runs} null runs reach {seen}"))];
    GateReport::new(GateId::Null, status, message, measures).on(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gates::Reading;

    fn judge(observed: Option<f64>, nulls: Vec<Option<f64>>) -> GateReport {
        judge_null(NullEvidence { observed, nulls }, &NullRule::default())
    }

    #[test]
    fn one_null_run_of_nineteen_that_reaches_the_winner_is_one_too_many() {
        let nulls = |best: f64| (0..19).map(|run| Some(if run == 7 { best } else { 0.0 })).collect::<Vec<_>>();
        assert_eq!(judge(Some(5.0), nulls(4.9)).status, GateStatus::Pass);
        let tied = judge(Some(5.0), nulls(5.0));
        assert_eq!(tied.message, "FAIL: 1 of 19 null runs reach the test fitness 5 (the best 5)");
        assert_eq!(tied.measures[0].measured, Some(Reading::Number(0.1)));
        assert_eq!(tied.measures[0].note, "1 of 19 null runs reach 5");
    }

    #[test]
    fn a_run_without_an_answer_counts_against_the_winner_and_so_does_a_winner_without_one() {
        let mut nulls = vec![Some(0.0); 18];
        nulls.push(None);
        assert_eq!(judge(Some(5.0), nulls).status, GateStatus::Fail);
        assert_eq!(judge(None, vec![Some(0.0); 19]).status, GateStatus::Fail);
        assert_eq!(judge(Some(f64::INFINITY), vec![Some(0.0); 19]).status, GateStatus::Fail);
    }
}

//! Everything a finished iterative run knows.

use std::fmt;

use super::iterative_end::after_the_rounds;
use super::outcome::first_blocking;
use super::{DeclaredGate, EvaluationCounts, GateResult, IterativeConfig, P1Outcome, Profile};
use crate::gates::{GateId, GateReport, GateStatus};
use crate::holdout::HoldoutShot;
use crate::objective::{ParamSpace, Params};
use crate::search::Candidate;

/// A finished iterative run: its rounds, what each of them locked in, and what that came to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct IterativeOutcome {
    /// What decided the numbers.
    pub config: IterativeConfig,
    /// The parameter space.
    pub space: ParamSpace,
    /// The baseline of the first round.
    pub base_params: Params,
    /// The rounds that were run, each a p1 run without a holdout.
    pub rounds: Vec<P1Outcome>,
    /// Why there was no further round.
    pub stop_reason: StopReason,
    /// The parameters that each round locked in; a round that failed and ended the run has no entry.
    pub locked_in_order: Vec<Vec<String>>,
    /// What would ship: the baseline with everything that was locked in.
    pub final_baseline: Params,
    /// The shot at the holdout with these parameters, if there is a holdout and a round was run. Its differences are
    /// against the selected candidate of the last round, locked in or not.
    pub holdout: Option<HoldoutShot>,
    /// What the holdout's gate said of it.
    pub holdout_report: Option<GateReport>,
    /// What the gate `null` said of the whole run, under the strict profile.
    pub null_report: Option<GateReport>,
    /// In how many rounds the test slice had a say; 0 without one.
    pub test_reuse_rounds: usize,
    /// What a reader of the verdict should know beside it.
    pub advisories: Vec<String>,
    /// How many evaluations were made, over all rounds.
    pub counts: EvaluationCounts,
}

words! {
    /// Why an iterative run ended.
    pub enum StopReason {
        /// As many rounds as declared were run.
        MaxRounds = "max_rounds",
        /// Fewer parameters were left than a round unlocks.
        TooFewParams = "too_few_params",
        /// The round failed a gate; nothing of it was locked in.
        KcFail = "kc_fail",
        /// The round selected nothing, since KC-2 ended it.
        NoGridBest = "no_grid_best",
        /// The round improved too little; it was locked in all the same.
        NoImprovement = "no_improvement",
        /// The time box was used up: nothing further was evaluated, and nothing of a round that it cut short was locked in.
        TimeBox = "time_box",
    }
}

/// What all rounds, the null runs and the holdout together say: `PASS`, or `FAIL:` and `round2`, `no_rounds`, `KC-1`,
/// `NULL`, `HOLDOUT`.
///
/// As the reference implementation spells it, the number is that of the rounds run, whichever of them failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IterativeVerdict {
    /// How many rounds were run.
    pub rounds: usize,
    /// Whether each of them passed.
    pub rounds_passed: bool,
    /// Whether a strict run used up its time box.
    pub time_box_failed: bool,
    /// Whether the gate `null` failed.
    pub null_failed: bool,
    /// Whether the holdout's gate failed.
    pub holdout_failed: bool,
}

impl IterativeVerdict {
    /// Whether there was a round and nothing failed.
    pub const fn is_pass(self) -> bool {
        self.rounds > 0 && self.rounds_passed && !self.null_failed && !self.holdout_failed
    }
}

impl fmt::Display for IterativeVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounds = match self.rounds {
            0 => Some("no_rounds".to_owned()),
            _ if self.rounds_passed => None,
            rounds => Some(format!("round{rounds}")),
        };
        let later = [(self.time_box_failed, "KC-1"), (self.null_failed, "NULL"), (self.holdout_failed, "HOLDOUT")];
        let later = later.into_iter().filter(|(failed, _)| *failed).map(|(_, name)| name.to_owned());
        let failed: Vec<String> = rounds.into_iter().chain(later).collect();
        if failed.is_empty() { f.write_str("PASS") } else { write!(f, "FAIL:{}", failed.join(",")) }
    }
}

/// Said of every run in which more than one round asked the test slice, word for word as the reference implementation.
const TEST_REUSE: &str = "repeated test reuse weakens KC-4 evidence.";

impl IterativeOutcome {
    /// What all rounds and the holdout together say.
    pub fn verdict(&self) -> IterativeVerdict {
        let failed = |report: &GateReport| report.status == GateStatus::Fail;
        IterativeVerdict {
            rounds: self.rounds.len(),
            rounds_passed: self.rounds.iter().all(|round| round.verdict.is_pass()),
            time_box_failed: self.config.round.profile == Profile::Strict
                && self.rounds.iter().any(|round| round.verdict.failed().contains(&GateId::Kc1)),
            null_failed: self.null_report.as_ref().is_some_and(failed),
            holdout_failed: self.holdout_report.as_ref().is_some_and(failed),
        }
    }

    /// The fitness of each round's baseline.
    pub fn fitness_trajectory(&self) -> Vec<f64> {
        let fitness = |round: &P1Outcome| round.baseline.evaluation().map_or(f64::NAN, |base| base.fitness);
        self.rounds.iter().map(fitness).collect()
    }

    /// The fitness of each round's selected candidate; negative infinity where KC-2 left none.
    pub fn round_best_fitness(&self) -> Vec<f64> {
        let fitness =
            |round: &P1Outcome| round.selected.as_ref().and_then(Candidate::fitness).unwrap_or(f64::NEG_INFINITY);
        self.rounds.iter().map(fitness).collect()
    }

    /// The warning about a test slice that several rounds asked.
    pub fn test_reuse_warning(&self) -> Option<&'static str> {
        (self.test_reuse_rounds > 1).then_some(TEST_REUSE)
    }

    /// Whether a holdout would say what the test slice no longer can.
    pub fn holdout_recommended(&self) -> bool {
        self.test_reuse_rounds > 0 && self.holdout.is_none()
    }

    /// The advisories for this many rounds, word for word as the reference implementation.
    pub(super) fn advise(test_reuse_rounds: usize, holdout_seen: bool) -> Vec<String> {
        let mut advisories = Vec::new();
        if test_reuse_rounds > 1 {
            advisories.push(format!(
                "{TEST_REUSE} test_target was reused across {test_reuse_rounds} rounds for lock-in decisions; per-round \
                 KC-4 evidence weakens as rounds accumulate. Provide a held-out slice via holdout_target= for an \
                 independent generalization check."
            ));
        }
        if test_reuse_rounds > 0 && !holdout_seen {
            advisories.push(
                "iterative mode without holdout_target: no slice escaped the per-round selection loop. Recommended: \
                 pass a fresh data slice as holdout_target, even in evidence_only mode."
                    .to_owned(),
            );
        }
        advisories
    }

    /// The seconds that KC-1 was told by the round that is shown for it; absent if none reached it.
    pub fn judged_seconds(&self) -> Option<f64> {
        let (round, _) = self.result_of(&DeclaredGate { gate: GateId::Kc1, skip: None });
        self.rounds.get(round?.checked_sub(1)?)?.judged_seconds()
    }

    /// What became of a declared gate, and in which round, from 1; the holdout belongs to none.
    ///
    /// A gate fails if it failed in any round: the first of these is the one shown. Otherwise the last round is, since
    /// what would ship comes from it.
    pub fn result_of(&self, declared: &DeclaredGate) -> (Option<usize>, GateResult<'_>) {
        if let Some(reason) = declared.skip {
            return (None, GateResult::Skipped(reason));
        }
        let later = match declared.gate {
            GateId::Holdout => self.holdout_report.as_ref(),
            GateId::Null => self.null_report.as_ref(),
            _ => None,
        };
        if let Some(report) = later {
            return (None, GateResult::Judged(report));
        }
        if self.config.round.profile == Profile::Strict && after_the_rounds(&declared.gate) {
            let first = first_blocking(self.rounds.iter().flat_map(|round| round.verdict.failed()));
            let null = self.null_report.as_ref().filter(|report| report.status == GateStatus::Fail);
            if let Some(failed) = first.or(null.map(|report| &report.gate)) {
                return (None, GateResult::Blocked(failed.clone()));
            }
        }
        let mut shown = (None, GateResult::Unreached("no round was run: there are fewer parameters than `unlock_k`"));
        for (index, round) in self.rounds.iter().enumerate() {
            shown = (Some(index + 1), round.result_of(declared));
            if shown.1.is_failure() {
                break;
            }
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_names_the_number_of_rounds_and_the_holdout() {
        let spelled = |rounds, rounds_passed, holdout_failed| {
            let verdict =
                IterativeVerdict { rounds, rounds_passed, time_box_failed: false, null_failed: false, holdout_failed };
            assert_eq!(verdict.is_pass(), verdict.to_string() == "PASS");
            verdict.to_string()
        };
        assert_eq!(spelled(2, true, false), "PASS");
        assert_eq!(spelled(2, false, false), "FAIL:round2");
        assert_eq!(spelled(3, false, true), "FAIL:round3,HOLDOUT");
        assert_eq!(spelled(1, true, true), "FAIL:HOLDOUT");
        assert_eq!(spelled(0, true, false), "FAIL:no_rounds");
        let passed = IterativeVerdict {
            rounds: 2,
            rounds_passed: true,
            time_box_failed: false,
            null_failed: false,
            holdout_failed: false,
        };
        let null = IterativeVerdict { null_failed: true, ..passed };
        assert_eq!((null.to_string().as_str(), null.is_pass()), ("FAIL:NULL", false));
        let late = IterativeVerdict { rounds_passed: false, time_box_failed: true, ..passed };
        assert_eq!((late.to_string().as_str(), late.is_pass()), ("FAIL:round2,KC-1", false));
    }
}

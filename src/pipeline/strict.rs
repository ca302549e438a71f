//! How the strict profile judges a pass once its search is over.
//!
//! Evaluations are made in a fixed order: the best candidates on test, the judge, SC-2's draws, what `transfer` and
//! `selected` need, the baseline again, the null runs, the holdout. The last two are made only if every gate before them
//! passed: null runs are the whole calibration over again, and a holdout is new only once.

use super::p1::{Found, Run, evidence};
use super::{ConstraintPolicy, RunError, eligible};
use crate::gates::{
    GateReport, HoldoutMode, HoldoutShown, RepeatEvidence, SelectedEvidence, TransferLevel,
    judge_constraint_everywhere, judge_constraints, judge_deterministic, judge_finite, judge_holdout_strict,
    judge_improvement, judge_kc4_strict, judge_null, judge_searched, judge_selected, judge_transfer,
};
use crate::holdout::HoldoutShot;
use crate::hybrid::{HybridEntry, most_ranked, rerank_judged_first};
use crate::objective::{ConstraintStatus, Context, Evaluator, Feasibility, Halt, Outcome, Phase, Role};
use crate::progress::evaluate_phase;
use crate::search::{Candidate, Candidates, Figures};
use crate::walk_forward::{WalkForward, walk_forward};

/// The candidates that may ship, best first.
pub(super) struct Eligible<'c> {
    pub(super) candidates: &'c Candidates,
    pub(super) places: Vec<usize>,
}

impl Eligible<'_> {
    /// The first of them, with everything about them.
    fn best(&self, count: usize, evaluator: &mut dyn Evaluator) -> Result<Vec<Candidate>, Halt> {
        self.candidates.recall_each(&self.places[..count.min(self.places.len())], evaluator)
    }
}

/// A number that the verdict rests on, with what it is.
type Named = (String, Option<f64>);

impl Run<'_> {
    /// Selects, measures and judges; every gate that could be judged has a report afterwards.
    pub(super) fn judge_strictly(&mut self, baseline: &Outcome, found: &mut Found) -> Result<(), RunError> {
        let rules = &self.config.strict;
        let candidates = &found.candidates;
        let eligible = eligible(candidates, self.config.constraint_policy);
        // Without an eligible candidate the best of the others is shown, and fails.
        let shown = eligible.first().copied().or_else(|| candidates.first_maximum(Figures::is_finite));
        let selected = shown.ok_or(RunError::NoCandidate(candidates.len() as u64))?;
        let selected = candidates.recall(selected, self.evaluator)?;
        let eligible = Eligible { candidates, places: eligible };
        self.reports.push(judge_searched(found.unlocked.len(), eligible.places.len() as u64, rules.min_distinct));
        let (base, train) = (fitness(baseline).unwrap_or(f64::NAN), selected.fitness().unwrap_or(f64::NAN));
        self.reports.push(judge_improvement(base, train, rules.min_improvement));
        if self.config.constraint_policy == ConstraintPolicy::HardFail {
            let feasible = candidates.figures().iter().filter(|figures| figures.is_feasible()).count();
            self.reports.push(judge_constraints(feasible as u64, candidates.len() as u64));
        }
        let mut values = vec![
            ("baseline on train".to_owned(), fitness(baseline)),
            ("the selected candidate on train".to_owned(), selected.fitness()),
        ];
        values.extend(
            found.stresses.iter().map(|stress| (format!("stress of `{}`", stress.name), Some(stress.raw_stress))),
        );

        found.selected = Some(selected.clone());
        found.walk_forward = self.walk_strictly(&eligible, &selected)?;
        let walked = found.walk_forward.as_ref();
        found.hybrid = self.judge_strictly_ranked(&eligible, &mut values)?;
        self.compare_with_random(&found.unlocked, candidates)?;
        if let Some(walked) = walked {
            self.judge_on_test(&eligible, walked, &found.unlocked, &mut values)?;
        }
        self.repeat_baseline(baseline, &mut values)?;
        self.reports.push(judge_finite(&values));
        self.judge_counts(baseline, &selected, walked);
        let mut slices = slices(&selected, walked, found.hybrid.as_deref());
        self.judge_constraints_on(&selected, &slices);
        self.judge_null(walked)?;
        self.judge_time();
        found.holdout = self.open_holdout(&selected, walked)?;
        if let Some(shot) = &found.holdout {
            slices.push((Role::Holdout, seen_on_holdout(shot)));
            self.judge_constraints_on(&selected, &slices);
            self.judge_time();
        }
        Ok(())
    }

    /// KC-4 over the best eligible candidates. There is nothing to walk forward without one.
    fn walk_strictly(
        &mut self,
        eligible: &Eligible<'_>,
        selected: &Candidate,
    ) -> Result<Option<WalkForward>, RunError> {
        if !self.evaluator.serves(Role::Test) || eligible.places.is_empty() {
            return Ok(None);
        }
        let context = Context::new(Role::Test, Phase::WalkForward);
        let (top_n, scale) = (self.config.walk_forward_top_n, self.config.trade_ratio_scale);
        let best = eligible.best(top_n, self.evaluator)?;
        let mut walked = walk_forward(self.evaluator, &mut self.observer, context, &best, top_n, scale)?;
        // The winner's own count, not the mean of its neighbours', is what its count on test is held against.
        let own = selected.samples() as f64 * scale;
        let on_test = walked.lead().map_or(0, |(_, samples)| samples);
        walked.trade_ratio = if own > 0.0 { on_test as f64 / own } else { 0.0 };
        let (train, test) = (&walked.train_fitness, &walked.test_fitness);
        let role = self.config.strict.correlation;
        self.reports.push(judge_kc4_strict(train, test, walked.trade_ratio, &self.config.thresholds, role));
        Ok(Some(walked))
    }

    /// The judge's ranking, those it judged first.
    fn judge_strictly_ranked(
        &mut self,
        eligible: &Eligible<'_>,
        values: &mut Vec<Named>,
    ) -> Result<Option<Vec<HybridEntry>>, RunError> {
        if !self.evaluator.serves(Role::Validation) {
            return Ok(None);
        }
        let context = Context::new(Role::Validation, Phase::Hybrid);
        let top_n = self.config.walk_forward_top_n;
        let best = eligible.best(most_ranked(top_n), self.evaluator)?;
        let entries = rerank_judged_first(self.evaluator, &mut self.observer, context, &best, top_n)?;
        let judged = entries.iter().filter_map(|entry| entry.judged.as_ref());
        values.extend(
            judged.map(|outcome| (format!("evaluation {} by the judge", outcome.call_index), fitness(outcome))),
        );
        Ok(Some(entries))
    }

    /// `transfer` and `selected`.
    fn judge_on_test(
        &mut self,
        eligible: &Eligible<'_>,
        walked: &WalkForward,
        unlocked: &[String],
        values: &mut Vec<Named>,
    ) -> Result<(), RunError> {
        let (rules, sample) = (&self.config.strict, self.transfer_sample(eligible, walked, unlocked)?);
        let tested = sample.ranked.iter().map(|(_, test)| ("a ranked candidate on test".to_owned(), *test));
        values.extend(tested.chain(sample.lead.iter().map(|test| ("a leading candidate on test".to_owned(), *test))));
        let alpha = self.round.map_or(rules.transfer.alpha, |round| rules.transfer.spent(round));
        let level = TransferLevel { alpha, permutations: rules.transfer.permutations, seed: rules.seed };
        self.reports.push(judge_transfer(sample, level));

        let context = Context::new(Role::Test, Phase::Baseline);
        let proposals = std::slice::from_ref(&self.base);
        let on_test = evaluate_phase(self.evaluator, &mut self.observer, context, proposals)?;
        let baseline_test = on_test.first().and_then(fitness);
        values.push(("baseline on test".to_owned(), baseline_test));
        let winner = walked.outcomes.first();
        let evidence = SelectedEvidence {
            train: walked.train_fitness.first().copied().unwrap_or(f64::NAN),
            test: winner.and_then(fitness),
            violated: winner.map(|outcome| self.violated(&outcome.feasibility)).unwrap_or_default(),
            baseline_test,
        };
        self.reports.push(judge_selected(evidence, rules.max_drop));
        Ok(())
    }

    /// The names of the constraints that an evaluation does not keep, unless violations are only recorded.
    fn violated(&self, feasibility: &Feasibility) -> Vec<String> {
        if self.config.constraint_policy == ConstraintPolicy::Record {
            return Vec::new();
        }
        let statuses = self.constraints.iter().zip(feasibility.statuses());
        let violated = statuses.filter(|(_, status)| **status != ConstraintStatus::Satisfied);
        violated.map(|(constraint, _)| constraint.name.clone()).collect()
    }

    fn repeat_baseline(&mut self, baseline: &Outcome, values: &mut Vec<Named>) -> Result<(), RunError> {
        let context = Context::new(Role::Train, Phase::Repeat);
        let proposals = std::slice::from_ref(&self.base);
        let again = evaluate_phase(self.evaluator, &mut self.observer, context, proposals)?;
        let level = |outcome: &Outcome| outcome.evaluation().map(|seen| (seen.fitness, seen.samples));
        let again = again.first().and_then(level);
        values.push(("baseline again".to_owned(), again.map(|(fitness, _)| fitness)));
        let evidence = RepeatEvidence { first: level(baseline).unwrap_or((f64::NAN, 0)), again };
        self.reports.push(judge_deterministic(evidence, self.config.strict.noise));
        Ok(())
    }

    /// Judges every constraint over the slices given, in the place of what was judged before.
    fn judge_constraints_on(&mut self, selected: &Candidate, slices: &[(Role, Outcome)]) {
        let decides = self.config.constraint_policy != ConstraintPolicy::Record;
        for (place, constraint) in self.constraints.iter().enumerate() {
            let on = |(role, outcome): &(Role, Outcome)| {
                let status = outcome.feasibility.statuses().get(place)?;
                Some((*role, evidence(constraint, &selected.params, outcome, status)))
            };
            let judged: Vec<_> = slices.iter().filter_map(on).collect();
            if let Some(report) = judge_constraint_everywhere(&judged, decides) {
                replace(&mut self.reports, report);
            }
        }
    }

    fn judge_null(&mut self, walked: Option<&WalkForward>) -> Result<(), RunError> {
        if !self.config.null_declared || self.round.is_some() || !self.verdict().is_pass() {
            return Ok(());
        }
        let Some(walked) = walked else { return Ok(()) };
        let observed = walked.outcomes.first().and_then(fitness);
        let evidence = self.null_runs(observed)?;
        self.reports.push(judge_null(evidence, &self.config.strict.null));
        Ok(())
    }

    /// The shot at the holdout, if there is one and nothing failed before it.
    fn open_holdout(
        &mut self,
        selected: &Candidate,
        walked: Option<&WalkForward>,
    ) -> Result<Option<HoldoutShot>, RunError> {
        let rule = &self.config.holdout;
        if self.round.is_some() {
            return Ok(None);
        }
        if !self.evaluator.serves(Role::Holdout) {
            if rule.mode == HoldoutMode::Gate {
                self.reports.push(judge_holdout_strict(HoldoutShown::Absent, rule));
            }
            return Ok(None);
        }
        if let Some(failed) = self.verdict().failed().first() {
            // As a gate it counts as blocked by what failed.
            if rule.mode == HoldoutMode::EvidenceOnly {
                self.reports.push(judge_holdout_strict(HoldoutShown::Closed(failed), rule));
            }
            return Ok(None);
        }
        let shot = self.shoot(selected, walked)?;
        self.reports.push(judge_holdout_strict(shown(&shot, &failure(&shot)), rule));
        Ok(Some(shot))
    }
}

/// A shot as the holdout's gate is shown it.
pub(super) fn shown<'s>(shot: &HoldoutShot, failure: &'s Option<String>) -> HoldoutShown<'s> {
    HoldoutShown::Evaluated(shot.fitness(), shot.trade_ratio_vs_train, failure.as_deref())
}

/// Why a shot has no answer, if it has none.
pub(super) fn failure(shot: &HoldoutShot) -> Option<String> {
    shot.result.as_ref().err().map(ToString::to_string)
}

/// Puts a report in the place of the one of the same gate, or at the end.
pub(super) fn replace(reports: &mut Vec<GateReport>, report: GateReport) {
    match reports.iter_mut().find(|earlier| earlier.gate == report.gate) {
        Some(earlier) => *earlier = report,
        None => reports.push(report),
    }
}

/// What the holdout said, as an evaluation of the selected candidate.
pub(super) fn seen_on_holdout(shot: &HoldoutShot) -> Outcome {
    Outcome { call_index: 0, result: shot.result.clone(), feasibility: shot.feasibility.clone() }
}

/// The evaluations of the selected candidate, by slice, short of the holdout.
fn slices(selected: &Candidate, walked: Option<&WalkForward>, hybrid: Option<&[HybridEntry]>) -> Vec<(Role, Outcome)> {
    let mut slices = vec![(Role::Train, selected.outcome.clone())];
    slices.extend(walked.and_then(|walked| walked.outcomes.first()).map(|outcome| (Role::Test, outcome.clone())));
    let judged = hybrid.and_then(|entries| entries.iter().find(|entry| entry.params == selected.params));
    slices.extend(judged.and_then(|entry| entry.judged.clone()).map(|outcome| (Role::Validation, outcome)));
    slices
}

fn fitness(outcome: &Outcome) -> Option<f64> {
    outcome.evaluation().map(|evaluation| evaluation.fitness)
}

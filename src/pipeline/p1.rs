//! Baseline, stress, unlock, search, select, walk forward, judge, holdout: one pass.

use super::counts::Counting;
use super::null_run::check_null;
use super::strict::replace;
use super::time_box::{TimeBoxed, in_time};
use super::{
    ConstraintPolicy, EvaluationCounts, P1Outcome, Profile, Proposer, RunConfig, RunError, SearchMethod, select,
};
use crate::audit::{Constraint, Metric, Rule};
use crate::gates::{
    ConstraintEvidence, GateId, GateReport, HoldoutMode, SearchComparison, Verdict, judge_constraint,
    judge_constraints, judge_holdout, judge_kc1, judge_kc2, judge_kc2_strict, judge_kc3, judge_kc4, judge_sc2,
};
use crate::holdout::{HoldoutShot, shoot};
use crate::hybrid::{HybridEntry, most_ranked, rerank};
use crate::objective::{
    ConstraintStatus, Context, Evaluator, Halt, Outcome, ParamError, ParamKind, ParamSpace, Params, Phase, Role,
};
use crate::progress::{Clock, Observer, evaluate_phase};
use crate::search::{Candidate, Candidates, Figures, RandomSearch, explore};
use crate::stress::{Stress, measure_stress, top_k, top_k_by};
use crate::walk_forward::{WalkForward, walk_forward};

/// Runs p1: the measurements in the order of the reference implementation, each judged by the gates of the profile.
///
/// KC-2 ends the run early, before anything but the baseline and its perturbations was evaluated. Under the strict
/// profile so does the end of the time box, by `clock`: nothing further is evaluated, KC-1 fails, and with it every gate
/// that was not judged yet; a search that was under way has selected nothing. `constraints` are
/// those that `evaluator` judges, in the same order; they are asked again only for the figures of the selected candidate.
///
/// # Errors
/// If the question cannot be answered: see [`RunError`].
pub fn run_p1(
    config: &RunConfig,
    space: &ParamSpace,
    constraints: &[Constraint],
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    clock: &dyn Clock,
) -> Result<P1Outcome, RunError> {
    run_p1_with(Proposer::Declared, config, space, constraints, evaluator, observer, clock)
}

/// [`run_p1`] with an optimizer of the caller's own in the place of the search: `config.search` is
/// [`SearchMethod::Own`] then. Everything else is the same, gates included.
///
/// # Errors
/// If the question cannot be answered: see [`RunError`].
pub fn run_p1_with(
    proposer: Proposer<'_>,
    config: &RunConfig,
    space: &ParamSpace,
    constraints: &[Constraint],
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    clock: &dyn Clock,
) -> Result<P1Outcome, RunError> {
    check_null(config, evaluator)?;
    let mut evaluator = TimeBoxed::new(evaluator, clock, config);
    Recipe { proposer, config, space, constraints, round: None }.run(&mut evaluator, observer, clock)
}

/// One pass, before there is anything to evaluate with.
#[derive(Clone, Copy)]
pub(super) struct Recipe<'r> {
    pub(super) proposer: Proposer<'r>,
    pub(super) config: &'r RunConfig,
    pub(super) space: &'r ParamSpace,
    pub(super) constraints: &'r [Constraint],
    /// The round of an iterative run that the pass is, from 1.
    pub(super) round: Option<u32>,
}

impl<'r> Recipe<'r> {
    /// Runs and judges the pass.
    pub(super) fn run(
        self,
        evaluator: &'r mut dyn Evaluator,
        observer: &'r mut dyn Observer,
        clock: &'r dyn Clock,
    ) -> Result<P1Outcome, RunError> {
        let mut run = self.start(evaluator, observer, clock)?;
        let baseline = run.evaluate_baseline()?;
        let mut found = Found::default();
        let searched = run.after_baseline(&baseline, &mut found);
        if let Err(elapsed) = in_time(searched)? {
            replace(&mut run.reports, judge_kc1(elapsed, &self.config.thresholds));
        }
        run.finish(baseline, found)
    }

    /// Checks everything that can be checked before the first evaluation.
    pub(super) fn start(
        self,
        evaluator: &'r mut dyn Evaluator,
        observer: &'r mut dyn Observer,
        clock: &'r dyn Clock,
    ) -> Result<Run<'r>, RunError> {
        let Self { proposer, config, space, constraints, round } = self;
        config.check()?;
        space.check()?;
        let base = config.base_params.clone().unwrap_or_else(|| space.neutral());
        space.check_params(&base)?;
        for constraint in constraints {
            if let Rule::Typed { metric: Metric::Param(name), .. } = &constraint.rule
                && matches!(space.get(name)?.kind, ParamKind::Choice { .. })
            {
                let expected = format!("a number that constraint `{}` could compare", constraint.name);
                return Err(ParamError::kind(name, "choice", &expected).into());
            }
        }
        if config.profile == Profile::Strict {
            evaluator.refuse_non_finite();
        }
        let observer = Counting { counts: EvaluationCounts::default(), inner: observer };
        Ok(Run { proposer, config, space, constraints, round, base, evaluator, observer, clock, reports: Vec::new() })
    }
}

/// What a run has found so far.
#[derive(Default)]
pub(super) struct Found {
    pub(super) stresses: Vec<Stress>,
    pub(super) unlocked: Vec<String>,
    pub(super) without_suppressed: Vec<String>,
    pub(super) candidates: Candidates,
    pub(super) selected: Option<Candidate>,
    pub(super) walk_forward: Option<WalkForward>,
    pub(super) hybrid: Option<Vec<HybridEntry>>,
    pub(super) holdout: Option<HoldoutShot>,
}

/// One pass while it goes on.
pub(super) struct Run<'r> {
    pub(super) proposer: Proposer<'r>,
    pub(super) config: &'r RunConfig,
    pub(super) space: &'r ParamSpace,
    pub(super) constraints: &'r [Constraint],
    pub(super) round: Option<u32>,
    pub(super) base: Params,
    pub(super) evaluator: &'r mut dyn Evaluator,
    pub(super) observer: Counting<'r>,
    pub(super) clock: &'r dyn Clock,
    pub(super) reports: Vec<GateReport>,
}

impl Run<'_> {
    /// Everything that the baseline is compared with; what was found stays in `found` when the run must end.
    fn after_baseline(&mut self, baseline: &Outcome, found: &mut Found) -> Result<(), RunError> {
        found.stresses = self.measure_stress(baseline)?;
        self.judge_stress(&found.stresses);
        if !Verdict::of(&self.reports).is_pass() {
            return Ok(());
        }
        found.unlocked = self.unlock(&found.stresses);
        found.without_suppressed = self.ranked_by_stress(&found.stresses, true);
        found.candidates = self.search(&found.unlocked)?;
        match self.config.profile {
            Profile::Reference => self.judge_as_reference(baseline, found),
            Profile::Strict => self.judge_strictly(baseline, found),
        }
    }

    pub(super) fn evaluate_baseline(&mut self) -> Result<Outcome, RunError> {
        let context = Context::new(Role::Train, Phase::Baseline);
        let proposals = std::slice::from_ref(&self.base);
        let outcomes = evaluate_phase(self.evaluator, &mut self.observer, context, proposals)?;
        let outcome = outcomes.into_iter().next().ok_or(Halt::NoTarget(Role::Train))?;
        match &outcome.result {
            Ok(_) => Ok(outcome),
            Err(failure) => Err(RunError::Baseline(failure.clone())),
        }
    }

    pub(super) fn measure_stress(&mut self, baseline: &Outcome) -> Result<Vec<Stress>, RunError> {
        let context = Context::new(Role::Train, Phase::Stress);
        let level = baseline.evaluation().map_or((f64::NAN, 0), |base| (base.fitness, base.samples));
        let options = &self.config.stress;
        let (evaluator, observer) = (&mut *self.evaluator, &mut self.observer);
        Ok(measure_stress(evaluator, observer, context, self.space, &self.base, level, options)?)
    }

    fn judge_stress(&mut self, stresses: &[Stress]) {
        let thresholds = &self.config.thresholds;
        let all = |measure: fn(&Stress) -> f64| stresses.iter().map(measure).collect::<Vec<f64>>();
        self.reports.push(match self.config.profile {
            Profile::Reference => judge_kc2(&all(|stress| stress.raw_stress), thresholds),
            Profile::Strict => judge_kc2_strict(&all(Stress::per_range), thresholds),
        });
    }

    /// The parameters that are searched: those with the largest stress, but all of them for a loop of the user's own.
    pub(super) fn unlock(&self, stresses: &[Stress]) -> Vec<String> {
        match (self.proposer, &self.config.search) {
            (Proposer::Loop(_), SearchMethod::Own { .. }) => {
                self.space.specs().iter().map(|spec| spec.name.clone()).collect()
            }
            _ => self.ranked_by_stress(stresses, self.config.leave_out_suppressed),
        }
    }

    fn ranked_by_stress(&self, stresses: &[Stress], leave_out_suppressed: bool) -> Vec<String> {
        match self.config.profile {
            Profile::Reference => top_k(stresses, self.config.unlock_k, leave_out_suppressed),
            // The native unit of a parameter is nobody's decision about how much it matters.
            Profile::Strict => top_k_by(stresses, self.config.unlock_k, leave_out_suppressed, Stress::per_range),
        }
    }

    fn judge_as_reference(&mut self, baseline: &Outcome, found: &mut Found) -> Result<(), RunError> {
        let candidates = &found.candidates;
        let selected = self.select(candidates)?;
        found.walk_forward = self.walk_forward(candidates)?;
        found.hybrid = self.hybrid(candidates)?;
        self.compare_with_random(&found.unlocked, candidates)?;
        self.judge_time();
        self.judge_counts(baseline, &selected, found.walk_forward.as_ref());
        found.holdout = self.holdout(&selected, found.walk_forward.as_ref())?;
        found.selected = Some(selected);
        Ok(())
    }

    fn select(&mut self, candidates: &Candidates) -> Result<Candidate, RunError> {
        let policy = self.config.constraint_policy;
        let (selected, feasible) = select(candidates, policy);
        let selected = selected.ok_or(RunError::NoCandidate(candidates.len() as u64))?;
        let selected = candidates.recall(selected, self.evaluator)?;
        let hard = policy == ConstraintPolicy::HardFail;
        if hard {
            self.reports.push(judge_constraints(feasible, candidates.len() as u64));
        }
        for (constraint, status) in self.constraints.iter().zip(selected.outcome.feasibility.statuses()) {
            let evidence = evidence(constraint, &selected.params, &selected.outcome, status);
            self.reports.push(judge_constraint(&evidence, hard));
        }
        Ok(selected)
    }

    fn walk_forward(&mut self, candidates: &Candidates) -> Result<Option<WalkForward>, RunError> {
        if !self.evaluator.serves(Role::Test) {
            return Ok(None);
        }
        let context = Context::new(Role::Test, Phase::WalkForward);
        let (top_n, scale) = (self.config.walk_forward_top_n, self.config.trade_ratio_scale);
        let best = candidates.recall_each(&candidates.best(top_n), self.evaluator)?;
        let walked = walk_forward(self.evaluator, &mut self.observer, context, &best, top_n, scale)?;
        let thresholds = &self.config.thresholds;
        self.reports.push(judge_kc4(&walked.train_fitness, &walked.test_fitness, walked.trade_ratio, thresholds));
        Ok(Some(walked))
    }

    fn hybrid(&mut self, candidates: &Candidates) -> Result<Option<Vec<HybridEntry>>, RunError> {
        if !self.evaluator.serves(Role::Validation) {
            return Ok(None);
        }
        let context = Context::new(Role::Validation, Phase::Hybrid);
        let top_n = self.config.walk_forward_top_n;
        let best = candidates.recall_each(&candidates.best(most_ranked(top_n)), self.evaluator)?;
        Ok(Some(rerank(self.evaluator, &mut self.observer, context, &best, top_n)?))
    }

    pub(super) fn compare_with_random(&mut self, unlocked: &[String], candidates: &Candidates) -> Result<(), RunError> {
        if !self.config.sc2 {
            return Ok(());
        }
        let samples = candidates.len() as u64;
        let mut random = RandomSearch::new(self.space, &self.base, unlocked, samples, self.config.sc2_seed)?;
        let context = Context::new(Role::Train, Phase::RandomDraws);
        let Scores(drawn) = explore(&mut random, self.evaluator, &mut self.observer, context, Some(samples))?;
        let found: Vec<f64> = candidates.figures().iter().filter_map(Figures::fitness).collect();
        self.reports.push(judge_sc2(SearchComparison::of(&found, &drawn)));
        Ok(())
    }

    /// KC-1 at this moment, in the place of what it said before.
    pub(super) fn judge_time(&mut self) {
        replace(&mut self.reports, judge_kc1(self.clock.elapsed(), &self.config.thresholds));
    }

    pub(super) fn judge_counts(&mut self, baseline: &Outcome, selected: &Candidate, walked: Option<&WalkForward>) {
        let mut counts = vec![
            ("baseline", baseline.evaluation().map_or(0, |base| base.samples)),
            ("train_best", selected.samples()),
        ];
        counts.extend(walked.and_then(WalkForward::lead).map(|(_, samples)| ("test_best", samples)));
        self.reports.push(judge_kc3(counts, &self.config.thresholds));
    }

    fn holdout(&mut self, selected: &Candidate, walked: Option<&WalkForward>) -> Result<Option<HoldoutShot>, RunError> {
        if !self.evaluator.serves(Role::Holdout) {
            return Ok(None);
        }
        let shot = self.shoot(selected, walked)?;
        let failure = shot.result.as_ref().err().map(ToString::to_string);
        let rule = &self.config.holdout;
        self.reports.push(judge_holdout(shot.fitness(), shot.trade_ratio_vs_train, failure.as_deref(), rule));
        Ok(Some(shot))
    }

    /// The one shot at the holdout.
    pub(super) fn shoot(
        &mut self,
        selected: &Candidate,
        walked: Option<&WalkForward>,
    ) -> Result<HoldoutShot, RunError> {
        let context = Context::new(Role::Holdout, Phase::Holdout);
        let test_fitness = walked.and_then(WalkForward::lead).map(|(fitness, _)| fitness);
        let (params, train) = (&selected.params, selected.level());
        Ok(shoot(self.evaluator, &mut self.observer, context, params, train, test_fitness)?)
    }

    /// What decides, of what was judged so far.
    pub(super) fn verdict(&self) -> Verdict {
        // In the reference CONSTRAINTS decides about all of them at once, so the verdict does not name them one by one.
        let one_by_one = self.config.profile == Profile::Strict;
        Verdict::of(self.reports.iter().filter(|report| one_by_one || !matches!(report.gate, GateId::Constraint(_))))
    }

    fn finish(mut self, baseline: Outcome, found: Found) -> Result<P1Outcome, RunError> {
        let (candidates, left_out) = self.list(&found.candidates, found.selected.as_ref())?;
        Ok(P1Outcome {
            verdict: self.verdict(),
            warnings: warnings(self.config, !self.constraints.is_empty(), &found),
            config: self.config.clone(),
            space: self.space.clone(),
            base_params: self.base,
            baseline,
            stresses: found.stresses,
            top_k: found.unlocked,
            top_k_without_suppressed: found.without_suppressed,
            candidates,
            left_out,
            selected: found.selected,
            walk_forward: found.walk_forward,
            hybrid: found.hybrid,
            holdout: found.holdout,
            reports: self.reports,
            counts: self.observer.counts,
        })
    }
}

/// The fitness of each draw that was evaluated; SC-2 asks for nothing else.
#[derive(Default)]
struct Scores(Vec<f64>);

impl Extend<Candidate> for Scores {
    fn extend<I: IntoIterator<Item = Candidate>>(&mut self, drawn: I) {
        self.0.extend(drawn.into_iter().filter_map(|candidate| candidate.fitness()));
    }
}

/// The reference implementation's warnings, word for word, and those about an optimizer that it does not know.
///
/// Its grids warn of policy `record` even where no constraint is declared; its TPE knows no constraints, so there the
/// warning needs one, as it does under the strict profile.
fn warnings(config: &RunConfig, constrained: bool, found: &Found) -> Vec<String> {
    let recorded = "constraint_policy='record': constraints were recorded but did not gate best-candidate selection.";
    let ungated = "holdout_mode='evidence_only': holdout was evaluated but did not gate final status.";
    let mut warnings = Vec::new();
    let mut warn = |applies: bool, warning: &str| warnings.extend(applies.then(|| warning.to_owned()));
    let unasked = matches!(config.search, SearchMethod::Tpe { .. }) || config.profile == Profile::Strict;
    let applies = constrained || !unasked;
    warn(config.constraint_policy == ConstraintPolicy::Record && applies, recorded);
    warn(found.holdout.is_some() && config.holdout.mode == HoldoutMode::EvidenceOnly, ungated);
    if matches!(config.search, SearchMethod::Own { .. }) {
        let walked = found.walk_forward.as_ref();
        let selected = found.selected.as_ref();
        let ranked = selected.is_some_and(|selected| {
            let top = found.candidates.best(config.walk_forward_top_n);
            top.iter().any(|&place| place as u64 == selected.index)
        });
        warn(walked.is_none(), "no test slice: whether the ranking transfers was not asked.");
        warn(walked.is_some() && !ranked, "the selected candidate is not among those that were walked forward.");
        warn(found.holdout.is_none(), "no holdout: nothing was evaluated on data that the search had not seen.");
    }
    warnings
}

/// What one constraint measures on an evaluation of the selected candidate.
pub(super) fn evidence(
    constraint: &Constraint,
    params: &Params,
    outcome: &Outcome,
    status: &ConstraintStatus,
) -> ConstraintEvidence {
    let metric = match &constraint.rule {
        Rule::Typed { metric, .. } => metric.to_string(),
        Rule::Opaque(_) => "closure".to_owned(),
    };
    let measured = outcome.evaluation().map(|evaluation| constraint.measure(params, evaluation));
    ConstraintEvidence {
        name: constraint.name.clone(),
        metric,
        measured: measured.and_then(Result::ok),
        required: constraint.requirement(),
        status: status.clone(),
    }
}

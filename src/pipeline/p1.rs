//! Baseline, stress, unlock, search, select, walk forward, judge, holdout: one pass.

use super::config::tpe_seed;
use super::counts::Counting;
use super::own_search::{CheckedSearch, caught};
use super::{
    ConfigError, ConstraintPolicy, EvaluationCounts, OwnLoop, P1Config, P1Outcome, Proposer, RunError, RunLoop,
    SearchMethod, select,
};
use crate::audit::{Constraint, Metric, Rule};
use crate::gates::{
    ConstraintEvidence, GateId, GateReport, HoldoutMode, SearchComparison, Verdict, judge_constraint,
    judge_constraints, judge_holdout, judge_kc1, judge_kc2, judge_kc3, judge_kc4, judge_sc2,
};
use crate::holdout::{HoldoutShot, shoot};
use crate::hybrid::{HybridEntry, rerank};
use crate::progress::{Clock, Event, Observer, evaluate_phase};
use crate::search::{Candidate, GridSearch, RandomSearch, Search, TpeSearch, ZoomingGridSearch, explore, ranked};
use crate::stress::{Stress, measure_stress, top_k};
use crate::target::{
    ConstraintStatus, Context, Evaluator, Halt, Outcome, ParamError, ParamKind, ParamSpace, Params, Phase, Role,
};
use crate::walk_forward::{WalkForward, walk_forward};

/// Runs p1: the measurements in the order of the reference implementation, each judged by its gate.
///
/// KC-2 ends the run early, before anything but the baseline and its perturbations was evaluated. `constraints` are
/// those that `evaluator` judges, in the same order; they are asked again only for the figures of the selected candidate.
///
/// # Errors
/// If the question cannot be answered: see [`RunError`].
pub fn run_p1(
    config: &P1Config,
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
    config: &P1Config,
    space: &ParamSpace,
    constraints: &[Constraint],
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    clock: &dyn Clock,
) -> Result<P1Outcome, RunError> {
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
    let observer = Counting { counts: EvaluationCounts::default(), inner: observer };
    let mut run = Run { config, space, constraints, base, evaluator, observer, clock, reports: Vec::new() };

    let baseline = run.evaluate_baseline()?;
    let stresses = run.measure_stress(&baseline)?;
    if !Verdict::of(&run.reports).is_pass() {
        return Ok(run.finish(baseline, stresses, Found::default()));
    }
    let own = matches!(config.search, SearchMethod::Own { .. });
    let unlocked = match proposer {
        Proposer::Loop(_) if own => space.specs().iter().map(|spec| spec.name.clone()).collect(),
        _ => top_k(&stresses, config.unlock_k, config.leave_out_suppressed),
    };
    let candidates = run.search(proposer, &unlocked)?;
    let selected = run.select(&candidates)?;
    let walk_forward = run.walk_forward(&candidates)?;
    let hybrid = run.hybrid(&candidates)?;
    run.compare_with_random(&unlocked, &candidates)?;
    run.judge_cost(&baseline, &selected, walk_forward.as_ref());
    let holdout = run.holdout(&selected, walk_forward.as_ref())?;
    let found = Found {
        unlocked,
        without_suppressed: top_k(&stresses, config.unlock_k, true),
        candidates,
        selected: Some(selected),
        walk_forward,
        hybrid,
        holdout,
    };
    Ok(run.finish(baseline, stresses, found))
}

/// What a run finds after KC-2 let it go on.
#[derive(Default)]
struct Found {
    unlocked: Vec<String>,
    without_suppressed: Vec<String>,
    candidates: Vec<Candidate>,
    selected: Option<Candidate>,
    walk_forward: Option<WalkForward>,
    hybrid: Option<Vec<HybridEntry>>,
    holdout: Option<HoldoutShot>,
}

struct Run<'r> {
    config: &'r P1Config,
    space: &'r ParamSpace,
    constraints: &'r [Constraint],
    base: Params,
    evaluator: &'r mut dyn Evaluator,
    observer: Counting<'r>,
    clock: &'r dyn Clock,
    reports: Vec<GateReport>,
}

impl Run<'_> {
    fn evaluate_baseline(&mut self) -> Result<Outcome, RunError> {
        let context = Context::new(Role::Train, Phase::Baseline);
        let proposals = std::slice::from_ref(&self.base);
        let outcomes = evaluate_phase(self.evaluator, &mut self.observer, context, proposals)?;
        let outcome = outcomes.into_iter().next().ok_or(Halt::NoTarget(Role::Train))?;
        match &outcome.result {
            Ok(_) => Ok(outcome),
            Err(failure) => Err(RunError::Baseline(failure.clone())),
        }
    }

    fn measure_stress(&mut self, baseline: &Outcome) -> Result<Vec<Stress>, RunError> {
        let context = Context::new(Role::Train, Phase::Stress);
        let level = baseline.evaluation().map_or((f64::NAN, 0), |base| (base.fitness, base.sample_count));
        let options = &self.config.stress;
        let (evaluator, observer) = (&mut *self.evaluator, &mut self.observer);
        let stresses = measure_stress(evaluator, observer, context, self.space, &self.base, level, options)?;
        let raw: Vec<f64> = stresses.iter().map(|stress| stress.raw_stress).collect();
        self.reports.push(judge_kc2(&raw, &self.config.thresholds));
        Ok(stresses)
    }

    fn search(&mut self, proposer: Proposer<'_>, unlocked: &[String]) -> Result<Vec<Candidate>, RunError> {
        let (space, base) = (self.space, &self.base);
        let context = Context::new(Role::Train, Phase::Search);
        let (mut search, expected): (Box<dyn Search>, Option<u64>) = match self.config.search {
            SearchMethod::Own { .. } => match proposer {
                Proposer::Search(make) => {
                    let made = caught(|| make(space, base, unlocked)).map_err(RunError::Search)??;
                    let mut checked = CheckedSearch::new(made, space, base, unlocked);
                    let found = explore(&mut checked, self.evaluator, &mut self.observer, context, None)?;
                    return checked.refused().map_or(Ok(found), |reason| Err(RunError::Search(reason)));
                }
                Proposer::Loop(run) => return self.own_loop(run, context),
                Proposer::Declared => {
                    let expected = "a declared search: the code brings none along";
                    return Err(ConfigError::new("search.method", "\"own\"", expected).into());
                }
            },
            SearchMethod::Grid { points_per_axis } => {
                let grid = GridSearch::new(space, base, unlocked, points_per_axis)?;
                let size = countable("search.points_per_axis", grid.size())?;
                (Box::new(grid), Some(size))
            }
            SearchMethod::Zoom { points_per_axis, rounds, factor } => {
                let zoom = ZoomingGridSearch::new(space, base, unlocked, points_per_axis, rounds, factor)?;
                let rounds = u64::try_from(rounds).unwrap_or(u64::MAX);
                countable("search.points_per_axis", zoom.round_size().and_then(|size| size.checked_mul(rounds)))?;
                (Box::new(zoom), None)
            }
            SearchMethod::Random { samples, seed } => {
                countable("search.samples", Some(samples))?;
                (Box::new(RandomSearch::new(space, base, unlocked, samples, seed)?), Some(samples))
            }
            SearchMethod::Tpe { trials, seed } => {
                (Box::new(TpeSearch::new(space, base, unlocked, trials, tpe_seed(seed)?)?), Some(trials))
            }
        };
        Ok(explore(&mut *search, self.evaluator, &mut self.observer, context, expected)?)
    }

    fn own_loop(&mut self, run: &RunLoop, context: Context) -> Result<Vec<Candidate>, RunError> {
        self.observer.observe(Event::PhaseStarted { context, expected: None });
        let mut own = OwnLoop {
            evaluator: &mut *self.evaluator,
            observer: &mut self.observer,
            context,
            space: self.space,
            base: &self.base,
            candidates: Vec::new(),
            halt: None,
        };
        let ended = caught(|| run(&mut own));
        let (candidates, halt) = (own.candidates, own.halt);
        match (halt, ended) {
            (Some(halt), _) => return Err(halt.into()),
            (None, Err(panic)) => return Err(RunError::Search(panic)),
            (None, Ok(Err(error))) => return Err(RunError::Search(error.reason())),
            (None, Ok(Ok(()))) => {}
        }
        self.observer.observe(Event::PhaseEnded { context });
        Ok(candidates)
    }

    fn select(&mut self, candidates: &[Candidate]) -> Result<Candidate, RunError> {
        let policy = self.config.constraint_policy;
        let (selected, feasible) = select(candidates, policy);
        let selected = selected.ok_or(RunError::NoCandidate(candidates.len() as u64))?.clone();
        let hard = policy == ConstraintPolicy::HardFail;
        if hard {
            self.reports.push(judge_constraints(feasible, candidates.len() as u64));
        }
        for (constraint, status) in self.constraints.iter().zip(selected.outcome.feasibility.statuses()) {
            self.reports.push(judge_constraint(&evidence(constraint, &selected, status), hard));
        }
        Ok(selected)
    }

    fn walk_forward(&mut self, candidates: &[Candidate]) -> Result<Option<WalkForward>, RunError> {
        if !self.evaluator.serves(Role::Test) {
            return Ok(None);
        }
        let context = Context::new(Role::Test, Phase::WalkForward);
        let (top_n, scale) = (self.config.walk_forward_top_n, self.config.trade_ratio_scale);
        let walked = walk_forward(self.evaluator, &mut self.observer, context, candidates, top_n, scale)?;
        let thresholds = &self.config.thresholds;
        self.reports.push(judge_kc4(&walked.train_fitness, &walked.test_fitness, walked.trade_ratio, thresholds));
        Ok(Some(walked))
    }

    fn hybrid(&mut self, candidates: &[Candidate]) -> Result<Option<Vec<HybridEntry>>, RunError> {
        if !self.evaluator.serves(Role::Validation) {
            return Ok(None);
        }
        let context = Context::new(Role::Validation, Phase::Hybrid);
        let top_n = self.config.walk_forward_top_n;
        Ok(Some(rerank(self.evaluator, &mut self.observer, context, candidates, top_n)?))
    }

    fn compare_with_random(&mut self, unlocked: &[String], candidates: &[Candidate]) -> Result<(), RunError> {
        if !self.config.sc2 {
            return Ok(());
        }
        let samples = candidates.len() as u64;
        let mut random = RandomSearch::new(self.space, &self.base, unlocked, samples, self.config.sc2_seed)?;
        let context = Context::new(Role::Train, Phase::Sc2);
        let drawn = explore(&mut random, self.evaluator, &mut self.observer, context, Some(samples))?;
        let fitness = |set: &[Candidate]| set.iter().filter_map(Candidate::fitness).collect::<Vec<f64>>();
        self.reports.push(judge_sc2(SearchComparison::of(&fitness(candidates), &fitness(&drawn))));
        Ok(())
    }

    fn judge_cost(&mut self, baseline: &Outcome, selected: &Candidate, walked: Option<&WalkForward>) {
        let thresholds = &self.config.thresholds;
        self.reports.push(judge_kc1(self.clock.elapsed(), thresholds));
        let mut counts = vec![
            ("baseline", baseline.evaluation().map_or(0, |base| base.sample_count)),
            ("train_best", selected.sample_count()),
        ];
        counts.extend(walked.and_then(WalkForward::lead).map(|(_, samples)| ("test_best", samples)));
        self.reports.push(judge_kc3(counts, thresholds));
    }

    fn holdout(&mut self, selected: &Candidate, walked: Option<&WalkForward>) -> Result<Option<HoldoutShot>, RunError> {
        if !self.evaluator.serves(Role::Holdout) {
            return Ok(None);
        }
        let context = Context::new(Role::Holdout, Phase::Holdout);
        let test_fitness = walked.and_then(WalkForward::lead).map(|(fitness, _)| fitness);
        let (params, train) = (&selected.params, selected.level());
        let shot = shoot(self.evaluator, &mut self.observer, context, params, train, test_fitness)?;
        let failure = shot.result.as_ref().err().map(ToString::to_string);
        let rule = &self.config.holdout;
        self.reports.push(judge_holdout(shot.fitness(), shot.trade_ratio_vs_train, failure.as_deref(), rule));
        Ok(Some(shot))
    }

    fn finish(self, baseline: Outcome, stresses: Vec<Stress>, found: Found) -> P1Outcome {
        // CONSTRAINTS decides about all of them at once, so the verdict does not name them one by one.
        let deciding = self.reports.iter().filter(|report| !matches!(report.gate, GateId::Constraint(_)));
        P1Outcome {
            verdict: Verdict::of(deciding),
            warnings: warnings(self.config, !self.constraints.is_empty(), &found),
            config: self.config.clone(),
            space: self.space.clone(),
            base_params: self.base,
            baseline,
            stresses,
            top_k: found.unlocked,
            top_k_without_suppressed: found.without_suppressed,
            candidates: found.candidates,
            selected: found.selected,
            walk_forward: found.walk_forward,
            hybrid: found.hybrid,
            holdout: found.holdout,
            reports: self.reports,
            counts: self.observer.counts,
        }
    }
}

/// More candidates than a run holds in memory.
const MOST_CANDIDATES: u64 = 10_000_000;

/// The number of candidates, if there are not too many.
fn countable(key: &str, size: Option<u64>) -> Result<u64, ConfigError> {
    match size {
        Some(size) if size <= MOST_CANDIDATES => Ok(size),
        found => {
            let found =
                found.map_or_else(|| "more candidates than can be counted".to_owned(), |n| format!("{n} candidates"));
            let expected = format!("at most {MOST_CANDIDATES}: fewer values per axis, or a smaller `search.unlock_k`");
            Err(ConfigError::new(key, found, &expected))
        }
    }
}

/// The reference implementation's warnings, word for word, and those about an optimizer that it does not know.
///
/// Its grids warn of policy `record` even where no constraint is declared; its TPE knows no constraints, so there the
/// warning needs one.
fn warnings(config: &P1Config, constrained: bool, found: &Found) -> Vec<String> {
    let recorded = "constraint_policy='record': constraints were recorded but did not gate best-candidate selection.";
    let ungated = "holdout_mode='evidence_only': holdout was evaluated but did not gate final status.";
    let mut warnings = Vec::new();
    let mut warn = |applies: bool, warning: &str| warnings.extend(applies.then(|| warning.to_owned()));
    let applies = constrained || !matches!(config.search, SearchMethod::Tpe { .. });
    warn(config.constraint_policy == ConstraintPolicy::Record && applies, recorded);
    warn(found.holdout.is_some() && config.holdout.mode == HoldoutMode::EvidenceOnly, ungated);
    if matches!(config.search, SearchMethod::Own { .. }) {
        let walked = found.walk_forward.as_ref();
        let selected = found.selected.as_ref();
        let ranked = selected.is_some_and(|selected| {
            let top = ranked(&found.candidates);
            top.iter().take(config.walk_forward_top_n).any(|candidate| candidate.index == selected.index)
        });
        warn(walked.is_none(), "no test slice: whether the ranking transfers was not asked.");
        warn(walked.is_some() && !ranked, "the selected candidate is not among those that were walked forward.");
        warn(found.holdout.is_none(), "no holdout: nothing was evaluated on data that the search had not seen.");
    }
    warnings
}

/// What one constraint measures on the selected candidate.
fn evidence(constraint: &Constraint, selected: &Candidate, status: &ConstraintStatus) -> ConstraintEvidence {
    let metric = match &constraint.rule {
        Rule::Typed { metric, .. } => metric.to_string(),
        Rule::Opaque(_) => "closure".to_owned(),
    };
    let measured = selected.outcome.evaluation().map(|evaluation| constraint.measure(&selected.params, evaluation));
    ConstraintEvidence {
        name: constraint.name.clone(),
        metric,
        measured: measured.and_then(Result::ok),
        required: constraint.requirement(),
        status: status.clone(),
    }
}

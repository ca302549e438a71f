//! Coordinate descent with lock-in: p1 over the parameters that are left, round after round.

use super::counts::Counting;
use super::iterative_end::Course;
use super::null_run::check_null;
use super::p1::Recipe;
use super::round::{RoundClock, RoundEvaluator, RoundObserver};
use super::strict::failure;
use super::time_box::{TimeBoxed, in_time};
use super::{
    ConfigError, EvaluationCounts, IterativeConfig, IterativeOutcome, P1Outcome, Profile, Proposer, Rounds, RunConfig,
    RunError, SearchMethod, StopReason,
};
use crate::audit::Constraint;
use crate::gates::{GateId, GateReport, judge_holdout};
use crate::holdout::{HoldoutShot, shoot};
use crate::objective::{Context, Evaluator, Halt, ParamError, ParamSpace, Params, Phase, Role};
use crate::progress::{Clock, Observer};
use crate::search::Candidate;
use crate::walk_forward::WalkForward;

/// Runs p1 over and over: each round starts from the baseline that the one before left, measures the stress of the
/// parameters that are not locked in, and locks in the values of those it unlocked.
///
/// Every round is judged by the same gates with the same thresholds; under the reference profile each by the time it took
/// itself. Under the strict profile the time box is that of the whole run, and once it is used up nothing further is
/// evaluated; what it cut short fails KC-1. There round j must reach `alpha / (j (j + 1))` in `transfer`, since it asks the test slice for the j-th time. No
/// round sees the holdout: it is evaluated once, with what would ship, after the last of them. In the record, rounds count from 1; the
/// holdout belongs to none and has round 0.
///
/// # Errors
/// If the question cannot be answered: see [`RunError`].
pub fn run_iterative(
    config: &IterativeConfig,
    space: &ParamSpace,
    constraints: &[Constraint],
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    clock: &dyn Clock,
) -> Result<IterativeOutcome, RunError> {
    run_iterative_with(Proposer::Declared, config, space, constraints, evaluator, observer, clock)
}

/// [`run_iterative`] with a search of the caller's own in every round: `config.round.search` is [`SearchMethod::Own`]
/// then. A loop over all parameters is refused, since it leaves nothing for a second round.
///
/// # Errors
/// If the question cannot be answered: see [`RunError`].
pub fn run_iterative_with(
    proposer: Proposer<'_>,
    config: &IterativeConfig,
    space: &ParamSpace,
    constraints: &[Constraint],
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    clock: &dyn Clock,
) -> Result<IterativeOutcome, RunError> {
    config.check()?;
    check_null(&config.round, evaluator)?;
    if let (Proposer::Loop(_), SearchMethod::Own { .. }) = (proposer, &config.round.search) {
        let expected = "a search over unlocked parameters: a loop moves every one and leaves none for another round";
        return Err(ConfigError::new("search.method", "\"own\"", expected).into());
    }
    space.check()?;
    let base_params = config.round.base_params.clone().unwrap_or_else(|| space.neutral());
    space.check_params(&base_params)?;
    let mut observer = Counting { counts: EvaluationCounts::default(), inner: observer };
    let evaluator = &mut TimeBoxed::new(evaluator, clock, &config.round);

    let mut descent = Descent { locked_in_order: Vec::new(), base: base_params.clone() };
    let mut rounds: Vec<P1Outcome> = Vec::new();
    let stop_reason = loop {
        if rounds.len() == config.rounds.max {
            break StopReason::MaxRounds;
        }
        let remaining = descent.remaining(space, &config.round);
        if remaining.len() < config.round.unlock_k {
            break StopReason::TooFewParams;
        }
        let number = u32::try_from(rounds.len() + 1).unwrap_or(u32::MAX);
        let mut round_config = RunConfig { base_params: Some(descent.base.clone()), ..config.round.clone() };
        round_config.stress.subset = Some(remaining);
        // Null runs are judged once, over all rounds.
        round_config.null_declared = false;
        let recipe = Recipe { proposer, config: &round_config, space, constraints, round: Some(number) };
        let round_clock = RoundClock::start(clock);
        let round = recipe.run(
            &mut RoundEvaluator { number, inner: &mut *evaluator },
            &mut RoundObserver { number, inner: &mut observer },
            if config.round.profile == Profile::Strict { clock } else { &round_clock },
        );
        let round = match (in_time(round)?, rounds.last_mut()) {
            (Ok(round), _) => round,
            (Err(elapsed), Some(last)) => {
                last.judge_time_later(elapsed);
                break StopReason::TimeBox;
            }
            (Err(elapsed), None) => return Err(Halt::TimeBox { elapsed }.into()),
        };
        let ended = descent.advance(&round, config)?;
        rounds.push(round);
        if let Some(reason) = ended {
            break reason;
        }
    };

    let course = Course { proposer, config, space, constraints, base_params: &base_params };
    let ending = match config.round.profile {
        Profile::Strict => {
            let mut ending = Ending::default();
            let ended = course.end_strictly(&mut rounds, &descent.base, evaluator, &mut observer, &mut ending);
            let elapsed = match in_time(ended)? {
                Ok(()) => clock.elapsed(),
                Err(elapsed) => elapsed,
            };
            // Null runs and the holdout belong to no round, but to the time of the run.
            if let Some(last) = rounds.last_mut() {
                last.judge_time_later(elapsed);
            }
            ending
        }
        Profile::Reference => match rounds.last() {
            Some(last) if evaluator.serves(Role::Holdout) => {
                let shot = shoot_at_holdout(last, &descent.base, evaluator, &mut observer)?;
                let rule = &config.round.holdout;
                let report = judge_holdout(shot.fitness(), shot.trade_ratio_vs_train, failure(&shot).as_deref(), rule);
                Ending { holdout: Some(shot), holdout_report: Some(report), null_report: None }
            }
            _ => Ending::default(),
        },
    };
    let Ending { holdout, holdout_report, null_report } = ending;
    let test_reuse_rounds = if evaluator.serves(Role::Test) { rounds.len() } else { 0 };
    Ok(IterativeOutcome {
        config: config.clone(),
        space: space.clone(),
        base_params,
        rounds,
        stop_reason,
        locked_in_order: descent.locked_in_order,
        final_baseline: descent.base,
        advisories: IterativeOutcome::advise(test_reuse_rounds, holdout.is_some()),
        holdout,
        holdout_report,
        null_report,
        test_reuse_rounds,
        counts: observer.counts,
    })
}

/// What comes after the last round.
#[derive(Default)]
pub(super) struct Ending {
    pub(super) holdout: Option<HoldoutShot>,
    pub(super) holdout_report: Option<GateReport>,
    pub(super) null_report: Option<GateReport>,
}

/// What is handed from round to round.
pub(super) struct Descent {
    pub(super) locked_in_order: Vec<Vec<String>>,
    pub(super) base: Params,
}

impl Descent {
    /// The parameters that may still be unlocked, in the order in which stress measures them.
    pub(super) fn remaining(&self, space: &ParamSpace, config: &RunConfig) -> Vec<String> {
        let every = || space.specs().iter().map(|spec| spec.name.clone()).collect();
        let mut names: Vec<String> = config.stress.subset.clone().unwrap_or_else(every);
        names.retain(|name| !self.locked_in_order.iter().flatten().any(|locked| locked == name));
        names
    }

    /// Locks in what the round found, unless it ended the run by failing; the reason if there is to be no further round.
    fn advance(&mut self, round: &P1Outcome, config: &IterativeConfig) -> Result<Option<StopReason>, RunError> {
        let rounds = config.rounds;
        if config.round.profile == Profile::Strict && round.verdict.failed().contains(&GateId::Kc1) {
            return Ok(Some(StopReason::TimeBox));
        }
        if rounds.stop_on_kc_fail && !round.verdict.is_pass() {
            return Ok(Some(StopReason::KcFail));
        }
        let Some(selected) = &round.selected else {
            return Ok(Some(StopReason::NoGridBest));
        };
        let baseline = round.baseline.evaluation().map_or(f64::NAN, |base| base.fitness);
        Ok(self.lock_in(&round.top_k, selected, baseline, rounds)?)
    }

    /// Locks in the values of a round's unlocked parameters; the reason if that improved too little for another round.
    pub(super) fn lock_in(
        &mut self,
        unlocked: &[String],
        selected: &Candidate,
        baseline: f64,
        rounds: Rounds,
    ) -> Result<Option<StopReason>, ParamError> {
        for name in unlocked {
            if let Some(value) = selected.params.get(name) {
                self.base = self.base.with(name, value.clone())?;
            }
        }
        self.locked_in_order.push(unlocked.to_vec());
        let improvement = selected.fitness().unwrap_or(f64::NAN) - baseline;
        // As in the reference implementation, an improvement that is NaN is not too little.
        Ok((improvement < rounds.min_improvement).then_some(StopReason::NoImprovement))
    }
}

/// The one shot at the holdout, after the last round.
pub(super) fn shoot_at_holdout(
    last: &P1Outcome,
    params: &Params,
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
) -> Result<HoldoutShot, RunError> {
    let context = Context::new(Role::Holdout, Phase::Holdout);
    let train = last.selected.as_ref().and_then(Candidate::level);
    let test = last.walk_forward.as_ref().and_then(WalkForward::lead).map(|(fitness, _)| fitness);
    Ok(shoot(evaluator, observer, context, params, train, test)?)
}

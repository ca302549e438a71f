//! The evaluations that the gates `transfer` and `margin` compare.

use std::sync::Arc;

use super::measure::{Ground, Means};
use super::places::Axes;
use super::{RunError, eligible};
use crate::gates::{Places, TransferSample};
use crate::objective::{Evaluation, Evaluator, Halt, Outcome, Params, Phase, Role};
use crate::rng::Generator;
use crate::search::{Candidate, Candidates, PROPOSALS_PER_TRIAL, RandomSearch, Search};
use crate::stats::{descending, even_places, upper_part};
use crate::walk_forward::WalkForward;

/// Candidates and draws that an upper part has at least.
pub(super) const LEAST_CANDIDATES: usize = 10;
const LEAST_DRAWS: usize = 5;

/// The candidates that may ship, best first.
pub(super) struct Eligible<'c> {
    pub(super) candidates: &'c Candidates,
    pub(super) places: Vec<usize>,
    /// Which of these are spread over the ranks of all, where a study knows ranks that were not evaluated.
    pub(super) spread: Option<Vec<usize>>,
}

impl Eligible<'_> {
    /// The first of them, with everything about them.
    pub(super) fn best(&self, count: usize, evaluator: &mut dyn Evaluator) -> Result<Vec<Candidate>, Halt> {
        self.candidates.recall_each(&self.places[..count.min(self.places.len())], evaluator)
    }

    /// Train fitness of the one at this rank.
    fn on_train(&self, rank: usize) -> f64 {
        self.candidates.figures()[self.places[rank]].fitness().unwrap_or(f64::NAN)
    }
}

/// Which of the candidates that may ship are compared, by their ranks.
pub(super) struct Missing {
    /// Those over all ranks.
    ranks: Vec<usize>,
    /// How many of the best.
    lead: usize,
    /// Those of both that are not on test yet, best first.
    missing: Vec<usize>,
}

impl Missing {
    /// Where the best `known` are on test already.
    pub(super) fn of(ground: Ground<'_>, eligible: &Eligible<'_>, known: usize) -> Self {
        let rule = &ground.config().strict.transfer;
        let count = eligible.places.len();
        let train = |rank: usize| eligible.on_train(rank);
        let over = || match ground.config().is_approximate() {
            true => upper_part(&(0..count).map(train).collect::<Vec<f64>>(), LEAST_CANDIDATES),
            false => count,
        };
        let ranks = eligible.spread.clone().unwrap_or_else(|| even_places(over(), rule.rank_points));
        let lead = count.min(rule.lead_top);
        let mut missing: Vec<usize> = ranks.iter().copied().chain(0..lead).filter(|place| *place >= known).collect();
        missing.sort_unstable();
        missing.dedup();
        Self { ranks, lead, missing }
    }

    /// The parameters of those that are missing.
    pub(super) fn proposals(
        &self,
        eligible: &Eligible<'_>,
        evaluator: &mut dyn Evaluator,
    ) -> Result<Vec<Params>, Halt> {
        let recalled = self.missing.iter().map(|&rank| eligible.candidates.recall(eligible.places[rank], evaluator));
        recalled.map(|found| found.map(|found| found.params)).collect()
    }
}

/// Candidates over all ranks, the best ones, and fresh draws, on test; and the evaluations of these draws. `eligible` is ranked, `walked` has the first of
/// them on test already; every other one is evaluated once, best first.
///
/// Where neither blocks nor a null version are declared only the upper part by train is compared, and it is said where it
/// lies. A region that is bad on both slices would make ranks transfer although nothing else does; above it nothing
/// speaks but what is worth finding.
pub(super) fn transfer_sample(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    eligible: &Eligible<'_>,
    walked: &WalkForward,
    unlocked: &[String],
) -> Result<(TransferSample, Vec<Arc<Evaluation>>), RunError> {
    let Eligible { candidates, places, .. } = eligible;
    let approximate = ground.config().is_approximate();
    let train = |place: usize| eligible.on_train(place);
    let wanted = Missing::of(ground, eligible, walked.outcomes.len());
    let proposals = wanted.proposals(eligible, means.evaluator)?;
    let Missing { ranks, lead, missing } = wanted;
    let outcomes = means.evaluate(ground.context(Role::Test, Phase::Transfer), &proposals)?;
    let test = |place: usize| {
        let outcome = match missing.binary_search(&place) {
            Ok(at) => outcomes.get(at),
            Err(_) => walked.outcomes.get(place),
        };
        outcome.and_then(Outcome::evaluation).map(|evaluation| evaluation.fitness)
    };
    let ranked: Vec<(f64, Option<f64>)> = ranks.iter().map(|&rank| (train(rank), test(rank))).collect();
    let lead_test: Vec<Option<f64>> = (0..lead).map(test).collect();
    let drawn = draws(ground, means, unlocked, approximate)?;
    let draws = drawn.iter().map(|(_, draw)| draw.fitness).collect();
    let places = match approximate {
        false => None,
        true => {
            let axes = Axes::of(ground.recipe.space, unlocked)?;
            let mut at = |ranks: &[usize]| {
                let recalled = ranks.iter().map(|&rank| candidates.recall(places[rank], means.evaluator));
                recalled.map(|found| found.map(|found| axes.place(&found.params))).collect::<Result<Vec<_>, _>>()
            };
            let (ranked, lead) = (at(&ranks)?, at(&(0..lead).collect::<Vec<usize>>())?);
            let draws = drawn.iter().map(|(params, _)| axes.place(params)).collect();
            Some(Places { axes: axes.named(), ranked, lead, draws })
        }
    };
    let drawn = drawn.into_iter().map(|(_, evaluation)| evaluation).collect();
    Ok((TransferSample { ranked, lead: lead_test, draws, places }, drawn))
}

/// Uniform draws that could have been candidates, finite and feasible on train, on test.
pub(super) fn fresh_draws(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    unlocked: &[String],
) -> Result<Vec<Arc<Evaluation>>, RunError> {
    Ok(draws(ground, means, unlocked, false)?.into_iter().map(|(_, evaluation)| evaluation).collect())
}

/// The same with where they are; of twice as many on train only the upper part, where that is asked for.
fn draws(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    unlocked: &[String],
    upper: bool,
) -> Result<Vec<(Params, Arc<Evaluation>)>, RunError> {
    let config = ground.config();
    let (mut search, wanted) = draws_on_train(ground, unlocked, upper)?;
    let mut kept: Vec<(f64, Params)> = Vec::new();
    while kept.len() < wanted {
        let proposals = search.ask(wanted - kept.len());
        if proposals.is_empty() {
            break;
        }
        let outcomes = means.evaluate(ground.context(Role::Train, Phase::Transfer), &proposals)?;
        let drawn = proposals.into_iter().zip(outcomes).zip(0..);
        let drawn: Vec<Candidate> =
            drawn.map(|((params, outcome), index)| Candidate { index, params, outcome }).collect();
        let mut figures = Candidates::default();
        figures.extend(drawn.iter().cloned());
        let mut allowed = eligible(&figures, config.constraint_policy);
        // In the order drawn, whatever their fitness.
        allowed.sort_unstable();
        let allowed = allowed.iter().map(|&place| &drawn[place]);
        kept.extend(allowed.map(|draw| (draw.fitness().unwrap_or(f64::NAN), draw.params.clone())));
    }
    if upper {
        // Equal ones stay in the order drawn.
        kept.sort_by(|a, b| descending(a.0, b.0));
        kept.truncate(upper_part(&kept.iter().map(|draw| draw.0).collect::<Vec<f64>>(), LEAST_DRAWS));
    }
    let kept: Vec<Params> = kept.into_iter().map(|(_, params)| params).collect();
    let outcomes = means.evaluate(ground.context(Role::Test, Phase::Transfer), &kept)?;
    let drawn = kept.into_iter().zip(outcomes).filter_map(|(params, outcome)| Some((params, outcome.result.ok()?)));
    Ok(drawn.filter(|(_, evaluation)| evaluation.fitness.is_finite()).collect())
}

/// Who draws, and how many draws are wanted: twice as many where only the upper part will count.
pub(super) fn draws_on_train(
    ground: Ground<'_>,
    unlocked: &[String],
    upper: bool,
) -> Result<(RandomSearch, usize), RunError> {
    let asked = ground.config().strict.transfer.lead_draws;
    let wanted = if upper { asked.saturating_mul(2) } else { asked };
    // What is not applicable or not feasible is drawn again. Where next to nothing is, the sample is smaller.
    let most = (wanted as u64).saturating_mul(PROPOSALS_PER_TRIAL);
    let search = RandomSearch::new(ground.recipe.space, &ground.plan.base, unlocked, most, draw_seed(ground))?;
    Ok((search, wanted))
}

/// A seed of its own, so that the draws are not those of a random search with the declared seed; another one in each
/// pass.
fn draw_seed(ground: Ground<'_>) -> u64 {
    let seed = ground.config().strict.seed;
    let words = [seed as u32, (seed >> 32) as u32, 3, ground.plan.number];
    Generator::from_seed_words(&words).next_u64()
}

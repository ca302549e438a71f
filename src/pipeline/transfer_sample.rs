//! The evaluations that the gates `transfer` and `margin` compare.

use std::sync::Arc;

use super::measure::{Ground, Means};
use super::{RunError, eligible};
use crate::gates::TransferSample;
use crate::objective::{Evaluation, Evaluator, Halt, Outcome, Params, Phase, Role};
use crate::rng::Generator;
use crate::search::{Candidate, Candidates, RandomSearch, Search};
use crate::stats::even_places;
use crate::walk_forward::WalkForward;

/// How many draws are made for each one that is wanted, at most: where fewer are feasible, the sample is smaller.
const PATIENCE: usize = 10;

/// The candidates that may ship, best first.
pub(super) struct Eligible<'c> {
    pub(super) candidates: &'c Candidates,
    pub(super) places: Vec<usize>,
}

impl Eligible<'_> {
    /// The first of them, with everything about them.
    pub(super) fn best(&self, count: usize, evaluator: &mut dyn Evaluator) -> Result<Vec<Candidate>, Halt> {
        self.candidates.recall_each(&self.places[..count.min(self.places.len())], evaluator)
    }
}

/// Candidates over all ranks, the best ones, and fresh draws, on test; and the evaluations of these draws. `eligible` is ranked, `walked` has the first of
/// them on test already; every other one is evaluated once, best first.
pub(super) fn transfer_sample(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    eligible: &Eligible<'_>,
    walked: &WalkForward,
    unlocked: &[String],
) -> Result<(TransferSample, Vec<Arc<Evaluation>>), RunError> {
    let rule = &ground.config().strict.transfer;
    let Eligible { candidates, places } = eligible;
    let ranks = even_places(places.len(), rule.rank_points);
    let lead = places.len().min(rule.lead_top);
    let known = walked.outcomes.len();
    let mut missing: Vec<usize> = ranks.iter().copied().chain(0..lead).filter(|place| *place >= known).collect();
    missing.sort_unstable();
    missing.dedup();
    let recalled = missing.iter().map(|&rank| candidates.recall(places[rank], means.evaluator));
    let proposals = recalled.map(|found| found.map(|found| found.params)).collect::<Result<Vec<Params>, _>>()?;
    let outcomes = means.evaluate(ground.context(Role::Test, Phase::Transfer), &proposals)?;
    let test = |place: usize| {
        let outcome = match missing.binary_search(&place) {
            Ok(at) => outcomes.get(at),
            Err(_) => walked.outcomes.get(place),
        };
        outcome.and_then(Outcome::evaluation).map(|evaluation| evaluation.fitness)
    };
    let ranked =
        ranks.iter().map(|&rank| (candidates.figures()[places[rank]].fitness().unwrap_or(f64::NAN), test(rank)));
    let (ranked, lead) = (ranked.collect(), (0..lead).map(test).collect());
    let drawn = fresh_draws(ground, means, unlocked)?;
    let draws = drawn.iter().map(|draw| draw.fitness).collect();
    Ok((TransferSample { ranked, lead, draws }, drawn))
}

/// Uniform draws that could have been candidates, finite and feasible on train, on test.
pub(super) fn fresh_draws(
    ground: Ground<'_>,
    means: &mut Means<'_>,
    unlocked: &[String],
) -> Result<Vec<Arc<Evaluation>>, RunError> {
    let config = ground.config();
    let wanted = config.strict.transfer.lead_draws;
    let most = wanted.saturating_mul(PATIENCE) as u64;
    let mut search = RandomSearch::new(ground.recipe.space, &ground.plan.base, unlocked, most, draw_seed(ground))?;
    let mut kept: Vec<Params> = Vec::new();
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
        kept.extend(allowed.iter().map(|&place| drawn[place].params.clone()));
    }
    let outcomes = means.evaluate(ground.context(Role::Test, Phase::Transfer), &kept)?;
    let drawn = outcomes.into_iter().filter_map(|outcome| outcome.result.ok());
    Ok(drawn.filter(|evaluation| evaluation.fitness.is_finite()).collect())
}

/// A seed of its own, so that the draws are not those of a random search with the declared seed; another one in each
/// pass.
fn draw_seed(ground: Ground<'_>) -> u64 {
    let seed = ground.config().strict.seed;
    let words = [seed as u32, (seed >> 32) as u32, 3, ground.plan.number];
    Generator::from_seed_words(&words).next_u64()
}

//! The best candidates before a costlier judge.

use crate::objective::{Context, Evaluator, Halt, Outcome, Params};
use crate::progress::{Observer, evaluate_phase};
use crate::search::{Candidate, ranked};
use crate::stats;

/// One candidate of the hybrid ranking.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HybridEntry {
    /// The number of the candidate.
    pub index: u64,
    /// Every parameter.
    pub params: Params,
    /// Fitness and samples on train.
    pub search: (f64, u64),
    /// Fitness and samples of the judge; absent if it was not asked, or its evaluation failed.
    pub validation: Option<(f64, u64)>,
    /// The judge's evaluation as recorded; absent if it was not asked.
    pub judged: Option<Outcome>,
}

impl HybridEntry {
    /// The judge's fitness where there is one, else that of the search.
    pub fn final_fitness(&self) -> f64 {
        self.validation.map_or(self.search.0, |validation| validation.0)
    }
}

/// The same as [`rerank`] in the order that the reference implementation documents: those that were judged come first, by
/// the judge's fitness, the others follow by the search's. The two scales are never compared with each other.
///
/// # Errors
/// If the run must end.
pub fn rerank_judged_first(
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    context: Context,
    candidates: &[Candidate],
    top_n: usize,
) -> Result<Vec<HybridEntry>, Halt> {
    let mut entries = rerank(evaluator, observer, context, candidates, top_n)?;
    put_judged_first(&mut entries);
    Ok(entries)
}

/// Takes the `2 * top_n` best candidates, has the judge evaluate the first `top_n`, and ranks all by their final fitness.
///
/// This is the reference implementation's order: the judge's scale and the search's are compared with each other, so an
/// entry that was never judged can come first.
///
/// # Errors
/// If the run must end.
pub fn rerank(
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    context: Context,
    candidates: &[Candidate],
    top_n: usize,
) -> Result<Vec<HybridEntry>, Halt> {
    let mut top = ranked(candidates);
    top.truncate(most_ranked(top_n));
    let mut entries = judge(evaluator, observer, context, &top, top_n)?;
    entries.sort_by(|a, b| stats::descending(a.final_fitness(), b.final_fitness()));
    Ok(entries)
}

/// How many of the best candidates are ranked where the judge sees `top_n`.
pub const fn most_ranked(top_n: usize) -> usize {
    top_n.saturating_mul(2)
}

/// An entry for each of these, best first; the first `judged` are put before the judge.
fn judge(
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    context: Context,
    ranked: &[&Candidate],
    judged: usize,
) -> Result<Vec<HybridEntry>, Halt> {
    let proposals: Vec<Params> = ranked.iter().take(judged).map(|candidate| candidate.params.clone()).collect();
    let outcomes = evaluate_phase(evaluator, observer, context, &proposals)?;
    let mut judged = outcomes.into_iter();
    let mut entries: Vec<HybridEntry> = Vec::with_capacity(ranked.len());
    for candidate in ranked {
        let Some(search) = candidate.level() else { continue };
        let judged = judged.next();
        let answer = judged.as_ref().and_then(Outcome::evaluation);
        let validation = answer.map(|judge| (judge.fitness, judge.samples));
        let (index, params) = (candidate.index, candidate.params.clone());
        entries.push(HybridEntry { index, params, search, validation, judged });
    }
    Ok(entries)
}

/// Both sorts are stable: first by the scale that applies, then the judged ones to the front.
fn put_judged_first(entries: &mut [HybridEntry]) {
    entries.sort_by(|a, b| stats::descending(a.final_fitness(), b.final_fitness()));
    entries.sort_by_key(|entry| entry.validation.is_none());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{AuditedEvaluator, Subject, Trail};
    use crate::objective::{Evaluation, FnTarget, ParamSpace, Phase, Role};
    use crate::search::{GridSearch, explore};

    /// D14 of the Python package: a judge on another scale puts candidates that it never saw on top.
    #[test]
    fn a_judge_on_another_scale_leads_only_in_the_order_of_its_own_name() {
        let space = ParamSpace::new().float("x", 0.0..=10.0, 5.0);
        let scaled = |factor: f64| {
            FnTarget::new(space.clone(), move |params| Ok(Evaluation::new(factor * params.float("x")?).samples(1)))
        };
        let (train, judge) = (scaled(10.0), scaled(0.01));
        let mut trail = Trail::new();
        let mut evaluator = AuditedEvaluator::new(Subject::Serial(&train), &[], &mut trail)
            .and_then(|evaluator| evaluator.with(Role::Validation, Subject::Serial(&judge)))
            .unwrap();
        let mut grid = GridSearch::new(&space, &space.neutral(), &["x".to_owned()], 6).unwrap();
        let searched = Context::new(Role::Train, Phase::Search);
        let candidates: Vec<Candidate> = explore(&mut grid, &mut evaluator, &mut (), searched, None).unwrap();
        let judged = Context::new(Role::Validation, Phase::Hybrid);
        let order = |entries: Vec<HybridEntry>| {
            entries.iter().map(|entry| entry.params.float("x").unwrap()).collect::<Vec<f64>>()
        };
        let reference = rerank(&mut evaluator, &mut (), judged, &candidates, 2).unwrap();
        assert_eq!(order(reference), [6.0, 4.0, 10.0, 8.0]);
        let documented = rerank_judged_first(&mut evaluator, &mut (), judged, &candidates, 2).unwrap();
        assert_eq!(order(documented), [10.0, 8.0, 6.0, 4.0]);
    }
}

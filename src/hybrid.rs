//! The best candidates before a costlier judge.

use crate::progress::{Observer, evaluate_phase};
use crate::search::{Candidate, ranked};
use crate::stats;
use crate::target::{Context, Evaluator, Halt, Params};

/// One candidate of the hybrid ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct HybridEntry {
    /// Every parameter.
    pub params: Params,
    /// Fitness and samples on train.
    pub search: (f64, u64),
    /// Fitness and samples of the judge; absent if it was not asked, or its evaluation failed.
    pub validation: Option<(f64, u64)>,
}

impl HybridEntry {
    /// The judge's fitness where there is one, else that of the search.
    pub fn final_fitness(&self) -> f64 {
        self.validation.map_or(self.search.0, |validation| validation.0)
    }
}

/// [`rerank`] in the order that the reference implementation documents: those that were judged first, by the judge's
/// fitness, then the others by the search's. The two scales are never compared with each other.
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
    // Both sorts are stable: first by the scale that applies, then the judged ones to the front.
    entries.sort_by(|a, b| stats::descending(a.final_fitness(), b.final_fitness()));
    entries.sort_by_key(|entry| entry.validation.is_none());
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
    let top: Vec<&Candidate> = ranked(candidates).into_iter().take(top_n.saturating_mul(2)).collect();
    let proposals: Vec<Params> = top.iter().take(top_n).map(|candidate| candidate.params.clone()).collect();
    let outcomes = evaluate_phase(evaluator, observer, context, &proposals)?;

    let mut judged = outcomes.iter().map(|outcome| outcome.evaluation());
    let mut entries: Vec<HybridEntry> = Vec::with_capacity(top.len());
    for candidate in top {
        let Some(fitness) = candidate.fitness() else { continue };
        let validation = judged.next().flatten().map(|judge| (judge.fitness, judge.sample_count));
        entries.push(HybridEntry {
            params: candidate.params.clone(),
            search: (fitness, candidate.sample_count()),
            validation,
        });
    }
    entries.sort_by(|a, b| stats::descending(a.final_fitness(), b.final_fitness()));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{AuditedEvaluator, Subject, Trail};
    use crate::search::{GridSearch, explore};
    use crate::target::{Evaluation, FnTarget, ParamSpace, Phase, Role};

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
        let candidates = explore(&mut grid, &mut evaluator, &mut (), searched, None).unwrap();
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

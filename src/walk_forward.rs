//! The best candidates on train, evaluated on the test slice.

use crate::objective::{Context, Evaluator, Halt, Outcome, Params};
use crate::progress::{Observer, evaluate_phase};
use crate::search::{Candidate, ranked};
use crate::stats::{Correlation, pearson, sums};

/// How the best candidates on train do on test, in the order of their train fitness.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WalkForward {
    /// The numbers of the candidates, best on train first.
    pub candidates: Vec<u64>,
    /// Their fitness on train.
    pub train_fitness: Vec<f64>,
    /// Fitness on test of the same candidates; NaN where the evaluation failed, so that no correlation is computed.
    pub test_fitness: Vec<f64>,
    /// Samples behind each test fitness.
    pub test_samples: Vec<u64>,
    /// Correlation of the two.
    pub correlation: Correlation,
    /// Mean number of samples on train over these candidates.
    pub train_samples_mean: f64,
    /// Samples of the best on train when evaluated on test, over `train_samples_mean * sample_ratio_scale`; 0 if that
    /// product is not positive.
    pub trade_ratio: f64,
    /// The evaluations on test, in the same order.
    pub outcomes: Vec<Outcome>,
}

impl WalkForward {
    /// Test fitness and samples of the best candidate on train.
    pub fn lead(&self) -> Option<(f64, u64)> {
        Some((*self.test_fitness.first()?, *self.test_samples.first()?))
    }
}

/// Evaluates the `top_n` best candidates on `context.role`, each exactly once, best first.
///
/// `sample_ratio_scale` is the length of test over the length of train, where sample counts grow with it.
///
/// # Errors
/// If the run must end.
pub fn walk_forward(
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    context: Context,
    candidates: &[Candidate],
    top_n: usize,
    sample_ratio_scale: f64,
) -> Result<WalkForward, Halt> {
    let top: Vec<&Candidate> = ranked(candidates).into_iter().take(top_n).collect();
    walk_in_order(evaluator, observer, context, &top, sample_ratio_scale)
}

/// The same of candidates that stand in order already: by something else than what they gave now, where a study chose them.
///
/// # Errors
/// If the run must end.
pub fn walk_in_order(
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    context: Context,
    top: &[&Candidate],
    sample_ratio_scale: f64,
) -> Result<WalkForward, Halt> {
    let proposals: Vec<Params> = top.iter().map(|candidate| candidate.params.clone()).collect();
    let outcomes = evaluate_phase(evaluator, observer, context, &proposals)?;

    let train_fitness: Vec<f64> = top.iter().filter_map(|candidate| candidate.fitness()).collect();
    let on_test = outcomes.iter().map(|outcome| outcome.evaluation());
    let (test_fitness, test_samples): (Vec<f64>, Vec<u64>) =
        on_test.map(|evaluation| evaluation.map_or((f64::NAN, 0), |test| (test.fitness, test.samples))).unzip();
    let train_samples_mean = if top.is_empty() {
        0.0
    } else {
        sums::plain(top.iter().map(|candidate| candidate.samples() as f64)) / top.len() as f64
    };
    let scaled = train_samples_mean * sample_ratio_scale;
    let trade_ratio = match test_samples.first() {
        Some(&samples) if train_samples_mean > 0.0 && sample_ratio_scale > 0.0 => samples as f64 / scaled,
        _ => 0.0,
    };
    Ok(WalkForward {
        candidates: top.iter().map(|candidate| candidate.index).collect(),
        correlation: pearson(&train_fitness, &test_fitness),
        train_fitness,
        test_fitness,
        test_samples,
        train_samples_mean,
        trade_ratio,
        outcomes,
    })
}

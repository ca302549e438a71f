//! The selected candidate, evaluated once on data that nothing in the run has seen.

use std::sync::Arc;

use crate::objective::{Context, Evaluation, Evaluator, Failure, Feasibility, Halt, Params};
use crate::progress::{Observer, evaluate_phase};

/// The one shot at the holdout.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HoldoutShot {
    /// What was evaluated.
    pub params: Params,
    /// What came of it.
    pub result: Result<Arc<Evaluation>, Failure>,
    /// The constraints there; empty if the evaluation failed.
    pub feasibility: Feasibility,
    /// Holdout fitness minus the candidate's train fitness.
    pub fitness_vs_train: Option<f64>,
    /// Holdout fitness minus the test fitness of the best candidate on train.
    pub fitness_vs_test: Option<f64>,
    /// Holdout samples over the candidate's train samples; absent if these are 0.
    pub trade_ratio_vs_train: Option<f64>,
}

impl HoldoutShot {
    /// The holdout fitness; absent if the evaluation failed.
    pub fn fitness(&self) -> Option<f64> {
        self.result.as_ref().ok().map(|evaluation| evaluation.fitness)
    }
}

/// Evaluates `params` on the holdout, exactly once. Differences and ratio are taken against `train`, the fitness and the
/// sample count of the selected candidate there, and against `test_fitness`.
///
/// # Errors
/// If the run must end.
pub fn shoot(
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    context: Context,
    params: &Params,
    train: Option<(f64, u64)>,
    test_fitness: Option<f64>,
) -> Result<HoldoutShot, Halt> {
    let outcomes = evaluate_phase(evaluator, observer, context, std::slice::from_ref(params))?;
    let Some(outcome) = outcomes.into_iter().next() else {
        return Err(Halt::NoTarget(context.role));
    };
    let evaluation = outcome.result.as_deref().ok();
    let minus = |other: Option<f64>| Some(evaluation?.fitness - other?);
    let train_samples = train.map_or(0, |(_, samples)| samples);
    let ratio = evaluation.filter(|_| train_samples > 0).map(|shot| shot.samples as f64 / train_samples as f64);
    Ok(HoldoutShot {
        params: params.clone(),
        fitness_vs_train: minus(train.map(|(fitness, _)| fitness)),
        fitness_vs_test: minus(test_fitness),
        trade_ratio_vs_train: ratio,
        feasibility: outcome.feasibility.clone(),
        result: outcome.result,
    })
}

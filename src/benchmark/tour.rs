//! One calibration from baseline to verdict, beside the answer.

use crate::audit::{AuditedEvaluator, Subject, Trail};
use crate::gates::{HoldoutMode, HoldoutRule};
use crate::keyholes::PhantomKeyhole;
use crate::objective::{Params, Role, Target};
use crate::pipeline::{Recipe, RunConfig, RunError, RunOutcome, run};

/// A run on the phantom keyhole, and what there was to find.
#[derive(Debug, Clone, PartialEq)]
pub struct Tour {
    /// The run.
    pub outcome: RunOutcome,
    /// The parameters that matter.
    pub effective: &'static [&'static str],
    /// Their best values, as far as they are known.
    pub optimum: Params,
    /// How many evaluations were recorded.
    pub recorded: usize,
}

/// Calibrates the phantom keyhole on one seed, walks forward on another, and shoots at a third.
///
/// # Errors
/// If an evaluation failed, which none does.
pub fn tour() -> Result<Tour, RunError> {
    let (train, test, holdout) = (PhantomKeyhole::new(42), PhantomKeyhole::new(1337), PhantomKeyhole::new(9));
    let config = RunConfig {
        holdout: HoldoutRule { mode: HoldoutMode::Gate, min_fitness: Some(5.0), min_sample_ratio: None },
        ..RunConfig::reference()
    };
    let mut trail = Trail::new();
    let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&train), &[], &mut trail)
        .and_then(|evaluator| evaluator.with(Role::Test, Subject::Parallel(&test)))
        .and_then(|evaluator| evaluator.with(Role::Holdout, Subject::Parallel(&holdout)))?;
    let outcome = run(Recipe::new(&config, &train.space(), &[]), &mut evaluator, &mut (), &())?;
    Ok(Tour {
        outcome,
        effective: PhantomKeyhole::effective_params(),
        optimum: PhantomKeyhole::optimum_params(),
        recorded: trail.rows().len(),
    })
}

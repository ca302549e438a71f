//! One declared run: the pipeline that a declaration names, its result and its scorecard.
//!
//! The harness runs it on live targets, `verify` on the record of a run; both have to come to the same bytes.

use crate::artifacts::RunResult;
use crate::declaration::Declaration;
use crate::objective::Evaluator;
use crate::pipeline::{IterativeConfig, Proposer, RunError, run_iterative_with, run_p1_with};
use crate::progress::{Clock, Observer};
use crate::report::scorecard;

/// What a run came to, whichever pipeline made it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The result, with its verdict.
    pub result: RunResult,
    /// The scorecard.
    pub scorecard: String,
    /// The seconds that KC-1 was told, by the round that its gate shows; absent if it was not reached.
    pub judged_seconds: Option<f64>,
}

/// Runs the pipeline that is declared.
///
/// # Errors
/// If the question cannot be answered: see [`RunError`].
pub fn run_declared(
    declaration: &Declaration,
    proposer: Proposer<'_>,
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    clock: &dyn Clock,
) -> Result<Judged, RunError> {
    let Declaration { config, space, constraints, .. } = declaration;
    let Some(rounds) = declaration.config.rounds else {
        let outcome = run_p1_with(proposer, config, space, constraints, evaluator, observer, clock)?;
        let result = RunResult::of_p1(declaration, &outcome);
        let judged_seconds = outcome.judged_seconds();
        return Ok(Judged { scorecard: scorecard(&result), result, judged_seconds });
    };
    let config = IterativeConfig { rounds, round: config.clone() };
    let outcome = run_iterative_with(proposer, &config, space, constraints, evaluator, observer, clock)?;
    let result = RunResult::of_rounds(declaration, &outcome);
    let judged_seconds = outcome.judged_seconds();
    Ok(Judged { scorecard: scorecard(&result), result, judged_seconds })
}

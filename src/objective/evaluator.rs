//! The seam between those who propose and those who evaluate and record.

use std::sync::Arc;
use std::time::Duration;

use super::{Evaluation, Feasibility, Params, Phase, Role};

/// Where in a run a batch belongs; recorded with every evaluation of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The slice to evaluate on.
    pub role: Role,
    /// The part of the run.
    pub phase: Phase,
    /// The round of an iterative run, or the window, from 1; 0 for what belongs to none, and where there is one pass. In phase
    /// [`Phase::Null`] the number of the null run, from 1.
    pub round: u32,
}

impl Context {
    /// This role and phase in round 0.
    pub const fn new(role: Role, phase: Phase) -> Self {
        Self { role, phase, round: 0 }
    }
}

/// `train search`, with the round where there are rounds, or the number of a null run.
impl std::fmt::Display for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.role, self.phase)?;
        match (self.phase, self.round) {
            (_, 0) => Ok(()),
            (Phase::Null, run) => write!(f, " run {run}"),
            (_, round) => write!(f, " of round {round}"),
        }
    }
}

/// What a run asks of its evaluations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct EvaluationRules {
    /// Whether a fitness that is not finite is a failed evaluation.
    pub finite_only: bool,
    /// How many evaluations may fail before the run ends without a verdict.
    pub allowed_failures: u64,
    /// Whether what evaluations attach is handed on to the record instead of dropped.
    pub keep_attachments: bool,
    /// How many blocks an evaluation has to have, each finite; `None` asks for none and takes any.
    pub blocks: Option<u64>,
}

/// A part of a run that asks nothing of what comes before it but the time, so that its evaluations can be made while the run is
/// still elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The pass over this window, from 1.
    Window(u32),
    /// The null run of this number, from 1.
    Null(u32),
}

/// Asks what the run is going to ask in some part of it, in the same order.
pub type Asking = Box<dyn FnOnce(&mut dyn Evaluator) + Send>;

/// Evaluates parameter sets on a slice and keeps the record of it. Each evaluation's call index is that of the one before
/// and 1.
pub trait Evaluator {
    /// Whether there is a target for this slice.
    fn serves(&self, role: Role) -> bool;

    /// Evaluates every proposal and records them in the order given, however many are evaluated at once.
    ///
    /// `seen` is called for each as soon as it is recorded, with its index in `proposals`; an error of it ends the batch,
    /// and nothing further is started. The answer has one outcome per proposal, in the same order.
    ///
    /// # Errors
    /// If the run must end here: no target serves the slice, more evaluations failed than declared, a row could not be
    /// recorded, or `seen` said so. What was recorded until then stays recorded.
    fn evaluate_batch(
        &mut self,
        context: Context,
        proposals: &[Params],
        seen: &mut dyn FnMut(usize, &Outcome) -> Result<(), Halt>,
    ) -> Result<Vec<Outcome>, Halt>;

    /// Reads back what was recorded under a call index: the parameters and what came of them.
    ///
    /// # Errors
    /// If there is no such evaluation on record, or it cannot be read.
    fn recall(&mut self, call_index: u64) -> Result<(Params, Outcome), Halt>;

    /// Takes the rules of the run that begins. An evaluator that does not know how to keep them leaves them to the gates.
    fn obey(&mut self, _rules: EvaluationRules) {}

    /// How many proposals are best handed over at once, where as many are known: the more are evaluated at a time, the more.
    fn room(&self) -> usize {
        1024
    }

    /// Whether it makes any use of [`expect`](Self::expect) and [`work_ahead`](Self::work_ahead).
    fn looks_ahead(&self) -> bool {
        false
    }

    /// Takes note of batches that the run is certain to ask for soon, unless it ends: in this order, with others between them.
    /// They may be evaluated when there is nothing else to do. Each is recorded once it is asked for, where it belongs.
    fn expect(&mut self, _batches: Vec<(Context, Vec<Params>)>) {}

    /// Takes note of a part that the run gets to later, unless it ends, which hands over `wide` proposals at a time. It may be
    /// worked on when there is nothing else to do; its evaluations are recorded once the run asks for them. What it finds
    /// then decides: `asking` only says what will be asked.
    fn work_ahead(&mut self, _part: Part, _wide: u64, _asking: Asking) {}

    /// Whether there is a null version of the targets.
    fn has_null(&self) -> bool {
        false
    }

    /// Lends out an evaluator of the null version made from `seed`, whose record goes where this one's goes, in phase
    /// [`Phase::Null`] and with the seed as its round.
    ///
    /// # Errors
    /// If there is no null version, or it could not be made.
    fn with_null(&mut self, seed: u32, _use_it: &mut dyn FnMut(&mut dyn Evaluator)) -> Result<(), Halt> {
        Err(Halt::Null { seed, reason: "none is declared".to_owned() })
    }
}

/// One recorded evaluation.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// Its number in the run, from 0, over all slices.
    pub call_index: u64,
    /// What the target said, or why it said nothing.
    pub result: Result<Arc<Evaluation>, Failure>,
    /// The constraints' statuses; empty if the evaluation failed.
    pub feasibility: Feasibility,
}

impl Outcome {
    /// Whether it was evaluated and keeps to every constraint.
    pub fn is_feasible(&self) -> bool {
        self.result.is_ok() && self.feasibility.is_feasible()
    }

    /// Whether the target said that the parameters do not go together.
    pub fn is_not_applicable(&self) -> bool {
        self.result.as_ref().is_err_and(Failure::is_not_applicable)
    }

    /// The evaluation, if there is one.
    pub fn evaluation(&self) -> Option<&Evaluation> {
        self.result.as_deref().ok()
    }
}

/// Why an evaluation has no fitness.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {reason}")]
#[non_exhaustive]
pub struct Failure {
    /// How it came to that.
    pub kind: FailureKind,
    /// What the target or the panic said.
    pub reason: String,
}

impl Failure {
    /// Whether the parameters do not go together, so that nothing failed.
    pub fn is_not_applicable(&self) -> bool {
        self.kind == FailureKind::NotApplicable
    }
}

words! {
    /// How an evaluation came to have no fitness.
    #[non_exhaustive]
    pub enum FailureKind {
        /// The target returned an error.
        Error = "error",
        /// The target panicked.
        Panic = "panic",
        /// The fitness is NaN or infinite, and the run refuses that.
        NonFinite = "non_finite",
        /// The parameters do not go together, says the target: there was nothing to evaluate, and nothing failed.
        NotApplicable = "not_applicable",
    }
}

/// Why a run ended without a verdict.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Halt {
    /// No target serves the slice.
    #[error("no {0} target is declared")]
    NoTarget(Role),
    /// One failed evaluation more than the declaration allows.
    #[error(
        "evaluation {call_index} ({role}, {phase}) failed, which makes {failed} failed where at most {allowed} may \
         (`max_failed_evaluations`): {failure}; parameters {params}"
    )]
    TooManyFailures {
        /// The slice of the failure that was one too many.
        role: Role,
        /// Its phase.
        phase: Phase,
        /// Its number in the run.
        call_index: u64,
        /// What was evaluated.
        params: Params,
        /// Why it failed.
        failure: Failure,
        /// Failures so far, this one included.
        failed: u64,
        /// Failures the declaration allows.
        allowed: u64,
    },
    /// An evaluation has no answer, for a reason that is not in the parameters.
    #[error("evaluation {call_index} ({role}, {phase}) of {params} was lost: {reason}")]
    Lost {
        /// The slice.
        role: Role,
        /// Its phase.
        phase: Phase,
        /// The number it would have had in the run.
        call_index: u64,
        /// What was to be evaluated.
        params: Params,
        /// Why there is no answer.
        reason: String,
        /// Whether somebody may have begun to make one.
        began: bool,
    },
    /// No evaluation has an answer until somebody mends how the target is set up.
    #[error("evaluation {call_index} ({role}, {phase}) cannot be made: {reason}")]
    Unusable {
        /// The slice.
        role: Role,
        /// Its phase.
        phase: Phase,
        /// The number it would have had in the run.
        call_index: u64,
        /// What is wrong.
        reason: String,
        /// Whether somebody may have begun to make one.
        began: bool,
    },
    /// The run has used up its time box, so nothing further is evaluated.
    #[error("the time box is used up after {} seconds (`gates.time_box_seconds`)", elapsed.as_secs())]
    TimeBox {
        /// Time since the run began.
        elapsed: Duration,
    },
    /// A null version of the targets could not be made.
    #[error("the null version of seed {seed} could not be made: {reason}")]
    Null {
        /// Its seed.
        seed: u32,
        /// Why.
        reason: String,
    },
    /// The record could not be kept or read.
    #[error("the trail cannot be kept: {0}")]
    Record(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An interrupted run is continued, and proposes something else than it did the first time.
    #[error(
        "evaluation {call_index} is to be {proposed}, but the trail of the interrupted run has {recorded} there, so it \
         cannot be continued"
    )]
    Diverged {
        /// The number of the evaluation in the run.
        call_index: u64,
        /// Slice, phase, round and parameters as proposed now.
        proposed: String,
        /// The same as recorded.
        recorded: String,
    },
}

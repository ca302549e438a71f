//! Evaluates what the run is going to ask, and hands the answers to it instead of recording them.

use super::answer::Answer;
use super::stream::{Shared, Stream};
use super::subject::subject_of;
use super::{Constraint, Subject, window};
use crate::objective::{Context, EvaluationRules, Evaluator, Halt, Outcome, Params, Role};

/// How evaluations are made, whoever asks for them.
#[derive(Clone, Copy)]
pub(super) struct Manner<'t> {
    pub(super) constraints: &'t [Constraint],
    pub(super) rules: EvaluationRules,
    pub(super) threads: usize,
}

/// The evaluator of a part that the run has not come to. What it says of a part is for whoever asks there; the run finds out by
/// itself. Call indices are those within the part.
pub(super) struct Scout<'s> {
    subjects: &'s [(Role, Subject<'s>)],
    manner: Manner<'s>,
    rank: u64,
    stream: &'s Stream,
    shared: &'s Shared,
    rows: Vec<(Params, Outcome)>,
    bytes: usize,
}

impl<'s> Scout<'s> {
    pub(super) const fn new(
        subjects: &'s [(Role, Subject<'s>)],
        manner: Manner<'s>,
        rank: u64,
        stream: &'s Stream,
        shared: &'s Shared,
    ) -> Self {
        Self { subjects, manner, rank, stream, shared, rows: Vec::new(), bytes: 0 }
    }

    /// Hands an answer over; the run takes it with its attachments.
    fn keep(&mut self, role: Role, params: &Params, answer: Option<Answer>) -> Result<&Outcome, Halt> {
        let answer = answer.ok_or_else(enough)?;
        let call_index = self.rows.len() as u64;
        let (result, feasibility) = (answer.result.clone(), answer.feasibility.clone());
        let bytes = answer.bytes();
        let room = self.shared.keep(bytes);
        self.bytes += bytes;
        if !self.stream.push(role, params, answer) || !room {
            return Err(enough());
        }
        self.rows.push((params.clone(), Outcome { call_index, result, feasibility }));
        self.rows.last().map(|(_, outcome)| outcome).ok_or_else(enough)
    }
}

impl Drop for Scout<'_> {
    fn drop(&mut self) {
        self.shared.let_go(self.bytes);
    }
}

/// Why a part is not worked on any further; nobody gets to see it.
fn enough() -> Halt {
    Halt::Record("the run goes on from here".into())
}

impl Evaluator for Scout<'_> {
    fn serves(&self, role: Role) -> bool {
        self.subjects.iter().any(|(served, _)| *served == role)
    }

    fn evaluate_batch(
        &mut self,
        context: Context,
        proposals: &[Params],
        seen: &mut dyn FnMut(usize, &Outcome) -> Result<(), Halt>,
    ) -> Result<Vec<Outcome>, Halt> {
        // The holdout is looked at once, by the run itself.
        if context.role == Role::Holdout {
            return Err(enough());
        }
        let subject = subject_of(self.subjects, context)?;
        let Manner { constraints, rules, threads } = self.manner;
        let (shared, stream, rank) = (self.shared, self.stream, self.rank);
        let ask = |target, params: &Params| {
            let _seat = shared.seats.take(rank);
            stream.is_wanted().then(|| Answer::of(target, constraints, rules, context.role, params))
        };
        let mut outcomes = Vec::with_capacity(proposals.len());
        let mut deliver = |index: usize, answer: Option<Answer>| {
            let outcome = self.keep(context.role, &proposals[index], answer)?;
            seen(index, outcome)?;
            outcomes.push(outcome.clone());
            Ok(())
        };
        match subject {
            Subject::Parallel(target) if proposals.len() > 1 => {
                window::in_order(proposals.len(), threads, |index| ask(target, &proposals[index]), deliver)?;
            }
            _ => {
                for (index, params) in proposals.iter().enumerate() {
                    deliver(index, ask(subject.target(), params))?;
                }
            }
        }
        Ok(outcomes)
    }

    fn recall(&mut self, call_index: u64) -> Result<(Params, Outcome), Halt> {
        let place = usize::try_from(call_index).ok();
        place.and_then(|place| self.rows.get(place)).cloned().ok_or_else(enough)
    }

    fn room(&self) -> usize {
        window::room(self.manner.threads)
    }
}

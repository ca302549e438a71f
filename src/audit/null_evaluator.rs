//! Evaluates the null version of the targets instead of the targets.

use super::subject::subject_of;
use super::{AuditedEvaluator, Subject};
use crate::objective::{Context, Evaluator, Halt, Outcome, Params, Phase, Role};

/// The null version of one seed, recorded where the run itself is.
pub(super) struct NullEvaluator<'n, 't> {
    pub(super) audited: &'n mut AuditedEvaluator<'t>,
    pub(super) subjects: &'n [(Role, Subject<'n>)],
    pub(super) seed: u32,
}

impl Evaluator for NullEvaluator<'_, '_> {
    fn serves(&self, role: Role) -> bool {
        self.subjects.iter().any(|(served, _)| *served == role)
    }

    fn evaluate_batch(
        &mut self,
        context: Context,
        proposals: &[Params],
        seen: &mut dyn FnMut(usize, &Outcome) -> Result<(), Halt>,
    ) -> Result<Vec<Outcome>, Halt> {
        let subject = subject_of(self.subjects, context)?;
        let context = Context { phase: Phase::Null, round: self.seed, ..context };
        self.audited.batch(subject, context, proposals, seen)
    }

    fn recall(&mut self, call_index: u64) -> Result<(Params, Outcome), Halt> {
        self.audited.recall(call_index)
    }

    fn room(&self) -> usize {
        self.audited.room()
    }
}

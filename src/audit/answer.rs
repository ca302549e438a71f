//! What a target says, before it is recorded.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::Constraint;
use super::panic::panic_text;
use crate::objective::{
    Attachment, ConstraintStatus, Content, Evaluation, EvaluationRules, Failure, FailureKind, Feasibility, Params,
    Role, Target,
};

/// An outcome that has no call index yet.
pub(super) struct Answer {
    pub(super) result: Result<Arc<Evaluation>, Failure>,
    pub(super) feasibility: Feasibility,
    /// Taken out of the evaluation, which lives longer than its record takes to be written.
    pub(super) attachments: Vec<Attachment>,
    /// Why there is no answer that could be recorded, and whether somebody may have begun to make one.
    pub(super) lost: Option<(String, bool)>,
    /// What is wrong with how the target is set up, and the same of it.
    pub(super) unusable: Option<(String, bool)>,
}

impl Answer {
    pub(super) fn of(
        target: &dyn Target,
        constraints: &[Constraint],
        rules: EvaluationRules,
        role: Role,
        params: &Params,
    ) -> Self {
        // A target that panicked is asked again for the next parameters; what it keeps behind locks is its own affair.
        // The error's text is the target's code too.
        let (mut lost, mut unusable) = (None, None);
        let evaluate = || {
            let answer = target.evaluate(params).map_err(|error| {
                lost = error.is_lost().then(|| (error.reason(), error.may_have_begun()));
                unusable = error.is_unusable().then(|| (error.reason(), error.may_have_begun()));
                asked_on(role, error.failure())
            });
            answer.and_then(Evaluation::shallow)
        };
        let mut attachments = Vec::new();
        let result = match catch_unwind(AssertUnwindSafe(evaluate)) {
            Ok(Ok(mut evaluation)) => match refused(&evaluation, rules) {
                Some(failure) => Err(failure),
                None => {
                    // The order of keys must not depend on a feature that some other crate of the build switches on.
                    evaluation.metadata.sort_keys();
                    evaluation.metadata.values_mut().for_each(serde_json::Value::sort_all_objects);
                    attachments = std::mem::take(&mut evaluation.attachments);
                    Ok(Arc::new(evaluation))
                }
            },
            Ok(Err(failure)) => Err(failure),
            Err(payload) => Err(Failure { kind: FailureKind::Panic, reason: panic_text(&*payload) }),
        };
        let feasibility = match &result {
            Ok(evaluation) if !constraints.is_empty() => {
                let judged = constraints.iter().map(|constraint| constraint.judge(role, params, evaluation));
                Feasibility::new(judged.collect::<Vec<ConstraintStatus>>())
            }
            _ => Feasibility::default(),
        };
        Self { result, feasibility, attachments, lost, unusable }
    }

    /// Whether it is one that a record could hold.
    pub(super) const fn is_recordable(&self) -> bool {
        self.lost.is_none() && self.unusable.is_none()
    }

    /// The bytes that it takes while it is kept, or thereabouts.
    pub(super) fn bytes(&self) -> usize {
        let kept = self.attachments.iter().map(|attachment| match &attachment.content {
            Content::Bytes(bytes) => bytes.len(),
            Content::File(_) | Content::Kept { .. } => 0,
        });
        let said = match &self.result {
            Ok(evaluation) => evaluation.metadata.values().map(json_bytes).sum::<usize>() + 8 * evaluation.blocks.len(),
            Err(failure) => failure.reason.len(),
        };
        // Parameters, counts and pointers.
        512 + said + kept.sum::<usize>()
    }
}

fn json_bytes(value: &serde_json::Value) -> usize {
    64 + match value {
        serde_json::Value::String(text) => text.len(),
        serde_json::Value::Array(values) => values.iter().map(json_bytes).sum(),
        serde_json::Value::Object(values) => values.iter().map(|(key, value)| key.len() + json_bytes(value)).sum(),
        _ => 0,
    }
}

/// Whether parameters go together is decided on train, where they are proposed. Elsewhere the question is settled, and a target
/// that says otherwise decides by its data.
fn asked_on(role: Role, failure: Failure) -> Failure {
    if role == Role::Train || !failure.is_not_applicable() {
        return failure;
    }
    let reason = format!(
        "these parameters are not applicable on {role}, but were on train; the parameters alone have to decide that: {}",
        failure.reason
    );
    Failure { kind: FailureKind::Error, reason }
}

/// Why an evaluation is no answer to what was asked, if it is none.
fn refused(evaluation: &Evaluation, rules: EvaluationRules) -> Option<Failure> {
    let failed = |kind, reason| Some(Failure { kind, reason });
    if rules.finite_only && !evaluation.fitness.is_finite() {
        return failed(FailureKind::NonFinite, format!("the fitness is {}", evaluation.fitness));
    }
    let (found, declared) = (&evaluation.blocks, rules.blocks?);
    if found.len() as u64 != declared {
        let reason = match found.len() {
            0 => {
                format!("it has no blocks, and {declared} are declared (`blocks`): return them by `Evaluation::blocks`")
            }
            found => format!("it has {found} blocks, and {declared} are declared (`blocks`)"),
        };
        return failed(FailureKind::Error, reason);
    }
    let broken = found.iter().position(|block| !block.is_finite())?;
    failed(FailureKind::NonFinite, format!("block {} of {declared} is {}", broken + 1, found[broken]))
}

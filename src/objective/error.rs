//! Why an evaluation failed.

use std::fmt;

use super::{Failure, FailureKind};

/// Why a target could not evaluate.
///
/// Any standard error turns into it with `?`; [`TargetError::new`] takes a text. Like a boxed error it does not
/// implement `Error` itself, which is what makes that conversion possible.
pub struct TargetError(Box<dyn std::error::Error + Send + Sync>);

impl TargetError {
    /// A failure with this text: a lowercase fragment without a full stop.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into().into())
    }

    /// The parameters do not go together, such as a fast average that is slower than the slow one: there is nothing to
    /// evaluate, and nothing failed. Recorded with this reason, never selected, not counted among the evaluations that may fail,
    /// and no trial of the search, which proposes others instead.
    ///
    /// The parameters alone decide it, whatever the data: parameters that were applicable on train and are not on another slice
    /// are a failed evaluation.
    pub fn not_applicable(reason: impl Into<String>) -> Self {
        Self(Box::new(NotApplicable(reason.into())))
    }

    /// There is no answer, and that says nothing about the parameters: a node is gone, a licence server is down. Nothing is
    /// recorded, and the run ends without a verdict; the next one continues behind the last evaluation that was recorded.
    ///
    /// On the holdout it counts as a look: the evaluation may have begun. [`never_began`](Self::never_began) says that it did not.
    pub fn lost(reason: impl Into<String>) -> Self {
        Self(Box::new(Lost { reason: reason.into(), began: true }))
    }

    /// The same, and nobody had begun to evaluate: on the holdout it is no look. Only for what is certain of that.
    pub fn never_began(reason: impl Into<String>) -> Self {
        Self(Box::new(Lost { reason: reason.into(), began: false }))
    }

    /// The same failure behind another evaluation of the same question, which had an answer.
    pub(crate) fn behind_an_answer(self) -> Self {
        if let Some(Unusable { reason, .. }) = self.0.downcast_ref() {
            return Self(Box::new(Unusable { reason: reason.clone(), began: true }));
        }
        if self.is_lost() { Self::lost(self.reason()) } else { self }
    }

    /// Whether the evaluation may have begun, of one that is lost.
    pub(crate) fn may_have_begun(&self) -> bool {
        let unusable = self.0.downcast_ref::<Unusable>().map(|unusable| unusable.began);
        self.0.downcast_ref::<Lost>().map(|lost| lost.began).or(unusable).unwrap_or_default()
    }

    /// There can be no answer until somebody mends how the target is set up: its command is not there, or its files.
    #[cfg(feature = "worker")]
    pub(crate) fn unusable(reason: impl Into<String>) -> Self {
        Self(Box::new(Unusable { reason: reason.into(), began: false }))
    }

    /// Whether it is no answer about the parameters.
    pub(crate) fn is_lost(&self) -> bool {
        self.0.is::<Lost>() || self.is_unusable()
    }

    /// Whether it is the setting up of the target that is wrong.
    pub(crate) fn is_unusable(&self) -> bool {
        self.0.is::<Unusable>()
    }

    /// How and why there is no evaluation.
    pub(crate) fn failure(&self) -> Failure {
        let kind = if self.0.is::<NotApplicable>() { FailureKind::NotApplicable } else { FailureKind::Error };
        Failure { kind, reason: self.reason() }
    }

    /// The text of the failure and of every cause behind it, joined with `: `.
    pub fn reason(&self) -> String {
        let mut reason = self.0.to_string();
        let mut cause = self.0.source();
        while let Some(error) = cause {
            reason.push_str(": ");
            reason.push_str(&error.to_string());
            cause = error.source();
        }
        reason
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NotApplicable(String);

#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
struct Lost {
    reason: String,
    began: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
struct Unusable {
    reason: String,
    /// Whether another evaluation of the same question had an answer before.
    began: bool,
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for TargetError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl From<TargetError> for Box<dyn std::error::Error + Send + Sync> {
    fn from(error: TargetError) -> Self {
        error.0
    }
}

impl From<TargetError> for Box<dyn std::error::Error> {
    fn from(error: TargetError) -> Self {
        error.0
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason())
    }
}

impl fmt::Debug for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TargetError({:?})", self.reason())
    }
}

/// A parameter that is not there, or not of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParamError {
    message: String,
}

impl ParamError {
    pub(crate) fn unknown(name: &str, nearest: Option<&str>) -> Self {
        let message = match nearest {
            Some(nearest) => format!("no parameter `{name}`; the nearest is `{nearest}`"),
            None => format!("no parameter `{name}`"),
        };
        Self { message }
    }

    pub(crate) fn twice(name: &str) -> Self {
        Self { message: format!("parameter `{name}` is named twice") }
    }

    pub(crate) fn value(name: &str, found: &str, expected: &str) -> Self {
        Self { message: format!("parameter `{name}` cannot be {found}, expected {expected}") }
    }

    pub(crate) fn kind(name: &str, found: &str, expected: &str) -> Self {
        Self { message: format!("parameter `{name}` is of kind {found}, not {expected}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("corner `SS` did not converge")]
    struct Corner(#[source] std::num::ParseFloatError);

    #[test]
    fn the_reason_names_every_cause() {
        let cause = "1,5".parse::<f64>().unwrap_err();
        let error: TargetError = Corner(cause).into();
        assert_eq!(error.reason(), "corner `SS` did not converge: invalid float literal");
        assert_eq!(TargetError::new("no data").to_string(), "no data");
    }

    #[cfg(feature = "worker")]
    #[test]
    fn what_cannot_be_started_any_more_has_begun_where_it_had_an_answer_before() {
        let gone = TargetError::unusable("no such program");
        assert!(!gone.may_have_begun());
        let gone = gone.behind_an_answer();
        assert!(gone.is_unusable() && gone.may_have_begun());
        assert_eq!(gone.reason(), "no such program");
    }
}

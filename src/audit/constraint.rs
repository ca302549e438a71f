//! A rule that every shipped candidate must keep.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::panic::panic_text;
use crate::number::Op;
use crate::objective::{ConstraintStatus, Evaluation, Params, Role, spelling};

/// A named rule over one evaluation.
#[derive(Clone)]
#[non_exhaustive]
pub struct Constraint {
    /// Its name, unique in the calibration.
    pub name: String,
    /// What it is for; empty if nobody said.
    pub description: String,
    /// The rule.
    pub rule: Rule,
    /// Other slices than train on which a typed rule compares with another number, each with that number, by slice.
    pub elsewhere: Vec<(Role, f64)>,
}

/// How a constraint decides.
#[derive(Clone)]
pub enum Rule {
    /// Compares a metric with a number: can be shown, declared in omega.toml and locked field by field.
    Typed {
        /// What is measured.
        metric: Metric,
        /// How it is compared.
        op: Op,
        /// With what.
        value: f64,
    },
    /// Asks a closure: locked by name only, so every verdict counts it as opaque.
    Opaque(Arc<Predicate>),
}

/// The closure of an opaque constraint: whether parameters and evaluation keep the rule.
pub type Predicate = dyn Fn(&Params, &Evaluation) -> bool + Send + Sync;

/// What a typed constraint measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Metric {
    /// The fitness.
    Fitness,
    /// The number of samples.
    Samples,
    /// A parameter's value; a switch is 0 or 1.
    Param(String),
    /// A number in the metadata.
    Metadata(String),
    /// A text that names no metric; [`Constraint::check`] refuses it.
    Unknown(String),
}

impl Metric {
    /// Reads `fitness`, `samples`, `params.NAME` or `metadata.NAME`.
    pub fn parse(text: &str) -> Self {
        match text.split_once('.') {
            None if text == "fitness" => Self::Fitness,
            None if text == "samples" => Self::Samples,
            Some(("params", name)) if !name.is_empty() => Self::Param(name.to_owned()),
            Some(("metadata", name)) if !name.is_empty() => Self::Metadata(name.to_owned()),
            _ => Self::Unknown(text.to_owned()),
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fitness => f.write_str("fitness"),
            Self::Samples => f.write_str("samples"),
            Self::Param(name) => write!(f, "params.{name}"),
            Self::Metadata(name) => write!(f, "metadata.{name}"),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

/// Why a constraint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConstraintError {
    /// A text that names no metric.
    #[error("constraint `{name}` measures `{metric}`, expected `fitness`, `samples`, `params.NAME` or `metadata.NAME`")]
    Metric {
        /// The constraint.
        name: String,
        /// What it measures.
        metric: String,
    },
    /// A closure with numbers by slice.
    #[error("constraint `{0}` is a closure, which compares with no number, expected none for a slice")]
    OpaqueElsewhere(String),
    /// A number that nothing can be compared with.
    #[error("constraint `{0}` compares with a number that is not finite")]
    NonFinite(String),
}

impl Constraint {
    /// Holds while the metric is smaller than `value`; `metric` is one of the spellings that [`Metric::parse`] reads.
    pub fn below(name: impl Into<String>, metric: &str, value: f64) -> Self {
        Self::typed(name, metric, Op::Below, value)
    }

    /// Holds while the metric is larger than `value`; `metric` is one of the spellings that [`Metric::parse`] reads.
    pub fn above(name: impl Into<String>, metric: &str, value: f64) -> Self {
        Self::typed(name, metric, Op::Above, value)
    }

    /// Holds while `metric op value` does; `metric` is one of the spellings that [`Metric::parse`] reads.
    pub fn typed(name: impl Into<String>, metric: &str, op: Op, value: f64) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            rule: Rule::Typed { metric: Metric::parse(metric), op, value },
            elsewhere: Vec::new(),
        }
    }

    /// Holds while the closure says so. Only its name can be locked; prefer a typed constraint.
    pub fn opaque(
        name: impl Into<String>,
        predicate: impl Fn(&Params, &Evaluation) -> bool + Send + Sync + 'static,
    ) -> Self {
        let rule = Rule::Opaque(Arc::new(predicate));
        Self { name: name.into(), description: String::new(), rule, elsewhere: Vec::new() }
    }

    /// Says what the constraint is for.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Compares with another number on this slice, such as a third as many trades on a third as many days.
    ///
    /// On train it is the number of the constraint itself, which is that of every slice that has none of its own.
    #[must_use]
    pub fn on(mut self, role: Role, value: f64) -> Self {
        match (&mut self.rule, role) {
            (Rule::Typed { value: own, .. }, Role::Train) => *own = value,
            _ => {
                self.elsewhere.retain(|(known, _)| *known != role);
                self.elsewhere.push((role, value));
                self.elsewhere.sort_by_key(|(role, _)| *role);
            }
        }
        self
    }

    /// The number that a typed constraint compares with on a slice; absent for a closure.
    pub fn value_on(&self, role: Role) -> Option<f64> {
        let Rule::Typed { value, .. } = &self.rule else { return None };
        let own = self.elsewhere.iter().find(|(known, _)| *known == role);
        Some(own.map_or(*value, |(_, value)| *value))
    }

    /// Whether the constraint can be judged at all.
    ///
    /// # Errors
    /// If its text names no metric, it compares with a number that is not finite, or it is a closure with numbers by slice.
    pub fn check(&self) -> Result<(), ConstraintError> {
        match &self.rule {
            Rule::Typed { metric: Metric::Unknown(metric), .. } => {
                Err(ConstraintError::Metric { name: self.name.clone(), metric: metric.clone() })
            }
            Rule::Opaque(_) if !self.elsewhere.is_empty() => Err(ConstraintError::OpaqueElsewhere(self.name.clone())),
            Rule::Typed { value, .. }
                if !value.is_finite() || self.elsewhere.iter().any(|(_, value)| !value.is_finite()) =>
            {
                Err(ConstraintError::NonFinite(self.name.clone()))
            }
            _ => Ok(()),
        }
    }

    /// Whether it can be locked by name only.
    pub fn is_opaque(&self) -> bool {
        matches!(self.rule, Rule::Opaque(_))
    }

    /// The number a typed constraint judges.
    ///
    /// # Errors
    /// If the evaluation has no such number, or it is NaN; the text names the nearest. A closure measures nothing.
    pub fn measure(&self, params: &Params, evaluation: &Evaluation) -> Result<f64, String> {
        match &self.rule {
            Rule::Typed { metric, .. } => metric.read(params, evaluation),
            Rule::Opaque(_) => Err("a closure measures nothing".to_owned()),
        }
    }

    /// By how much an evaluation that was judged like this breaks it, as Optuna's `constraints_func` would tell: how far what is
    /// measured is beyond the number it is compared with. 0 if it is kept, 1 for a closure, which tells no distance, infinite if it
    /// could not be answered; never 0 if it is broken, be the distance none.
    pub fn violation(&self, role: Role, status: &ConstraintStatus, params: &Params, evaluation: &Evaluation) -> f64 {
        match (status, self.measure(params, evaluation), self.value_on(role)) {
            (ConstraintStatus::Satisfied, ..) => 0.0,
            (ConstraintStatus::Violated, Ok(measured), Some(value)) => (measured - value).abs().max(f64::MIN_POSITIVE),
            (ConstraintStatus::Violated, ..) => 1.0,
            (ConstraintStatus::Unanswered(_), ..) => f64::INFINITY,
        }
    }

    /// Judges one evaluation on a slice. A closure that panics leaves the question unanswered.
    pub fn judge(&self, role: Role, params: &Params, evaluation: &Evaluation) -> ConstraintStatus {
        let held = match &self.rule {
            Rule::Typed { metric, op, value } => {
                let value = self.value_on(role).unwrap_or(*value);
                metric.read(params, evaluation).map(|measured| op.holds(measured, value))
            }
            Rule::Opaque(predicate) => catch_unwind(AssertUnwindSafe(|| predicate(params, evaluation)))
                .map_err(|payload| format!("the closure panicked: {}", panic_text(&*payload))),
        };
        match held {
            Ok(true) => ConstraintStatus::Satisfied,
            Ok(false) => ConstraintStatus::Violated,
            Err(reason) => ConstraintStatus::Unanswered(reason.into()),
        }
    }
}

impl fmt::Debug for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.rule {
            Rule::Typed { metric, op, value } => {
                write!(f, "Constraint({}: {metric} {op} {value}", self.name)?;
                self.elsewhere.iter().try_for_each(|(role, value)| write!(f, ", {value} on {role}"))?;
                f.write_str(")")
            }
            Rule::Opaque(_) => write!(f, "Constraint({}: closure)", self.name),
        }
    }
}

impl Metric {
    #[expect(clippy::cast_precision_loss, reason = "a sample count above 2^53 is out of reach")]
    fn read(&self, params: &Params, evaluation: &Evaluation) -> Result<f64, String> {
        let measured = match self {
            Self::Fitness => evaluation.fitness,
            Self::Samples => evaluation.samples as f64,
            Self::Param(name) => match params.get(name) {
                Some(value) => value.as_f64().ok_or_else(|| format!("parameter `{name}` is {value}, not a number"))?,
                None => {
                    return Err(missing("parameter", name, params.iter().map(|(name, _)| name)));
                }
            },
            Self::Metadata(name) => match evaluation.metadata.get(name) {
                Some(value) => value.as_f64().ok_or_else(|| format!("metadata `{name}` is {value}, not a number"))?,
                None => {
                    return Err(missing("metadata", name, evaluation.metadata.keys().map(String::as_str)));
                }
            },
            Self::Unknown(text) => return Err(format!("`{text}` is no metric")),
        };
        if measured.is_nan() { Err(format!("{self} is not a number")) } else { Ok(measured) }
    }
}

fn missing<'c>(what: &str, name: &str, known: impl IntoIterator<Item = &'c str>) -> String {
    match spelling::nearest(name, known) {
        Some(nearest) => format!("no {what} `{name}`; the nearest is `{nearest}`"),
        None => format!("no {what} `{name}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(constraint: &Constraint) -> ConstraintStatus {
        let params = Params::new([("vdd", 0.9)]);
        let evaluation =
            Evaluation::new(1.5).samples(60).with_metric("read_snm_mv", 150.0).with_metric("leak", f64::NAN);
        constraint.judge(Role::Train, &params, &evaluation)
    }

    fn typed(metric: &str, op: Op, value: f64) -> Constraint {
        Constraint::typed("c", metric, op, value)
    }

    #[test]
    fn every_metric_and_comparison_decides_as_written() {
        assert_eq!(judge(&typed("metadata.read_snm_mv", Op::AtLeast, 150.0)), ConstraintStatus::Satisfied);
        assert_eq!(judge(&typed("metadata.read_snm_mv", Op::Above, 150.0)), ConstraintStatus::Violated);
        assert_eq!(judge(&typed("fitness", Op::Below, 2.0)), ConstraintStatus::Satisfied);
        assert_eq!(judge(&typed("samples", Op::Equal, 60.0)), ConstraintStatus::Satisfied);
        assert_eq!(judge(&typed("params.vdd", Op::AtMost, 0.8)), ConstraintStatus::Violated);
    }

    #[test]
    fn a_missing_or_unreadable_metric_fails_with_a_reason_and_is_never_nan() {
        let unanswered = |text: &str| ConstraintStatus::Unanswered(text.into());
        assert_eq!(
            judge(&typed("metadata.read_snm", Op::Above, 1.0)),
            unanswered("no metadata `read_snm`; the nearest is `read_snm_mv`")
        );
        assert_eq!(
            judge(&typed("metadata.leak", Op::Below, 5.0)),
            unanswered("metadata `leak` is \"nan\", not a number")
        );
    }

    #[test]
    fn a_slice_may_have_a_number_of_its_own_and_the_others_have_the_one_of_train() {
        let trades = Constraint::above("trades", "samples", 100.0).on(Role::Test, 30.0);
        let on = |role| trades.judge(role, &Params::new([("x", 0.5)]), &Evaluation::new(1.0).samples(60));
        let judged = [Role::Train, Role::Test, Role::Holdout].map(on);
        assert_eq!(judged, [ConstraintStatus::Violated, ConstraintStatus::Satisfied, ConstraintStatus::Violated]);
        assert_eq!(format!("{trades:?}"), "Constraint(trades: samples > 100, 30 on test)");
        assert_eq!(trades.clone().on(Role::Train, 50.0).value_on(Role::Holdout), Some(50.0));
        assert_eq!(trades.on(Role::Test, f64::NAN).check(), Err(ConstraintError::NonFinite("trades".to_owned())));
        let closure = Constraint::opaque("shape", |_, _| true).on(Role::Test, 1.0);
        assert_eq!(closure.check(), Err(ConstraintError::OpaqueElsewhere("shape".to_owned())));
    }

    #[test]
    fn a_closure_that_panics_leaves_the_question_unanswered() {
        let constraint = Constraint::opaque("c", |_, _| panic!("no column `drawdown`"));
        assert_eq!(
            judge(&constraint),
            ConstraintStatus::Unanswered("the closure panicked: no column `drawdown`".into())
        );
    }

    #[test]
    fn a_metric_that_is_none_is_refused_with_the_right_spellings() {
        let error = Constraint::above("c", "read_snm", 1.0).check().unwrap_err().to_string();
        assert!(error.starts_with("constraint `c` measures `read_snm`, expected `fitness`"), "{error}");
    }
}

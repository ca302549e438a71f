//! The append-only record of every evaluation, and the constraints judged beside it.
//!
//! [`AuditedEvaluator`] is the only thing in this crate that calls a target. It reserves call indices in the order of
//! the proposals, evaluates on as many threads as the target allows, judges the constraints and records in order, so the
//! record is the same for one thread and for many.

mod ahead;
mod answer;
mod constraint;
mod evaluator;
mod null_evaluator;
mod pace;
mod panic;
mod role_error;
mod scout;
mod seats;
mod stream;
mod subject;
mod trail;
mod window;

pub use crate::number::Op;
pub use ahead::{Job, Spawn};
pub use constraint::{Constraint, ConstraintError, Metric, Predicate, Rule};
pub use evaluator::AuditedEvaluator;
pub(crate) use panic::panic_text;
pub use role_error::RoleError;
pub use subject::{Lend, NullTargets, Subject};
pub use trail::{RecordError, Recorder, Row, Trail};

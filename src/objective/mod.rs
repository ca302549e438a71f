//! What is calibrated, and what one evaluation of it says.
//!
//! A [`Target`] names its [`ParamSpace`] and evaluates [`Params`] to an [`Evaluation`]. Everything above this module
//! asks for evaluations through one seam, the [`Evaluator`]; the audited one in [`audit`](crate::audit) is its only
//! implementation here, so nothing is ever evaluated unseen.

mod attachment;
mod blocks;
mod ensemble;
mod error;
mod evaluation;
mod evaluator;
mod feasibility;
mod fn_target;
mod locked_params;
mod params;
mod programs;
mod role;
mod serialized;
mod space;
mod spec;
pub mod spelling;
mod steps;
mod value;
mod window_data;
mod windows;

pub use attachment::{Attachment, Content};
pub use blocks::{block_ranges, in_blocks};
pub use ensemble::Ensemble;
#[cfg(feature = "worker")]
pub(crate) use ensemble::averaged;
pub use error::{ParamError, TargetError};
pub use evaluation::{Evaluation, Metadata};
pub use evaluator::{Asking, Context, EvaluationRules, Evaluator, Failure, FailureKind, Halt, Outcome, Part};
pub use feasibility::{ConstraintStatus, Feasibility};
pub use fn_target::FnTarget;
pub use locked_params::LockedParams;
pub use params::Params;
pub use programs::{Listener, ProgramTally, Programs};
pub use role::{Phase, Role};
pub use serialized::Serialized;
pub use space::{ParamSpace, SpaceError};
pub use spec::{ParamKind, ParamSpec, Scale};
pub use value::Value;
pub use window_data::{WindowData, of_all_windows};
pub use windows::{TrainPart, Window, windows};

pub(crate) use spec::round_half_even;
pub(crate) use steps::{Steps, even_steps};

use std::sync::Arc;

/// A black box with parameters: a strategy, a simulator, a heuristic, a prompt.
///
/// One instance sees one slice of the data (see [`Role`]); a second instance of the same type sees another. Evaluating
/// the same parameters twice must give the same answer, or the run cannot be repeated.
pub trait Target {
    /// The parameters that may be tuned, with their ranges and the baseline value of each.
    fn space(&self) -> ParamSpace;

    /// Evaluates one parameter set. Larger fitness is better.
    ///
    /// # Errors
    /// An error is recorded as evidence with its text, and the parameter set can never be selected. A panic counts as one.
    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError>;

    /// Names the data this instance sees and which part of it, such as a file's digest and a date range;
    /// [`identity_of_files`](crate::identity_of_files) makes one. The record and omega.lock hold it, the gate `slices`
    /// compares it between slices, and the ledger counts looks and questions by it. Empty by default, which every verdict
    /// tells: nobody notices then that the data was swapped.
    fn identity(&self) -> String {
        String::new()
    }

    /// The programs that answer for it, if any do, as workers are. A target that wraps others hands theirs on.
    fn programs(&self) -> Vec<Arc<dyn Programs>> {
        Vec::new()
    }
}

impl<T: Target + ?Sized> Target for Box<T> {
    fn space(&self) -> ParamSpace {
        (**self).space()
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        (**self).evaluate(params)
    }

    fn identity(&self) -> String {
        (**self).identity()
    }

    fn programs(&self) -> Vec<Arc<dyn Programs>> {
        (**self).programs()
    }
}

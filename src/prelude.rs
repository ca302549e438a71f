//! What a calibration's test file needs, in one `use`.

pub use crate::audit::{Constraint, Op};
pub use crate::gates::{HoldoutMode, HoldoutRule, StrictRules, Thresholds};
#[cfg(feature = "harness")]
pub use crate::harness::{Calibration, Suite};
pub use crate::identity::identity_of_files;
pub use crate::objective::{
    Evaluation, FnTarget, ParamSpace, ParamSpec, Params, Role, Target, TargetError, TrainPart, Value, Window,
    block_ranges, in_blocks, windows,
};
pub use crate::pipeline::{ConstraintPolicy, Profile, Rounds, RunConfig, SearchMethod};

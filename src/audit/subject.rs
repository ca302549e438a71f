//! A target with what it allows: one thread, or many.

use crate::objective::{Role, Target, TargetError};

/// A target as the evaluator holds it.
#[derive(Clone, Copy)]
pub enum Subject<'t> {
    /// Called from one thread only.
    Serial(&'t dyn Target),
    /// May be called from several threads at once.
    Parallel(&'t (dyn Target + Sync)),
}

impl<'t> Subject<'t> {
    /// The target.
    pub fn target(self) -> &'t dyn Target {
        match self {
            Self::Serial(target) => target,
            Self::Parallel(target) => target,
        }
    }
}

/// What is done with targets while they are lent out.
pub type Lend<'l> = dyn FnMut(&[(Role, Subject<'_>)]) + 'l;

/// Makes the null version of the train and the test target for a seed and lends them out.
///
/// A null version has everything the target has but what there is to find: the same data with its labels permuted, say.
pub type NullTargets<'t> = dyn Fn(u64, &mut Lend<'_>) -> Result<(), TargetError> + 't;

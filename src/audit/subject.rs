//! A target with what it allows: one thread, or many.

use crate::target::Target;

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

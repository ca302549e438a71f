//! A target with what it allows: one thread, or many.

use crate::objective::{Context, Halt, Role, Target, TargetError};

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

/// What is done with targets while they are lent out. With windows, train and test stand there once for each, in order.
pub type Lend<'l> = dyn FnMut(&[(Role, Subject<'_>)]) + 'l;

/// Makes the null version of the train and the test target for a seed and lends them out.
///
/// A null version has everything the target has but what there is to find: the same data with its labels permuted, say. With
/// windows it lends both for every window, in order. Several may be lent out at once, to as many threads.
pub type NullTargets<'t> = dyn Fn(u64, &mut Lend<'_>) -> Result<(), TargetError> + Sync + 't;

/// The target of a slice; where the slice has several, one for each window, that of the window.
pub(super) fn subject_of<'t>(subjects: &[(Role, Subject<'t>)], context: Context) -> Result<Subject<'t>, Halt> {
    let mut of_role = subjects.iter().filter(|(served, _)| *served == context.role).map(|(_, subject)| *subject);
    let first = of_role.next().ok_or(Halt::NoTarget(context.role))?;
    let Some(second) = of_role.next() else { return Ok(first) };
    let windows = [first, second].into_iter().chain(of_role);
    let window = (context.round as usize).checked_sub(1).ok_or(Halt::NoTarget(context.role))?;
    windows.into_iter().nth(window).ok_or(Halt::NoTarget(context.role))
}

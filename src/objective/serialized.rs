//! A target that may be shared although it allows one caller at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Evaluation, ParamSpace, Params, Programs, Target, TargetError};

/// Lets several threads share a target that is not `Sync`, one call after another.
///
/// What it gains is not speed but company: the other slices, or a library that asks for a shareable target. The target
/// has to be [`Send`], for whichever thread calls it works on it: one that holds an `Rc`, or a handle that is tied to the
/// thread it was opened on, cannot be shared at all, and the compiler says so. A call that panicked leaves the target as
/// it was in that moment, and the next one goes on with it, as without this wrapper.
///
/// ```
/// use std::cell::Cell;
///
/// use omega_lock::{Evaluation, ParamSpace, Params, Serialized, Target, TargetError};
///
/// /// Keeps a scratch value, hence not `Sync`.
/// struct Solver(Cell<f64>);
///
/// impl Target for Solver {
///     fn space(&self) -> ParamSpace {
///         ParamSpace::new().float("x", -2.0..=2.0, 0.0)
///     }
///
///     fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
///         self.0.set(params.float("x")?);
///         Ok(Evaluation::new(-self.0.get().powi(2)))
///     }
/// }
///
/// fn shared(target: &(impl Target + Sync)) -> f64 {
///     target.evaluate(&Params::new([("x", 1.5)])).map_or(f64::NAN, |evaluation| evaluation.fitness)
/// }
/// assert_eq!(shared(&Serialized::new(Solver(Cell::new(0.0)))), -2.25);
/// ```
#[derive(Debug, Default)]
pub struct Serialized<T> {
    inner: Mutex<T>,
}

impl<T> Serialized<T> {
    /// This target, behind a lock.
    pub fn new(target: T) -> Self {
        Self { inner: Mutex::new(target) }
    }

    /// The target itself.
    pub fn into_inner(self) -> T {
        self.inner.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, T> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Target> Target for Serialized<T> {
    fn space(&self) -> ParamSpace {
        self.lock().space()
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        self.lock().evaluate(params)
    }

    fn identity(&self) -> String {
        self.lock().identity()
    }

    fn programs(&self) -> Vec<Arc<dyn Programs>> {
        self.lock().programs()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    /// Notices a second caller, and counts what it can only count alone.
    struct Alone {
        busy: Cell<bool>,
        calls: Cell<u64>,
    }

    impl Target for Alone {
        fn space(&self) -> ParamSpace {
            ParamSpace::new().float("x", 0.0..=1.0, 0.5)
        }

        fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
            assert!(!self.busy.replace(true), "two calls at once");
            std::thread::yield_now();
            self.calls.set(self.calls.get() + 1);
            let x = params.float("x")?;
            self.busy.set(false);
            assert!(x < 0.9, "off the table");
            Ok(Evaluation::new(x))
        }

        fn identity(&self) -> String {
            "alone".to_owned()
        }
    }

    fn at(x: f64) -> Params {
        Params::new([("x", x)])
    }

    #[test]
    fn many_threads_call_the_target_one_after_another() {
        let shared = Serialized::new(Alone { busy: Cell::new(false), calls: Cell::new(0) });
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..50).for_each(|_| assert_eq!(shared.evaluate(&at(0.5)).unwrap().fitness, 0.5)));
            }
        });
        assert_eq!(shared.identity(), "alone");
        assert_eq!(shared.into_inner().calls.get(), 200);
    }

    #[test]
    fn a_call_that_panicked_does_not_keep_others_out() {
        let shared = Serialized::new(Alone { busy: Cell::new(false), calls: Cell::new(0) });
        assert!(catch_unwind(AssertUnwindSafe(|| shared.evaluate(&at(0.95)))).is_err());
        assert_eq!(shared.evaluate(&at(0.25)).unwrap().fitness, 0.25);
        assert_eq!(shared.space().specs().len(), 1);
    }
}

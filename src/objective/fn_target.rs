//! A closure and a space as a target.

use super::{Evaluation, ParamSpace, Params, Target, TargetError};

type Body = dyn Fn(&Params) -> Result<Evaluation, TargetError> + Send + Sync;

/// A target made of a space and a closure.
///
/// All of them have one type, whatever their closures, so each role of a calibration can have its own closure.
///
/// ```
/// use omega_lock::{Evaluation, FnTarget, ParamSpace, Params, Target};
///
/// let target = FnTarget::new(ParamSpace::new().float("x", -2.0..=2.0, 0.0), |params| {
///     let x = params.float("x")?;
///     Ok(Evaluation::new(-x * x).samples(100))
/// });
/// assert_eq!(target.evaluate(&Params::new([("x", 1.5)])).unwrap().fitness, -2.25);
/// ```
pub struct FnTarget {
    space: ParamSpace,
    body: Box<Body>,
    identity: String,
}

impl FnTarget {
    /// A target that evaluates with `body`.
    pub fn new(
        space: ParamSpace,
        body: impl Fn(&Params) -> Result<Evaluation, TargetError> + Send + Sync + 'static,
    ) -> Self {
        Self { space, body: Box::new(body), identity: String::new() }
    }

    /// The same target, which names its data: see [`Target::identity`].
    #[must_use]
    pub fn identified_as(self, identity: impl Into<String>) -> Self {
        Self { identity: identity.into(), ..self }
    }
}

impl Target for FnTarget {
    fn space(&self) -> ParamSpace {
        self.space.clone()
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        (self.body)(params)
    }

    fn identity(&self) -> String {
        self.identity.clone()
    }
}

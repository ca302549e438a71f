//! Rosenbrock's valley: easy to enter, hard to follow to its end.

use super::power::square;
use crate::objective::{Evaluation, ParamSpace, Params, Target, TargetError};

/// `-((1 - x)^2 + 100 (y - x^2)^2)` over `x` in [-2, 2] and `y` in [-1, 3], from the origin.
///
/// It needs no data and counts 100 samples always, so that no floor on samples decides.
///
/// ```
/// use omega_lock::keyholes::Rosenbrock;
/// use omega_lock::Target;
///
/// let best = Rosenbrock::optimum_params();
/// assert_eq!(Rosenbrock::new().evaluate(&best).unwrap().fitness, 0.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rosenbrock;

impl Rosenbrock {
    /// The function.
    pub const fn new() -> Self {
        Self
    }

    /// Where the fitness is largest.
    pub fn optimum_params() -> Params {
        Params::new([("x", 1.0), ("y", 1.0)])
    }
}

impl Target for Rosenbrock {
    fn space(&self) -> ParamSpace {
        ParamSpace::new().float("x", -2.0..=2.0, 0.0).float("y", -1.0..=3.0, 0.0)
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let (x, y) = (params.float("x")?, params.float("y")?);
        let fitness = -(square(1.0 - x) + 100.0 * square(y - square(x)));
        Ok(Evaluation::new(fitness).samples(100))
    }

    fn identity(&self) -> String {
        "rosenbrock()".to_owned()
    }
}

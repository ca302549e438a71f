//! What there is to find in a target.

use crate::keyholes::{PhantomKeyhole, PhantomKeyholeDeep, Rosenbrock};
use crate::objective::{Params, Target};

/// A target that knows its own answer. Only the benchmark asks for it; a method sees the target through an evaluator.
pub trait KnownAnswer: Target {
    /// The parameters that matter.
    fn effective(&self) -> Vec<String>;

    /// The best values, as far as they are known; parameters left out are taken at their neutral values.
    fn optimum(&self) -> Params;

    /// Parameters by importance, the most important first; empty if nobody knows.
    fn importance(&self) -> Vec<String>;
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Keyholes that tell it themselves.
macro_rules! known {
    ($($keyhole:ty),*) => {$(
        impl KnownAnswer for $keyhole {
            fn effective(&self) -> Vec<String> {
                owned(Self::effective_params())
            }

            fn optimum(&self) -> Params {
                Self::optimum_params()
            }

            fn importance(&self) -> Vec<String> {
                owned(Self::importance_order())
            }
        }
    )*};
}

known!(PhantomKeyhole, PhantomKeyholeDeep);

/// Both parameters matter; at the neutral point, a step of a tenth of the range along `y` changes the fitness by 16 and
/// one along `x` by 3.52.
impl KnownAnswer for Rosenbrock {
    fn effective(&self) -> Vec<String> {
        owned(&["x", "y"])
    }

    fn optimum(&self) -> Params {
        Self::optimum_params()
    }

    fn importance(&self) -> Vec<String> {
        owned(&["y", "x"])
    }
}

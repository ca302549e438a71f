//! Targets whose answer is known: a hidden structure to find, and decoys around it.
//!
//! They are the Python package's, bit for bit: the same constructor arguments and parameters give the same fitness, so
//! that a ranking breaks its ties alike in both. What a search found can be held against the truth, which each keyhole
//! that has one tells beside the target; a search must never look there.
//!
//! | keyhole | parameters | of these effective | fitness |
//! |---|---|---|---|
//! | [`PhantomKeyhole`] | 12 | 3 | reward of a threshold rule on a noisy series |
//! | [`PhantomKeyholeDeep`] | 20 | 6 | the same on two independent series |
//! | [`SramBitcell`] | 6 | 6 | margins, leakage and delay of a memory cell, worst of some corners |
//! | [`Amplifier`] | 3 | 2 | a peak, and noise beyond a rated range |
//! | [`Rosenbrock`] | 2 | 2 | Rosenbrock's function, negative |
//!
//! The random draws are numpy's. Powers and exponentials are the platform's own, whose last bit may differ from one C
//! library to another, as it does for Python.

mod amplifier;
mod corner;
mod decoy;
mod phantom;
mod phantom_deep;
mod power;
mod rosenbrock;
mod signal;
mod sram;

pub use amplifier::{Amplifier, RATED_GAIN};
pub use corner::Corner;
pub use phantom::PhantomKeyhole;
pub use phantom_deep::PhantomKeyholeDeep;
pub use rosenbrock::Rosenbrock;
pub use sram::SramBitcell;

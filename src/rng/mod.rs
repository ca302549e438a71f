//! Random numbers that numpy would draw: `numpy.random.default_rng(seed)` and the older `RandomState(seed)`, bit for bit.
//!
//! A calibration is judged on numbers that somebody must be able to draw again, next year, on another machine and
//! in Python. So the stream is part of the contract: [`Generator::new`] with a seed gives the numbers that
//! `default_rng(seed)` gives, call for call, in any mix of calls.
//!
//! | here | numpy |
//! |---|---|
//! | [`Generator::random`] | `rng.random()` |
//! | [`Generator::uniform`] | `rng.uniform(low, high)` |
//! | [`Generator::integers`] | `rng.integers(low, high, endpoint=True)` |
//! | [`Generator::standard_normal`] | `rng.standard_normal()` |
//! | [`Generator::normal`] | `rng.normal(mean, sd)` |
//!
//! [`Mt19937`] is the older generator, with what Optuna draws from it: `random_sample`, `uniform`, `choice`.
//!
//! What depends on the platform: the tail of the normal distribution (one draw in 4000) goes through the system's
//! `log1p`, and one draw in 70 compares with the system's `exp`. Everything else is integer arithmetic and
//! IEEE 754 operations that are rounded correctly everywhere.

mod generator;
mod mt19937;
mod seed_sequence;
mod ziggurat;
mod ziggurat_tables;

pub use generator::Generator;
pub use mt19937::Mt19937;

//! The tree-structured Parzen estimator, trial for trial the one of Optuna 4.9 or 5.0.
//!
//! After ten uniform draws the trials are split by fitness into a good tenth and the others; each half becomes a mixture of
//! product kernels, points are drawn from the good one, and the point is proposed where the good mixture most exceeds the
//! other (Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011; Watanabe, "Tree-Structured Parzen
//! Estimator", 2023, for the multivariate kernels and their widths).
//!
//! Formulas, constants, the order of draws and additions and the generator are those of Optuna's
//! `TPESampler(multivariate=True)`, so that baselines made with it hold. Optuna changes them between versions, hence
//! [`TpeSampler`] in the declaration and the artifact.

mod categories;
mod distribution;
mod kernels;
mod masses;
mod mixture;
mod normal;
mod parzen;
mod sampler;
mod split;
mod truncated_normal;
mod version;
mod widths;

pub use sampler::{TpeSearch, Violation};
pub use version::TpeSampler;

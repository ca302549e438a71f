//! Whose sequence of trials the sampler follows.

words! {
    /// A version of Optuna's `TPESampler(multivariate=True)`.
    ///
    /// They agree on the ten draws before the model and on everything but the widths of the kernels of numbers, so that their
    /// sequences part with the eleventh trial.
    #[derive(Default)]
    pub enum TpeSampler {
        /// Every kernel of a number is as wide as its number of observations says.
        #[default]
        Optuna49 = "optuna-4.9",
        /// A kernel of a number is as wide as the distance to its neighbours.
        Optuna50 = "optuna-5.0",
    }
}

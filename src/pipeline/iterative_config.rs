//! What decides the numbers of an iterative run.

use super::{ConfigError, RunConfig};

/// How an iterative run goes on from round to round. The defaults are the reference implementation's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rounds {
    /// The most rounds that are run.
    pub max: usize,
    /// End with the first round that fails a gate; nothing of it is locked in.
    pub stop_on_kc_fail: bool,
    /// End with the first round whose selected candidate is better than its baseline by less than this.
    pub min_improvement: f64,
}

impl Default for Rounds {
    fn default() -> Self {
        Self { max: 3, stop_on_kc_fail: true, min_improvement: 0.0 }
    }
}

/// Everything that decides the numbers of an iterative run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IterativeConfig {
    /// How it goes on from round to round.
    pub rounds: Rounds,
    /// What each round is. Its baseline is that of the first round, its stress subset what may ever be unlocked, its
    /// holdout rule that of the one shot at the end.
    pub round: RunConfig,
}

impl IterativeConfig {
    /// Whether a run with this configuration makes sense.
    ///
    /// # Errors
    /// Names the first key whose value is out of its domain.
    pub fn check(&self) -> Result<(), ConfigError> {
        RunConfig { rounds: Some(self.rounds), ..self.round.clone() }.check()
    }
}

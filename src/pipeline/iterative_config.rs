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

impl Rounds {
    /// Whether rounds like these make sense.
    ///
    /// # Errors
    /// Names the first key whose value is out of its domain.
    pub fn check(self) -> Result<(), ConfigError> {
        if self.max < 1 {
            return Err(ConfigError::new("iterative.rounds", self.max, "a whole number of at least 1"));
        }
        if !self.min_improvement.is_finite() {
            return Err(ConfigError::new("iterative.min_improvement", self.min_improvement, "a finite number"));
        }
        Ok(())
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
        self.rounds.check()?;
        self.round.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_that_make_no_sense_are_refused_by_key() {
        let refused = |rounds: Rounds| {
            let config = IterativeConfig { rounds, ..IterativeConfig::default() };
            config.check().map_or_else(|error| error.to_string(), |()| "accepted".to_owned())
        };
        assert_eq!(refused(Rounds::default()), "accepted");
        assert_eq!(
            refused(Rounds { max: 0, ..Rounds::default() }),
            "`iterative.rounds` is 0, expected a whole number of at least 1"
        );
        assert_eq!(
            refused(Rounds { min_improvement: f64::NAN, ..Rounds::default() }),
            "`iterative.min_improvement` is NaN, expected a finite number"
        );
    }
}

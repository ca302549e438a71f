//! Domains of what the strict profile's gates require.

use super::ConfigError;
use super::config::{at_least, within};
use crate::gates::StrictRules;

/// Most permutations that a run makes in a second or so.
const MOST_PERMUTATIONS: usize = 10_000_000;

impl StrictRules {
    /// Whether rules like these make sense.
    ///
    /// # Errors
    /// Names the first key whose value is out of its domain; NaN and infinity are out of every domain.
    pub fn check(&self) -> Result<(), ConfigError> {
        within("gates.improvement.min", self.min_improvement, f64::MIN..=f64::MAX, "a finite number")?;
        within("gates.selected.max_drop", self.max_drop.unwrap_or_default(), 0.0..=f64::MAX, "a number from 0")?;
        within("gates.deterministic.noise", self.noise, 0.0..=f64::MAX, "a number from 0")?;
        let transfer = &self.transfer;
        level("gates.transfer.alpha", transfer.alpha)?;
        at_least("gates.transfer.rank_points", transfer.rank_points, 2)?;
        at_least("gates.transfer.lead_top", transfer.lead_top, 1)?;
        at_least("gates.transfer.lead_draws", transfer.lead_draws, 1)?;
        at_least("gates.transfer.permutations", transfer.permutations, 1)?;
        if transfer.permutations > MOST_PERMUTATIONS {
            let expected = format!("at most {MOST_PERMUTATIONS}");
            return Err(ConfigError::new("gates.transfer.permutations", transfer.permutations, &expected));
        }
        level("gates.null.alpha", self.null.alpha)?;
        if self.null.runs == 0 || self.null.smallest_p() > self.null.alpha || u32::try_from(self.null.runs).is_err() {
            let enough = (1.0 / self.null.alpha).ceil() - 1.0;
            let expected = format!("at least {enough}, for fewer runs cannot reach `alpha = {}`", self.null.alpha);
            return Err(ConfigError::new("gates.null.runs", self.null.runs, &expected));
        }
        Ok(())
    }
}

/// A level of significance: above 0, below 1.
fn level(key: &str, alpha: f64) -> Result<(), ConfigError> {
    within(key, alpha, f64::MIN_POSITIVE..=1.0 - f64::EPSILON, "a level above 0 and below 1")
}

#[cfg(test)]
mod tests {
    use crate::gates::{NullRule, StrictRules, TransferRule};

    fn refused(rules: &StrictRules) -> String {
        rules.check().map_or_else(|error| error.to_string(), |()| "accepted".to_owned())
    }

    #[test]
    fn rules_out_of_their_domain_are_refused_by_key() {
        assert_eq!(refused(&StrictRules::default()), "accepted");
        let noise = StrictRules { noise: f64::INFINITY, ..StrictRules::default() };
        assert_eq!(refused(&noise), "`gates.deterministic.noise` is inf, expected a number from 0");
        let drop = StrictRules { max_drop: Some(-1.0), ..StrictRules::default() };
        assert_eq!(refused(&drop), "`gates.selected.max_drop` is -1, expected a number from 0");
        let alpha = TransferRule { alpha: 1.0, ..TransferRule::default() };
        let alpha = StrictRules { transfer: alpha, ..StrictRules::default() };
        assert_eq!(refused(&alpha), "`gates.transfer.alpha` is 1, expected a level above 0 and below 1");
        let few = StrictRules { null: NullRule { runs: 18, alpha: 0.05 }, ..StrictRules::default() };
        assert_eq!(
            refused(&few),
            "`gates.null.runs` is 18, expected at least 19, for fewer runs cannot reach `alpha = 0.05`"
        );
        let many = StrictRules { null: NullRule { runs: 99, alpha: 0.01 }, ..StrictRules::default() };
        assert_eq!(refused(&many), "accepted");
    }
}

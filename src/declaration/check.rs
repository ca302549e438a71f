//! Whether a run of a declaration makes sense.

use super::{Declaration, check_name, keys};
use crate::audit::RoleError;
use crate::objective::ParamSpace;
use crate::pipeline::{ConfigError, RunConfig, RunError};

impl Declaration {
    /// Whether a run of this declaration makes sense.
    ///
    /// # Errors
    /// Names the first key whose value is out of its domain, a space that cannot be searched, a baseline outside of it,
    /// or a constraint that cannot be judged.
    pub fn check(&self) -> Result<(), RunError> {
        self.check_values()?;
        self.space.check()?;
        if let Some(ship) = &self.acceptance.ship {
            ship.check(&self.space).map_err(RunError::Undeclared)?;
        }
        if let Some(base) = &self.config.base_params {
            self.space.check_params(base)?;
        }
        for (place, (role, _)) in self.roles.iter().enumerate() {
            if self.roles.iter().take(place).any(|(earlier, _)| earlier == role) {
                return Err(RunError::Undeclared(format!("role `{role}` is declared twice; a slice has one target")));
            }
        }
        for constraint in &self.constraints {
            check_name("constraint", &constraint.name).map_err(|error| RunError::Undeclared(error.to_string()))?;
            constraint.check().map_err(RoleError::Constraint)?;
        }
        Ok(())
    }

    /// Whether every value is within its domain, which needs no target.
    ///
    /// # Errors
    /// Names the first key whose value is not; NaN and infinity are out of every domain.
    pub fn check_values(&self) -> Result<(), ConfigError> {
        let mut copy = self.clone();
        keys().iter().try_for_each(|row| row.check(&mut copy))
    }
}

impl RunConfig {
    /// Whether a run with this configuration makes sense.
    ///
    /// # Errors
    /// Names the first key whose value is out of its domain; NaN and infinity are out of every domain.
    pub fn check(&self) -> Result<(), ConfigError> {
        Declaration::new("", self.clone(), ParamSpace::new()).check_values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Constraint;
    use crate::pipeline::{Rounds, SearchMethod};

    fn refused(change: impl FnOnce(&mut RunConfig)) -> String {
        let mut config = RunConfig::default();
        change(&mut config);
        config.check().map_or_else(|error| error.to_string(), |()| "accepted".to_owned())
    }

    fn with(config: RunConfig, space: ParamSpace) -> String {
        Declaration::new("a", config, space).check().unwrap_err().to_string()
    }

    #[test]
    fn every_value_out_of_its_domain_is_refused_by_key() {
        assert_eq!(refused(|_| ()), "accepted");
        assert_eq!(
            refused(|config| config.unlock_k = 0),
            "`search.unlock_k` is 0, expected a whole number of at least 1"
        );
        assert_eq!(
            refused(|config| config.search = SearchMethod::Zoom { points_per_axis: 5, rounds: 2, factor: 1.0 }),
            "`search.zoom_factor` is 1, expected a number above 0 and below 1"
        );
        assert_eq!(
            refused(|config| config.search = SearchMethod::tpe(0, 7)),
            "`search.trials` is 0, expected a whole number of at least 1"
        );
        assert_eq!(
            refused(|config| config.search = SearchMethod::Own { name: String::new() }),
            "`search.name` is empty, expected the name of the optimizer and its settings"
        );
        assert_eq!(
            refused(|config| config.sample_ratio_scale = f64::NAN),
            "`walk_forward.trade_ratio_scale` is NaN, expected a number above 0"
        );
        assert_eq!(
            refused(|config| config.thresholds.pearson_min = f64::NEG_INFINITY),
            "`gates.pearson_min` is -inf, expected a correlation from -1 to 1"
        );
        assert_eq!(
            refused(|config| config.thresholds.gini_min = 20.0),
            "`gates.gini_min` is 20, expected a Gini coefficient of at most 1"
        );
        assert_eq!(refused(|config| config.thresholds.gini_min = -1.0), "accepted");
        assert_eq!(
            refused(|config| config.search = SearchMethod::Grid { points_per_axis: usize::MAX }),
            format!("`search.points_per_axis` is {}, expected a whole number from 2 to 100000", usize::MAX)
        );
        assert_eq!(
            refused(|config| config.stress.epsilons = [("x".to_owned(), f64::NAN)].into()),
            "`stress.epsilons.x` is NaN, expected a finite number"
        );
        assert_eq!(
            refused(|config| config.rounds = Some(Rounds { min_improvement: f64::NAN, ..Rounds::default() })),
            "`iterative.min_improvement` is NaN, expected a finite number"
        );
        assert_eq!(
            refused(|config| config.strict.noise = f64::INFINITY),
            "`gates.deterministic.noise` is inf, expected a number from 0"
        );
        assert_eq!(
            refused(|config| config.strict.max_drop = Some(-1.0)),
            "`gates.selected.max_drop` is -1, expected a number from 0"
        );
        assert_eq!(
            refused(|config| config.strict.transfer.alpha = 1.0),
            "`gates.transfer.alpha` is 1, expected a level above 0 and below 1"
        );
    }

    #[test]
    fn a_value_that_does_not_fit_another_one_is_refused_with_both() {
        let nulls = |runs, alpha| refused(|config| (config.strict.null.runs, config.strict.null.alpha) = (runs, alpha));
        assert_eq!(
            nulls(18, 0.05),
            "`gates.null.runs` is 18, expected at least 19, for fewer runs cannot reach `alpha = 0.05`"
        );
        assert_eq!(nulls(99, 0.01), "accepted");
        assert_eq!(
            refused(|config| config.search = SearchMethod::tpe(9, 1 << 32)),
            "`search.seed` is 4294967296, expected a whole number of at most 4294967295 for method \"tpe\""
        );
        assert_eq!(refused(|config| config.search = SearchMethod::Random { samples: 9, seed: 1 << 32 }), "accepted");
    }

    #[test]
    fn a_space_a_baseline_or_a_constraint_that_cannot_be_used_is_refused_by_name() {
        let space = || ParamSpace::new().float("x", 0.0..=1.0, 0.5);
        assert!(with(RunConfig::default(), space().bool("x", true)).contains("`x`"));
        assert!(with(RunConfig::default(), ParamSpace::new()).contains("space is empty"));
        let outside = space().neutral().with("x", 7.0).unwrap();
        assert!(with(RunConfig { base_params: Some(outside), ..RunConfig::default() }, space()).contains("`x`"));
        let mut declaration = Declaration::new("a", RunConfig::default(), space());
        assert!(declaration.check().is_ok());
        declaration.constraints.push(Constraint::above("c", "snm", 1.0));
        assert!(declaration.check().unwrap_err().to_string().contains("`c`"));
    }
}

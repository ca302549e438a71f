//! What a run is, before there is anything to evaluate with.

use super::course::Course;
use super::descent::Descent;
use super::once::Once;
use super::walk::Walk;
use super::{ConfigError, ConstraintPolicy, Pass, Profile, Proposer, RunConfig, RunError, SearchMethod};
use crate::audit::{Constraint, Metric, Rule};
use crate::gates::MetricNoise;
use crate::objective::{Evaluator, Halt, ParamError, ParamKind, ParamSpace, Params, Role, WindowData};

/// Told of the passes, judged, before the holdout is asked for what they came to. It may end the run instead.
pub type Opening<'r> = dyn Fn(&[Pass]) -> Result<(), Halt> + Send + Sync + 'r;

/// Everything that decides the numbers of a run, its targets aside.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Recipe<'r> {
    /// What is declared.
    pub config: &'r RunConfig,
    /// The parameter space.
    pub space: &'r ParamSpace,
    /// The constraints that the evaluator judges, in the same order; they are asked again only for the figures of the
    /// selected candidate.
    pub constraints: &'r [Constraint],
    /// Who proposes candidates.
    pub proposer: Proposer<'r>,
    /// What the targets say of their data, as declared; the gate `slices` compares it.
    pub identities: &'r [(Role, String)],
    /// The same of each window, in order; empty where there are none.
    pub windows: &'r [WindowData],
    /// How far metrics may differ where the same is evaluated twice; the gate `deterministic` looks at each of them.
    pub noise: &'r [MetricNoise],
    /// Who is told before the holdout is asked, if somebody counts that; it decides no number.
    pub opening: Option<&'r Opening<'r>>,
}

impl<'r> Recipe<'r> {
    /// A run that searches as its configuration says.
    pub const fn new(config: &'r RunConfig, space: &'r ParamSpace, constraints: &'r [Constraint]) -> Self {
        Self {
            config,
            space,
            constraints,
            proposer: Proposer::Declared,
            identities: &[],
            noise: &[],
            windows: &[],
            opening: None,
        }
    }

    /// The baseline of the first pass.
    pub(super) fn base(self) -> Params {
        self.config.base_params.clone().unwrap_or_else(|| self.space.neutral())
    }

    /// The constraints that decide what may ship: none where violations are only recorded.
    pub(super) fn binding(self) -> &'r [Constraint] {
        match self.config.constraint_policy {
            ConstraintPolicy::Record => &[],
            ConstraintPolicy::PreferFeasible | ConstraintPolicy::HardFail => self.constraints,
        }
    }

    /// The passes that are declared.
    pub(super) fn course(self) -> Box<dyn Course + 'r> {
        match (self.config.windows, self.config.rounds) {
            (Some(windows), _) => Box::new(Walk::new(windows, self.base(), &self.config.stress)),
            (None, None) => Box::new(Once::new(self.base(), &self.config.stress)),
            (None, Some(rounds)) => Box::new(Descent::new(rounds, self.config, self.space, self.base())),
        }
    }

    /// Checks everything that can be checked before the first evaluation.
    pub(super) fn check(self, evaluator: &dyn Evaluator) -> Result<(), RunError> {
        self.config.check()?;
        match self.config.windows {
            Some(windows) if windows != self.windows.len() as u64 => {
                let expected =
                    format!("{}, for so many have data: `Declaration::with_window` declares one", self.windows.len());
                return Err(ConfigError::new("windows.count", windows, &expected).into());
            }
            _ => {}
        }
        self.check_null(evaluator)?;
        match (self.proposer, &self.config.search) {
            (Proposer::Study(study), SearchMethod::Study { digest, .. }) => study.check(digest, self.space)?,
            (_, SearchMethod::Study { .. }) => {
                let expected = "a run that is given the study: `Run::study`";
                return Err(ConfigError::new("search.method", "\"study\"", expected).into());
            }
            (Proposer::Study(_), _) => {
                let found = format!("\"{}\"", self.config.search.name());
                let expected = "\"study\", for the run was given one";
                return Err(ConfigError::new("search.method", found, expected).into());
            }
            _ => {}
        }
        if let (Proposer::Loop(_), SearchMethod::Own { .. }, Some(_)) =
            (self.proposer, &self.config.search, self.config.rounds)
        {
            let expected =
                "a search over unlocked parameters: a loop moves every one and leaves none for another round";
            return Err(ConfigError::new("search.method", "\"own\"", expected).into());
        }
        self.space.check()?;
        self.space.check_params(&self.base())?;
        for constraint in self.constraints {
            if let Rule::Typed { metric: Metric::Param(name), .. } = &constraint.rule
                && matches!(self.space.get(name)?.kind, ParamKind::Choice { .. })
            {
                let expected = format!("a number that constraint `{}` could compare", constraint.name);
                return Err(ParamError::kind(name, "choice", &expected).into());
            }
        }
        Ok(())
    }

    /// Refuses a declared null version that could not be judged.
    fn check_null(self, evaluator: &dyn Evaluator) -> Result<(), ConfigError> {
        if !self.config.null_declared || self.config.profile != Profile::Strict {
            return Ok(());
        }
        if !evaluator.has_null() {
            return Err(ConfigError::new("null.declared", "true", "an evaluator that has the null version"));
        }
        if !evaluator.serves(Role::Test) {
            return Err(ConfigError::new("null.declared", "true", "a test target to hold the winners against"));
        }
        Ok(())
    }
}

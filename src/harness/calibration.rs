//! What the user declares in code: targets by role, constraints, configuration.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::audit::{Constraint, Lend, Subject, panic_text};
use crate::declaration::Program;
use crate::gates::Thresholds;
use crate::objective::{ParamError, ParamSpace, Params, Role, Target, TargetError};
use crate::pipeline::{
    ConstraintPolicy, MakeSearch, OwnLoop, Profile, Proposer, Rounds, RunConfig, RunLoop, SearchMethod,
};
use crate::search::Search;

/// Makes a target; called only by the process that evaluates.
type Factory<T> = Box<dyn Fn() -> Result<T, TargetError> + Send + Sync>;

/// Makes the null versions of the train and the test target for a seed.
type NullFactory<T> = Box<dyn Fn(u64) -> Result<(T, T), TargetError> + Send + Sync>;

/// Changes the configuration that a profile begins with.
type Change = Arc<dyn Fn(&mut RunConfig) + Send + Sync>;

/// One calibration: what is tuned, on which slices, and how it is judged.
///
/// Slices take factories, so that listing tests or reading a finished run loads no data. All targets have one type; where
/// they cannot, box them: `Box<dyn Target>` is a target. omega.toml goes over what the code says.
pub struct Calibration<T> {
    name: String,
    factories: Vec<(Role, Factory<T>)>,
    subject: fn(&T) -> Subject<'_>,
    null: Option<NullFactory<T>>,
    proposer: OwnProposer,
    code: Code,
    /// The command that evaluates, where there is no code.
    program: Option<Program>,
}

/// An optimizer that the code brings along.
#[derive(Default)]
enum OwnProposer {
    #[default]
    None,
    Search(Box<MakeSearch>),
    Loop(Box<RunLoop>),
}

/// What the code says of a calibration, its targets aside.
#[derive(Clone, Default)]
pub(super) struct Code {
    pub(super) profile: Option<Profile>,
    changes: Vec<Change>,
    pub(super) null_declared: bool,
    pub(super) constraints: Vec<Constraint>,
}

impl<T: Target + 'static> Calibration<T> {
    /// A calibration of the target that `train` makes. The name becomes part of paths and trial names:
    /// `[a-z0-9][a-z0-9_-]{0,63}`.
    pub fn new(name: impl Into<String>, train: impl Fn() -> Result<T, TargetError> + Send + Sync + 'static) -> Self {
        Self {
            name: name.into(),
            factories: vec![(Role::Train, Box::new(train))],
            subject: |target| Subject::Serial(target),
            null: None,
            proposer: OwnProposer::None,
            code: Code::default(),
            program: None,
        }
    }

    /// The test slice: the best candidates are evaluated on it, and most gates judge by it.
    #[must_use]
    pub fn test(self, factory: impl Fn() -> Result<T, TargetError> + Send + Sync + 'static) -> Self {
        self.role(Role::Test, factory)
    }

    /// The validation slice: a costly judge that ranks the best candidates again.
    #[must_use]
    pub fn validation(self, factory: impl Fn() -> Result<T, TargetError> + Send + Sync + 'static) -> Self {
        self.role(Role::Validation, factory)
    }

    /// The holdout: the selected candidate is evaluated on it once, at the end.
    #[must_use]
    pub fn holdout(self, factory: impl Fn() -> Result<T, TargetError> + Send + Sync + 'static) -> Self {
        self.role(Role::Holdout, factory)
    }

    /// The null version: for a seed, a train and a test target in which there is nothing to find, such as the same data
    /// with its labels permuted. The strict profile calibrates it with the seeds 1 to `gates.null.runs`, and the winner
    /// has to be better on test than the winners there.
    #[must_use]
    pub fn null(mut self, factory: impl Fn(u64) -> Result<(T, T), TargetError> + Send + Sync + 'static) -> Self {
        self.null = Some(Box::new(factory));
        self.code.null_declared = true;
        self
    }

    /// Lets several threads call the targets at once. The result is the same, byte for byte.
    #[must_use]
    pub fn parallel(mut self) -> Self
    where
        T: Sync,
    {
        self.subject = |target| Subject::Parallel(target);
        self
    }

    /// Names the profile that judges; [`Profile::Strict`] unless another is named here or in omega.toml.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.code.profile = Some(profile);
        self
    }

    /// Adds a constraint. A constraint of the same name in omega.toml replaces it.
    #[must_use]
    pub fn constraint(mut self, constraint: Constraint) -> Self {
        self.code.constraints.push(constraint);
        self
    }

    /// What violating a constraint means for the selection.
    #[must_use]
    pub fn constraint_policy(self, policy: ConstraintPolicy) -> Self {
        self.configure(move |config| config.constraint_policy = policy)
    }

    /// How candidates are proposed.
    #[must_use]
    pub fn search(self, search: SearchMethod) -> Self {
        self.configure(move |config| config.search = search.clone())
    }

    /// Searches with an optimizer of yours that can be asked and told. `make` gets the space, the baseline and the
    /// parameters that stress unlocked. `name` says which optimizer it is, with its settings; omega.lock holds nothing
    /// else of it.
    #[must_use]
    pub fn own_search(
        mut self,
        name: impl Into<String>,
        make: impl Fn(&ParamSpace, &Params, &[String]) -> Result<Box<dyn Search>, ParamError> + Send + Sync + 'static,
    ) -> Self {
        self.proposer = OwnProposer::Search(Box::new(make));
        self.search(SearchMethod::Own { name: name.into() })
    }

    /// Searches with an optimizer of yours that calls the objective itself: a loop over all parameters. Every call is
    /// recorded and judged. `name` says which optimizer it is, with its settings; omega.lock holds nothing else of it.
    #[must_use]
    pub fn own_loop(
        mut self,
        name: impl Into<String>,
        run: impl Fn(&mut OwnLoop<'_>) -> Result<(), TargetError> + Send + Sync + 'static,
    ) -> Self {
        self.proposer = OwnProposer::Loop(Box::new(run));
        self.search(SearchMethod::Own { name: name.into() })
    }

    /// Searches in rounds: each locks in what it found and starts the next one from there. Everything else that is said
    /// of the search is said of each round.
    #[must_use]
    pub fn iterative(self, rounds: Rounds) -> Self {
        self.configure(move |config| config.rounds = Some(rounds))
    }

    /// What the kill criteria require.
    #[must_use]
    pub fn thresholds(self, thresholds: Thresholds) -> Self {
        self.configure(move |config| config.thresholds = thresholds.clone())
    }

    /// Changes anything else of the configuration, which begins as the profile's defaults; the profile itself is named
    /// by [`profile`](Self::profile).
    #[must_use]
    pub fn configure(mut self, change: impl Fn(&mut RunConfig) + Send + Sync + 'static) -> Self {
        self.code.changes.push(Arc::new(change));
        self
    }

    /// Says that omega.toml declares it, without any code.
    #[cfg(feature = "worker")]
    pub(super) fn evaluated_by(self, program: Program) -> Self {
        Self { program: Some(program), ..self }
    }

    pub(super) fn role(
        mut self,
        role: Role,
        factory: impl Fn() -> Result<T, TargetError> + Send + Sync + 'static,
    ) -> Self {
        self.factories.push((role, Box::new(factory)));
        self
    }
}

impl Code {
    /// The configuration under a profile.
    pub(super) fn config(&self, profile: Profile) -> RunConfig {
        let mut config = RunConfig::of(profile);
        self.changes.iter().for_each(|change| change(&mut config));
        RunConfig { profile, null_declared: self.null_declared && profile == Profile::Strict, ..config }
    }
}

/// A calibration whose target's type is forgotten.
pub(super) trait AnyCalibration: Send + Sync {
    fn name(&self) -> &str;

    /// The slices that have a factory, in order of declaration.
    fn roles(&self) -> Vec<Role>;

    fn code(&self) -> &Code;

    /// The command that evaluates, where there is no code.
    fn program(&self) -> Option<&Program>;

    /// Who proposes, as far as the code says.
    fn proposer(&self) -> Proposer<'_>;

    /// Makes the null version of a seed and lends it out; what it is depends on nothing but the seed.
    fn with_null(&self, seed: u64, use_them: &mut Lend<'_>) -> Result<(), TargetError>;

    /// Makes every target and lends them out.
    fn with_targets(&self, use_them: &mut Lend<'_>) -> Result<(), FactoryError>;
}

/// A factory that made no target.
#[derive(Debug, thiserror::Error)]
#[error("the {role} target could not be made: {reason}")]
pub(super) struct FactoryError {
    role: Role,
    reason: String,
    /// Whether somebody has to mend how it is set up.
    pub(super) unusable: bool,
}

impl<T: Target + 'static> AnyCalibration for Calibration<T> {
    fn name(&self) -> &str {
        &self.name
    }

    fn roles(&self) -> Vec<Role> {
        self.factories.iter().map(|(role, _)| *role).collect()
    }

    fn code(&self) -> &Code {
        &self.code
    }

    fn program(&self) -> Option<&Program> {
        self.program.as_ref()
    }

    fn proposer(&self) -> Proposer<'_> {
        match &self.proposer {
            OwnProposer::None => Proposer::Declared,
            OwnProposer::Search(make) => Proposer::Search(make),
            OwnProposer::Loop(run) => Proposer::Loop(run),
        }
    }

    fn with_null(&self, seed: u64, use_them: &mut Lend<'_>) -> Result<(), TargetError> {
        let factory = self.null.as_ref().ok_or_else(|| TargetError::new("the code declares no null version"))?;
        let made = catch_unwind(AssertUnwindSafe(|| factory(seed)));
        let (train, test) =
            made.unwrap_or_else(|payload| Err(TargetError::new(format!("panic: {}", panic_text(&*payload)))))?;
        use_them(&[(Role::Train, (self.subject)(&train)), (Role::Test, (self.subject)(&test))]);
        Ok(())
    }

    fn with_targets(&self, use_them: &mut Lend<'_>) -> Result<(), FactoryError> {
        let make = |(role, factory): &(Role, Factory<T>)| match catch_unwind(AssertUnwindSafe(factory)) {
            Ok(Ok(target)) => Ok((*role, target)),
            Ok(Err(error)) => Err(FactoryError { role: *role, reason: error.reason(), unusable: error.is_unusable() }),
            Err(payload) => {
                let reason = format!("panic: {}", panic_text(&*payload));
                Err(FactoryError { role: *role, reason, unusable: false })
            }
        };
        let targets = self.factories.iter().map(make).collect::<Result<Vec<_>, _>>()?;
        let subjects: Vec<_> = targets.iter().map(|(role, target)| (*role, (self.subject)(target))).collect();
        use_them(&subjects);
        Ok(())
    }
}

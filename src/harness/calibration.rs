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

/// Makes the train and the test target of a window, counted from 0.
type WindowFactory<T> = Box<dyn Fn(usize) -> Result<(T, T), TargetError> + Send + Sync>;

/// Makes the null versions of both for a seed and a window.
type NullWindowFactory<T> = Box<dyn Fn(u64, usize) -> Result<(T, T), TargetError> + Send + Sync>;

/// How null versions are made.
enum Null<T> {
    None,
    Whole(NullFactory<T>),
    Windows(NullWindowFactory<T>),
}

/// Changes the configuration that a profile begins with.
type Change = Arc<dyn Fn(&mut RunConfig) + Send + Sync>;

/// One calibration: what is tuned, on which slices, and how it is judged.
///
/// Slices take factories, so that listing tests or reading a finished run loads no data. All targets have one type; where
/// they cannot, box them: `Box<dyn Target>` is a target. omega.toml goes over what the code says.
pub struct Calibration<T> {
    name: String,
    factories: Vec<(Role, Factory<T>)>,
    windows: Option<(usize, WindowFactory<T>)>,
    subject: fn(&T) -> Subject<'_>,
    null: Null<T>,
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
        Self::over(name.into(), vec![(Role::Train, Box::new(train))], None)
    }

    /// A calibration that walks forward over `count` windows: each is searched on its own train target, and its winner is tested
    /// on its own test target. The gate `windows` asks whether what is found so is better in the data that follows; what the
    /// last window finds ships.
    ///
    /// `make` gets the window, from 0, and makes both of its targets; [`windows`](crate::objective::windows) cuts a series.
    /// They say by [`Target::identity`] which part of the data they have.
    ///
    /// ```
    /// use omega_lock::prelude::*;
    ///
    /// fn slice(days: std::ops::Range<usize>) -> FnTarget {
    ///     FnTarget::new(ParamSpace::new().float("x", 0.0..=1.0, 0.0), |params| Ok(Evaluation::new(params.float("x")?)))
    ///         .identified_as(format!("days {days:?}"))
    /// }
    ///
    /// let cut = windows(1_000, 4, TrainPart::Rolling(500), 10).expect("a series that is long enough");
    /// let calibration = Calibration::windows("days", cut.len(), move |window| {
    ///     let Window { train, test } = cut[window].clone();
    ///     Ok((slice(train), slice(test)))
    /// });
    /// ```
    pub fn windows(
        name: impl Into<String>,
        count: usize,
        make: impl Fn(usize) -> Result<(T, T), TargetError> + Send + Sync + 'static,
    ) -> Self {
        let calibration = Self::over(name.into(), Vec::new(), Some((count, Box::new(make))));
        calibration.configure(move |config| config.windows = Some(count as u64))
    }

    fn over(name: String, factories: Vec<(Role, Factory<T>)>, windows: Option<(usize, WindowFactory<T>)>) -> Self {
        Self {
            name,
            factories,
            windows,
            subject: |target| Subject::Serial(target),
            null: Null::None,
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
        self.null = Null::Whole(Box::new(factory));
        self.code.null_declared = true;
        self
    }

    /// The null version of [`windows`](Self::windows): for a seed and a window, from 0, a train and a test target in which there
    /// is nothing to find. Every null run walks all windows, and the mean test fitness of the winners has to be above what it is
    /// there. Windows overlap, so let one seed give one null version of the whole series, cut like the series.
    #[must_use]
    pub fn null_windows(
        mut self,
        factory: impl Fn(u64, usize) -> Result<(T, T), TargetError> + Send + Sync + 'static,
    ) -> Self {
        self.null = Null::Windows(Box::new(factory));
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

    fn lent<'t>(&self, pairs: &'t [(T, T)]) -> Vec<(Role, Subject<'t>)> {
        let both = |(train, test): &'t (T, T)| [(Role::Train, train), (Role::Test, test)];
        pairs.iter().flat_map(both).map(|(role, target)| (role, (self.subject)(target))).collect()
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

    /// The slices that have a factory, in order of declaration; with windows train and test stand there once.
    fn roles(&self) -> Vec<Role>;

    /// How many windows there are, where train and test have a target for each.
    fn windows(&self) -> Option<usize> {
        None
    }

    /// Whether the null version is made window by window; absent if there is none.
    fn null_has_windows(&self) -> Option<bool> {
        None
    }

    fn code(&self) -> &Code;

    /// The command that evaluates, where there is no code.
    fn program(&self) -> Option<&Program>;

    /// Who proposes, as far as the code says.
    fn proposer(&self) -> Proposer<'_>;

    /// Makes the null version of a seed and lends it out; what it is depends on nothing but the seed.
    fn with_null(&self, seed: u64, use_them: &mut Lend<'_>) -> Result<(), TargetError>;

    /// Makes every target and lends them out, the train target first. With windows, train and test stand there once for each, in
    /// order.
    fn with_targets(&self, use_them: &mut Lend<'_>) -> Result<(), FactoryError>;
}

/// A factory that made no target.
#[derive(Debug, thiserror::Error)]
#[error("{targets} could not be made: {reason}")]
pub(super) struct FactoryError {
    targets: String,
    reason: String,
    /// Whether somebody has to mend how it is set up.
    pub(super) unusable: bool,
}

/// What a factory makes, also where it panics.
fn made<M>(targets: &str, make: impl FnOnce() -> Result<M, TargetError>) -> Result<M, FactoryError> {
    let (reason, unusable) = match catch_unwind(AssertUnwindSafe(make)) {
        Ok(Ok(made)) => return Ok(made),
        Ok(Err(error)) => (error.reason(), error.is_unusable()),
        Err(payload) => (format!("panic: {}", panic_text(&*payload)), false),
    };
    Err(FactoryError { targets: targets.to_owned(), reason, unusable })
}

impl<T: Target + 'static> AnyCalibration for Calibration<T> {
    fn name(&self) -> &str {
        &self.name
    }

    fn roles(&self) -> Vec<Role> {
        let walked: &[Role] = if self.windows.is_some() { &[Role::Train, Role::Test] } else { &[] };
        walked.iter().copied().chain(self.factories.iter().map(|(role, _)| *role)).collect()
    }

    fn windows(&self) -> Option<usize> {
        self.windows.as_ref().map(|(count, _)| *count)
    }

    fn null_has_windows(&self) -> Option<bool> {
        match self.null {
            Null::None => None,
            Null::Whole(_) => Some(false),
            Null::Windows(_) => Some(true),
        }
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
        let make = |targets: &str, make: &dyn Fn() -> Result<(T, T), TargetError>| {
            made(targets, make).map_err(|FactoryError { reason, .. }| TargetError::new(reason))
        };
        let pairs = match &self.null {
            Null::None => return Err(TargetError::new("the code declares no null version")),
            Null::Whole(factory) => vec![make("null", &|| factory(seed))?],
            Null::Windows(factory) => {
                let windows = 0..self.windows().unwrap_or(0);
                windows.map(|window| make("null", &|| factory(seed, window))).collect::<Result<_, _>>()?
            }
        };
        use_them(&self.lent(&pairs));
        Ok(())
    }

    fn with_targets(&self, use_them: &mut Lend<'_>) -> Result<(), FactoryError> {
        let mut pairs = Vec::new();
        if let Some((count, factory)) = &self.windows {
            for window in 0..*count {
                let targets = format!("the targets of window {}", window + 1);
                pairs.push(made(&targets, || factory(window))?);
            }
        }
        let make = |(role, factory): &(Role, Factory<T>)| Ok((*role, made(&format!("the {role} target"), factory)?));
        let targets = self.factories.iter().map(make).collect::<Result<Vec<_>, _>>()?;
        let mut subjects = self.lent(&pairs);
        subjects.extend(targets.iter().map(|(role, target)| (*role, (self.subject)(target))));
        use_them(&subjects);
        Ok(())
    }
}

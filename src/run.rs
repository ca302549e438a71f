//! The door of the library: a run of what is declared.
//!
//! The harness runs live targets through it, `verify` the record of a run; both have to come to the same bytes.

use std::thread;

use crate::audit::{AuditedEvaluator, NullTargets, Recorder, Subject, Trail};
use crate::declaration::Declaration;
use crate::objective::{Params, Role, Target};
use crate::pipeline::{self, MakeSearch, Opening, Proposer, Rechecked, Recipe, RunError, RunLoop, RunOutcome, Study};
use crate::progress::{Clock, Observer};

/// A run of a declaration, built up from what it is given.
///
/// The declaration decides the numbers; what is added here are the targets that it names and who looks on. Its limits,
/// such as the number of failed evaluations, are kept without being handed over again.
///
/// ```
/// use omega_lock::Declaration;
/// use omega_lock::prelude::*;
/// use omega_lock::Run;
///
/// let train = FnTarget::new(ParamSpace::new().float("x", -2.0..=2.0, 0.5).float("y", -2.0..=2.0, 0.0), |params| {
///     let (x, y) = (params.float("x")?, params.float("y")?);
///     Ok(Evaluation::new(-(x - 1.0).powi(2) - 9.0 * (y + 0.5).powi(2)).samples(100))
/// });
/// let outcome = Run::of(&Declaration::of("bowl", &train)).train(&train).threads(2).run()?;
/// assert_eq!(outcome.verdict.to_string(), "PASS");
/// # Ok::<(), omega_lock::RunError>(())
/// ```
#[must_use = "nothing is evaluated before `run`"]
pub struct Run<'r> {
    declaration: &'r Declaration,
    subjects: Vec<(Role, Subject<'r>)>,
    null: Option<&'r NullTargets<'r>>,
    proposer: Proposer<'r>,
    recorder: Option<&'r mut dyn Recorder>,
    observer: Option<&'r mut dyn Observer>,
    clock: &'r dyn Clock,
    threads: usize,
    opening: Option<&'r Opening<'r>>,
}

impl<'r> Run<'r> {
    /// A run of this declaration on one thread, recorded in memory, without a clock: KC-1 passes.
    pub fn of(declaration: &'r Declaration) -> Self {
        Self {
            declaration,
            subjects: Vec::new(),
            null: None,
            proposer: Proposer::Declared,
            recorder: None,
            observer: None,
            clock: &(),
            threads: 1,
            opening: None,
        }
    }

    /// The target that is searched.
    pub fn train(self, target: &'r (impl Target + Sync)) -> Self {
        self.on(Role::Train, Subject::Parallel(target))
    }

    /// The test slice, which the best candidates are walked forward on.
    pub fn test(self, target: &'r (impl Target + Sync)) -> Self {
        self.on(Role::Test, Subject::Parallel(target))
    }

    /// The targets of the next window, in order: what is searched, and what its winner is tested on. The declaration names them
    /// by [`Declaration::with_window`].
    ///
    /// ```
    /// use omega_lock::prelude::*;
    /// use omega_lock::{Declaration, Run};
    ///
    /// let returns: Vec<f64> = (0..600).map(|day| 0.01 * f64::from(day % 7) - 0.03).collect();
    /// let slice = |part: std::ops::Range<usize>| {
    ///     let (days, label) = (returns[part.clone()].to_vec(), format!("days {part:?}"));
    ///     let space = ParamSpace::new().float("x", 0.0..=1.0, 0.0).float("y", 0.0..=1.0, 0.0);
    ///     FnTarget::new(space, move |params| {
    ///         let level = 10.0 * params.float("x")? + params.float("y")?;
    ///         let day = |day: &f64| day * level.sqrt() + level;
    ///         Ok(Evaluation::new(days.iter().map(day).sum::<f64>() / days.len() as f64).samples(days.len() as u64))
    ///     })
    ///     .identified_as(label)
    /// };
    /// let cut = windows(returns.len(), 4, TrainPart::Expanding(300), 5)?;
    /// let parts: Vec<_> = cut.into_iter().map(|window| (slice(window.train), slice(window.test))).collect();
    /// let mut declaration = Declaration::of("days", &parts[0].0);
    /// for (train, test) in &parts {
    ///     declaration = declaration.with_window(train, test);
    /// }
    /// let run = parts.iter().fold(Run::of(&declaration), |run, (train, test)| run.window(train, test));
    /// let outcome = run.run()?;
    /// assert_eq!((outcome.passes.len(), outcome.verdict.to_string().as_str()), (4, "PASS"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn window(self, train: &'r (impl Target + Sync), test: &'r (impl Target + Sync)) -> Self {
        self.on(Role::Train, Subject::Parallel(train)).on(Role::Test, Subject::Parallel(test))
    }

    /// The costly judge that ranks the best candidates anew.
    pub fn validation(self, target: &'r (impl Target + Sync)) -> Self {
        self.on(Role::Validation, Subject::Parallel(target))
    }

    /// The holdout, which what would ship is evaluated on once.
    pub fn holdout(self, target: &'r (impl Target + Sync)) -> Self {
        self.on(Role::Holdout, Subject::Parallel(target))
    }

    /// The target of any slice, also one that only a single thread may call. With windows, train and test have one for each, in
    /// order.
    pub fn on(mut self, role: Role, subject: Subject<'r>) -> Self {
        self.subjects.push((role, subject));
        self
    }

    /// The null version of the targets: what makes and lends them for a seed.
    pub fn null(mut self, targets: &'r NullTargets<'r>) -> Self {
        self.null = Some(targets);
        self
    }

    /// Brings a search along; the declaration names it by [`SearchMethod::Own`](crate::pipeline::SearchMethod::Own).
    pub fn search(self, make: &'r MakeSearch) -> Self {
        self.proposer(Proposer::Search(make))
    }

    /// The study in the place of a search; the declaration names it by
    /// [`SearchMethod::Study`](crate::pipeline::SearchMethod::Study).
    pub fn study(self, study: &'r Study) -> Self {
        self.proposer(Proposer::Study(study))
    }

    /// Brings a loop over all parameters along, declared like a [`search`](Self::search).
    pub fn own_loop(self, run: &'r RunLoop) -> Self {
        self.proposer(Proposer::Loop(run))
    }

    /// Says who proposes candidates.
    pub fn proposer(mut self, proposer: Proposer<'r>) -> Self {
        self.proposer = proposer;
        self
    }

    /// Where every evaluation is recorded.
    pub fn record(mut self, recorder: &'r mut dyn Recorder) -> Self {
        self.recorder = Some(recorder);
        self
    }

    /// Who is told how the run goes on.
    pub fn observe(mut self, observer: &'r mut dyn Observer) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The clock of the time box.
    pub fn clock(mut self, clock: &'r dyn Clock) -> Self {
        self.clock = clock;
        self
    }

    /// How many threads evaluate targets that allow more than one. The record and the outcome are the same for any number.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// Who is told before the holdout is asked.
    #[cfg(feature = "harness")]
    pub(crate) fn opening(mut self, opening: &'r Opening<'r>) -> Self {
        self.opening = Some(opening);
        self
    }

    /// Evaluates and judges.
    ///
    /// # Errors
    /// If the targets are not those that are declared, or the question cannot be answered: see [`RunError`].
    pub fn run(self) -> Result<RunOutcome, RunError> {
        self.evaluated(|recipe, evaluator, observer, clock| pipeline::run(recipe, evaluator, observer, clock))
    }

    /// Evaluates again what was accepted, and the baseline and draws beside it, without any search: see
    /// [`recheck`](crate::pipeline::recheck). The holdout is not evaluated.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn recheck(self, accepted: &Params) -> Result<Rechecked, RunError> {
        self.evaluated(|recipe, evaluator, observer, clock| {
            pipeline::recheck(recipe, accepted, evaluator, observer, clock)
        })
    }

    /// What comes of an evaluator over the targets.
    fn evaluated<T>(
        mut self,
        use_it: impl FnOnce(Recipe<'_>, &mut AuditedEvaluator<'_>, &mut dyn Observer, &dyn Clock) -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        self.check_targets()?;
        let Declaration { config, space, constraints, roles, windows, .. } = self.declaration;
        let mut memory = Trail::new();
        let mut nobody = ();
        let recorder: &mut dyn Recorder = match &mut self.recorder {
            Some(recorder) => &mut **recorder,
            None => &mut memory,
        };
        let observer: &mut dyn Observer = match &mut self.observer {
            Some(observer) => &mut **observer,
            None => &mut nobody,
        };
        // The train target comes first: the space of every other one is held against its.
        self.subjects.sort_by_key(|(role, _)| *role != Role::Train);
        let Some((&(_, train), others)) = self.subjects.split_first() else {
            return Err(disagrees("has no target at all", "give it one by `Run::train`"));
        };
        thread::scope(|scope| {
            let mut evaluator = AuditedEvaluator::new(train, constraints, recorder)?;
            evaluator = evaluator.threads(self.threads).ahead(scope);
            let of_windows = |role: Role| config.windows.is_some() && matches!(role, Role::Train | Role::Test);
            if config.windows.is_some() {
                let of = |role: Role| {
                    self.subjects.iter().filter(move |(given, _)| *given == role).map(|(_, subject)| *subject)
                };
                evaluator = evaluator.windows(&of(Role::Train).zip(of(Role::Test)).collect::<Vec<_>>())?;
            }
            for &(role, subject) in others.iter().filter(|(role, _)| !of_windows(*role)) {
                evaluator = evaluator.with(role, subject)?;
            }
            if let Some(null) = self.null {
                evaluator = evaluator.null(null);
            }
            let noise = self.declaration.acceptance.noise();
            let recipe = Recipe::new(config, space, constraints);
            let (proposer, opening) = (self.proposer, self.opening);
            let recipe = Recipe { proposer, identities: roles, windows, noise: &noise, opening, ..recipe };
            use_it(recipe, &mut evaluator, observer, self.clock)
        })
    }

    /// Whether the run has the targets that are declared, and the declared space. Identities are not asked for again: a
    /// target may read all its data to know its own.
    fn check_targets(&self) -> Result<(), RunError> {
        let Declaration { space, roles, config, .. } = self.declaration;
        let given = |role: Role| self.subjects.iter().any(|(given, _)| *given == role);
        if let Some((role, _)) = roles.iter().find(|(role, _)| !given(*role)) {
            return Err(disagrees(
                &format!("declares a {role} target, and the run was given none"),
                &format!("give it one by `Run::{role}`, or take the role out of the declaration"),
            ));
        }
        if let Some((role, _)) = self.subjects.iter().find(|(role, _)| !self.declaration.serves(*role)) {
            return Err(disagrees(
                &format!("has no {role} target, and the run was given one"),
                "declare it by `Declaration::with`",
            ));
        }
        if let Some(windows) = config.windows {
            for role in [Role::Train, Role::Test] {
                let found = self.subjects.iter().filter(|(given, _)| *given == role).count() as u64;
                if found != windows {
                    return Err(disagrees(
                        &format!("has {windows} windows, and the run was given {found} {role} targets"),
                        "give it both targets of each window, in order, by `Run::window`",
                    ));
                }
            }
        }
        if config.null_declared != self.null.is_some() {
            let (found, help) = match self.null {
                Some(_) => {
                    ("has no null version, and the run was given one", "set `null_declared` in its configuration")
                }
                None => ("has a null version, and the run was given none", "give it one by `Run::null`"),
            };
            return Err(disagrees(found, help));
        }
        match self.subjects.iter().find(|(role, _)| *role == Role::Train) {
            Some((_, train)) if train.target().space() != *space => Err(disagrees(
                "has another space than the train target",
                "make it from the target that is run: `Declaration::of(name, &train)`",
            )),
            _ => Ok(()),
        }
    }
}

fn disagrees(found: &str, help: &str) -> RunError {
    RunError::Undeclared(format!("the declaration {found}\nhelp: {help}"))
}

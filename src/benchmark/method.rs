//! What is compared: a way from a target to parameters, with what it claims to have found.

use crate::objective::{Evaluator, ParamSpace, Params};

/// Why a method has no answer.
pub type MethodError = Box<dyn std::error::Error + Send + Sync>;

/// A calibration method.
pub trait Method: Send + Sync {
    /// What it is called in rows.
    fn name(&self) -> &str;

    /// Calibrates.
    ///
    /// # Errors
    /// If there is no answer. The run is a row that says so, as after a panic.
    fn run(&self, problem: &mut Problem<'_>) -> Result<Found, MethodError>;
}

/// What a method is given. The answer is not in it.
#[non_exhaustive]
pub struct Problem<'p> {
    /// The seed of the run.
    pub seed: u64,
    /// The parameter space.
    pub space: &'p ParamSpace,
    /// Evaluates on train and on test, and counts; failed evaluations are outcomes, however many.
    pub evaluator: &'p mut dyn Evaluator,
}

/// What a method found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The parameters it would ship, or those of them that it tuned: a missing one is charged as far off.
    pub params: Params,
    /// Their fitness on train.
    pub fitness: f64,
    /// Fitness on test, if it looked there.
    pub test_fitness: Option<f64>,
    /// The parameters it chose to search.
    pub unlocked: Vec<String>,
    /// Every parameter it ranked, the most important first; `None` if it does not rank.
    pub stress_ranking: Option<Vec<String>>,
    /// `PASS`, or what else it says.
    pub status: String,
}

/// A closure as a method.
///
/// ```
/// use omega_lock::internals::benchmark::{Benchmark, FnMethod, Found, Keyhole};
/// use omega_lock::keyholes::PhantomKeyhole;
/// use omega_lock::internals::objective::{Context, Phase, Role};
///
/// let neutral = FnMethod::new("neutral", |problem| {
///     let params = problem.space.neutral();
///     let context = Context::new(Role::Train, Phase::Baseline);
///     let outcomes = problem.evaluator.evaluate_batch(context, &[params.clone()], &mut |_, _| Ok(()))?;
///     let fitness = outcomes[0].evaluation().ok_or("no fitness")?.fitness;
///     let status = "UNJUDGED".to_owned();
///     Ok(Found { params, fitness, test_fitness: None, unlocked: vec![], stress_ranking: None, status })
/// });
/// let benchmark = Benchmark::new([42, 7])
///     .keyhole(Keyhole::new("phantom", |seed| Ok(PhantomKeyhole::new(seed))))
///     .method(neutral);
/// let rows = benchmark.run(None, &mut |_| ())?;
/// assert_eq!((rows.len(), rows[0].measured.as_ref().unwrap().evaluations), (2, 1));
/// # Ok::<(), omega_lock::internals::benchmark::BenchmarkError>(())
/// ```
pub struct FnMethod<F> {
    name: String,
    body: F,
}

impl<F: Fn(&mut Problem<'_>) -> Result<Found, MethodError> + Send + Sync> FnMethod<F> {
    /// A method of this name.
    pub fn new(name: impl Into<String>, body: F) -> Self {
        Self { name: name.into(), body }
    }
}

impl<F: Fn(&mut Problem<'_>) -> Result<Found, MethodError> + Send + Sync> Method for FnMethod<F> {
    fn name(&self) -> &str {
        &self.name
    }

    fn run(&self, problem: &mut Problem<'_>) -> Result<Found, MethodError> {
        (self.body)(problem)
    }
}

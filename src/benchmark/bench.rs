//! Methods, keyholes and seeds, and the loop over them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::answer::Answer;
use super::{BenchmarkError, BenchmarkRow, Crash, Found, Keyhole, Method, Problem, RunName};
use crate::audit::{AuditedEvaluator, Subject, Trail, panic_text};
use crate::objective::{Role, Target, spelling};
use crate::progress::Clock;

/// A comparison of methods: every method on every keyhole with every seed.
pub struct Benchmark {
    keyholes: Vec<Keyhole>,
    methods: Vec<Box<dyn Method>>,
    seeds: Vec<u64>,
    test_distance: u64,
}

/// What a benchmark tells while it goes on.
#[derive(Debug, Clone, Copy)]
pub enum BenchmarkEvent<'e> {
    /// A run begins.
    Started {
        /// Which.
        name: &'e RunName,
        /// Its place, from 1.
        place: usize,
        /// How many runs there are.
        of: usize,
    },
    /// A run is over.
    Finished {
        /// What came of it.
        row: &'e BenchmarkRow,
    },
}

impl Benchmark {
    /// A comparison over these seeds; the test slice of a run is the keyhole of the seed above the run's.
    pub fn new(seeds: impl IntoIterator<Item = u64>) -> Self {
        Self { keyholes: Vec::new(), methods: Vec::new(), seeds: seeds.into_iter().collect(), test_distance: 1 }
    }

    /// Adds a keyhole.
    #[must_use]
    pub fn keyhole(mut self, keyhole: Keyhole) -> Self {
        self.keyholes.push(keyhole);
        self
    }

    /// Adds a method.
    #[must_use]
    pub fn method(mut self, method: impl Method + 'static) -> Self {
        self.methods.push(Box::new(method));
        self
    }

    /// Sets how far the seed of the test slice lies above that of the run: 1 unless set.
    #[must_use]
    pub fn test_distance(mut self, distance: u64) -> Self {
        self.test_distance = distance;
        self
    }

    /// Keeps only the named methods, in the order of the benchmark; all of them if none is named.
    ///
    /// # Errors
    /// Names the first that is not there, and the nearest that is.
    pub fn only_methods(mut self, names: &[String]) -> Result<Self, BenchmarkError> {
        let known: Vec<&str> = self.methods.iter().map(|method| method.name()).collect();
        check_known("method", names, &known)?;
        self.methods.retain(|method| names.is_empty() || names.iter().any(|name| name == method.name()));
        Ok(self)
    }

    /// Keeps only the named keyholes, in the order of the benchmark; all of them if none is named.
    ///
    /// # Errors
    /// Names the first that is not there, and the nearest that is.
    pub fn only_keyholes(mut self, names: &[String]) -> Result<Self, BenchmarkError> {
        let known: Vec<&str> = self.keyholes.iter().map(Keyhole::name).collect();
        check_known("keyhole", names, &known)?;
        self.keyholes.retain(|keyhole| names.is_empty() || names.iter().any(|name| name == keyhole.name()));
        Ok(self)
    }

    /// Runs with these seeds instead; with those it has if none is given.
    #[must_use]
    pub fn with_seeds(mut self, seeds: &[u64]) -> Self {
        if !seeds.is_empty() {
            self.seeds = seeds.to_vec();
        }
        self
    }

    /// Every run in order: by keyhole, then by seed, then by method.
    ///
    /// # Errors
    /// If there is none, or two would have one name.
    pub fn runs(&self) -> Result<Vec<RunName>, BenchmarkError> {
        let mut names = Vec::new();
        for keyhole in &self.keyholes {
            for &seed in &self.seeds {
                for method in &self.methods {
                    let name = RunName { keyhole: keyhole.name().to_owned(), method: method.name().to_owned(), seed };
                    if names.contains(&name) {
                        return Err(BenchmarkError::Twice { name });
                    }
                    names.push(name);
                }
            }
        }
        if names.is_empty() { Err(BenchmarkError::Nothing) } else { Ok(names) }
    }

    /// Runs everything. What fails is a row, never the end. Wall times are measured if there is a clock; nothing else
    /// is asked of it.
    ///
    /// # Errors
    /// As [`runs`](Self::runs).
    pub fn run(
        &self,
        clock: Option<&dyn Clock>,
        seen: &mut dyn FnMut(BenchmarkEvent<'_>),
    ) -> Result<Vec<BenchmarkRow>, BenchmarkError> {
        let names = self.runs()?;
        let of = names.len();
        let mut rows = Vec::with_capacity(of);
        for (index, name) in names.into_iter().enumerate() {
            seen(BenchmarkEvent::Started { name: &name, place: index + 1, of });
            let row = self.run_one(name, clock)?;
            seen(BenchmarkEvent::Finished { row: &row });
            rows.push(row);
        }
        Ok(rows)
    }

    /// Makes one of the runs; its row is the same whichever others are made.
    ///
    /// # Errors
    /// If the benchmark has no such method or keyhole. The seed can be any.
    pub fn run_one(&self, name: RunName, clock: Option<&dyn Clock>) -> Result<BenchmarkRow, BenchmarkError> {
        let keyholes: Vec<&str> = self.keyholes.iter().map(Keyhole::name).collect();
        let methods: Vec<&str> = self.methods.iter().map(|method| method.name()).collect();
        let keyhole = &self.keyholes[place("keyhole", &name.keyhole, &keyholes)?];
        let method = &*self.methods[place("method", &name.method, &methods)?];
        let mut walltime = None;
        let measured = guarded("", || {
            let train = guarded("keyhole: ", || Ok(keyhole.target(name.seed).map_err(|error| error.reason())?))?;
            let test_seed = name.seed.wrapping_add(self.test_distance);
            let test = guarded("keyhole: ", || Ok(keyhole.target(test_seed).map_err(|error| error.reason())?))?;
            let answer = guarded("keyhole: ", || Answer::of(&*train))?;
            let start = clock.map(Clock::elapsed);
            let run = guarded("", || calibrate(method, name.seed, &*train, &*test));
            walltime = clock.zip(start).map(|(clock, start)| clock.elapsed().saturating_sub(start));
            let (found, evaluations) = run?;
            Ok(answer.measure(found, evaluations))
        });
        Ok(BenchmarkRow { name, measured, walltime })
    }
}

/// Runs one method over the recorded evaluator, and counts the evaluations on train.
fn calibrate(
    method: &dyn Method,
    seed: u64,
    train: &(dyn Target + Sync),
    test: &(dyn Target + Sync),
) -> Result<(Found, u64), Crash> {
    let mut trail = Trail::new();
    let mut evaluator = AuditedEvaluator::new(Subject::Parallel(train), &[], &mut trail)
        .and_then(|evaluator| evaluator.with(Role::Test, Subject::Parallel(test)))
        .map_err(|error| Crash { what: error.to_string() })?
        .allow_failures(u64::MAX);
    let space = evaluator.space().clone();
    let found = method.run(&mut Problem { seed, space: &space, evaluator: &mut evaluator });
    let found = found.map_err(|error| Crash { what: error.to_string() })?;
    let on_train = trail.rows().iter().filter(|row| row.context.role == Role::Train).count();
    Ok((found, on_train as u64))
}

/// Does what a user's code may fail at, by an error or a panic; says whose fault it was.
fn guarded<T>(whose: &str, body: impl FnOnce() -> Result<T, Crash>) -> Result<T, Crash> {
    // Nothing that a panic may have left half done is looked at again: every run makes its own targets.
    let done = catch_unwind(AssertUnwindSafe(body));
    done.unwrap_or_else(|payload| Err(Crash { what: format!("panic: {}", panic_text(&*payload)) }))
        .map_err(|crash| Crash { what: format!("{whose}{}", crash.what) })
}

fn check_known(what: &'static str, names: &[String], known: &[&str]) -> Result<(), BenchmarkError> {
    names.iter().try_for_each(|name| place(what, name, known).map(|_| ()))
}

fn place(what: &'static str, name: &str, known: &[&str]) -> Result<usize, BenchmarkError> {
    known.iter().position(|known| *known == name).ok_or_else(|| BenchmarkError::Unknown {
        what,
        name: name.to_owned(),
        nearest: spelling::nearest(name, known.iter().copied()).map(str::to_owned),
        known: known.join("`, `"),
    })
}

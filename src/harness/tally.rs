//! How far a run is, counted from its events.

use std::time::Duration;

use super::stopwatch::Stopwatch;
use crate::artifacts::{Number, PhaseUnderWay, UnderWay};
use crate::objective::{Context, Phase, Role};
use crate::progress::Event;

/// What is known of a run under way.
pub(super) struct Tally {
    /// What does not change while it goes on.
    run: UnderWay,
    /// What it does between evaluations, and since when.
    step: Option<(String, Duration)>,
    /// Evaluations that an interrupted part of the run has left on the disk.
    found: u64,
    done: u64,
    /// When the first evaluation began that was not found, as far as events tell.
    since: Duration,
    /// The parts that have begun and not ended.
    open: Vec<Open>,
    best: Option<f64>,
    /// Goes up with everything that changes.
    version: u64,
}

/// A part of the run that goes on.
struct Open {
    context: Context,
    expected: Option<u64>,
    done: u64,
    found: u64,
    since: Duration,
}

impl Tally {
    pub(super) fn new(run: UnderWay) -> Self {
        Self { run, step: None, found: 0, done: 0, since: Duration::ZERO, open: Vec::new(), best: None, version: 0 }
    }

    /// From now on it does this, until an evaluation has ended.
    pub(super) fn step(&mut self, step: String, now: Duration) {
        self.step = Some((step, now));
        self.version += 1;
    }

    /// What it does between evaluations, and since when.
    pub(super) fn doing(&self) -> Option<(&str, Duration)> {
        self.step.as_ref().map(|(step, since)| (step.as_str(), *since))
    }

    /// How many evaluations are planned, and how many of them an interrupted part of the run has left.
    pub(super) fn plan(&mut self, planned: Option<u64>, found: u64) {
        (self.run.planned, self.found) = (planned, found);
    }

    pub(super) fn version(&self) -> u64 {
        self.version
    }

    pub(super) fn count(&mut self, event: Event<'_>, watch: &Stopwatch) {
        self.version += 1;
        match event {
            Event::PhaseStarted { context, expected } => {
                let now = watch.read();
                if self.done == 0 && self.open.is_empty() {
                    self.since = now;
                }
                self.open.push(Open { context, expected, done: 0, found: 0, since: now });
            }
            Event::Evaluated { context, outcome } => {
                self.done += 1;
                self.step = None;
                let place = self.open.iter().rposition(|open| open.context == context);
                if let Some(open) = place.and_then(|place| self.open.get_mut(place)) {
                    open.done += 1;
                    if self.done <= self.found {
                        open.found += 1;
                    }
                    if self.done == self.found {
                        // What is made from here on takes its time.
                        (self.since, open.since) = (watch.read(), watch.read());
                    }
                }
                let counts = context.role == Role::Train && context.phase != Phase::Null && outcome.is_feasible();
                let fitness = outcome.evaluation().map(|evaluation| evaluation.fitness);
                if let Some(fitness) = fitness.filter(|fitness| counts && fitness.is_finite()) {
                    self.best = Some(self.best.map_or(fitness, |best| best.max(fitness)));
                }
            }
            Event::PhaseEnded { context } => {
                if let Some(place) = self.open.iter().rposition(|open| open.context == context) {
                    self.open.remove(place);
                }
            }
        }
    }

    /// All of it as it is now.
    pub(super) fn taken(&self, now: Duration) -> UnderWay {
        let since = |then: Duration| Number(now.saturating_sub(then).as_secs_f64());
        let phases = self.open.iter().map(|open| PhaseUnderWay {
            name: open.context.to_string(),
            expected: open.expected,
            done: open.done,
            made: open.done - open.found,
            making: since(open.since),
        });
        UnderWay {
            seconds: Number(now.as_secs_f64()),
            step: self.step.as_ref().map(|(step, _)| step.clone()),
            done: self.done,
            made: self.done.saturating_sub(self.found),
            making: since(self.since),
            phases: phases.collect(),
            best: self.best.map(Number),
            ..self.run.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::objective::{Evaluation, Feasibility, Outcome};

    fn outcome(fitness: f64) -> Outcome {
        Outcome { call_index: 0, result: Ok(Arc::new(Evaluation::new(fitness))), feasibility: Feasibility::new(vec![]) }
    }

    #[test]
    fn parts_that_go_on_at_once_are_counted_apart_and_what_was_found_is_not_made() {
        let watch = Stopwatch::start();
        let mut tally = Tally::new(UnderWay::of("bitcell", 7, String::new()));
        tally.plan(Some(9), 3);
        let (search, null) = (Context::new(Role::Train, Phase::Search), Context::new(Role::Train, Phase::Null));
        tally.step("starting a worker".to_owned(), watch.read());
        assert_eq!(tally.doing().map(|(step, _)| step), Some("starting a worker"));
        tally.count(Event::PhaseStarted { context: search, expected: Some(4) }, &watch);
        tally.count(Event::PhaseStarted { context: null, expected: None }, &watch);
        for (context, fitness) in [(search, 0.5), (search, f64::INFINITY), (null, 9.0), (search, 0.75), (null, 8.0)] {
            tally.count(Event::Evaluated { context, outcome: &outcome(fitness) }, &watch);
        }
        let run = tally.taken(watch.read());
        assert_eq!((run.done, run.made, run.planned, run.best), (5, 2, Some(9), Some(Number(0.75))));
        let of = |phase: &PhaseUnderWay| (phase.name.clone(), phase.expected, phase.done, phase.made);
        let expected = [("train search".to_owned(), Some(4), 3, 1), ("train null".to_owned(), None, 2, 1)];
        assert_eq!(run.phases.iter().map(of).collect::<Vec<_>>(), expected);
        tally.count(Event::PhaseEnded { context: search }, &watch);
        assert_eq!(tally.taken(watch.read()).phases.len(), 1);
        assert_eq!(tally.doing(), None);
    }
}

//! What is known after the last trial, collected while they are handed over.

use std::collections::HashMap;
use std::rc::Rc;

use omega_lock::internals::artifacts::{Distribution, LeftOut, Ordered, StudyEnd};

use super::distribution::Drawn;

/// Distributions of one parameter that are kept: where a bound depends on another parameter, each trial may have its own.
const KEPT: usize = 100;

/// Trials, distributions, and what was left out.
#[derive(Debug, Default)]
pub(super) struct Collected {
    trials: u64,
    names: HashMap<String, usize>,
    parameters: Vec<(String, Seen)>,
    left_out: Vec<LeftOut>,
}

/// The distributions of one parameter.
#[derive(Debug, Default)]
struct Seen {
    /// The last one, which is usually the next one too.
    last: Option<Rc<Drawn>>,
    kept: Vec<Distribution>,
}

impl Collected {
    /// Counts a trial.
    pub(super) fn trial(&mut self) {
        self.trials += 1;
    }

    /// Notes from where a parameter was drawn.
    pub(super) fn drew(&mut self, name: &str, drawn: &Rc<Drawn>) {
        let at = match self.names.get(name) {
            Some(at) => *at,
            None => {
                self.names.insert(name.to_owned(), self.parameters.len());
                self.parameters.push((name.to_owned(), Seen::default()));
                self.parameters.len() - 1
            }
        };
        let Some((_, seen)) = self.parameters.get_mut(at) else { return };
        if seen.last.as_ref().is_some_and(|last| Rc::ptr_eq(last, drawn)) {
            return;
        }
        seen.last = Some(Rc::clone(drawn));
        if seen.kept.contains(&drawn.distribution) {
            return;
        }
        if seen.kept.len() < KEPT {
            seen.kept.push(drawn.distribution.clone());
        } else {
            self.leave_out("distributions of parameters", 1, "the first 100 of each parameter are kept");
        }
    }

    /// Counts what the form does not have.
    pub(super) fn leave_out(&mut self, what: &str, count: u64, why: &str) {
        match self.left_out.iter_mut().find(|left| left.what == what && left.why == why) {
            Some(left) => left.count += count,
            None if count > 0 => {
                self.left_out.push(LeftOut { what: what.to_owned(), count, why: why.to_owned() });
            }
            None => {}
        }
    }

    /// The end.
    pub(super) fn finish(mut self) -> StudyEnd {
        self.left_out.sort_by(|one, other| one.what.cmp(&other.what));
        let parameters = self.parameters.into_iter().map(|(name, seen)| (name, seen.kept)).collect();
        StudyEnd { trials: self.trials, parameters: Ordered(parameters), left_out: self.left_out }
    }
}

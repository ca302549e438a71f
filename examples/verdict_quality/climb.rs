//! A search that is brought along: it climbs from the best point so far by steps that shrink.

use omega_lock::prelude::*;
use omega_lock::{Candidate, Generator, ParamError, ParamKind, Search};

/// Points that a climb proposes.
const STEPS: usize = 125;

/// From the best point so far, a normal step in every parameter; a step that helped makes the next one longer, any other
/// one shorter.
pub(crate) struct Climb {
    ranges: Vec<(String, f64, f64)>,
    best: Params,
    fitness: f64,
    reach: f64,
    draws: Generator,
    left: usize,
}

impl Climb {
    /// Over the real parameters among `unlocked`.
    pub(crate) fn new(space: &ParamSpace, base: &Params, unlocked: &[String], seed: u64) -> Result<Self, ParamError> {
        let mut ranges = Vec::new();
        for name in unlocked {
            if let ParamKind::Float { low, high, .. } = space.get(name)?.kind {
                ranges.push((name.clone(), low, high));
            }
        }
        let draws = Generator::from_seed_words(&[seed as u32, (seed >> 32) as u32, 9]);
        Ok(Self { ranges, best: base.clone(), fitness: f64::NEG_INFINITY, reach: 0.3, draws, left: STEPS })
    }
}

impl Search for Climb {
    fn ask(&mut self, _: usize) -> Vec<Params> {
        if self.left == 0 {
            return Vec::new();
        }
        self.left -= 1;
        let mut params = self.best.clone();
        for (name, low, high) in &self.ranges {
            let at = params.float(name).unwrap_or(*low);
            let step = self.reach * (high - low) * self.draws.standard_normal();
            params = params.with(name, (at + step).clamp(*low, *high)).unwrap_or_else(|_| self.best.clone());
        }
        vec![params]
    }

    fn tell(&mut self, candidates: &[Candidate]) {
        for candidate in candidates {
            let fitness = candidate.fitness().unwrap_or(f64::NEG_INFINITY);
            let better = fitness > self.fitness;
            self.reach = (self.reach * if better { 1.5 } else { 0.97 }).clamp(0.02, 0.5);
            if better {
                (self.best, self.fitness) = (candidate.params.clone(), fitness);
            }
        }
    }
}

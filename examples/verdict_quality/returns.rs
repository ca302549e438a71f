//! Moving averages on daily returns in which there is nothing to time.

use std::sync::Arc;

use omega_lock::Generator;
use omega_lock::prelude::*;

use super::judge::{Data, Situation, Slice};

/// Days of history before train, so that the longest average has a value on its first day.
const BEFORE: usize = 250;
/// Days of a slice.
const SLICE: usize = 1_000;
/// Days between two blocks.
const GAP: usize = 10;
/// Mean length of the stretches that are drawn as a whole.
const STRETCH: f64 = 10.0;

/// What becomes of a series of returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Days {
    /// Their signs are drawn: no rule can earn anything.
    RandomSigns,
    /// Their order is drawn: their mean stays, and who is exposed earns it.
    Shuffled,
    /// Stretches of them are drawn, ten days long on average, as the stationary bootstrap does (Politis and Romano 1994).
    Bootstrapped,
    /// As they were.
    AsTheyWere,
}

/// Calibrations of a moving-average crossover on parts of a series.
#[derive(Debug, Clone)]
pub(crate) struct Returns {
    days: Arc<Vec<f64>>,
    how: Days,
}

impl Returns {
    /// On a series of daily returns that is long enough for both slices.
    pub(crate) fn new(days: &Arc<Vec<f64>>, how: Days) -> Option<Self> {
        (days.len() > BEFORE + 2 * SLICE).then(|| Self { days: Arc::clone(days), how })
    }

    /// Returns whose size comes in clusters, as that of stocks does, with a small mean: a GARCH(1, 1) series.
    pub(crate) fn made(count: usize) -> Arc<Vec<f64>> {
        let mut draws = Generator::new(1986);
        let (mut variance, mut days) = (1.0_f64, Vec::with_capacity(count));
        for _ in 0..count {
            let shock = variance.sqrt() * draws.standard_normal();
            days.push(0.01 * (0.03 + shock));
            variance = 0.02 + 0.08 * shock * shock + 0.9 * variance;
        }
        Arc::new(days)
    }

    /// The days of a seed: history, train and test.
    fn drawn(&self, seed: u64, data: Data) -> Vec<f64> {
        let mut draws = Generator::from_seed_words(&[seed as u32, (seed >> 32) as u32, 6]);
        let count = BEFORE + 2 * SLICE;
        let mut below = |end: usize| draws.integers(0, i64::try_from(end).unwrap_or(1) - 1) as usize;
        let start = below(self.days.len() - count + 1);
        let part = &self.days[start..start + count];
        let mut days = match self.how {
            Days::AsTheyWere => part.to_vec(),
            Days::RandomSigns => signed(part, &mut draws),
            Days::Shuffled => shuffled(part, &mut draws),
            Days::Bootstrapped => {
                let mut at = 0;
                (0..count)
                    .map(|day| {
                        let fresh = day == 0 || draws.uniform(0.0, 1.0) < 1.0 / STRETCH;
                        at = if fresh { draws.integers(0, count as i64 - 1) as usize } else { (at + 1) % count };
                        part[at]
                    })
                    .collect()
            }
        };
        let null = |null: u64| Generator::from_seed_words(&[null as u32, (null >> 32) as u32, 7, seed as u32]);
        match data {
            Data::Asked => {}
            Data::Kept(version) => days = shuffled(&days, &mut null(version)),
            Data::Destroyed(version) => days = signed(&days, &mut null(version)),
        }
        days
    }
}

impl Situation for Returns {
    fn slice(&self, seed: u64, slice: u32, data: Data) -> Slice {
        let days = self.drawn(seed, data);
        let prices = days.iter().scan(0.0, |level: &mut f64, day| {
            *level += day;
            Some(level.exp())
        });
        let mut sum = 0.0;
        let sums: Vec<f64> = std::iter::once(0.0)
            .chain(prices.map(|price| {
                sum += price;
                sum
            }))
            .collect();
        let from = BEFORE + SLICE * (slice as usize - 1);
        let space = ParamSpace::new().int("fast", 2..=50, 10).int("slow", 20..=250, 100);
        let space = space.choice("mode", ["long", "both", "short"], "long");
        Box::new(FnTarget::new(space, move |params| {
            let (fast, slow) = (params.int("fast")? as usize, params.int("slow")? as usize);
            let mode = params.choice("mode")?;
            if fast >= slow {
                return Err(TargetError::not_applicable("fast >= slow"));
            }
            // What is known on the evening before decides what is held.
            let mean = |day: usize, window: usize| (sums[day] - sums[day - window]) / window as f64;
            let held = |day: usize| match (mean(day, fast) > mean(day, slow), mode) {
                (true, "long" | "both") => 1.0,
                (false, "short" | "both") => -1.0,
                _ => 0.0,
            };
            let earned: Vec<f64> = (from..from + SLICE).map(|day| held(day) * days[day]).collect();
            let blocks = in_blocks(&earned, 8, GAP, sharpe)?;
            Ok(Evaluation::new(sharpe(&earned)).samples(1_000).blocks(blocks))
        }))
    }

    fn gain(&self, _: u64, _: &Params, _: &Params) -> Option<f64> {
        (self.how == Days::RandomSigns).then_some(0.0)
    }

    /// 7 x 7 averages in 3 modes.
    fn points(&self) -> usize {
        7
    }
}

/// What a year earns on average, measured in its spread; nothing where nothing was held.
fn sharpe(earned: &[f64]) -> f64 {
    let count = earned.len() as f64;
    let mean = earned.iter().fold(0.0, |sum, day| sum + day) / count;
    let variance = earned.iter().fold(0.0, |sum, day| sum + (day - mean).powi(2)) / count;
    if variance > 0.0 { mean / variance.sqrt() * 252.0_f64.sqrt() } else { 0.0 }
}

fn signed(days: &[f64], draws: &mut Generator) -> Vec<f64> {
    days.iter().map(|day| if draws.uniform(0.0, 1.0) < 0.5 { -day } else { *day }).collect()
}

fn shuffled(days: &[f64], draws: &mut Generator) -> Vec<f64> {
    let mut days = days.to_vec();
    for last in (1..days.len()).rev() {
        let other = draws.integers(0, last as i64) as usize;
        days.swap(last, other);
    }
    days
}

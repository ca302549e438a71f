//! A noisy series, what it hides, and the rule that is rewarded for seeing it.

use crate::rng::Generator;
use crate::stats::sums;

/// How a series is made.
pub(super) struct Channel {
    /// How much of a value is left in the next one.
    pub(super) persistence: f64,
    /// The hidden series has to be above this for a firing to be right.
    pub(super) threshold: f64,
    /// Reward of a firing that is right, and penalty of one that is wrong.
    pub(super) label: f64,
}

/// What was observed, with the hidden label of every step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signal {
    observed: Vec<f64>,
    labels: Vec<f64>,
}

/// Sums of a series up to each step, so that the mean over a window is one difference.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RunningSums(Vec<f64>);

/// When a rule fires: on the mean of the steps before.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    Above(f64),
    Below(f64),
}

/// How often a rule fired, and what that earned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fired {
    pub(super) count: usize,
    pub(super) reward: f64,
}

impl Signal {
    /// A first-order autoregressive series of unit variance, observed through noise.
    ///
    /// All innovations are drawn before all noise.
    pub(super) fn draw(rng: &mut Generator, channel: &Channel, steps: usize, noise: f64) -> Self {
        let innovation = (1.0 - channel.persistence * channel.persistence).sqrt();
        let mut hidden = Vec::with_capacity(steps);
        let mut last = None;
        for _ in 0..steps {
            let value = match last {
                None => rng.normal(0.0, 1.0),
                Some(last) => channel.persistence * last + rng.normal(0.0, innovation),
            };
            hidden.push(value);
            last = Some(value);
        }
        let label = |value: &f64| if *value > channel.threshold { channel.label } else { -channel.label };
        Self {
            labels: hidden.iter().map(label).collect(),
            observed: hidden.iter().map(|value| value + rng.normal(0.0, noise)).collect(),
        }
    }

    pub(super) fn labels(&self) -> &[f64] {
        &self.labels
    }

    /// Sums of what was observed.
    pub(super) fn sums(&self) -> RunningSums {
        RunningSums::of(self.observed.iter().copied())
    }

    /// Sums of what was observed, smoothed exponentially.
    pub(super) fn smoothed_sums(&self, weight: f64) -> RunningSums {
        let mut last = None;
        RunningSums::of(self.observed.iter().map(|value| {
            let smoothed = last.map_or(*value, |last| weight * value + (1.0 - weight) * last);
            last = Some(smoothed);
            smoothed
        }))
    }
}

impl RunningSums {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut sum = 0.0;
        let later = values.map(|value| {
            sum += value;
            sum
        });
        Self(std::iter::once(0.0).chain(later).collect())
    }

    /// Applies a rule to the mean of the `window` steps before each step that has as many.
    ///
    /// `labels` has one value per step; `window` is at least 1 and smaller than their number.
    pub(super) fn fire(&self, window: usize, rule: Rule, labels: &[f64]) -> Fired {
        fire(&self.0, window, rule, labels)
    }

    /// What the same earns in each of so many disjoint parts of the series, one after the other. What fires in a part may have
    /// looked at the part before; what it earns is the part's own.
    pub(super) fn rewards(&self, window: usize, rule: Rule, labels: &[f64], parts: usize) -> Vec<f64> {
        let end = |part: usize| labels.len() * part / parts;
        let of = |part: usize| {
            let (from, to) = (end(part).max(window), end(part + 1));
            if from >= to {
                return 0.0;
            }
            fire(&self.0[from - window..to], window, rule, &labels[from - window..to]).reward
        };
        (0..parts).map(of).collect()
    }
}

fn fire(sums: &[f64], window: usize, rule: Rule, labels: &[f64]) -> Fired {
    match rule {
        Rule::Above(level) => collect(sums, window, labels, |mean| mean > level),
        Rule::Below(level) => collect(sums, window, labels, |mean| mean < level),
    }
}

fn collect(running: &[f64], window: usize, labels: &[f64], fires: impl Fn(f64) -> bool) -> Fired {
    let labels = &labels[window..];
    let width = window as f64;
    // Every label is stored and only the right ones are kept: a branch here would be mispredicted all the time.
    let mut kept = vec![0.0; labels.len()];
    let mut count = 0;
    for ((ahead, behind), label) in running[window..].iter().zip(running).zip(labels) {
        kept[count] = *label;
        count += usize::from(fires((ahead - behind) / width));
    }
    // numpy adds an array's values pairwise; the last digits of a sum of fractions tell.
    Fired { count, reward: sums::pairwise(&kept[..count]) }
}

//! The kernels of one parameter: one around each observation and one of the prior.

use libm::{exp, log};

use super::distribution::{Distribution, scaled};
use super::normal::{log_mass, log_sqrt_two_pi};
use super::truncated_normal::Cut;
use super::{TpeSampler, widths};
use crate::rng::Mt19937;
use crate::stats::sums;

/// One factor of every product kernel of an estimator.
#[derive(Debug)]
pub(super) enum Kernels {
    /// Truncated normals.
    Number(Normals),
    /// The probabilities of the alternatives, by kernel.
    Category(Vec<Vec<f64>>),
}

/// Means and standard deviations, the prior's last.
#[derive(Debug)]
pub(super) struct Normals {
    means: Vec<f64>,
    sds: Vec<f64>,
    ends: (f64, f64),
    low: f64,
    high: f64,
    step: f64,
    log: bool,
}

impl Kernels {
    /// The kernels around these observations in a model of `dimensions` parameters.
    ///
    /// A category has 1/kernels everywhere and 1 more on the observed alternative, normalised; the prior is even. A number
    /// has the [width](Widths) of its version, at least a hundredth of the range (while there are fewer than 98
    /// observations: 1/(n+2)) and at most all of it; the prior sits in the middle and is as wide as the range.
    pub(super) fn around(
        distribution: Distribution,
        observations: &[f64],
        dimensions: usize,
        sampler: TpeSampler,
    ) -> Self {
        let observed = observations.len() as f64;
        match distribution {
            Distribution::Category { count } => {
                let row = |place: Option<usize>| {
                    let mut row = vec![1.0 / (observed + 1.0); count];
                    if let Some(probability) = place.and_then(|place| row.get_mut(place)) {
                        *probability += 1.0;
                    }
                    let sum = sums::pairwise(&row);
                    row.iter().map(|probability| probability / sum).collect()
                };
                Self::Category(observations.iter().map(|place| row(Some(index(*place)))).chain([row(None)]).collect())
            }
            Distribution::Number { low, high, step, log } => {
                let (from, to) = distribution.ends();
                let range = to - from;
                let mut means: Vec<f64> = observations.iter().map(|x| scaled(*x, log)).collect();
                let mut sds = match sampler {
                    TpeSampler::Optuna49 => widths::by_count(means.len(), range, dimensions),
                    TpeSampler::Optuna50 => widths::by_neighbours(&means, (from, to)),
                };
                let smallest = range / f64::min(100.0, observed + 2.0);
                for sd in &mut sds {
                    *sd = sd.max(smallest).min(range);
                }
                means.push(0.5 * (from + to));
                sds.push(range);
                Self::Number(Normals { means, sds, ends: (from, to), low, high, step, log })
            }
        }
    }
}

/// Draws an alternative from each active kernel: one double each, against the running sum of its probabilities.
pub(super) fn draw_categories(rows: &[Vec<f64>], active: &[usize], generator: &mut Mt19937) -> Vec<f64> {
    let draw = |kernel: &usize| {
        let drawn = generator.random();
        let Some((_, row)) = rows[*kernel].split_last() else { return 0.0 };
        // The last running sum counts as 1, whatever it rounds to.
        let sums = row.iter().scan(0.0, |sum, probability| {
            *sum += probability;
            Some(*sum)
        });
        sums.filter(|sum| *sum < drawn).count() as f64
    };
    active.iter().map(draw).collect()
}

/// Adds each kernel's log probability of each sample to `densities`, sample by sample.
pub(super) fn add_categories(rows: &[Vec<f64>], samples: &[f64], densities: &mut [Vec<f64>]) {
    for (sample, densities) in samples.iter().zip(densities) {
        for (row, density) in rows.iter().zip(densities) {
            *density += log(row[index(*sample)]);
        }
    }
}

impl Normals {
    /// The draw to make from a kernel.
    pub(super) fn cut(&self, kernel: usize) -> Cut {
        let (mean, sd) = (self.means[kernel], self.sds[kernel]);
        Cut { low: (self.ends.0 - mean) / sd, high: (self.ends.1 - mean) / sd, mean, sd }
    }

    /// A drawn number as a value of the parameter; one that moves in steps is rounded by its distance from the lower end.
    pub(super) fn finish(&self, drawn: f64) -> f64 {
        let value = if self.log { exp(drawn) } else { drawn };
        if !self.is_stepped() {
            return value;
        }
        (self.low + ((value - self.low) / self.step).round_ties_even() * self.step).clamp(self.low, self.high)
    }

    /// Whether samples have a probability rather than a density.
    pub(super) fn is_stepped(&self) -> bool {
        self.step > 0.0
    }

    /// Adds each kernel's log probability of each value to `densities`, sample by sample.
    pub(super) fn add_probabilities(&self, samples: &[f64], densities: &mut [Vec<f64>]) {
        // Kernels and values repeat, and computing a probability is what takes the time.
        let (kernels, kernel_of) = distinct(self.means.iter().copied().zip(self.sds.iter().copied()));
        let (points, point_of) = distinct(samples.iter().map(|sample| (*sample, 0.0)));
        let half = 0.5 * self.step;
        let norm = |&(mean, sd): &(f64, f64)| log_mass((self.ends.0 - mean) / sd, (self.ends.1 - mean) / sd);
        let norms: Vec<f64> = kernels.iter().map(norm).collect();
        let row = |&(point, _): &(f64, f64)| -> Vec<f64> {
            let (from, to) = (scaled(point - half, self.log), scaled(point + half, self.log));
            kernels.iter().map(|(mean, sd)| log_mass((from - mean) / sd, (to - mean) / sd)).collect()
        };
        let table: Vec<Vec<f64>> = points.iter().map(row).collect();
        for (point, densities) in point_of.into_iter().zip(densities) {
            for (kernel, density) in kernel_of.iter().zip(densities) {
                *density += table[point][*kernel];
                *density -= norms[*kernel];
            }
        }
    }

    /// Each kernel's log density of each sample: `(x, kernel) -> density` as a function, its constants computed once.
    pub(super) fn log_density(&self) -> impl Fn(f64, usize) -> f64 {
        let constant = log_sqrt_two_pi();
        let kernels: Vec<(Cut, f64, f64)> = (0..self.means.len())
            .map(|kernel| self.cut(kernel))
            .map(|cut| (cut, log_mass(cut.low, cut.high), log(cut.sd)))
            .collect();
        let log = self.log;
        move |sample, kernel| {
            let (cut, mass, log_sd) = &kernels[kernel];
            let x = (scaled(sample, log) - cut.mean) / cut.sd;
            if x < cut.low || x > cut.high {
                return f64::NEG_INFINITY;
            }
            -(x * x) / 2.0 - constant - mass - log_sd
        }
    }
}

/// The distinct pairs, and the place of each pair among them.
fn distinct(pairs: impl Iterator<Item = (f64, f64)>) -> (Vec<(f64, f64)>, Vec<usize>) {
    let pairs: Vec<(f64, f64)> = pairs.collect();
    let order = |a: &(f64, f64), b: &(f64, f64)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
    let mut distinct = pairs.clone();
    distinct.sort_by(order);
    distinct.dedup_by(|a, b| order(a, b).is_eq());
    let places = pairs.iter().map(|pair| distinct.partition_point(|known| order(known, pair).is_lt())).collect();
    (distinct, places)
}

/// The place that a category's number stands for.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places are small whole numbers")]
fn index(place: f64) -> usize {
    place as usize
}

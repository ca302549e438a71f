//! The kernels of one parameter: one around each observation and one of the prior.

use libm::{exp, log};

use super::categories::Categories;
use super::distribution::{Distribution, scaled};
use super::masses::Masses;
use super::normal::{log_mass, log_sqrt_two_pi};
use super::truncated_normal::Cut;
use super::{TpeSampler, widths};

/// One factor of every product kernel of an estimator.
#[derive(Debug)]
pub(super) enum Kernels {
    /// Truncated normals.
    Number(Normals),
    /// Probabilities of alternatives.
    Category(Categories),
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
            Distribution::Category { count } => Self::Category(Categories::around(observations, count)),
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

    /// Adds each kernel's log probability of each value to `densities`, a row of kernels for each sample.
    pub(super) fn add_probabilities(&self, samples: &[f64], densities: &mut [f64]) {
        let mut masses = Masses::of(&self.means, &self.sds, self.ends, self.step, self.log);
        let norms = masses.norms();
        // Values repeat: what was computed for one is copied for the others.
        let mut rows: Vec<(f64, Vec<f64>)> = Vec::new();
        for (sample, densities) in samples.iter().zip(densities.chunks_exact_mut(self.means.len())) {
            let known = rows.iter().position(|(point, _)| point.to_bits() == sample.to_bits());
            let known = known.unwrap_or_else(|| {
                rows.push((*sample, masses.at(*sample)));
                rows.len() - 1
            });
            for ((density, mass), norm) in densities.iter_mut().zip(&rows[known].1).zip(&norms) {
                *density += mass;
                *density -= norm;
            }
        }
    }

    /// Each kernel's log density of a value, its constants computed once.
    pub(super) fn log_density(&self) -> LogDensity<'_> {
        let cuts = || (0..self.means.len()).map(|kernel| self.cut(kernel));
        // Neighbours often have the same width.
        let mut last = (f64::NAN, f64::NAN);
        let mut log_sd = |sd: f64| {
            if sd.to_bits() != last.0.to_bits() {
                last = (sd, log(sd));
            }
            last.1
        };
        LogDensity {
            normals: self,
            lows: cuts().map(|cut| cut.low).collect(),
            highs: cuts().map(|cut| cut.high).collect(),
            masses: cuts().map(|cut| log_mass(cut.low, cut.high)).collect(),
            log_sds: self.sds.iter().map(|sd| log_sd(*sd)).collect(),
            constant: log_sqrt_two_pi(),
        }
    }
}

/// The log densities of the kernels of a real number. A list for each of their constants, as computers like it.
pub(super) struct LogDensity<'n> {
    normals: &'n Normals,
    lows: Vec<f64>,
    highs: Vec<f64>,
    masses: Vec<f64>,
    log_sds: Vec<f64>,
    constant: f64,
}

impl LogDensity<'_> {
    /// Puts each kernel's log density of a value into `terms`.
    pub(super) fn put(&self, sample: f64, terms: &mut [f64]) {
        let sample = scaled(sample, self.normals.log);
        let shapes = self.normals.means.iter().zip(&self.normals.sds);
        let ends = self.lows.iter().zip(&self.highs);
        let logs = self.masses.iter().zip(&self.log_sds);
        for ((((mean, sd), (low, high)), (mass, log_sd)), term) in shapes.zip(ends).zip(logs).zip(terms) {
            let x = (sample - mean) / sd;
            let density = -(x * x) / 2.0 - self.constant - mass - log_sd;
            *term = if (x < *low) | (x > *high) { f64::NEG_INFINITY } else { density };
        }
    }
}

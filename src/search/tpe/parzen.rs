//! The Parzen estimator of several parameters at once.

use libm::log;

use super::TpeSampler;
use super::distribution::Distribution;
use super::kernels::{Kernels, Normals};
use super::mixture::Mixture;
use super::truncated_normal::{Cut, quantiles};
use crate::rng::Mt19937;
use crate::stats::sums;

/// Observations from which on the older ones weigh less.
const FLAT: usize = 25;

/// A mixture of product kernels, one per observation and one of the prior.
#[derive(Debug)]
pub(super) struct ParzenEstimator {
    weights: Vec<f64>,
    parameters: Vec<Kernels>,
}

impl ParzenEstimator {
    /// The estimator of these observations, oldest first, each with a number per parameter.
    pub(super) fn new(distributions: &[Distribution], observations: &[&[f64]], sampler: TpeSampler) -> Self {
        let mut weights = ramp(observations.len());
        weights.push(1.0);
        let sum = sums::pairwise(&weights);
        for weight in &mut weights {
            *weight /= sum;
        }
        let kernels = |(place, distribution): (usize, &Distribution)| {
            let column: Vec<f64> = observations.iter().map(|point| point[place]).collect();
            Kernels::around(*distribution, &column, distributions.len(), sampler)
        };
        Self { weights, parameters: distributions.iter().enumerate().map(kernels).collect() }
    }

    /// How many doubles [`sample`](Self::sample) takes: one to choose the kernel and one per parameter, each time.
    pub(super) fn doubles(parameters: usize, count: usize) -> u64 {
        (count * (1 + parameters)) as u64
    }

    /// Draws `count` points: a list of values per parameter.
    ///
    /// The kernels come first, then the categories, then all numbers at once, which are inverted in one batch.
    pub(super) fn sample(&self, generator: &mut Mt19937, count: usize) -> Vec<Vec<f64>> {
        let active = generator.choice(&self.weights, count);
        let mut columns: Vec<Vec<f64>> = Vec::with_capacity(self.parameters.len());
        let mut cuts: Vec<Cut> = Vec::new();
        for kernels in &self.parameters {
            match kernels {
                Kernels::Category(categories) => columns.push(categories.draw(&active, generator)),
                Kernels::Number(normals) => {
                    cuts.extend(active.iter().map(|kernel| normals.cut(*kernel)));
                    columns.push(Vec::new());
                }
            }
        }
        let fractions: Vec<f64> = cuts.iter().map(|_| generator.random()).collect();
        let mut drawn = quantiles(&cuts, &fractions).into_iter();
        for (kernels, column) in self.parameters.iter().zip(&mut columns) {
            if let Kernels::Number(normals) = kernels {
                column.extend(drawn.by_ref().take(active.len()).map(|value| normals.finish(value)));
            }
        }
        columns
    }

    /// The logarithm of each kernel's density at each of `count` points, given as [`sample`](Self::sample) gives them.
    ///
    /// Categories and numbers that move in steps are added in the order of the parameters, real numbers together afterwards: Optuna's
    /// order, which decides the last digit.
    pub(super) fn log_densities(&self, columns: &[Vec<f64>], count: usize) -> Mixture {
        let kernels = self.weights.len();
        let mut densities = vec![0.0; kernels * count];
        let mut real: Vec<(&Normals, &[f64])> = Vec::new();
        for (kernels, samples) in self.parameters.iter().zip(columns) {
            match kernels {
                Kernels::Category(categories) => categories.add_to(samples, &mut densities),
                Kernels::Number(normals) if normals.is_stepped() => normals.add_probabilities(samples, &mut densities),
                Kernels::Number(normals) => real.push((normals, samples)),
            }
        }
        let log_weights: Vec<f64> = self.weights.iter().map(|weight| log(*weight)).collect();
        let factors: Vec<_> = real.into_iter().map(|(normals, samples)| (normals.log_density(), samples)).collect();
        // A row of kernels for each factor.
        let mut terms = vec![0.0; kernels * factors.len()];
        let mut sums = vec![0.0; kernels];
        for (place, row) in densities.chunks_exact_mut(kernels).enumerate() {
            for ((log_density, samples), terms) in factors.iter().zip(terms.chunks_exact_mut(kernels)) {
                log_density.put(samples[place], terms);
            }
            sums::pairwise_by_column(&terms, &mut sums);
            for ((density, sum), log_weight) in row.iter_mut().zip(&sums).zip(&log_weights) {
                *density += sum;
                *density += log_weight;
            }
        }
        Mixture { kernels, densities }
    }
}

/// The weights of `count` observations, oldest first: the last 25 weigh 1, the older ones a line from 1/count up to 1.
fn ramp(count: usize) -> Vec<f64> {
    let older = count.saturating_sub(FLAT);
    let start = 1.0 / count.max(1) as f64;
    let mut weights: Vec<f64> = match older {
        0 => Vec::new(),
        1 => vec![start],
        _ => {
            let step = (1.0 - start) / (older - 1) as f64;
            (0..older).map(|place| if place + 1 == older { 1.0 } else { place as f64 * step + start }).collect()
        }
    };
    weights.resize(count, 1.0);
    weights
}

#[cfg(test)]
mod tests {
    use super::ramp;

    /// `optuna.samplers._tpe.sampler.default_weights(n)`, Optuna 4.9.
    #[test]
    fn weights_are_optunas_where_their_shape_changes() {
        assert!(ramp(0).is_empty());
        assert_eq!(ramp(24), [1.0; 24]);
        assert_eq!(ramp(25), [1.0; 25]);
        assert_eq!(ramp(26)[..2], [0.038461538461538464, 1.0]);
        assert_eq!(ramp(30)[..6], [0.03333333333333333, 0.275, 0.5166666666666667, 0.7583333333333333, 1.0, 1.0]);
    }
}
